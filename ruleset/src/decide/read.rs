//! Facts by number, once nothing is wrong with them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::clock::{self, Moment};
use super::facts::{Facts, Problem, ProblemSort};
use super::functions::later;
use super::plan::{Number, Plan, ThingSort};
use crate::LossSort;
use crate::logic::day::Day;

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub now: Moment,
    pub today: Day,
    /// What signals show, and since when.
    pub signals: HashMap<Number, (bool, Moment)>,
    /// The losses that are reported: of what, how, since when.
    pub losses: Vec<(Number, LossSort, Option<Moment>)>,
    /// Everything that is gone.
    pub gone: BTreeSet<Number>,
    /// The active backups, and since when.
    pub active: BTreeMap<Number, Option<Moment>>,
    /// Those of them that carried what they cover for as long as they do, and until when.
    pub spent: BTreeMap<Number, Moment>,
    pub fenced: BTreeSet<Number>,
    /// For which backup, by whom, when.
    pub approvals: Vec<(Number, Number, Moment)>,
    /// Per backup and test the day on which it was last held, and how it went.
    pub tests: BTreeMap<(Number, Number), (Day, bool)>,
    pub actor: Option<Number>,
    /// The functions that are asked about.
    pub functions: BTreeSet<Number>,
    /// The backups that are asked about.
    pub backups: BTreeSet<Number>,
}

/// The numbers of names.
#[derive(Debug, Clone)]
pub(super) struct Index {
    things: HashMap<String, Number>,
    /// Per thing its number among the functions or among the backups.
    own: HashMap<Number, Number>,
}

impl Index {
    pub fn of(plan: &Plan) -> Index {
        let things = plan.things.iter().zip(0..).map(|(thing, at)| (thing.id.clone(), at));
        let functions = plan.functions.iter().zip(0..).map(|(f, at)| (f.thing, at));
        let backups = plan.backups.iter().zip(0..).map(|(b, at)| (b.thing, at));
        Index { things: things.collect(), own: functions.chain(backups).collect() }
    }

    /// The number of a backup.
    pub fn backup(&self, id: &str) -> Option<Number> {
        self.own.get(self.things.get(id)?).copied()
    }
}

/// Reads facts.
pub(super) fn read(plan: &Plan, index: &Index, facts: &Facts) -> Result<Known, Vec<Problem>> {
    let mut read = Read { plan, index, known: Known::default(), problems: Vec::new() };
    if !plan.verified && !facts.allow_unverified {
        read.problem("", ProblemSort::Unverified, "");
    }
    read.now(&facts.now);
    read.signals(facts);
    read.losses(facts);
    read.acts(facts);
    read.overtaken();
    read.asked(facts);
    let Read { known, mut problems, .. } = read;
    problems.sort();
    if problems.is_empty() { Ok(known) } else { Err(problems) }
}

struct Read<'a> {
    plan: &'a Plan,
    index: &'a Index,
    known: Known,
    problems: Vec<Problem>,
}

