//! `function-without-dependency`: A function depends on nothing, so nothing about it can be proved.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "function-without-dependency",
    Error,
    FunctionMap,
    "A function depends on nothing, so nothing about it can be proved.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    let function = case.function;
    let silent = !function.has(Head::DependsOn) && !function.is_broken();
    out.judge(silent.then(|| {
        let message = format!("`{}` depends on nothing, so no loss could ever end it", function.name());
        Diagnostic::new(&RULE, function.name_at(), message)
            .note("a function that truly needs nothing needs no backup either; usually the map is unfinished")
            .help("name what it cannot do without: `depends on …`")
    }));
}
