//! Whether a backup is kept up, shown to work lately, and as ready as it is said to be.

use super::authority::put_to_work_by;
use super::rests::Rests;
use super::{Case, said};
use crate::logic::day::{Day, LAST, day};
use crate::logic::model::Item;
use crate::logic::number::{Number, amount};
use crate::logic::times::fastest_decision;
use crate::{Exercise, NeedSort, Test, TestResult};

const DAY: u64 = 86_400_000;
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// The last day on which a test is not overdue, as the document must state it; none beyond the year 9999.
pub(crate) fn due(test: &Test) -> Option<Day> {
    let days = i64::try_from(test.every_ms? / DAY).ok()?;
    day(&test.last.as_ref()?.day)?.checked_add(days).filter(|due| *due <= LAST)
}

fn proves(test: &Test, aspect: &str) -> bool {
    test.proves.iter().any(|proved| proved == aspect)
}

impl<'a> Case<'_, 'a> {
    /// How a test last went, where that is no later than the day.
    pub fn held<'t>(&self, test: &'t Test) -> Option<(Day, &'t TestResult)> {
        let last = test.last.as_ref()?;
        Some((day(&last.day)?, last)).filter(|(day, _)| *day <= self.model.day)
    }

    pub fn is_tested(&self) -> bool {
        self.backup.tests.iter().any(|test| self.held(test).is_some())
    }

    fn is_fresh(&self, test: &Test) -> bool {
        test.expires.as_deref().is_none_or(|end| self.model.lasts(end))
    }

    /// Whether a test counts as evidence: passed, with a result that has not expired, and more than talk.
    pub fn counts(&self, test: &Test) -> bool {
        let passed = self.held(test).is_some_and(|(_, last)| last.passed);
        passed && self.is_fresh(test) && test.exercise != Some(Exercise::Tabletop)
    }

    /// Whether a test starts where the backup would.
    pub fn starts_as_kept(&self, test: &Test) -> bool {
        test.from_cold || self.backup.readiness.as_deref() != Some("cold")
    }

    pub fn is_in_time(&self, test: &Test) -> bool {
        let Some((last, _)) = self.held(test) else { return false };
        let since = u64::try_from(self.model.day - last).unwrap_or(0);
        let often = test.every_ms.map(|every| since.saturating_mul(DAY) <= every);
        self.is_fresh(test) && often.unwrap_or(test.expires.is_some())
    }

    /// Whether a test shows something, for real, from where it would start, and its result is recorded.
    pub fn is_strong(&self, test: &Test) -> bool {
        let says = !(test.proves.is_empty() && test.loads.is_empty());
        let starts =
            proves(test, "restore") || proves(test, "activation") || !test.loads.is_empty();
        let real = test.exercise != Some(Exercise::Tabletop);
        let recorded = |last: &TestResult| !last.passed || said(&last.evidence);
        let recorded = self.held(test).is_none_or(|(_, last)| recorded(last));
        says && real && recorded && (self.starts_as_kept(test) || !starts)
    }

    /// Whether nothing was changed after a passed test that rests on it.
    pub fn is_as_tested(&self) -> Option<bool> {
        let newest = |start: &[&'a str]| {
            let rests = Rests::of(self.model, start.iter().copied(), |_| true);
            rests.items.iter().filter_map(Item::changed).max()
        };
        let passed = self.backup.tests.iter().filter_map(|test| Some((test, self.held(test)?)));
        let mut passed = passed.filter(|(_, (_, last))| last.passed).peekable();
        passed.peek()?;
        let own = [self.item.name];
        let serving = newest(&own);
        let work = self.activation().map_or(Vec::new(), put_to_work_by);
        let working = newest(&[&own, &work[..]].concat());
        let changed = passed.any(|(test, (day, _))| {
            let works = proves(test, "activation") || proves(test, "split-control");
            (if works { working } else { serving }).is_some_and(|changed| changed > day)
        });
        Some(!changed)
    }

    /// Whether tests that count show what a state of readiness obliges to.
    pub fn is_shown(&self, state: &str) -> bool {
        let duties: &[&str] = match state {
            "hot" if self.item.is("record") => &["activation", "split-control"],
            "hot" => &["activation"],
            "warm" => &["activation", "restore"],
            "cold" => &["restore", "skills"],
            "stocked" => &["sample"],
            "trained" => &["role"],
            "contracted" => &["delivery"],
            "recoverable" => &["restore"],
            _ => return false,
        };
        let shown = |aspect| {
            let starts = ["activation", "restore"].contains(&aspect);
            let counts = |test: &&Test| !starts || self.starts_as_kept(test);
            let mut counting = self.backup.tests.iter().filter(counts);
            counting.any(|test| self.counts(test) && proves(test, aspect))
        };
        duties.iter().copied().all(shown)
    }

    /// Whether the times that are claimed fit the state of readiness.
    pub fn is_consistent(&self, state: &str) -> bool {
        if state == "trained" {
            return self.item.is("actor");
        }
        let Some(restores) = self.backup.restores_ms else { return false };
        let delayed = self.item.element.and_then(|e| e.delayed_ms).is_some_and(|delay| delay > 0);
        let decided = || self.activation().and_then(fastest_decision).is_some_and(|ms| ms <= HOUR);
        let fits = match state {
            "hot" => restores <= HOUR && !delayed && decided(),
            "warm" => true,
            "cold" | "stocked" | "recoverable" | "contracted" => restores >= MINUTE,
            _ => false,
        };
        fits && self.backup.lead_time_ms.is_none_or(|lead| lead <= restores)
    }

    /// Whether everything is said that the state of readiness obliges to, and delivery is not beyond bearing.
    pub fn is_complete(&self, state: &str) -> bool {
        let (element, backup) = (self.item.element, self.backup);
        let said = |texts: &[String]| texts.iter().any(|text| !text.trim().is_empty());
        let steps = said(&backup.instructions) || self.activation().is_some_and(|a| said(&a.steps));
        let time = backup.restores_ms.is_some();
        let installed = !backup.installed_by.is_empty();
        let needs = |sort| element.is_some_and(|e| e.needs.iter().any(|need| need.sort == sort));
        let stock = element.and_then(|e| e.stock.as_ref());
        let some = |of| amount(of).is_some_and(|(number, _)| !Number::ZERO.at_least(number));
        let stocked = stock.is_some_and(|s| some(&s.amount) && s.expires.is_some());
        let proved = |aspect| backup.tests.iter().any(|test| proves(test, aspect));
        let complete = match state {
            "hot" | "warm" => time,
            "cold" => time && steps && installed,
            "stocked" => time && stocked && needs(NeedSort::In) && installed,
            "trained" => backup.tests.iter().any(|t| t.every_ms.is_some()) && self.is_reached(),
            "contracted" => {
                let until = element.is_some_and(|e| e.contract_until.is_some());
                let upstream = needs(NeedSort::Needs) || needs(NeedSort::In);
                time && until && backup.lead_time_ms.is_some() && upstream
            }
            "recoverable" => time && steps && (backup.verified_ms.is_some() || proved("integrity")),
            _ => false,
        };
        let bounds = backup.protects.iter().filter_map(|f| self.model.item(f).function?.mtpd_ms);
        let late = backup.lead_time_ms.zip(bounds.min()).is_some_and(|(lead, mtpd)| lead > mtpd);
        complete && !late
    }
}
