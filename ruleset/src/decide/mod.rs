//! What to do now: the state of every function, who may activate what, and what has run out.
//!
//! A [`Decider`] is made once of a rule set; every decision is then a pure function of [`Facts`]. What is
//! not known is never taken to be well, and in doubt the answer is no, with the reason. The failure logic is
//! that of the compiler, read at one moment: a backup that is active stands in while it is up itself; one
//! that is not, where its activation has what it needs. `docs/decisions.md` tells the meaning case by case.

mod backups;
mod clock;
mod conditions;
mod decay;
mod decision;
mod facts;
mod functions;
pub mod plan;
mod read;
mod words;
mod world;

use std::collections::{BTreeSet, HashMap};

use crate::RuleSet;
use plan::{Backup, Number, Plan};
use world::World;

pub use decision::{
    BackupDecision, Call, Decay, Decision, FunctionDecision, Reason, Serving, State, Stop, Turn,
};
pub use facts::{
    Active, Approval, Facts, Fenced, Held, Lost, Observed, Problem, ProblemSort, read_facts,
};

/// Decides on facts by one rule set.
#[derive(Debug, Clone)]
pub struct Decider {
    plan: Plan,
    index: read::Index,
    /// Per thing the functions that rest on it.
    resting: Vec<Vec<Number>>,
    /// Per signal the backups whose activation waits for it.
    waiting: HashMap<Number, Vec<Number>>,
    /// Per node the thing that it is about.
    about: Vec<Number>,
}

impl Decider {
    /// Makes a rule set ready. Linear in what its functions and backups rest on, added up.
    ///
    /// # Errors
    ///
    /// When the rule set names what it does not hold, has two things of one name, or a day that is none.
    pub fn new(rules: &RuleSet) -> Result<Decider, String> {
        let plan = Plan::of(rules)?;
        let mut resting = vec![Vec::new(); plan.things.len()];
        for (at, function) in (0..).zip(&plan.functions) {
            for node in function.schedule.nodes() {
                if let Some(of) = resting.get_mut(node as usize) {
                    of.push(at);
                }
            }
        }
        let mut waiting: HashMap<Number, Vec<Number>> = HashMap::new();
        for (at, backup) in (0..).zip(&plan.backups) {
            let mut signals = BTreeSet::new();
            if let Some(when) = &backup.when {
                when.signals(&mut signals);
            }
            signals.into_iter().for_each(|signal| waiting.entry(signal).or_default().push(at));
        }
        let about = plan.about();
        Ok(Decider { index: read::Index::of(&plan), plan, resting, waiting, about })
    }

    /// The rule set by numbers.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Decides. The time goes with the functions that rest on what is lost or active, and with what they
    /// rest on; not with the rule set.
    ///
    /// # Errors
    ///
    /// When the facts name what is not there, contradict themselves, or a moment is none: everything that
    /// is wrong with them.
    pub fn decide(&self, facts: &Facts) -> Result<Decision<'_>, Vec<Problem>> {
        let known = read::read(&self.plan, &self.index, facts)?;
        let mut world = World::new(&self.plan, &known);
        let mut standings = backups::Standings::default();
        let mut touched: BTreeSet<Number> = BTreeSet::new();
        if known.functions.is_empty() {
            let active = known.active.keys().filter_map(|at| self.backup(*at)).map(|b| b.thing);
            for thing in known.gone.iter().copied().chain(active) {
                touched.extend(self.resting.get(thing as usize).into_iter().flatten());
            }
        } else {
            touched.extend(&known.functions);
        }
        let mut functions = Vec::with_capacity(touched.len());
        for at in touched {
            let Some(function) = self.plan.functions.get(at as usize) else { continue };
            let decision = functions::decide(self, &known, &mut world, &mut standings, function);
            if decision.state != State::Nominal || known.functions.contains(&at) {
                functions.push(decision);
            }
        }
        let nominal = match known.functions.is_empty() {
            true => self.plan.functions.len() - functions.len(),
            false => 0,
        };
        let mut wanted = known.backups.clone();
        if wanted.is_empty() {
            wanted.extend(self.called_for(&functions));
            if known.functions.is_empty() {
                wanted.extend(self.met(&known, &mut world, &mut standings));
            }
        }
        let backups =
            wanted.iter().filter_map(|at| backups::decide(self, &known, &mut world, *at)).collect();
        Ok(Decision {
            package: &self.plan.package,
            as_of: &self.plan.as_of,
            verified: self.plan.verified,
            now: clock::moment_words(known.now),
            functions,
            nominal: nominal as u32,
            backups,
            decayed: decay::all(self, &known),
        })
    }

    /// The backups that functions call for.
    fn called_for(&self, functions: &[FunctionDecision<'_>]) -> Vec<Number> {
        let calls = functions.iter().flat_map(|function| &function.activate);
        let backups = calls.flat_map(|call| call.backups.iter());
        backups.filter_map(|id| self.index.backup(id)).collect()
    }

    /// The backups that are not active, and whose condition is met.
    fn met(
        &self,
        known: &read::Known,
        world: &mut World<'_>,
        standings: &mut backups::Standings,
    ) -> Vec<Number> {
        let mut met = Vec::new();
        for signal in known.signals.keys() {
            for at in self.waiting.get(signal).into_iter().flatten() {
                if !known.active.contains_key(at) {
                    standings.of(self, known, world, *at);
                    met.extend(standings.is_met(*at).then_some(*at));
                }
            }
        }
        met
    }

    fn id(&self, thing: Number) -> &str {
        self.plan.things.get(thing as usize).map_or("", |thing| thing.id.as_str())
    }

    fn backup(&self, at: Number) -> Option<&Backup> {
        self.plan.backups.get(at as usize)
    }

    /// The backup whose gate a node is.
    fn gate(&self, node: Number) -> Option<Number> {
        self.plan.nodes.get(node as usize)?.gate
    }

    /// The thing that a node is about.
    fn thing(&self, node: Number) -> Number {
        self.about.get(node as usize).copied().unwrap_or(node)
    }
}

/// The moment so many milliseconds after the beginning of 1970 in UTC, as facts state it.
pub fn moment(since_1970_ms: i64) -> String {
    clock::moment_words(since_1970_ms)
}
