//! One function after some losses: whether it still serves, how soon and by whom, and what of its
//! backups falls.

use std::sync::Arc;

use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;

use crate::analysis::bridge::{holds_out_for, leave_out_unheld};
use crate::analysis::build::{Backups, Circuit, Meaning, Steps, circuit};
use crate::analysis::cone::{Cone, Index, Standing};
use crate::analysis::level::carries;
use crate::analysis::names::Loss;
use crate::analysis::reasons::{Fall, Part, falls};
use crate::analysis::why::names;
use crate::db::{Db, file};
use crate::faults::{Evaluator, EventId, NodeId, State};
use crate::model::Element;
use crate::names::ItemId;
use crate::quantity::Amount;

/// A function with all that it rests on, ready to be asked what losses do to it.
pub(crate) struct World {
    /// Its elements.
    pub cone: Cone,
    /// Its backups that were left out because nothing says whether they carry the level asked for.
    pub unsure: Vec<Index>,
    /// Those that were left out because they carry less.
    pub weaker: Vec<Index>,
    circuit: Circuit,
}

impl World {
    /// The world of a function; at a level, only with the backups that carry it. `None` where it is too
    /// large.
    pub fn of(db: &dyn Db, function: &Arc<Element>, level: Option<&Amount>) -> Option<World> {
        let here = file(db, function.id.file)?;
        let mut cone = Cone::of(db, here, function, Standing::Credible);
        let (mut unsure, mut weaker) = (Vec::new(), Vec::new());
        for backups in cone.stand_ins.values_mut() {
            backups.retain(|at| {
                let Some((backup, level)) = cone.elements.get(*at).zip(level) else { return true };
                if !backup.named(Head::Protects).iter().any(|f| f.id == function.id) {
                    return true;
                }
                match carries(backup, function, level, cone.loans.contains_key(at)) {
                    Some(true) => return true,
                    Some(false) => weaker.push(*at),
                    None => unsure.push(*at),
                }
                false
            });
            leave_out_unheld(backups, |at| {
                let backup = &cone.elements[*at];
                (backup.id, holds_out_for(db, here, backup))
            });
        }
        unsure.sort_unstable();
        weaker.sort_unstable();
        let circuit = circuit(&cone, Backups::Real).ok()?;
        Some(World { cone, unsure, weaker, circuit })
    }

    /// The function.
    pub fn function(&self) -> Option<&Arc<Element>> {
        self.cone.elements.first()
    }

    /// Asks it, one set of losses after the other.
    pub fn evaluator(&self) -> Evaluator<'_> {
        Evaluator::new(&self.circuit.structure)
    }

    /// The losses among those that touch the function.
    pub fn events(&self, losses: &[(LossSort, ItemId)]) -> Vec<EventId> {
        let mut events = Vec::new();
        for (sort, id) in losses {
            let mut found = self.events_of(*id, |s| s == *sort);
            if found.is_empty() && *sort == LossSort::Compromised {
                // Who controls nothing here falls all the same, and what it holds with it.
                found = self.events_of(*id, |_| true);
            }
            events.extend(found);
        }
        events.sort_unstable();
        events.dedup();
        events
    }

    fn events_of(&self, id: ItemId, wanted: impl Fn(LossSort) -> bool) -> Vec<EventId> {
        let found =
            self.circuit.losses.iter().enumerate().filter(|(_, loss)| {
                wanted(loss.sort) && self.cone.lost(Loss { ..**loss }).id == id
            });
        found.map(|(number, _)| EventId(number as u32)).collect()
    }

    /// What the losses do.
    pub fn after<'w>(&'w self, evaluator: Evaluator<'w>, events: &[EventId]) -> After<'w> {
        let mut evaluator = evaluator;
        let state = evaluator.evaluate(events);
        After { world: self, evaluator, state }
    }

    /// The steps of a backup's activation rule.
    fn steps(&self, backup: Index) -> Option<&Steps> {
        self.circuit.steps.get(&backup)
    }
}

/// A function after one set of losses.
pub(crate) struct After<'w> {
    world: &'w World,
    evaluator: Evaluator<'w>,
    state: State,
}

/// When the steps of an activation are done, in milliseconds after the loss; `None` for a step that never
/// is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Moments {
    /// The trigger is seen and held.
    pub detected: Option<u64>,
    /// Somebody has decided.
    pub decided: Option<u64>,
    /// It is open and reached.
    pub reached: Option<u64>,
    /// What it rests on itself is up.
    pub ready: Option<u64>,
    /// It serves.
    pub serving: Option<u64>,
    /// It waits for what waits for it in turn, so that they come back together: later than its own steps take.
    pub together: bool,
}

