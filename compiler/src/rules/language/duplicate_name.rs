//! `duplicate-name`: Two declarations have the same name.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::names::Space;
use crate::rules::rule;

rule!("duplicate-name", Error, Language, "Two declarations have the same name.");

/// Two declarations of one file.
pub fn declared(at: Anchor, space: Space, name: &str, first: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("the {} `{name}` is declared twice", space.word()))
        .here("again here")
        .also(first, "first declared here")
        .help("rename one of them, or remove one")
}

/// Two imports of one name.
pub fn imported(at: Anchor, name: &str, first: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{name}` is imported twice"))
        .here("again here")
        .also(first, "first imported here")
        .help(format!("remove one, or give one another name with `{name} as …`"))
}
