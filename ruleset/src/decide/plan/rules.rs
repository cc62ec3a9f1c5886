//! The activation rule of a backup, its tests, and what of it runs out.

use std::collections::BTreeSet;

use serde::Serialize;

use super::circuit::Circuit;
use super::schedule::Schedule;
use super::teams::{self, Way};
use super::{Acceptance, Backup, Names, Number, day};
use crate::logic::times::{decision_bound, takes};
use crate::{Authority, Element, RuleSet, Verdict};

/// What must be observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The signal is on.
    Signal(Number),
    /// It is not so.
    Not(Box<Condition>),
    /// At least so many are so.
    AtLeast(u32, Vec<Condition>),
}

impl Condition {
    /// Adds the signals that it is about.
    pub fn signals(&self, found: &mut BTreeSet<Number>) {
        match self {
            Condition::Signal(signal) => {
                found.insert(*signal);
            }
            Condition::Not(inner) => inner.signals(found),
            Condition::AtLeast(_, of) => of.iter().for_each(|inner| inner.signals(found)),
        }
    }
}

/// A step in the order of succession.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// A controller rather than people.
    pub automatic: bool,
    /// How many must act together.
    pub count: u32,
    /// Everybody of it.
    pub seats: Vec<Seat>,
    /// The ways in which enough of them act: one suffices.
    pub ways: Vec<Way>,
    /// How long they have, from the moment on which the condition is met and held.
    pub within_ms: Option<u64>,
    /// The node that is up while enough of them are there.
    pub node: Number,
}

impl Step {
    /// How many people it takes at least.
    pub fn least(&self) -> u32 {
        self.ways.iter().map(|way| way.need).min().unwrap_or(self.count)
    }
}

/// A place in a step: somebody who is named, and all who can act for that one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seat {
    /// Who is named.
    pub named: Number,
    /// The named one, and the actors that it needs, as a rota needs its people.
    pub members: Vec<Number>,
    /// The backups of these, which act once they are active: their number, and their thing.
    pub deputies: Vec<(Number, Number)>,
}

/// What is kept from acting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fence {
    /// What.
    pub target: Number,
    /// Through what.
    pub via: Vec<Number>,
}

/// When not to continue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailSafe {
    /// When.
    pub when: Condition,
    /// What to do instead.
    pub action: Option<String>,
}

/// A test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exercise {
    /// Its name.
    pub name: String,
    /// Who holds it.
    pub owner: Option<String>,
    /// How often, in whole days.
    pub every_days: Option<i64>,
    /// The day on which it was last held.
    pub last_day: Option<i64>,
    /// How it went.
    pub passed: bool,
    /// The last day on which that counts, whatever `every_days` says.
    pub expires_day: Option<i64>,
}

/// What was found of a backup, and accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Accepted {
    /// The rule.
    pub rule: String,
    /// The acceptance, by its place in the plan.
    pub acceptance: Number,
}

/// What is gone after a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Lapse {
    /// What.
    pub thing: Number,
    /// The rule that finds it.
    pub rule: String,
    /// Its last day.
    pub day: String,
    /// The same, counted from 1970-01-01.
    pub last_day: i64,
    /// Who answers for it.
    pub owner: Option<String>,
}

pub(super) fn backup(
    names: &Names<'_>,
    circuit: &Circuit,
    at: usize,
    b: &crate::Backup,
    schedule: Schedule,
    acceptances: &[Acceptance],
    owed: &Owed<'_>,
) -> Result<Backup, String> {
    let activation = b.activation.as_ref();
    let nodes = circuit.steps.get(at).map_or(&[][..], |nodes| nodes);
    let authorities = activation.map_or(&[][..], |a| &a.by);
    let mut steps = Vec::new();
    for (number, (authority, node)) in authorities.iter().zip(nodes).enumerate() {
        steps.push(Step {
            automatic: authority.automatic,
            count: authority.who.count,
            seats: seats(names, authority)?,
            ways: teams::ways(names, authority)?,
            within_ms: activation.and_then(|a| decision_bound(a, number)),
            node: *node,
        });
    }
    let mut fences = Vec::new();
    for fence in activation.map_or(&[][..], |a| &a.fences) {
        let via = names.numbers(&fence.via)?;
        fences.push(Fence { target: names.number(&fence.target)?, via });
    }
    let mut fail_safe = Vec::new();
    for rule in activation.map_or(&[][..], |a| &a.fail_safe) {
        let when = condition(names, &rule.when)?;
        fail_safe.push(FailSafe { when, action: rule.action.clone() });
    }
    let when = activation.and_then(|a| a.when.as_ref()).map(|when| condition(names, when));
    let until = names.model.holds_out_for(b).and_then(|until| names.backup(until));
    let lasts = |load: &&crate::Load| load.resupplied_by.is_none() || until.is_some();
    let covers = b.covers.as_ref().filter(lasts);
    let mut accepted = Vec::new();
    for (rule, id) in owed.get(b.id.as_str()).into_iter().flatten() {
        let at = acceptances.iter().position(|a| a.id == *id);
        let at = at.ok_or_else(|| format!("the rule set has no acceptance {id}"))?;
        accepted.push(Accepted { rule: (*rule).to_owned(), acceptance: at as u32 });
    }
    Ok(Backup {
        thing: names.number(&b.id)?,
        primary: b.primary.as_deref().map(|p| names.number(p)).transpose()?,
        gate: circuit.gates.get(at).copied().unwrap_or_default(),
        access: circuit.access.get(at).copied().unwrap_or_default(),
        schedule,
        takes_ms: takes(b),
        lasts_ms: covers.and_then(|load| load.for_ms),
        until,
        when: when.transpose()?,
        hold_ms: activation.and_then(|a| a.hold_ms).unwrap_or(0),
        steps,
        fences,
        fail_safe,
        owner: names.element(&b.id).and_then(|e| e.owner.clone()),
        tests: b.tests.iter().map(exercise).collect::<Result<_, _>>()?,
        accepted,
    })
}

