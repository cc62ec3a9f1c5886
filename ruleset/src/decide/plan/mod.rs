//! A rule set made ready for decisions: everything by number.
//!
//! *Things* are functions, elements and signals, numbered in the order of their names. *Nodes* are the
//! things themselves, then for each thing with stand-ins "it or one of them" (*served*), for each backup its
//! *gate*, and the parts of its activation rule. Whatever decides on a rule set, here or in a policy engine,
//! reads this plan.

mod circuit;
mod losses;
mod rules;
mod schedule;
mod teams;

use serde::Serialize;

use crate::logic::day::Day;
use crate::logic::model::{Item, Model};
use crate::{Objective, RuleSet};

pub use crate::logic::model::Met;
pub use circuit::{Need, Node};
pub use losses::{Later, ThingLosses};
pub use rules::{Accepted, Condition, Exercise, FailSafe, Fence, Lapse, Seat, Step};
pub use schedule::{Level, Schedule};
pub use teams::{Pool, Way};

/// The number of a thing, of a node (things come first), or of a backup.
pub type Number = u32;

/// A rule set by numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The package.
    pub package: String,
    /// The day on which it was judged.
    pub as_of: String,
    /// The same, counted from 1970-01-01.
    pub as_of_day: i64,
    /// Whether every obligation is proved or accepted.
    pub verified: bool,
    /// Functions, elements and signals, in the order of their names.
    pub things: Vec<Thing>,
    /// What must be there for what. The first are the things, by the same numbers.
    pub nodes: Vec<Node>,
    /// The functions, in the order of their names.
    pub functions: Vec<Function>,
    /// The backups, in the order of their names.
    pub backups: Vec<Backup>,
    /// What runs out on a day, other than tests.
    pub lapses: Vec<Lapse>,
    /// The acceptances, in the order of their numbers.
    pub acceptances: Vec<Acceptance>,
}

/// What a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThingSort {
    /// A critical function.
    Function,
    /// What can be lost, and stands in for nothing.
    Element,
    /// What can be lost, and is kept for a loss.
    Backup,
    /// An observable.
    Signal,
}

impl ThingSort {
    fn of(item: &Item<'_>) -> ThingSort {
        match (item.function, item.signal, item.backup) {
            (Some(_), ..) => ThingSort::Function,
            (_, Some(_), _) => ThingSort::Signal,
            (.., Some(_)) => ThingSort::Backup,
            _ => ThingSort::Element,
        }
    }
}

/// A function, an element or a signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thing {
    /// Its name in the rule set.
    pub id: String,
    /// What it is.
    pub sort: ThingSort,
    /// The kinds for which a function has an objective of its own, and which this is.
    pub kinds: Vec<String>,
    /// What falls with it when it is corrupted or compromised.
    pub losses: ThingLosses,
    /// An actor that needs other actors, such as a rota, and is no person itself.
    pub group: bool,
}

/// A function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Function {
    /// Its thing.
    pub thing: Number,
    /// All nodes that it rests on with its credible backups, those that others rest on first.
    pub schedule: Schedule,
    /// Its recovery time objectives.
    pub rto: Vec<Objective>,
    /// Its maximum tolerable period of disruption.
    pub mtpd_ms: Option<u64>,
}

/// A backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backup {
    /// Its thing.
    pub thing: Number,
    /// What it stands in for.
    pub primary: Option<Number>,
    /// The node that is up when it can be called on.
    pub gate: Number,
    /// How many of the first needs of the gate are what opens, pays for, reaches and fences.
    pub access: u32,
    /// All nodes that it and its activation rest on, those that others rest on first.
    pub schedule: Schedule,
    /// How long it takes from the decision until it serves.
    pub takes_ms: u64,
    /// How long it carries what it covers by itself, where nobody resupplies it but another backup of its primary.
    pub lasts_ms: Option<u64>,
    /// The number of that backup: it holds out until then.
    pub until: Option<Number>,
    /// What must be observed; `None` where it has no activation rule that says so.
    pub when: Option<Condition>,
    /// For how long.
    pub hold_ms: u64,
    /// Who decides, in order of succession.
    pub steps: Vec<Step>,
    /// What is fenced first.
    pub fences: Vec<Fence>,
    /// When not to continue.
    pub fail_safe: Vec<FailSafe>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Its tests.
    pub tests: Vec<Exercise>,
    /// What it owes and was accepted.
    pub accepted: Vec<Accepted>,
}

/// An acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acceptance {
    /// Its number.
    pub id: u32,
    /// Who accepted it.
    pub by: String,
    /// Its last day.
    pub until: String,
    /// The same, counted from 1970-01-01.
    pub until_day: i64,
}

