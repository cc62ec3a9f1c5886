//! `stale-acceptance`: An acceptance names nothing that is found.

use crate::check::Named;
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

/// The finding, where it names nothing, or not all that it must.
pub(super) fn finding(acceptance: &Acceptance, named: &Named) -> Option<Diagnostic> {
    let message = format!("{} names nothing that is found", acceptance.words());
    let finding = Diagnostic::new(&RULE, acceptance.head_at(), message);
    match named {
        Named::Something => None,
        Named::Nothing => Some(
            finding
                .note("either the risk is gone, or the acceptance was never about it")
                .help("remove it, or name the finding that it is about"),
        ),
        Named::Part(subject, losses) => {
            let losses: Vec<String> = losses.iter().map(|loss| format!("`{loss}`")).collect();
            let also = match losses.is_empty() {
                true => String::new(),
                false => format!(", or every loss that it is about: {}", losses.join(", ")),
            };
            Some(
                finding
                    .note(format!("it is found on `{subject}`"))
                    .help(format!("name that: `on {subject}`{also}")),
            )
        }
    }
}
