//! `function-without-owner`: Nobody answers for a function.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "function-without-owner",
    Error,
    FunctionMap,
    "Nobody answers for a function.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    let function = case.function;
    let missing = !function.has(Head::Owner) && !function.is_broken();
    out.judge(missing.then(|| {
        Diagnostic::new(
            &RULE,
            function.name_at(),
            format!("nobody answers for `{}`", function.name()),
        )
        .help("name who does: `owner …`")
    }));
}
