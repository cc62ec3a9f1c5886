//! `failed-test`: The last test of a backup failed.

use super::held;
use crate::diagnostic::Diagnostic;
use crate::model::day_words;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!("failed-test", Error, Maintenance, "The last test of a backup failed.", Check::Backup(check));

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    for test in case.backup.tests() {
        let Some(result) = held(&test, case.as_of) else { continue };
        out.judge((!result.passed).then(|| {
            let message = format!(
                "`{}` failed its test `{}` on {}",
                case.backup.name(),
                test.name.text,
                day_words(result.day)
            );
            let finding = Diagnostic::new(&RULE, result.at, message)
                .help("mend it and hold the test again; until it passes, the failure stands");
            match result.evidence {
                Some(text) => finding.note(format!("recorded in {}", text)),
                None => finding,
            }
        }));
    }
}
