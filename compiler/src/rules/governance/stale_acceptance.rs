//! `stale-acceptance`: An acceptance names nothing that is found.

use crate::diagnostic::Diagnostic;
use crate::model::Acceptance;
use crate::rules::{Check, rule};

rule!(
    "stale-acceptance",
    Error,
    Governance,
    "An acceptance names nothing that is found.",
    Check::Acceptance
);

/// The finding, where it matches nothing.
pub(super) fn finding(acceptance: &Acceptance, matched: bool) -> Option<Diagnostic> {
    if matched {
        return None;
    }
    let message = format!("{} names nothing that is found", acceptance.words());
    Some(
        Diagnostic::new(&RULE, acceptance.head_at(), message)
            .note("either the risk is gone, or the acceptance was never about it")
            .help("remove it, or name the finding that it is about"),
    )
}