/// What backups owe and was accepted: the rule and the number of the acceptance, by backup.
pub(super) type Owed<'a> = std::collections::BTreeMap<&'a str, BTreeSet<(&'a str, u32)>>;

pub(super) fn owed(rules: &RuleSet) -> Owed<'_> {
    let mut owed = Owed::new();
    for o in rules.obligations.iter().filter(|o| o.verdict == Verdict::Accepted) {
        if let Some(id) = o.acceptance {
            owed.entry(&o.subject).or_default().insert((&o.rule, id));
        }
    }
    owed
}

fn exercise(test: &crate::Test) -> Result<Exercise, String> {
    const DAY_MS: u64 = 86_400_000;
    let every = test.every_ms.map(|ms| i64::try_from(ms / DAY_MS).unwrap_or(i64::MAX / 4));
    Ok(Exercise {
        name: test.name.clone(),
        owner: test.owner.clone(),
        every_days: every,
        last_day: test.last.as_ref().map(|last| day(&last.day)).transpose()?,
        passed: test.last.as_ref().is_some_and(|last| last.passed),
        expires_day: test.expires.as_deref().map(day).transpose()?,
    })
}

fn condition(names: &Names<'_>, when: &crate::Condition) -> Result<Condition, String> {
    Ok(match when {
        crate::Condition::Signal(id) => Condition::Signal(names.number(id)?),
        crate::Condition::Not(inner) => Condition::Not(Box::new(condition(names, inner)?)),
        crate::Condition::AtLeast { count, of } if *count == 0 || *count as usize > of.len() => {
            return Err(format!("a condition of the rule set asks for {count} of {}", of.len()));
        }
        crate::Condition::AtLeast { count, of } => {
            let of: Result<_, String> = of.iter().map(|inner| condition(names, inner)).collect();
            Condition::AtLeast(*count, of?)
        }
    })
}

fn is_actor(element: &Element) -> bool {
    element.kinds.iter().any(|kind| kind == "actor")
}

/// The actors that an actor needs.
fn people<'a>(names: &Names<'a>, element: &'a Element) -> impl Iterator<Item = &'a Element> {
    let needs = element.needs.iter().filter(|need| need.sort == crate::NeedSort::Needs);
    let named: Vec<&Element> = needs
        .filter(|_| is_actor(element))
        .flat_map(|need| &need.of)
        .filter_map(|id| names.element(id))
        .filter(|e| is_actor(e))
        .collect();
    named.into_iter()
}

/// Whether an actor needs others, and is no person itself.
pub(super) fn is_group(names: &Names<'_>, element: &Element) -> bool {
    people(names, element).next().is_some()
}

/// The places of a step, in the order of names.
pub(super) fn seats(names: &Names<'_>, authority: &Authority) -> Result<Vec<Seat>, String> {
    let mut seats = Vec::new();
    for id in &authority.who.of {
        let named = names.number(id)?;
        let mut members = BTreeSet::from([named]);
        let mut open: Vec<&Element> = names.element(id).into_iter().collect();
        while let Some(actor) = open.pop() {
            for one in people(names, actor) {
                if members.insert(names.number(&one.id)?) {
                    open.push(one);
                }
            }
        }
        seats.push(seat(names, named, members)?);
    }
    Ok(seats)
}

/// The place of somebody for whom all of these can act, and their backups.
pub(super) fn seat(
    names: &Names<'_>,
    named: Number,
    members: BTreeSet<Number>,
) -> Result<Seat, String> {
    let mut deputies = Vec::new();
    for member in &members {
        let own = names.model.items.get(*member as usize).map_or("", |item| item.name);
        let things = names.model.stand_ins(own).iter().map(|id| names.model.items[*id].name);
        let backups: BTreeSet<Number> = things.filter_map(|name| names.backup(name)).collect();
        for at in backups {
            deputies.push((at, names.number(&names.backups[at as usize].id)?));
        }
    }
    Ok(Seat { named, members: members.into_iter().collect(), deputies })
}

pub(super) fn lapses(names: &Names<'_>, rules: &RuleSet) -> Result<Vec<Lapse>, String> {
    let mut lapses = Vec::new();
    let mut add = |id: &str, rule: &str, end: &Option<String>| {
        let Some(end) = end else { return Ok(()) };
        let owner = names.element(id).and_then(|e| e.owner.clone());
        let (thing, last_day) = (names.number(id)?, day(end)?);
        lapses.push(Lapse { thing, rule: rule.to_owned(), day: end.clone(), last_day, owner });
        Ok::<(), String>(())
    };
    for element in &rules.elements {
        add(&element.id, "lapsed-contract", &element.contract_until)?;
        let stock = element.stock.as_ref().and_then(|stock| stock.expires.clone());
        add(&element.id, "expired-stock", &stock)?;
    }
    for backup in &rules.backups {
        add(&backup.id, "retired-backup", &backup.retire_by)?;
    }
    lapses.sort();
    Ok(lapses)
}
