//! `fail-safe-default`: A backup that only stops is no backup.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "fail-safe-default",
    Hint,
    Governance,
    "A backup that only stops is no backup.",
    Check::Backup(check)
);

/// What puts a backup to work.
const WORKING: [Head; 8] = [
    Head::When,
    Head::By,
    Head::Fence,
    Head::With,
    Head::Reach,
    Head::FundedBy,
    Head::Steps,
    Head::HandBack,
];

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let Some(activation) = backup.activation() else { return };
    let works = WORKING.iter().any(|head| activation.clause(*head).is_some());
    let Some((_, _, at)) = activation.fail_safes().into_iter().next() else { return };
    if works || backup.is_broken() {
        return;
    }
    let name = backup.name();
    let message =
        format!("`{name}` only says when to stop: that is a fail-safe default, not a backup");
    out.refuted(
        Diagnostic::new(&RULE, at, message)
            .note("a fail-safe default moves to the least harmful state; a backup keeps the function going")
            .help(format!(
                "if stopping is what is wanted, declare `{name}` as a dependency; if not, say when and by whom it is put to work"
            )),
    );
}
