//! How long a backup takes from the loss until it serves, step by step, as its declaration states it.

use rbp_grammar::ast::SignalExpr;
use rbp_grammar::head::Head;

use crate::analysis::build::decision_bound;
use crate::db::{Db, SourceFile};
use crate::diagnostic::Anchor;
use crate::model::{Activation, Element, element_from};

/// One step with its bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happens, such as `detect`.
    pub word: &'static str,
    /// Its bound in milliseconds.
    pub ms: u64,
    /// Where that is stated.
    pub at: Anchor,
}

/// A bound that is not stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unstated {
    /// What is missing, such as "how soon `x` is seen".
    pub what: String,
    /// The clause to add.
    pub clause: &'static str,
    /// Where it belongs.
    pub at: Anchor,
}

/// The time budget of a backup when everything that it needs is there and the fastest of its
/// authorities decides: no activation is quicker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Budget {
    /// The steps that take time, in the order in which they happen.
    pub steps: Vec<Step>,
    /// What is not stated, apart from the bounds of authorities.
    pub unstated: Vec<Unstated>,
    /// An authority has no bound on its decision.
    pub undecided: bool,
}

impl Budget {
    /// All steps together, in milliseconds.
    pub fn total(&self) -> u64 {
        self.steps.iter().fold(0, |sum: u64, step| sum.saturating_add(step.ms))
    }

    fn add(&mut self, word: &'static str, ms: u64, at: Anchor) {
        if ms > 0 {
            self.steps.push(Step { word, ms, at });
        }
    }
}

/// The budget of a backup, `recall` milliseconds of which go into calling back what is lent.
pub fn budget(db: &dyn Db, here: SourceFile, backup: &Element, recall: u64) -> Budget {
    let mut budget = Budget::default();
    if let Some(activation) = backup.activation() {
        activated(db, here, backup, &activation, &mut budget);
    }
    budget.add("recall", recall, backup.clause_at(Head::Lends));
    match backup.duration(Head::RestoresWithin) {
        Some(restores) => budget.add("restore", restores.ms, restores.at),
        None if backup.has(Head::RestoresWithin) => {}
        None => budget.unstated.push(Unstated {
            what: format!("how long `{}` takes to take over", backup.name()),
            clause: "restores within …",
            at: backup.name_at(),
        }),
    }
    if let Some(verified) = backup.duration(Head::VerifiedWithin) {
        budget.add("verify", verified.ms, verified.at);
    }
    budget
}

fn activated(
    db: &dyn Db,
    here: SourceFile,
    backup: &Element,
    activation: &Activation<'_>,
    budget: &mut Budget,
) {
    if let Some((when, hold)) = activation.when() {
        let latency = seen(db, here, backup, when, budget);
        budget.add("detect", latency, activation.clause_at(Head::When));
        if let Some(hold) = hold {
            budget.add("hold", hold.ms, hold.at);
        }
    }
    let succession = activation.succession();
    let bounds: Vec<Option<u64>> =
        (0..succession.len()).map(|number| decision_bound(&succession, number)).collect();
    budget.undecided = bounds.contains(&None);
    let fastest = bounds.iter().flatten().min();
    budget.add("decide", fastest.copied().unwrap_or(0), activation.clause_at(Head::By));
    let ways = activation.reaches().into_iter();
    let slowest = ways.filter_map(|(_, within, _)| within).max_by_key(|within| within.ms);
    if let Some(within) = slowest {
        budget.add("reach", within.ms, within.at);
    }
}

/// How soon the trigger can be seen at best, in milliseconds.
fn seen(
    db: &dyn Db,
    here: SourceFile,
    backup: &Element,
    expr: &SignalExpr,
    budget: &mut Budget,
) -> u64 {
    match expr {
        SignalExpr::Signal(name) => {
            let Some(signal) = backup.target(name).and_then(|id| element_from(db, here, id)) else {
                return 0;
            };
            if !signal.has(Head::Within) && !signal.is_broken() {
                let what = format!("how soon `{}` is seen", signal.name());
                let missing = Unstated { what, clause: "within …", at: signal.name_at() };
                if !budget.unstated.contains(&missing) {
                    budget.unstated.push(missing);
                }
            }
            signal.duration(Head::Within).map_or(0, |within| within.ms)
        }
        SignalExpr::Not(inner) => seen(db, here, backup, inner, budget),
        SignalExpr::And(left, right) => {
            seen(db, here, backup, left, budget).max(seen(db, here, backup, right, budget))
        }
        SignalExpr::Or(left, right) => {
            seen(db, here, backup, left, budget).min(seen(db, here, backup, right, budget))
        }
        SignalExpr::Some { count, of, .. } => {
            let mut times: Vec<u64> =
                of.iter().map(|e| seen(db, here, backup, e, budget)).collect();
            times.sort_unstable();
            let last = (count.value as usize).clamp(1, times.len().max(1)) - 1;
            times.get(last).copied().unwrap_or(0)
        }
    }
}
