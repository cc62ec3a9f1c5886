//! `retired-backup`: A backup is past the day by which it was to be retired.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::model::day_words;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "retired-backup",
    Error,
    Maintenance,
    "A backup is past the day by which it was to be retired.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let Some(end) = backup.day(Head::RetireBy) else { return };
    out.judge((case.as_of > end).then(|| {
        let message = format!("`{}` was to be retired by {}", backup.name(), day_words(end));
        Diagnostic::new(&RULE, backup.clause_at(Head::RetireBy), message)
            .help("replace it, or show that it still serves and state a later day")
    }));
}