impl Read<'_> {
    fn problem(&mut self, at: impl Into<String>, problem: ProblemSort, given: &str) {
        self.problems.push(Problem { at: at.into(), problem, given: given.to_owned() });
    }

    /// The number of a name of one of these sorts.
    fn name(&mut self, at: impl Fn() -> String, id: &str, sorts: &[ThingSort]) -> Option<Number> {
        let Some(number) = self.index.things.get(id).copied() else {
            self.problem(at(), ProblemSort::UnknownName, id);
            return None;
        };
        let sort = self.plan.things.get(number as usize).map(|thing| thing.sort);
        if sort.is_none_or(|sort| !sorts.contains(&sort)) {
            self.problem(at(), ProblemSort::WrongSort, id);
            return None;
        }
        Some(number)
    }

    /// The number of a backup or a function among their like.
    fn of_sort(&mut self, at: impl Fn() -> String, id: &str, sort: ThingSort) -> Option<Number> {
        let thing = self.name(at, id, &[sort])?;
        self.index.own.get(&thing).copied()
    }

    fn now(&mut self, text: &str) {
        let Some(now) = clock::moment(text) else {
            return self.problem("/now", ProblemSort::BadTime, text);
        };
        (self.known.now, self.known.today) = (now, clock::day_of(now));
        if self.known.today < self.plan.as_of_day {
            self.problem("/now", ProblemSort::BeforeRuleSet, text);
        }
    }

    /// A moment that is not later than now. Without a `now` nothing can be said of that.
    fn past(&mut self, at: impl Fn() -> String, text: &str) -> Option<Moment> {
        let Some(moment) = clock::moment(text) else {
            self.problem(at(), ProblemSort::BadTime, text);
            return None;
        };
        let now_is_bad =
            self.problems.iter().any(|p| p.at == "/now" && p.problem == ProblemSort::BadTime);
        if moment > self.known.now && !now_is_bad {
            self.problem(at(), ProblemSort::InTheFuture, text);
            return None;
        }
        Some(moment)
    }

    fn since(&mut self, list: &str, n: usize, text: Option<&String>) -> Option<Moment> {
        text.and_then(|text| self.past(|| format!("/{list}/{n}/since"), text))
    }

    fn signals(&mut self, facts: &Facts) {
        for (n, observed) in facts.signals.iter().enumerate() {
            let at = || format!("/signals/{n}/signal");
            let since = self.since("signals", n, observed.since.as_ref()).unwrap_or(self.known.now);
            let Some(signal) = self.name(at, &observed.signal, &[ThingSort::Signal]) else {
                continue;
            };
            if self.known.signals.insert(signal, (observed.on, since)).is_some() {
                self.problem(at(), ProblemSort::Twice, &observed.signal);
            }
        }
    }

    fn losses(&mut self, facts: &Facts) {
        let plan = self.plan;
        let mut seen = BTreeSet::new();
        for (n, lost) in facts.losses.iter().enumerate() {
            let at = || format!("/losses/{n}/element");
            let since = self.since("losses", n, lost.since.as_ref());
            let sorts = [ThingSort::Element, ThingSort::Backup];
            let Some(thing) = self.name(at, &lost.element, &sorts) else { continue };
            if !seen.insert((thing, lost.sort)) {
                self.problem(at(), ProblemSort::Twice, &lost.element);
            }
            let falls = plan.things.get(thing as usize).map(|thing| &thing.losses);
            match (lost.sort, falls) {
                (LossSort::Corrupted, Some(falls)) if falls.corrupted.is_empty() => {
                    self.problem(
                        format!("/losses/{n}/sort"),
                        ProblemSort::Contradiction,
                        &lost.element,
                    );
                }
                (LossSort::Corrupted, Some(falls)) => self.known.gone.extend(&falls.corrupted),
                (LossSort::Compromised, Some(falls)) => self.known.gone.extend(&falls.compromised),
                _ => {
                    self.known.gone.insert(thing);
                }
            }
            self.known.losses.push((thing, lost.sort, since));
        }
        let today = self.known.today;
        let over = plan.lapses.iter().filter(|lapse| today > lapse.last_day);
        self.known.gone.extend(over.map(|lapse| lapse.thing));
    }

    /// Copies that are kept behind, and were not put to work before they took over what is wrong.
    fn overtaken(&mut self) {
        let (plan, now) = (self.plan, self.known.now);
        let active = |thing: Number| {
            let mut backups =
                self.known.active.keys().filter_map(|b| plan.backups.get(*b as usize));
            backups.any(|backup| backup.thing == thing)
        };
        let mut found = Vec::new();
        for (thing, sort, since) in &self.known.losses {
            let losses = plan.things.get(*thing as usize).map(|thing| &thing.losses);
            let later = losses.map_or(&[][..], |losses| match sort {
                LossSort::Lost => &[],
                LossSort::Corrupted => &losses.corrupted_later,
                LossSort::Compromised => &losses.compromised_later,
            });
            let over = |after: u64| {
                let after = i64::try_from(after).unwrap_or(i64::MAX);
                since.is_some_and(|since| since.saturating_add(after) <= now)
            };
            let copies = later.iter().filter(|later| over(later.after_ms) && !active(later.thing));
            found.extend(copies.map(|later| later.thing));
        }
        self.known.gone.extend(found);
    }

    fn acts(&mut self, facts: &Facts) {
        for (n, fenced) in facts.fenced.iter().enumerate() {
            let at = || format!("/fenced/{n}/element");
            self.since("fenced", n, fenced.since.as_ref());
            let sorts = [ThingSort::Element, ThingSort::Backup];
            let Some(thing) = self.name(at, &fenced.element, &sorts) else { continue };
            if !self.known.fenced.insert(thing) {
                self.problem(at(), ProblemSort::Twice, &fenced.element);
            }
            // What is kept from acting serves nobody.
            self.known.gone.insert(thing);
        }
        for (n, active) in facts.active.iter().enumerate() {
            let at = || format!("/active/{n}/backup");
            let since = self.since("active", n, active.since.as_ref());
            let Some(backup) = self.of_sort(at, &active.backup, ThingSort::Backup) else {
                continue;
            };
            if self.known.active.insert(backup, since).is_some() {
                self.problem(at(), ProblemSort::Twice, &active.backup);
            }
            let Some(own) = self.plan.backups.get(backup as usize) else { continue };
            if self.known.fenced.contains(&own.thing) {
                self.problem(at(), ProblemSort::Contradiction, &active.backup);
            }
            let until = since.zip(own.lasts_ms).map(|(since, lasts)| later(since, lasts));
            if let Some(until) = until.filter(|until| *until <= self.known.now) {
                self.known.spent.insert(backup, until);
                self.known.gone.insert(own.thing);
            }
        }
        for (n, approval) in facts.approvals.iter().enumerate() {
            let moment = self.past(|| format!("/approvals/{n}/at"), &approval.at);
            let backup = self.of_sort(
                || format!("/approvals/{n}/backup"),
                &approval.backup,
                ThingSort::Backup,
            );
            let sorts = [ThingSort::Element, ThingSort::Backup];
            let by = self.name(|| format!("/approvals/{n}/by"), &approval.by, &sorts);
            if let (Some(backup), Some(by), Some(moment)) = (backup, by, moment) {
                self.known.approvals.push((backup, by, moment));
            }
        }
        for (n, held) in facts.tests.iter().enumerate() {
            let moment = self.past(|| format!("/tests/{n}/at"), &held.at);
            let backup =
                self.of_sort(|| format!("/tests/{n}/backup"), &held.backup, ThingSort::Backup);
            let Some(backup) = backup else { continue };
            let tests = self.plan.backups.get(backup as usize).map_or(&[][..], |b| &b.tests);
            let Some(test) = tests.iter().position(|test| test.name == held.test) else {
                self.problem(format!("/tests/{n}/test"), ProblemSort::UnknownName, &held.test);
                continue;
            };
            let Some(day) = moment.map(clock::day_of) else { continue };
            // Of several on the last day a failed one counts.
            let last = self.known.tests.entry((backup, test as u32)).or_insert((day, held.passed));
            if day > last.0 {
                *last = (day, held.passed);
            } else if day == last.0 {
                last.1 &= held.passed;
            }
        }
    }

    fn asked(&mut self, facts: &Facts) {
        if let Some(actor) = &facts.actor {
            let sorts = [ThingSort::Element, ThingSort::Backup];
            self.known.actor = self.name(|| "/actor".into(), actor, &sorts);
        }
        for (n, function) in facts.functions.iter().enumerate() {
            let at = || format!("/functions/{n}");
            let function = self.of_sort(at, function, ThingSort::Function);
            self.known.functions.extend(function);
        }
        for (n, backup) in facts.backups.iter().enumerate() {
            let backup = self.of_sort(|| format!("/backups/{n}"), backup, ThingSort::Backup);
            self.known.backups.extend(backup);
        }
    }
}
