//! `orphan-dependency`: Nothing rests on a dependency.

use rbp_grammar::ast::Role;

use crate::diagnostic::Diagnostic;
use crate::rules::{Check, ElementCase, Outcomes, rule};

rule!(
    "orphan-dependency",
    Warning,
    FunctionMap,
    "Nothing rests on a dependency.",
    Check::Unused(check)
);

fn check(case: &ElementCase<'_>, out: &mut Outcomes<'_>) {
    let element = case.element;
    let what = match element.role() {
        Role::Dependency => "nothing rests on",
        Role::Signal => "no rule waits for",
        Role::Function | Role::Backup => return,
    };
    let message = format!("{what} `{}`", element.name());
    out.refuted(
        Diagnostic::new(&RULE, element.name_at(), message)
            .help("name it where it is needed, or remove it"),
    );
}
