//! `not-diverse`: A backup is to differ from its primary in a field and does not.

use rbp_grammar::ast::Value;
use rbp_grammar::head::Head;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::quantity::Amount;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "not-diverse",
    Error,
    Independence,
    "A backup is to differ from its primary in a field and does not.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, Some(primary)) = (case.backup, &case.primary) else { return };
    for field in backup.words(Head::DiverseBy) {
        let at = backup.at(field.span);
        let (own, other) = (value(backup, &field.text), value(primary, &field.text));
        let words = format!(
            "`{}` is to differ from `{}` in `{}`",
            backup.name(),
            primary.name(),
            field.text
        );
        match (&own, &other) {
            (Some((own, own_at)), Some((other, other_at))) if alike(own, other) => out.refuted(
                Diagnostic::new(&RULE, at, format!("{words}, and both have `{}`", own.words))
                    .also(*own_at, "here")
                    .also(*other_at, "and here")
                    .help("choose another, or drop the claim"),
            ),
            (Some(_), Some(_)) => out.proved(),
            (own, _) => {
                let silent = if own.is_none() { backup } else { primary };
                let message = format!("{words}, and `{}` does not state it", silent.name());
                out.unknown(
                    Diagnostic::new(&RULE, at, message)
                        .also(silent.name_at(), format!("`{}` is declared here", silent.name()))
                        .help(format!("add `{} …` to `{}`", field.text, silent.name())),
                );
            }
        }
    }
}

/// What is stated for a field.
struct Stated<'a> {
    words: String,
    /// Where it is a quantity, how much that is.
    amount: Option<&'a Amount>,
}

/// Whether two values are the same, however they are written.
fn alike(one: &Stated<'_>, other: &Stated<'_>) -> bool {
    match (one.amount, other.amount) {
        (Some(one), Some(other)) => one == other,
        _ => one.words.trim().to_lowercase() == other.words.trim().to_lowercase(),
    }
}

fn value<'a>(element: &'a Element, field: &str) -> Option<(Stated<'a>, Anchor)> {
    let (value, at) = element.field(field)?;
    let words = match value {
        // `makers.acme` is the `acme` of another file.
        Value::Name(name) => name.text.rsplit('.').next().unwrap_or_default().to_owned(),
        Value::Text(text) => text.text.to_string(),
        Value::Date(date) => date.text.to_string(),
        Value::Quantity(quantity) => quantity.to_string(),
    };
    let amount = match value {
        Value::Quantity(quantity) => element.amount(quantity),
        _ => None,
    };
    Some((Stated { words, amount }, at))
}
