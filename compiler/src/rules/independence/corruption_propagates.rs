//! `corruption-propagates`: What is wrong in a record is soon wrong in its copy.

use super::defeat::{Class, report};
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "corruption-propagates",
    Error,
    Independence,
    "What is wrong in a record is soon wrong in its copy.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    report(case, out, &RULE, Class::Corruption);
}
