//! `invalid-date`: A date is not in the calendar.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("invalid-date", Error, Language, "A date is not in the calendar.");

/// The date as written.
pub fn found(at: Anchor, date: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("there is no {date} in the calendar"))
        .help("a date is year, month and day: 2026-10-01")
}
