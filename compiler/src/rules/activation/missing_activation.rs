//! `missing-activation`: Nothing says when a backup is put to work.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "missing-activation",
    Error,
    Activation,
    "Nothing says when a backup is put to work.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let name = backup.name();
    let finding = match backup.activation() {
        Some(activation) if activation.clause(Head::When).is_some() => None,
        _ if backup.is_broken() => None,
        Some(activation) => Some(
            Diagnostic::new(
                &RULE,
                activation.at,
                format!("nothing says when `{name}` is put to work"),
            )
            .here("this names no trigger")
            .help("name the signals that call for it: `when …`"),
        ),
        None => Some(
            Diagnostic::new(
                &RULE,
                backup.name_at(),
                format!("nothing says when and by whom `{name}` is put to work"),
            )
            .note("a backup that nobody is told to use does not count")
            .help("add its activation rule: `activate { when …  by … within … }`"),
        ),
    };
    out.judge(finding);
}
