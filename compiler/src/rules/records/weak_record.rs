//! `weak-record`: A test record is of less than its test demands, and does not count.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::evidence::{Exercise, Record};
use crate::model::Test;
use crate::rules::{Check, rule};

rule!(
    "weak-record",
    Warning,
    Maintenance,
    "A test record is of less than its test demands, and does not count.",
    Check::Text
);

/// At the level of the record.
pub fn found(at: Anchor, test: &Test<'_>, record: &Record) -> Diagnostic {
    let level = record.level.map_or("", Exercise::word);
    let (name, backup) = (&test.name.text, test.backup.name());
    let message = match test.exercise() {
        Some(least) => format!(
            "the test `{name}` of `{backup}` is held by `{}`, and this record is of a `{level}`",
            least.text
        ),
        None => format!(
            "this record of the test `{name}` of `{backup}` is of a `{level}`, which is talk"
        ),
    };
    Diagnostic::new(&RULE, at, message)
        .also(test.at, "the test")
        .note("the record does not count")
        .help("hold the test as it is declared, or give the lesser exercise a test of its own")
}
