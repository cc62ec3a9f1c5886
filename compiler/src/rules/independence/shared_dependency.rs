//! `shared-dependency`: One loss takes a primary and its backup.

use super::defeat::{Class, report};
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "shared-dependency",
    Error,
    Independence,
    "One loss takes a primary and its backup.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    report(case, out, &RULE, Class::Dependency);
}
