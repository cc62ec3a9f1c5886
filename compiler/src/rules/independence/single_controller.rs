//! `single-controller`: One principal can destroy every copy.

use super::defeat::{Class, report};
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "single-controller",
    Error,
    Independence,
    "One principal can destroy every copy.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    report(case, out, &RULE, Class::Controller);
}
