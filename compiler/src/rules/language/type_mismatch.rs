//! `type-mismatch`: Parts of a policy's rule do not fit together.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("type-mismatch", Error, Language, "Parts of a policy's rule do not fit together.");

/// What does not fit, in words.
pub fn found(at: Anchor, message: String, help: Option<String>) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, message);
    match help {
        Some(help) => finding.help(help),
        None => finding,
    }
}
