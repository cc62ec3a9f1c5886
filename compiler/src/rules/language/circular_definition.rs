//! `circular-definition`: A kind or a unit is defined by itself.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("circular-definition", Error, Language, "A kind or a unit is defined by itself.");

/// A kind.
pub fn kind(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("the kind `{name}` is a sort of itself"))
        .help("follow the kinds after the colons and break the circle")
}

/// A unit.
pub fn unit(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        at,
        format!("the unit `{name}` is defined by itself, or by more than 32 others in a row"),
    )
    .help("begin with a base unit, which has no definition")
}
