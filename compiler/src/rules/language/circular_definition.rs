//! `circular-definition`: A kind, a unit or a template is defined by itself.

use smol_str::SmolStr;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("circular-definition", Error, Language, "A kind, a unit or a template is defined by itself.");

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

/// A template that uses itself, by way of those named.
pub fn template(at: Anchor, circle: &[SmolStr]) -> Diagnostic {
    let names: Vec<String> = circle.iter().map(|name| format!("`{name}`")).collect();
    let name = circle.first().map_or("", |name| name.as_str());
    let message = format!("the template `{name}` uses itself: {}", names.join(" uses "));
    Diagnostic::new(&RULE, at, message).help("break the circle: what it makes would never end")
}