impl Plan {
    /// The plan of a rule set. Linear in what its functions and backups rest on, added up.
    ///
    /// # Errors
    ///
    /// When the rule set names what it does not hold, has two things of one name, or a day that is none.
    pub fn of(rules: &RuleSet) -> Result<Plan, String> {
        let as_of_day = day(&rules.as_of)?;
        let names = Names::of(rules, as_of_day)?;
        let kinds = objective_kinds(rules);
        let mut things = Vec::with_capacity(names.model.items.len());
        for (number, item) in (0..).zip(&names.model.items) {
            let own = item.element.map_or(&[][..], |e| &e.kinds);
            things.push(Thing {
                id: item.name.to_owned(),
                sort: ThingSort::of(item),
                kinds: own.iter().filter(|kind| kinds.contains(kind.as_str())).cloned().collect(),
                losses: losses::of(&names, number, item),
                group: item.element.is_some_and(|e| rules::is_group(&names, e)),
            });
        }
        let acceptances: Result<Vec<Acceptance>, String> = rules
            .acceptances
            .iter()
            .map(|a| {
                let (by, until) = (a.by.clone(), a.until.clone());
                Ok(Acceptance { id: a.id, by, until_day: day(&a.until)?, until })
            })
            .collect();
        let acceptances = acceptances?;
        let circuit = circuit::build(&names)?;
        let mut planner = schedule::Planner::new(&names, &circuit)?;
        let mut functions = Vec::with_capacity(rules.functions.len());
        for function in names.sorted(&rules.functions, |f| &f.id) {
            functions.push(Function {
                thing: names.number(&function.id)?,
                schedule: planner.function(function)?,
                rto: function.rto.clone(),
                mtpd_ms: function.mtpd_ms,
            });
        }
        let owed = rules::owed(rules);
        let mut backups = Vec::with_capacity(rules.backups.len());
        for (at, backup) in names.backups.iter().enumerate() {
            let schedule = planner.backup(at, backup)?;
            backups.push(rules::backup(
                &names,
                &circuit,
                at,
                backup,
                schedule,
                &acceptances,
                &owed,
            )?);
        }
        Ok(Plan {
            package: rules.package.name.clone(),
            as_of: rules.as_of.clone(),
            as_of_day,
            verified: rules.verified,
            things,
            nodes: circuit.nodes,
            functions,
            backups,
            lapses: rules::lapses(&names, rules)?,
            acceptances,
        })
    }
}

impl Backup {
    /// Whether others may count on it: it has a rule by which it is activated, and none by which it must not continue.
    pub fn is_unbarred(&self) -> bool {
        self.when.is_some() && !self.steps.is_empty() && self.fail_safe.is_empty()
    }
}

impl Plan {
    /// Whether anything there is needed to run.
    pub fn needs_to_run(&self, schedule: &Schedule) -> bool {
        let mut nodes = schedule.nodes().filter_map(|node| self.nodes.get(node as usize));
        nodes.any(|node| node.needs.iter().any(|need| need.met == Met::ToRun))
    }

    /// Per node the thing that it is about: of a gate the backup, of what is served the thing itself.
    pub fn about(&self) -> Vec<Number> {
        let mut about: Vec<Number> = (0..self.nodes.len() as u32).collect();
        for (at, node) in self.nodes.iter().enumerate().skip(self.things.len()) {
            let gate = node.gate.and_then(|b| self.backups.get(b as usize)).map(|b| b.thing);
            let first = node.needs.first().and_then(|need| need.of.first()).copied();
            let of_first = first.and_then(|first| about.get(first as usize)).copied();
            about[at] = gate.or(of_first).unwrap_or(about[at]);
        }
        about
    }
}

/// A day of the rule set.
fn day(text: &str) -> Result<i64, String> {
    crate::logic::day::day(text).ok_or_else(|| format!("`{text}` is no day"))
}

/// The kinds for which some function has an objective.
fn objective_kinds(rules: &RuleSet) -> std::collections::BTreeSet<&str> {
    let objectives = rules.functions.iter().flat_map(|f| &f.rto);
    objectives.filter_map(|o| o.of_kind.as_deref()).collect()
}

/// The names of a rule set, by number.
struct Names<'a> {
    model: Model<'a>,
    /// In the order of names.
    backups: Vec<&'a crate::Backup>,
}

impl<'a> Names<'a> {
    fn of(rules: &'a RuleSet, as_of: Day) -> Result<Names<'a>, String> {
        let model = Model::of(rules, as_of);
        if let Some(fault) = model.faults.first() {
            return Err(fault.clone());
        }
        let mut backups: Vec<&crate::Backup> = rules.backups.iter().collect();
        backups.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Names { model, backups })
    }

    fn element(&self, id: &str) -> Option<&'a crate::Element> {
        self.model.item(id).element
    }

    /// The number of a backup among the backups.
    fn backup(&self, id: &str) -> Option<Number> {
        let at = self.backups.binary_search_by(|other| other.id.as_str().cmp(id)).ok()?;
        Some(at as Number)
    }

    fn number(&self, id: &str) -> Result<Number, String> {
        let number = self.model.find(id).map(|number| number as Number);
        number.ok_or_else(|| match id {
            // Only a rule set that is not verified has such names.
            "" => "a name in the policy means nothing, and nothing can be decided on that; `rbp check` says which".into(),
            id => format!("the rule set names `{id}` and does not hold it"),
        })
    }

    fn numbers(&self, ids: &[String]) -> Result<Vec<Number>, String> {
        ids.iter().map(|id| self.number(id)).collect()
    }

    fn sorted<'t, T>(&self, all: &'t [T], id: impl Fn(&T) -> &str) -> Vec<&'t T> {
        let mut all: Vec<&T> = all.iter().collect();
        all.sort_by(|a, b| id(a).cmp(id(b)));
        all
    }
}
