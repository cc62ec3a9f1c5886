//! `future-record`: A test record is of a day that is still to come.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::day_words;
use crate::rules::{Check, rule};

rule!(
    "future-record",
    Error,
    Maintenance,
    "A test record is of a day that is still to come.",
    Check::Text
);

/// The day of the record, and the day of the check.
pub fn found(at: Anchor, day: crate::db::Day, as_of: crate::db::Day) -> Diagnostic {
    let (day, as_of) = (day_words(day), day_words(as_of));
    Diagnostic::new(
        &RULE,
        at,
        format!("this test was held on {day}, after the day of this check, {as_of}"),
    )
    .note("until then the record counts for nothing")
    .help("correct the date, or judge a later day with `--as-of`")
}
