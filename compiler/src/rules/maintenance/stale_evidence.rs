//! `stale-evidence`: A backup, or what it needs, was changed after it was tested.

use std::cell::LazyCell;
use std::sync::Arc;

use super::held;
use crate::analysis::{Rests, put_to_work_by};
use crate::db::Day;
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Element, Test, day_words};
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "stale-evidence",
    Error,
    Maintenance,
    "A backup, or what it needs, was changed after it was tested.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let tests = backup.tests();
    let passed: Vec<_> = tests
        .iter()
        .filter_map(|test| Some((test, held(test, case.as_of)?)))
        .filter(|(_, result)| result.passed)
        .collect();
    if passed.is_empty() {
        return;
    }
    let serving = LazyCell::new(|| Rests::of(case.db, case.here, &[backup.id], |_| true));
    let mut start = vec![backup.id];
    start.extend(put_to_work_by(backup));
    let working = LazyCell::new(|| Rests::of(case.db, case.here, &start, |_| true));
    let (mut incomplete, mut stale) = (false, false);
    for (test, result) in passed {
        let rests: &Rests = if shows_activation(test) { &working } else { &serving };
        incomplete |= rests.incomplete;
        let changed = rests.elements.iter().filter_map(|e| Some((e, e.changed()?)));
        let last: Option<(&Arc<Element>, (Day, Anchor))> = changed.max_by_key(|(_, (day, _))| *day);
        let Some((element, (day, since))) = last.filter(|(_, (day, _))| *day > result.day) else {
            continue;
        };
        stale = true;
        let what = match element.id == backup.id {
            true => format!("`{}`", backup.name()),
            false if serving.has(element.id) => {
                format!("`{}`, on which `{}` rests,", element.name(), backup.name())
            }
            false => format!("`{}`, which puts `{}` to work,", element.name(), backup.name()),
        };
        let message = format!(
            "{what} was changed on {}, after the test `{}` on {}",
            day_words(day),
            test.name.text,
            day_words(result.day)
        );
        out.refuted(
            Diagnostic::new(&RULE, result.at, message)
                .here("shows how it was before")
                .also(since, "changed since")
                .help("hold the test again: it proves nothing of what was changed after it"),
        );
    }
    match (stale, incomplete) {
        (true, _) => {}
        // What could not be read has its own finding.
        (false, true) => out.undecided(),
        (false, false) => out.proved(),
    }
}

/// Whether a test shows how the backup is put to work, and so rests on whatever does that.
fn shows_activation(test: &Test<'_>) -> bool {
    test.proves("activation") || test.proves("split-control")
}
