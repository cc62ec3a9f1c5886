//! `expired-acceptance`: An acceptance is past its last day.

use rbp_grammar::head::Head;

use crate::db::Day;
use crate::diagnostic::Diagnostic;
use crate::model::{Acceptance, day_words};
use crate::rules::{Check, rule};

rule!(
    "expired-acceptance",
    Error,
    Governance,
    "An acceptance is past its last day.",
    Check::Acceptance
);

/// The finding, where it is past its last day.
pub(super) fn finding(acceptance: &Acceptance, as_of: Day) -> Option<Diagnostic> {
    let until = acceptance.until().filter(|until| as_of > *until)?;
    let message = format!(
        "{} ended on {}; what it accepted is open again",
        acceptance.words(),
        day_words(until)
    );
    Some(
        Diagnostic::new(&RULE, acceptance.clause_at(Head::Until), message)
            .note(format!("judged as of {}", day_words(as_of)))
            .help("mend what was accepted, or have the acceptance renewed with a later `until`"),
    )
}
