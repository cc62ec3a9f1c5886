//! `shared-credential`: A primary and its backup hang on one credential.

use super::defeat::{Class, report};
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "shared-credential",
    Error,
    Independence,
    "A primary and its backup hang on one credential.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    report(case, out, &RULE, Class::Credential);
}