impl<'w> After<'w> {
    /// Takes the evaluator back, for the next set of losses.
    pub fn into_evaluator(self) -> Evaluator<'w> {
        self.evaluator
    }

    /// Whether the function has ended.
    pub fn fails(&self) -> bool {
        !self.state.is_up(self.world.circuit.top)
    }

    /// How long until the function serves again, in milliseconds; `None` where it does not.
    pub fn restoration(&mut self) -> Option<u64> {
        self.evaluator.restoration(&self.state, self.world.circuit.top)
    }

    /// The backups by which the function serves, nearest to it first.
    pub fn served_by(&mut self) -> Vec<Index> {
        self.stand_ins(self.world.circuit.top)
    }

    /// The other backups that bring back what a backup is called on with, in the same order.
    pub fn waits_for(&mut self, backup: Index) -> Vec<Index> {
        let gate = self.world.circuit.usable.get(&backup).copied();
        let mut others = gate.map_or(Vec::new(), |gate| self.stand_ins(gate));
        others.retain(|other| *other != backup);
        others
    }

    fn stand_ins(&mut self, node: NodeId) -> Vec<Index> {
        let gates = self.evaluator.stand_ins(&self.state, node).into_iter();
        let backup = |node: NodeId| match self.world.circuit.meanings.get(node.index()) {
            Some(Meaning::Usable(backup)) => Some(*backup),
            _ => None,
        };
        gates.filter_map(backup).collect()
    }

    /// Whether an element went on running.
    pub fn runs(&self, at: Index) -> bool {
        self.world.circuit.own.get(at).is_some_and(|own| self.state.is_running(*own))
    }

    /// Whether an element is up in the end, by itself or by a backup.
    pub fn served(&self, at: Index) -> bool {
        let stand_ins = self.world.cone.stand_ins.get(&at).into_iter().flatten();
        let own = self.world.circuit.own.get(at).is_some_and(|own| self.state.is_up(*own));
        own || stand_ins.into_iter().any(|backup| self.usable(*backup))
    }

    /// Whether a backup can be called on.
    pub fn usable(&self, backup: Index) -> bool {
        let gate = self.world.circuit.usable.get(&backup);
        gate.is_some_and(|gate| self.state.is_up(*gate))
    }

    /// Which steps of the order of succession can still be taken, and the one that is.
    pub fn deciders(&mut self, backup: Index) -> (Vec<bool>, Option<usize>) {
        let Some(steps) = self.world.steps(backup) else { return (Vec::new(), None) };
        let can: Vec<bool> = steps.deciders.iter().map(|node| self.state.is_up(*node)).collect();
        let decided = steps.decision.and_then(|node| self.time(node));
        let times: Vec<Option<u64>> = steps.deciders.iter().map(|node| self.time(*node)).collect();
        let first = times.iter().position(|time| time.is_some() && *time == decided);
        (can, first)
    }

    /// When the steps of a backup's activation are done; where somebody acts, when that one has decided. The
    /// last is when it can be called on, which the failure logic says.
    pub fn moments(&mut self, backup: Index, decider: Option<usize>) -> Moments {
        let circuit = &self.world.circuit;
        let Some(steps) = self.world.steps(backup) else { return Moments::default() };
        let (own, usable) = (circuit.own.get(backup), circuit.usable.get(&backup).copied());
        let switching = usable.map_or(0, |gate| circuit.structure.spec(gate).delay);
        let decider = decider.and_then(|at| steps.deciders.get(at).copied());
        let add = |sum: Option<u64>, step: Option<u64>| sum?.checked_add(step?);
        // A step that is not stated takes no time.
        let mut step = |node: Option<NodeId>| node.map_or(Some(0), |node| self.time(node));
        let (detected, access) = (step(steps.detection), step(steps.access));
        let (decision, soonest) = (step(decider.or(steps.decision)), step(steps.decision));
        let (itself, serving) = (step(own.copied()), usable.and_then(|gate| self.time(gate)));
        let decided = add(detected, decision);
        let reached = add(decided, access);
        // What is left of its time after its activation, whoever decides.
        let activated = add(add(detected, soonest), access);
        let left = serving.zip(activated).map(|(ms, activated)| ms.saturating_sub(activated));
        // One after the other its steps take longer than the whole only where what it rests on rests on it in turn.
        let in_turn = add(add(activated, itself), Some(switching));
        let mutual = serving.is_some() && in_turn > serving;
        let together = mutual && left > Some(switching);
        let ready = if mutual { reached } else { add(reached, itself) };
        let serving = add(reached, left);
        Moments { detected, decided, reached, ready, serving, together }
    }

    fn time(&mut self, node: NodeId) -> Option<u64> {
        self.evaluator.restoration(&self.state, node)
    }

    /// The names along a way on which the losses reach a part of a backup; `None` where it is there.
    pub fn way(&self, backup: Index, part: Part) -> Option<Vec<String>> {
        let steps = self.world.steps(backup)?;
        let node = match part {
            Part::Itself => self.world.circuit.own.get(backup).copied(),
            Part::Detection => steps.detection,
            Part::Decision => steps.decision,
            Part::Access => steps.access,
        };
        let ways = self.evaluator.witness(&self.state, node?);
        ways.first().map(|way| names(&self.world.cone, &self.world.circuit, way))
    }

    /// The names along the ways on which the losses reach the function.
    pub fn ways(&self) -> Vec<Vec<String>> {
        let ways = self.evaluator.witness(&self.state, self.world.circuit.top);
        ways.iter().map(|way| names(&self.world.cone, &self.world.circuit, way)).collect()
    }

    /// The backups of what stopped that cannot be called on.
    pub fn falls(&self) -> Vec<Fall> {
        falls(&self.world.cone, &self.evaluator, &self.world.circuit, &self.state)
    }
}
