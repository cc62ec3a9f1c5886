//! `number-out-of-range`: A number is too large or too fine to reckon with.

use num_traits::One;
use rbp_grammar::ast::Quantity;

use super::dimension_mismatch::Wanted;
use crate::diagnostic::{Anchor, Diagnostic};
use crate::quantity::{Amount, Number};
use crate::rules::rule;

rule!("number-out-of-range", Error, Language, "A number is too large or too fine to reckon with.");

/// The number as written.
pub fn found(at: Anchor, number: &str) -> Diagnostic {
    let shown: String = number.chars().take(24).collect();
    let dots = if shown.len() < number.len() { "…" } else { "" };
    Diagnostic::new(
        &RULE,
        at,
        format!("`{shown}{dots}` in this unit is too large or too fine to reckon with exactly"),
    )
    .help("write it with fewer digits, or in another unit")
}

/// A quantity of the right sort that its clause cannot take: a duration of millions of years, or
/// more than all of something.
pub fn beyond(
    at: Anchor,
    wanted: Wanted,
    written: &Quantity,
    amount: &Amount,
) -> Option<Diagnostic> {
    if wanted == Wanted::Duration && amount.dimension.is_time() && amount.milliseconds().is_none() {
        let message = format!("`{written}` is too long a time to reckon with");
        return Some(Diagnostic::new(&RULE, at, message).help("write a duration such as `5y`"));
    }
    if wanted == Wanted::Share && amount.dimension.is_none() && amount.number > Number::one() {
        let message = format!("`{written}` is more than all of it");
        return Some(Diagnostic::new(&RULE, at, message).help("a share goes from 0% to 100%"));
    }
    None
}
