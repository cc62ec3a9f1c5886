//! `recovery-loop`: A recovery rests on what was lost.

use super::defeat::{Class, report};
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "recovery-loop",
    Error,
    Independence,
    "A recovery rests on what was lost.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    report(case, out, &RULE, Class::Loop);
}
