//! `unowned-acceptance`: An acceptance lacks its reason, its owner or its end.

use crate::diagnostic::Diagnostic;
use crate::model::Acceptance;
use crate::rules::{Check, rule};

rule!(
    "unowned-acceptance",
    Error,
    Governance,
    "An acceptance lacks its reason, its owner or its end.",
    Check::Acceptance
);

/// The finding, where something is missing.
pub(super) fn finding(acceptance: &Acceptance) -> Option<Diagnostic> {
    let mut missing = Vec::new();
    if acceptance.because().is_none() {
        missing.push("a reason (`because \"…\"`)");
    }
    if acceptance.by().is_none() {
        missing.push("an owner (`by …`)");
    }
    if acceptance.until().is_none() {
        missing.push("an end (`until 2027-06-30`)");
    }
    if missing.is_empty() {
        return None;
    }
    let message =
        format!("{} lacks {}, so it accepts nothing", acceptance.words(), missing.join(" and "));
    Some(
        Diagnostic::new(&RULE, acceptance.head_at(), message)
            .help("a risk is accepted by somebody, for a reason, until a day"),
    )
}
