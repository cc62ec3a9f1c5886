//! `unreadable-file`: A file cannot be read as text.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("unreadable-file", Error, Language, "A file cannot be read as text.");

/// Why it cannot.
pub fn found(at: Anchor, problem: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, problem)
        .help("save it as plain UTF-8 text with the line ends of Unix or Windows, or split it")
}
