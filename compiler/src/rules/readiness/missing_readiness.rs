//! `missing-readiness`: A backup does not say in which state it is kept.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "missing-readiness",
    Error,
    Readiness,
    "A backup does not say in which state it is kept.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let missing = !backup.has(Head::Readiness) && !backup.is_broken();
    out.judge(missing.then(|| {
        let message = format!("`{}` does not say in which state it is kept", backup.name());
        Diagnostic::new(&RULE, backup.name_at(), message)
            .note("each state has duties of its own: a hot standby must be fenced, a cold one needs instructions, stock expires")
            .help("state it: `readiness` with `hot`, `warm`, `cold`, `stocked`, `trained`, `contracted` or `recoverable`")
    }));
}
