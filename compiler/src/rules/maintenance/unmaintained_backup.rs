//! `unmaintained-backup`: Nobody answers for a backup.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "unmaintained-backup",
    Error,
    Maintenance,
    "Nobody answers for a backup.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let missing = !backup.has(Head::Owner) && !backup.is_broken();
    out.judge(missing.then(|| {
        let message = format!("nobody answers for `{}`", backup.name());
        Diagnostic::new(&RULE, backup.name_at(), message)
            .note("what nobody keeps up decays unseen")
            .help("name who does: `owner …`")
    }));
}
