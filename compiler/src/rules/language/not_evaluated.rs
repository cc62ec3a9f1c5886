//! `not-evaluated`: A declaration is read and not evaluated by this version.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!(
    "not-evaluated",
    Warning,
    Language,
    "A declaration is read and not evaluated by this version."
);

/// What sort of declaration it is.
pub fn found(at: Anchor, what: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        at,
        format!("this {what} is read, and not evaluated by this version of rbp"),
    )
    .note("nothing is proved or refuted by it: what it demands counts as unknown")
}
