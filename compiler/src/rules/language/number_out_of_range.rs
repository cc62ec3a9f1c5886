//! `number-out-of-range`: A number is too large or too fine to reckon with.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("number-out-of-range", Error, Language, "A number is too large or too fine to reckon with.");

/// The number as written.
pub fn found(at: Anchor, number: &str) -> Diagnostic {
    let shown: String = number.chars().take(24).collect();
    let dots = if shown.len() < number.len() { "…" } else { "" };
    Diagnostic::new(
        &RULE,
        at,
        format!("{shown}{dots} in this unit is too large or too fine to reckon with exactly"),
    )
    .help("write it with fewer digits, or in another unit")
}
