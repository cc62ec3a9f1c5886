//! `misplaced-allowance`: `allow` is used for what it cannot turn off, or without a reason.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!(
    "misplaced-allowance",
    Error,
    Language,
    "`allow` is used for what it cannot turn off, or without a reason."
);

/// An error is not a matter of taste.
pub fn of_error(at: Anchor, slug: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{slug}` is an error and cannot be allowed"))
        .note("only warnings and hints can be turned off where they stand")
        .help(format!(
            "mend it, or accept it with a reason, an owner and an end: `accept {slug} on … {{ because \"…\"  by …  until … }}`"
        ))
}

/// Whoever turns something off says why.
pub fn without_reason(at: Anchor, slug: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("nothing says why `{slug}` is allowed here"))
        .help("give the reason: `because \"…\"`")
}
