//! `impossible-count`: A choice such as `2 of [..]` cannot be met or means nothing.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!(
    "impossible-count",
    Error,
    Language,
    "A choice such as `2 of [..]` cannot be met or means nothing."
);

/// A count that does not fit its list.
pub fn found(at: Anchor, count: u32, of: usize) -> Diagnostic {
    let message = match count {
        0 => "0 of a list is always there, so this says nothing".to_owned(),
        _ => format!("{count} of {of} can never be there"),
    };
    Diagnostic::new(&RULE, at, message).help(format!("the count goes from 1 to {of}"))
}

/// A list that names one thing twice: it would count double.
pub fn twice(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{name}` is in this list twice, so it would count double"))
        .help("name each once")
}
