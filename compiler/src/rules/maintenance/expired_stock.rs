//! `expired-stock`: What is kept for the day is past its date.

use rbp_grammar::ast::Args;
use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::model::{day, day_words};
use crate::rules::{Check, ElementCase, Outcomes, rule};

rule!(
    "expired-stock",
    Error,
    Maintenance,
    "What is kept for the day is past its date.",
    Check::Element(check)
);

fn check(case: &ElementCase<'_>, out: &mut Outcomes<'_>) {
    let element = case.element;
    for clause in element.clauses(Head::Stock) {
        let Args::Stock { amount, expires: Some(date) } = &clause.args else { continue };
        let Some(end) = day(date) else { continue };
        out.judge((case.as_of > end).then(|| {
            let message =
                format!("the {amount} of `{}` expired on {}", element.name(), day_words(end));
            Diagnostic::new(&RULE, element.at(clause.span), message)
                .note(format!(
                    "judged on {}; on its last day it may still be used",
                    day_words(case.as_of)
                ))
                .help("replace it and state the new date")
        }));
    }
}
