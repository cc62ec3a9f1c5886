//! `unreadable-evidence`: A file of test records cannot be read.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::{Check, rule};

rule!(
    "unreadable-evidence",
    Error,
    Maintenance,
    "A file of test records cannot be read.",
    Check::Text
);

/// At the first byte that is not UTF-8.
pub fn not_utf8(at: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, "this character is not UTF-8, so these records cannot be read")
        .help("save the file as UTF-8; spreadsheets call it `CSV UTF-8`")
}

/// At the beginning of UTF-16 text.
pub fn utf16(at: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, "this file is UTF-16 text, and UTF-8 is needed")
        .help("save the file as UTF-8; spreadsheets call it `CSV UTF-8`")
}

/// Where comma-separated values stop being that, and why.
pub fn broken(at: Anchor, why: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, why)
        .note("nothing after this place is read")
        .help("a value with a comma or a quotation mark in it stands in quotation marks, each mark within doubled: \"says \"\"ok\"\"\"")
}

/// Where a line stops being JSON, and why.
pub fn no_json(at: Anchor, why: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("this line is no JSON object: {why}")).help(
        "a line is one record: {\"element\": \"diesel\", \"test\": \"run\", \"date\": \"2026-11-02\", \"outcome\": \"passed\"}",
    )
}

/// Nothing is in the file.
pub fn empty(at: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, "this file holds no records")
        .help("begin it with the line `element,test,date,outcome,evidence`, or remove it")
}
