//! `overdue-test`: A test is not held as often as it is due.

use rbp_grammar::head::Head;

use super::held;
use crate::db::Day;
use crate::diagnostic::Diagnostic;
use crate::model::{Test, TestResult, day_words};
use crate::quantity::duration_words;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "overdue-test",
    Error,
    Maintenance,
    "A test is not held as often as it is due.",
    Check::Backup(check)
);

const DAY: u64 = 86_400_000;

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let tests = case.backup.tests();
    if !tests.iter().any(|test| held(test, case.as_of).is_some()) {
        // `untested-backup` tells.
        return;
    }
    for test in tests {
        match held(&test, case.as_of) {
            Some(result) => due(case, &test, &result, out),
            None => {
                let message = format!(
                    "the test `{}` of `{}` has not been held",
                    test.name.text,
                    case.backup.name()
                );
                let at = test.clause_at(Head::Last);
                out.refuted(
                    Diagnostic::new(&RULE, at, message)
                        .help("hold it and record it: `last DATE passed evidence \"…\"`"),
                );
            }
        }
    }
}

fn due(case: &BackupCase<'_>, test: &Test<'_>, result: &TestResult<'_>, out: &mut Outcomes<'_>) {
    let (name, backup) = (&test.name.text, case.backup.name());
    let on = day_words(result.day);
    if let Some(end) = test.expires().filter(|end| case.as_of > *end) {
        let message =
            format!("the result of the test `{name}` of `{backup}` expired on {}", day_words(end));
        return out.refuted(
            Diagnostic::new(&RULE, test.clause_at(Head::Expires), message)
                .also(result.at, "the last result")
                .help("hold the test again"),
        );
    }
    let Some(every) = test.every() else {
        if test.clause(Head::Every).is_some() || test.clause(Head::Expires).is_some() {
            return out.proved();
        }
        let message = format!("nothing says how often the test `{name}` of `{backup}` is held");
        return out.unknown(
            Diagnostic::new(&RULE, test.clause_at(Head::Every), message)
                .help("state it: `every …`, or say how long its result counts: `expires DATE`"),
        );
    };
    let since = u64::try_from(i64::from(case.as_of.0) - i64::from(result.day.0)).unwrap_or(0);
    if since.saturating_mul(DAY) <= every.ms {
        return out.proved();
    }
    let last_due = i64::from(result.day.0) + i64::try_from(every.ms / DAY).unwrap_or(i64::MAX / 2);
    let due = i32::try_from(last_due).map_or(Day(i32::MAX), Day);
    let message = format!(
        "the test `{name}` of `{backup}` was due by {} and was last held on {on}",
        day_words(due)
    );
    out.refuted(
        Diagnostic::new(&RULE, result.at, message)
            .here(format!("{since} days before {}", day_words(case.as_of)))
            .also(every.at, format!("due every {}", duration_words(every.ms)))
            .help("hold the test and record it"),
    );
}
