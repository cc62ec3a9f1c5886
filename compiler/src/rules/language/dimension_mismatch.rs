//! `dimension-mismatch`: Two quantities cannot be compared, or a clause takes another sort.

use rbp_grammar::ast::Quantity;
use rbp_grammar::head::Measure;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::quantity::{Amount, Dimension};
use crate::rules::rule;

rule!(
    "dimension-mismatch",
    Error,
    Language,
    "Two quantities cannot be compared, or a clause takes another sort."
);

/// What quantity a clause takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Any.
    Any,
    /// A duration.
    Duration,
    /// Money, or money per time.
    Money,
    /// Something per time.
    Rate,
    /// A share of one.
    Share,
}

impl Wanted {
    /// What the table of clauses says.
    pub fn of(measure: Measure) -> Wanted {
        match measure {
            Measure::Free => Wanted::Any,
            Measure::Duration => Wanted::Duration,
            Measure::Money => Wanted::Money,
            Measure::Rate => Wanted::Rate,
            Measure::Share => Wanted::Share,
        }
    }

    /// Whether a quantity of that dimension fits.
    pub fn accepts(self, dimension: &Dimension) -> bool {
        match self {
            Wanted::Any => true,
            Wanted::Duration => dimension.is_time(),
            Wanted::Money => dimension.is_money(),
            Wanted::Rate => dimension.is_rate(),
            Wanted::Share => dimension.is_none(),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Wanted::Any => "a quantity",
            Wanted::Duration => "a duration, such as `90s`, `15min` or `4h`",
            Wanted::Money => "money, such as `500 EUR` or `41000 EUR/year`",
            Wanted::Rate => "a rate, such as `1e-5/h`",
            Wanted::Share => "a share, such as `20%`",
        }
    }
}

/// A clause that takes another sort of quantity.
pub fn in_clause(
    at: Anchor,
    clause: &str,
    wanted: &Wanted,
    written: &Quantity,
    amount: &Amount,
) -> Diagnostic {
    Diagnostic::new(
        &RULE,
        at,
        format!("`{clause}` takes {}; `{written}` is {}", wanted.words(), amount.dimension.words()),
    )
}

/// Two quantities that are compared and cannot be.
pub fn between(
    at: Anchor,
    (what, written, amount): (&str, &Quantity, &Amount),
    other_at: Anchor,
    (other, other_written, other_amount): (&str, &Quantity, &Amount),
) -> Diagnostic {
    let (a, b) = (amount.dimension.words(), other_amount.dimension.words());
    let message = format!(
        "`{what} {written}` is {a}, `{other} {other_written}` is {b}: they cannot be compared"
    );
    Diagnostic::new(&RULE, at, message)
        .here(format!("this is {a}"))
        .also(other_at, format!("this is {b}"))
        .help("state both in units of one sort")
}
