//! `unused-import`: An imported name is not used.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("unused-import", Warning, Language, "An imported name is not used.");

/// The name as the file has it.
pub fn found(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{name}` is imported and not used")).help("remove it")
}
