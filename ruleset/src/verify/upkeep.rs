//! Whether a backup is kept up, shown to work lately, and as ready as it is said to be.

use super::ledger::Ledger;
use super::rests::Rests;
use crate::logic::day::day;
use crate::logic::model::{Item, Model};
use crate::logic::times::fastest_decision;
use crate::{Backup, Exercise, HandBack, Test, TestResult};

const DAY: u64 = 86_400_000;
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// How a test last went, where that is no later than the day.
fn held(test: &Test, on: i64) -> Option<(i64, &TestResult)> {
    let last = test.last.as_ref()?;
    Some((day(&last.day)?, last)).filter(|(day, _)| *day <= on)
}

/// Whether a test counts as evidence: passed, with a result that has not expired, and more than talk.
pub(crate) fn counts(test: &Test, on: i64) -> bool {
    let fresh = test.expires.as_deref().is_none_or(|end| day(end).is_some_and(|end| on <= end));
    let done = test.exercise != Some(Exercise::Tabletop);
    fresh && done && held(test, on).is_some_and(|(_, last)| last.passed)
}

fn proves(test: &Test, aspect: &str) -> bool {
    test.proves.iter().any(|proved| proved == aspect)
}

/// The last day on which a test is not overdue, as the document must state it.
pub(crate) fn due(test: &Test) -> Option<i64> {
    day(&test.last.as_ref()?.day)?.checked_add(i64::try_from(test.every_ms? / DAY).ok()?)
}

/// Stock and contract, which other things than backups have as well.
pub(crate) fn dated<'a>(model: &Model<'a>, item: &Item<'a>, out: &mut Ledger<'a>) {
    let Some(element) = item.element else { return };
    let lasts = |end: &str| day(end).is_some_and(|end| model.day <= end);
    if let Some(end) = element.stock.as_ref().and_then(|stock| stock.expires.as_deref()) {
        out.judge("expired-stock", lasts(end), "what is stored is past its date");
    }
    if let Some(end) = element.contract_until.as_deref() {
        out.judge("lapsed-contract", lasts(end), "the contract has ended");
    }
}

pub(crate) fn backup<'a>(
    model: &Model<'a>,
    item: &Item<'a>,
    backup: &'a Backup,
    out: &mut Ledger<'a>,
) {
    let owned = item.element.is_some_and(|e| e.owner.is_some());
    out.judge("unmaintained-backup", owned, "nobody answers for it");
    if let Some(end) = backup.retire_by.as_deref() {
        let lasts = day(end).is_some_and(|end| model.day <= end);
        out.judge("retired-backup", lasts, "it was to be retired by now");
    }
    tests(model, backup, out);
    stale(model, item, backup, out);
    readiness(model, item, backup, out);
    if model.primary(backup).is("record") {
        let fresh = item.element.is_some_and(|e| e.lag_ms.is_some());
        out.judge("missing-freshness", fresh, "nothing says how far it may be behind");
    }
    if let Some(activation) = &backup.activation {
        let said = match &activation.hand_back {
            Some(HandBack::How(text)) => !text.trim().is_empty(),
            Some(HandBack::When { .. }) => true,
            None => false,
        };
        out.judge("missing-hand-back", said, "nothing says how it hands back");
    }
}

fn tests<'a>(model: &Model<'a>, backup: &'a Backup, out: &mut Ledger<'a>) {
    let on = model.day;
    let any = backup.tests.iter().any(|test| held(test, on).is_some());
    out.judge("untested-backup", any, "it has never been tested");
    for test in &backup.tests {
        let last = held(test, on);
        if let Some((_, last)) = last {
            out.judge("failed-test", last.passed, &format!("its test `{}` failed", test.name));
        }
        if any {
            let fresh =
                test.expires.as_deref().is_none_or(|end| day(end).is_some_and(|end| on <= end));
            let since = last.map_or(u64::MAX, |(day, _)| u64::try_from(on - day).unwrap_or(0));
            let often = match test.every_ms {
                Some(every) => since.saturating_mul(DAY) <= every,
                None => test.expires.is_some(),
            };
            let holds = last.is_some() && fresh && often;
            out.judge("overdue-test", holds, &format!("its test `{}` is overdue", test.name));
        }
        let cold = backup.readiness.as_deref() == Some("cold");
        let starts =
            proves(test, "restore") || proves(test, "activation") || !test.loads.is_empty();
        let recorded = |last: &TestResult| !last.passed || last.evidence.is_some();
        let strong =
            test.exercise != Some(Exercise::Tabletop) && !(cold && starts && !test.from_cold);
        let says = !(test.proves.is_empty() && test.loads.is_empty());
        let holds = says && strong && last.is_none_or(|(_, last)| recorded(last));
        out.judge("weak-evidence", holds, &format!("its test `{}` shows too little", test.name));
    }
}

