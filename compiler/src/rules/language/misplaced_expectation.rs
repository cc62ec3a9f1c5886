//! `misplaced-expectation`: An expectation says more than its outcome can bear.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!(
    "misplaced-expectation",
    Error,
    Language,
    "An expectation says more than its outcome can bear."
);

/// A word such as `within` behind an outcome such as `fails`.
pub fn found(at: Anchor, word: &str, outcome: &str) -> Diagnostic {
    let why = match (word, outcome) {
        ("by", "continues") => {
            "nobody decides that a function continues; of a backup it can be said"
        }
        ("on", _) => "on one element a policy passes or fails, and nothing else",
        (_, "passes") => "a policy passes on a day, and on an element",
        ("at", "activates") => "the level is a function's; say it where the function `continues`",
        _ => "what does not serve or act has no time, level or authority",
    };
    Diagnostic::new(&RULE, at, format!("`{word}` cannot be said of what {outcome}"))
        .note(why)
        .help(format!("take `{word} …` out, or expect another outcome"))
}
