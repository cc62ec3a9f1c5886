//! `weak-record`: A test record is of less than its test demands, and does not count.

use rbp_grammar::ast::Quantity;
use rbp_grammar::head::Head;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::evidence::{Exercise, Record};
use crate::model::{Test, Timed};
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

/// At a figure that is less than what the test is said to show.
pub fn less(at: Anchor, test: &Test<'_>, is: &Quantity, wanted: &Quantity) -> Diagnostic {
    let (name, backup) = (&test.name.text, test.backup.name());
    let message = format!(
        "the test `{name}` of `{backup}` is said to show {wanted}, and this record measured {is}"
    );
    Diagnostic::new(&RULE, at, message)
        .also(test.clause_at(Head::Proves), "what the test is said to show")
        .note("the record does not count")
        .help("hold the test at that load for that long, or let the test claim what was measured")
}

/// At a time to restore that is longer than the backup is said to take.
pub fn slower(at: Anchor, test: &Test<'_>, is: &Quantity, bound: Timed) -> Diagnostic {
    let (name, backup) = (&test.name.text, test.backup.name());
    let message =
        format!("`{backup}` took {is} in its test `{name}`, longer than it is said to take");
    Diagnostic::new(&RULE, at, message)
        .also(bound.at, "it is said to restore within this")
        .note("the record counts as a failure")
        .help("mend it and hold the test again, or state how long it takes")
}