/// Whether something was changed after a passed test that rests on it.
fn stale<'a>(model: &Model<'a>, item: &Item<'a>, backup: &'a Backup, out: &mut Ledger<'a>) {
    let passed = backup.tests.iter().filter_map(|test| Some((test, held(test, model.day)?)));
    let passed: Vec<_> = passed.filter(|(_, (_, last))| last.passed).collect();
    if passed.is_empty() {
        return;
    }
    let newest = |start: &[&'a str]| {
        let rests = Rests::of(model, start, |_| true);
        rests.items.iter().filter_map(Item::changed).max()
    };
    let serving = newest(&[item.name]);
    let working = newest(&[&[item.name], &super::authority::put_to_work_by(backup)[..]].concat());
    for (test, (day, _)) in passed {
        let all = if proves(test, "activation") || proves(test, "split-control") {
            working
        } else {
            serving
        };
        if all.is_some_and(|changed| changed > day) {
            out.open("stale-evidence", "it was changed after it was tested", Vec::new());
        }
    }
    out.unless_open("stale-evidence");
}

fn readiness<'a>(model: &Model<'a>, item: &Item<'a>, backup: &'a Backup, out: &mut Ledger<'a>) {
    let state = backup.readiness.as_deref();
    out.judge("missing-readiness", state.is_some(), "its state is not stated");
    let Some(state) = state else { return };
    out.judge(
        "readiness-inconsistent",
        consistent(item, backup, state),
        "its state does not allow what it claims",
    );
    let lead = backup.lead_time_ms;
    let bounds = backup.protects.iter().filter_map(|name| model.item(name).function?.mtpd_ms);
    let late = lead.zip(bounds.min()).is_some_and(|(lead, mtpd)| lead > mtpd);
    let complete = complete(item, backup, state);
    out.judge(
        "incomplete-readiness",
        complete && !late,
        "it leaves out what its state obliges it to say",
    );
    let duties: &[&str] = match state {
        "hot" if item.is("record") => &["activation", "split-control"],
        "hot" => &["activation"],
        "warm" => &["activation", "restore"],
        "cold" => &["restore", "skills"],
        "stocked" => &["sample"],
        "trained" => &["role"],
        "contracted" => &["delivery"],
        "recoverable" => &["restore"],
        _ => &[],
    };
    let shown = |aspect: &&str| {
        backup.tests.iter().any(|test| counts(test, model.day) && proves(test, aspect))
    };
    let holds = !duties.is_empty() && duties.iter().all(shown);
    out.judge(
        "unproved-readiness",
        holds,
        "no test that counts shows what its state obliges it to",
    );
}

/// Whether the times that are claimed fit the state.
fn consistent(item: &Item<'_>, backup: &Backup, state: &str) -> bool {
    if state == "trained" {
        return item.is("actor");
    }
    let Some(restores) = backup.restores_ms else { return false };
    let delivered = backup.lead_time_ms.is_none_or(|lead| lead <= restores);
    match state {
        "hot" => {
            let behind = item.element.and_then(|e| e.delayed_ms).is_some_and(|delay| delay > 0);
            let fastest = backup.activation.as_ref().and_then(fastest_decision);
            restores <= HOUR && !behind && delivered && fastest.is_some_and(|ms| ms <= HOUR)
        }
        "warm" => delivered,
        "cold" | "stocked" | "recoverable" | "contracted" => restores >= MINUTE && delivered,
        _ => false,
    }
}

/// Whether everything is said that the state obliges to.
fn complete(item: &Item<'_>, backup: &Backup, state: &str) -> bool {
    let (element, activation) = (item.element, backup.activation.as_ref());
    let said = |texts: &[String]| texts.iter().any(|text| !text.trim().is_empty());
    let steps = said(&backup.instructions) || activation.is_some_and(|a| said(&a.steps));
    let time = backup.restores_ms.is_some();
    let stock = element.and_then(|e| e.stock.as_ref());
    let installed = !backup.installed_by.is_empty();
    let needs = |sort| element.is_some_and(|e| e.needs.iter().any(|need| need.sort == sort));
    match state {
        "hot" | "warm" => time,
        "cold" => time && steps && installed,
        "stocked" => {
            let some = stock.is_some_and(|s| s.amount.number != "0" && s.expires.is_some());
            time && some && needs(crate::NeedSort::In) && installed
        }
        "trained" => {
            let opened = activation.is_some_and(|a| !a.with.is_empty() || !a.reach.is_empty());
            backup.tests.iter().any(|test| test.every_ms.is_some()) && opened
        }
        "contracted" => {
            let until = element.is_some_and(|e| e.contract_until.is_some());
            let upstream = needs(crate::NeedSort::Needs) || needs(crate::NeedSort::In);
            time && until && backup.lead_time_ms.is_some() && upstream
        }
        "recoverable" => {
            let checked = backup.tests.iter().any(|test| proves(test, "integrity"));
            time && steps && (backup.verified_ms.is_some() || checked)
        }
        _ => false,
    }
}
