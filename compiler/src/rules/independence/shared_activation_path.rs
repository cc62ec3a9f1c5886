//! `shared-activation-path`: What activates a backup falls with its primary.

use super::defeat::{Class, report};
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "shared-activation-path",
    Error,
    Independence,
    "What activates a backup falls with its primary.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    report(case, out, &RULE, Class::Activation);
}
