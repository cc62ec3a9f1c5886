//! `no-authority`: Nobody is named who may put a backup to work.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "no-authority",
    Error,
    Activation,
    "Nobody is named who may put a backup to work.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    // Without any activation rule, `missing-activation` tells.
    let Some(activation) = case.backup.activation() else { return };
    let missing = activation.clause(Head::By).is_none() && !case.backup.is_broken();
    out.judge(missing.then(|| {
        let message = format!("nobody is named who may put `{}` to work", case.backup.name());
        Diagnostic::new(&RULE, activation.at, message)
            .here("this says when, not by whom")
            .note("a backup that nobody may use does not count")
            .help("name who decides, and who does when they cannot: `by … within …, then …`")
    }));
}
