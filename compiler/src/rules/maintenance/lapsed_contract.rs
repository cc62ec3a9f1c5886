//! `lapsed-contract`: A contract that is counted on has ended.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::model::day_words;
use crate::rules::{Check, ElementCase, Outcomes, rule};

rule!(
    "lapsed-contract",
    Error,
    Maintenance,
    "A contract that is counted on has ended.",
    Check::Element(check)
);

fn check(case: &ElementCase<'_>, out: &mut Outcomes<'_>) {
    let element = case.element;
    let Some(end) = element.day(Head::ContractUntil) else { return };
    out.judge((case.as_of > end).then(|| {
        let message = format!("the contract of `{}` ended on {}", element.name(), day_words(end));
        Diagnostic::new(&RULE, element.clause_at(Head::ContractUntil), message)
            .note("nobody is bound any longer to deliver")
            .help("renew it and state the new date, or find another")
    }));
}
