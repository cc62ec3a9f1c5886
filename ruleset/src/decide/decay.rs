//! What has run out by a day, and who answers for it.

use super::Decider;
use super::decision::{Decay, Reason};
use super::plan::{Backup, Exercise, Number};
use super::read::Known;
use crate::logic::day::{Day, day_words};

/// A test that shows nothing any more: the rule, the test, the last good day, who holds it.
type Found<'a> = (&'static str, Option<&'a Exercise>, Option<Day>, Option<&'a str>);

fn tests<'a>(known: &Known, at: Number, backup: &'a Backup) -> Vec<Found<'a>> {
    let result = |number: usize, test: &Exercise| {
        let newer = known.tests.get(&(at, number as u32)).copied();
        let last = test.last_day.map(|day| (day, test.passed));
        match (newer, last) {
            // Of two on one day a failed one counts.
            (Some((day, passed)), Some((old, well))) if day == old => {
                Some((day, passed && well, false))
            }
            (Some((day, passed)), Some((old, _))) if day > old => Some((day, passed, true)),
            (Some((day, passed)), None) => Some((day, passed, true)),
            (_, Some((day, passed))) => Some((day, passed, false)),
            (None, None) => None,
        }
    };
    let results: Vec<_> =
        backup.tests.iter().enumerate().map(|(n, test)| result(n, test)).collect();
    if results.iter().all(Option::is_none) {
        return vec![("untested-backup", None, None, backup.owner.as_deref())];
    }
    let mut found = Vec::new();
    for (test, result) in backup.tests.iter().zip(results) {
        let owner = test.owner.as_deref();
        let Some((day, passed, newer)) = result else {
            found.push(("overdue-test", Some(test), None, owner));
            continue;
        };
        if !passed {
            found.push(("failed-test", Some(test), Some(day), owner));
        }
        let due = test.every_days.map(|every| day.saturating_add(every));
        // `expires` is about the result that stood there when the rule set was built.
        let ends = [due, test.expires_day.filter(|_| !newer)].into_iter().flatten().min();
        if let Some(end) = ends.filter(|end| known.today > *end) {
            found.push(("overdue-test", Some(test), Some(end), owner));
        }
    }
    found
}

/// Whether a finding of that rule is accepted, as of today.
fn accepted(decider: &Decider, known: &Known, backup: &Backup, rule: &str) -> bool {
    let mut of_rule = backup.accepted.iter().filter(|a| a.rule == rule).peekable();
    let stands = |number: Number| {
        let acceptance = decider.plan.acceptances.get(number as usize);
        acceptance.is_some_and(|a| known.today <= a.until_day)
    };
    of_rule.peek().is_some() && of_rule.all(|a| stands(a.acceptance))
}

/// Why a backup is not known to work.
pub(super) fn reasons<'a>(decider: &'a Decider, known: &Known, at: Number) -> Vec<Reason<'a>> {
    let Some(backup) = decider.backup(at) else { return Vec::new() };
    let mut reasons = Vec::new();
    for (rule, test, day, owner) in tests(known, at, backup) {
        if !accepted(decider, known, backup, rule) {
            let test = test.map(|test| test.name.as_str());
            reasons.push(Reason::Decayed { rule, test, day: day.map(day_words), owner });
        }
    }
    let own = decider.plan.lapses.iter().filter(|lapse| lapse.thing == backup.thing);
    for lapse in own.filter(|lapse| known.today > lapse.last_day) {
        let (rule, owner) = (lapse.rule.as_str(), lapse.owner.as_deref());
        reasons.push(Reason::Decayed { rule, test: None, day: Some(lapse.day.clone()), owner });
    }
    for accepted in &backup.accepted {
        let acceptance = decider.plan.acceptances.get(accepted.acceptance as usize);
        if let Some(a) = acceptance.filter(|a| known.today > a.until_day) {
            let (acceptance, rule) = (a.id, accepted.rule.as_str());
            reasons.push(Reason::AcceptanceExpired {
                acceptance,
                rule,
                until: &a.until,
                by: &a.by,
            });
        }
    }
    reasons
}

/// Everything that has run out.
pub(super) fn all<'a>(decider: &'a Decider, known: &Known) -> Vec<Decay<'a>> {
    let mut all = Vec::new();
    for (at, backup) in (0..).zip(&decider.plan.backups) {
        for (rule, test, day, owner) in tests(known, at, backup) {
            if accepted(decider, known, backup, rule) {
                continue;
            }
            all.push(Decay {
                rule,
                of: Some(decider.id(backup.thing)),
                test: test.map(|test| test.name.as_str()),
                acceptance: None,
                day: day.map(day_words),
                owner,
            });
        }
    }
    for lapse in decider.plan.lapses.iter().filter(|lapse| known.today > lapse.last_day) {
        all.push(Decay {
            rule: &lapse.rule,
            of: Some(decider.id(lapse.thing)),
            test: None,
            acceptance: None,
            day: Some(lapse.day.clone()),
            owner: lapse.owner.as_deref(),
        });
    }
    for a in decider.plan.acceptances.iter().filter(|a| known.today > a.until_day) {
        all.push(Decay {
            rule: "expired-acceptance",
            of: None,
            test: None,
            acceptance: Some(a.id),
            day: Some(a.until.clone()),
            owner: Some(&a.by),
        });
    }
    all.sort();
    all
}
