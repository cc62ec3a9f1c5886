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
        // What is no whole number, or too large to hold.
        u32::MAX => format!("so many of {of} can never be there"),
        _ => format!("{count} of {of} can never be there"),
    };
    Diagnostic::new(&RULE, at, message).help(format!("the count is a whole number from 1 to {of}"))
}

/// A number of losses to be survived that says nothing, or cannot be reckoned with.
pub fn losses(at: Anchor, count: u32) -> Option<Diagnostic> {
    let message = match count {
        0 => "whatever survives no loss survives 0, so this says nothing",
        u32::MAX => "this is no number of losses that can be reckoned with",
        _ => return None,
    };
    let help = "the count is a whole number, for example `survives any 1 loss`";
    Some(Diagnostic::new(&RULE, at, message).help(help))
}

/// A number of losses that a scenario cannot try.
pub fn lost_together(at: Anchor, count: u32) -> Option<Diagnostic> {
    let message = match count {
        0 => "losing any 0 loses nothing, so this says nothing",
        u32::MAX => "this is no number of losses that can be reckoned with",
        _ => return None,
    };
    let help = "the count is a whole number, for example `lose any 1 of kind machine`";
    Some(Diagnostic::new(&RULE, at, message).help(help))
}

/// A list that names one thing twice: it would count double.
pub fn twice(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{name}` is in this list twice, so it would count double"))
        .help("name each once")
}
