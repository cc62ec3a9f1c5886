//! `dimension-mismatch`: Two quantities cannot be compared, or a clause takes another sort.

use rbp_grammar::ast::Quantity;
use rbp_grammar::head::{Head, Measure};

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Field, LoadView, Parameter};
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

    /// It in words, with an example.
    pub fn words(self) -> &'static str {
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
    let is = amount.dimension.words();
    let finding = Diagnostic::new(
        &RULE,
        at,
        format!("`{clause}` takes {}; `{written}` is {is}", wanted.words()),
    );
    // `m` is the metre.
    match written.to_string().strip_suffix(" m") {
        Some(number) if *wanted == Wanted::Duration => {
            finding.help(format!("minutes are `{number}min`, months `{number}mo`"))
        }
        _ => finding,
    }
}

/// A clause that takes another sort of quantity than a parameter of a template.
pub fn of_parameter(at: Anchor, clause: &str, wanted: Wanted, parameter: &Parameter) -> Diagnostic {
    let (name, bound) = (&parameter.name, parameter.bound.words());
    let message =
        format!("`{clause}` takes {}; the parameter `{name}` takes {bound}", wanted.words());
    Diagnostic::new(&RULE, at, message).also(parameter.at, format!("`{name}` is declared here"))
}

/// What quantity a field takes, in words.
pub fn field_takes(dimension: &Dimension) -> String {
    if dimension.is_none() || dimension.is_time() {
        return dimension.words();
    }
    format!("a quantity in {}", dimension.words())
}

/// A field with a quantity of another dimension than its own, which is given.
pub fn in_field(
    at: Anchor,
    field: &Field,
    takes: &Dimension,
    written: &Quantity,
    amount: &Amount,
) -> Diagnostic {
    let (name, takes, is) = (&field.name, field_takes(takes), amount.dimension.words());
    Diagnostic::new(&RULE, at, format!("the field `{name}` takes {takes}; `{written}` is {is}"))
        .also(field.at, "the field is declared here")
}

/// One of two quantities that are held against each other.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The words before it, such as `covers`.
    pub what: &'a str,
    /// As written.
    pub written: &'a Quantity,
    /// What it amounts to.
    pub amount: &'a Amount,
    /// Where it stands.
    pub at: Anchor,
}

impl<'a> Side<'a> {
    /// The load that a clause states.
    pub fn of(head: Head, load: &LoadView<'a>) -> Side<'a> {
        Side { what: head.words(), written: load.written, amount: load.amount, at: load.at }
    }
}

/// What to say where the two cannot be compared.
pub fn between(one: &Side<'_>, other: &Side<'_>) -> Option<Diagnostic> {
    if one.amount.dimension == other.amount.dimension {
        return None;
    }
    let (a, b) = (one.amount.dimension.words(), other.amount.dimension.words());
    let message = format!(
        "`{} {}` is {a}, `{} {}` is {b}: they cannot be compared",
        one.what, one.written, other.what, other.written
    );
    Some(
        Diagnostic::new(&RULE, one.at, message)
            .here(format!("this is {a}"))
            .also(other.at, format!("this is {b}"))
            .help("state both in units of one sort"),
    )
}
