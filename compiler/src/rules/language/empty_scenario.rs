//! `empty-scenario`: A scenario in which nothing happens, or of which nothing is expected.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!(
    "empty-scenario",
    Error,
    Language,
    "Nothing happens in a scenario, or nothing is expected of it."
);

/// A scenario that lacks one or both.
pub fn found(at: Anchor, name: &str, happens: bool, expects: bool) -> Diagnostic {
    let (message, help) = match (happens, expects) {
        (false, false) => (
            format!("nothing happens in `{name}`, and nothing is expected of it"),
            "say what is lost and what is expected: `lose …  expect … continues`",
        ),
        (false, true) => (
            format!("nothing is lost in `{name}`, so it tests nothing"),
            "say what is lost (`lose …`), or on which day it is (`at 2027-06-30`)",
        ),
        (true, _) => (
            format!("nothing is expected of `{name}`, so it can never fail"),
            "say what is expected: `expect FUNCTION continues` or `expect BACKUP activates`",
        ),
    };
    Diagnostic::new(&RULE, at, message).help(help)
}

/// Somebody who acts and of whom nothing is asked.
pub fn unasked(at: Anchor, actor: &str) -> Diagnostic {
    let message =
        format!("`{actor}` acts here, and no expectation asks what `{actor}` may activate");
    Diagnostic::new(&RULE, at, message)
        .help("say what is expected: `expect BACKUP activates` or `expect BACKUP stays idle`")
}
