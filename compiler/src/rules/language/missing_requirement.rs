//! `missing-requirement`: An element lacks a clause that its kind requires.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("missing-requirement", Error, Language, "An element lacks a clause that its kind requires.");

/// The element, its kind, the clause, and where the kind says so.
pub fn found(at: Anchor, name: &str, kind: &str, clause: &str, required: Anchor) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        at,
        format!("`{name}` does not state `{clause}`, which every `{kind}` must"),
    )
    .also(required, "required here")
    .help(format!("add `{clause} …` to `{name}`"))
}
