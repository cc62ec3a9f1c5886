//! `single-approver`: Only one person may put a backup to work.

use crate::analysis::sole_deciders;
use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "single-approver",
    Warning,
    Access,
    "Only one person may put a backup to work.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let Some(activation) = case.backup.activation() else { return };
    let succession = activation.succession();
    if succession.is_empty() || succession.iter().any(|step| step.automatic) {
        return;
    }
    let (sole, incomplete) = sole_deciders(case.db, case.here, case.backup, &[]);
    let Some(person) = sole.first().and_then(|id| case.element(*id)) else {
        return if incomplete { out.undecided() } else { out.proved() };
    };
    let name = person.name();
    let message = format!("without `{name}` nobody may put `{}` to work", case.backup.name());
    let at = succession.first().map_or(activation.at, |step| step.who.at);
    out.refuted(
        Diagnostic::new(&RULE, at, message)
            .here("nobody stands in")
            .also(person.name_at(), format!("`{name}` is declared here"))
            .note("people are ill, asleep or on leave on the day")
            .help("name who decides next: `, then … within …`"),
    );
}
