//! `missing-hand-back`: Nothing says when the primary takes its work back.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "missing-hand-back",
    Warning,
    Readiness,
    "Nothing says when the primary takes its work back.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let Some(activation) = case.backup.activation() else { return };
    let said = activation.clause(Head::HandBack).is_some_and(|clause| !clause.is_blank());
    let missing = !said && !case.backup.is_broken();
    out.judge(missing.then(|| {
        let name = case.backup.name();
        let message = format!("nothing says when and how `{name}` hands back");
        Diagnostic::new(&RULE, activation.at, message)
            .note("work that is never handed back leaves no backup for the next loss; handed back too soon, it is lost twice")
            .help("say when, or how: `hand back when SIGNAL for …`, or `hand back \"…\"`")
    }));
}
