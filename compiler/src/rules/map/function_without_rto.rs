//! `function-without-rto`: A function does not say how soon it must be back.

use rbp_grammar::ast::{Args, Clause};
use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "function-without-rto",
    Error,
    FunctionMap,
    "A function does not say how soon it must be back.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    let function = case.function;
    let general = |clause: &Clause| matches!(clause.args, Args::Objective { cause: None, .. });
    let missing = !function.clauses(Head::Rto).any(general) && !function.is_broken();
    out.judge(missing.then(|| {
        let message = format!("`{}` does not say how soon it must be back", function.name());
        let finding = Diagnostic::new(&RULE, function.name_at(), message)
            .help("state its recovery time objective, for example `rto 15min`");
        match !function.has(Head::Rto) {
            true => finding.edit(function.end_at(), "\n  rto 15min"),
            false => finding
                .note("it states one for some causes; every other loss needs one without `on`"),
        }
    }));
}
