//! `untested-backup`: A backup has never been tested.

use rbp_grammar::head::Head;

use super::held;
use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "untested-backup",
    Error,
    Maintenance,
    "A backup has never been tested.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let tests = backup.tests();
    let name = backup.name();
    let never = !tests.iter().any(|test| held(test, case.as_of).is_some());
    let finding = match tests.first() {
        _ if !never || backup.is_broken() => None,
        None => Some(
            Diagnostic::new(&RULE, backup.name_at(), format!("`{name}` has no test"))
                .help("say how it is tested, how often and by whom: `test NAME { every …  proves …  owner … }`"),
        ),
        Some(test) => {
            let later = tests.iter().find_map(|test| test.last());
            let message = match later {
                Some(_) => format!("no test of `{name}` was held by the day of this check"),
                None => format!("`{name}` has never been tested"),
            };
            let at = later.map_or(test.clause_at(Head::Last), |result| result.at);
            Some(
                Diagnostic::new(&RULE, at, message)
                    .help("hold the test and record it: `last DATE passed evidence \"…\"`"),
            )
        }
    };
    out.judge(finding.map(|f| f.note("a backup that was never tried is a hope")));
}
