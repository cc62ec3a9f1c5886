//! In which order the nodes under a function or a backup are looked at: what others rest on first.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::circuit::Circuit;
use super::{Names, Number};
use crate::logic::credible::{credible, leave_out_unheld};
use crate::logic::loops::Loops;
use crate::logic::model::{Id, Met, signals};
use crate::{Backup, Function};

/// All nodes under something, in levels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// No node needs one of a later level.
    pub levels: Vec<Level>,
}

/// Nodes that need only nodes of earlier levels, or each other in loops.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Level {
    /// The nodes, in rising order.
    pub nodes: Vec<Number>,
    /// After looking at them so many times one after the other nothing changes any more: 1 where none of
    /// them need each other.
    pub rounds: u32,
    /// After trying so many promises on needs `to run` nothing changes any more: 1 where no loop has such needs.
    pub promises: u32,
    /// After so many stages of what is up before activations nothing changes any more: 1 where no loop has such
    /// needs. Where no loop has needs `to run`, one stage does: what is up by then is as good as what is up before.
    pub stages: u32,
}

impl Level {
    /// Whether what is up before activations differs from what is up by then.
    pub fn is_staged(&self) -> bool {
        self.promises > 1 && self.stages > 1
    }
}

impl Schedule {
    /// Every node.
    pub fn nodes(&self) -> impl Iterator<Item = Number> {
        self.levels.iter().flat_map(|level| level.nodes.iter().copied())
    }
}

/// Makes schedules, one after the other.
pub(super) struct Planner<'a> {
    names: &'a Names<'a>,
    circuit: &'a Circuit,
    /// Per function the backups that count for it.
    counting: BTreeMap<Number, Vec<u32>>,
    loops: Loops,
    /// Per node its level in the schedule at hand.
    level: Vec<usize>,
}

impl<'a> Planner<'a> {
    pub fn new(names: &'a Names<'a>, circuit: &'a Circuit) -> Result<Planner<'a>, String> {
        let mut counting: BTreeMap<Number, Vec<u32>> = BTreeMap::new();
        for (at, backup) in names.backups.iter().enumerate() {
            for id in &backup.protects {
                let function = names.model.item(id).function;
                if function.is_some_and(|f| credible(&names.model, backup, f)) {
                    counting.entry(names.number(id)?).or_default().push(at as u32);
                }
            }
        }
        let nodes = circuit.nodes.len();
        let (loops, level) = (Loops::new(nodes), vec![0; nodes]);
        Ok(Planner { names, circuit, counting, loops, level })
    }

    /// What a function rests on, with the backups that count for it. A function that rests on another is
    /// served by the other's backups as well.
    pub fn function(&mut self, function: &Function) -> Result<Schedule, String> {
        let own = self.names.number(&function.id)?;
        let mut functions = BTreeSet::from([own]);
        loop {
            let counting = self.counting(&functions);
            let schedule = self.schedule(&[own], |b| counting.contains(&b));
            let is_function = |node: &Number| {
                let item = self.names.model.items.get(*node as usize);
                item.is_some_and(|item| item.function.is_some())
            };
            let more: BTreeSet<Number> = schedule.nodes().filter(is_function).collect();
            if more.len() == functions.len() {
                return Ok(schedule);
            }
            functions = more;
        }
    }

    /// The backups that count for one of these functions.
    fn counting(&self, functions: &BTreeSet<Number>) -> BTreeSet<u32> {
        let model = &self.names.model;
        let mut by_primary: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
        for at in functions.iter().filter_map(|f| self.counting.get(f)).flatten() {
            let backup = self.names.backups.get(*at as usize);
            if let Some((id, primary)) =
                backup.and_then(|b| Some((model.find(&b.id)?, b.primary.as_deref()?)))
            {
                by_primary.entry(primary).or_default().insert(id);
            }
        }
        let held = by_primary.into_values().flat_map(|standing| {
            let mut standing: Vec<Id> = standing.into_iter().collect();
            leave_out_unheld(model, &mut standing);
            standing
        });
        held.filter_map(|id| self.names.backup(model.items[id].name)).collect()
    }

    /// What a backup and its activation rest on, with every backup that there is.
    pub fn backup(&mut self, at: usize, backup: &Backup) -> Result<Schedule, String> {
        let mut roots = vec![self.names.number(&backup.id)?];
        roots.extend(self.circuit.gates.get(at));
        roots.extend(self.circuit.steps.get(at).into_iter().flatten());
        if let Some(activation) = &backup.activation {
            let conditions = activation.fail_safe.iter().map(|f| &f.when).chain(&activation.when);
            for signal in conditions.flat_map(signals) {
                roots.push(self.names.number(signal)?);
            }
            // Whoever may be the one to act, or approve, must be there.
            for authority in &activation.by {
                roots.extend(super::rules::seats(self.names, authority)?.into_iter().flat_map(
                    |seat| {
                        seat.members.into_iter().chain(seat.deputies.into_iter().map(|(_, t)| t))
                    },
                ));
            }
        }
        // Another that stands in for the same.
        let same = |b: &&&Backup| backup.primary.is_some() && b.primary == backup.primary;
        for other in self.names.backups.iter().filter(same) {
            roots.push(self.names.number(&other.id)?);
        }
        Ok(self.schedule(&roots, |_| true))
    }

    /// All nodes under these, over the gates of backups that count.
    fn schedule(&mut self, roots: &[Number], counts: impl Fn(u32) -> bool) -> Schedule {
        let (circuit, names) = (self.circuit, self.names);
        let below = |at: usize| -> Vec<usize> {
            let node = &circuit.nodes[at];
            let own = node.gate.and_then(|b| names.model.find(&names.backups[b as usize].id));
            let members = node.needs.iter().flat_map(|need| &need.of).map(|m| *m as usize);
            let counting = members.filter(|m| circuit.nodes[*m].gate.is_none_or(&counts));
            own.into_iter().chain(counting).collect()
        };
        let mut levels: Vec<Level> = Vec::new();
        for component in self.loops.of(roots.iter().map(|root| *root as usize), below) {
            let inside: BTreeSet<usize> = component.iter().copied().collect();
            let members: Vec<usize> = component.iter().flat_map(|at| below(*at)).collect();
            // The first level after all that it needs.
            let outside = members.iter().filter(|member| !inside.contains(member));
            let at = outside.clone().map(|member| self.level[*member] + 1).max().unwrap_or(0);
            component.iter().for_each(|node| self.level[*node] = at);
            if levels.len() <= at {
                let level = Level { nodes: Vec::new(), rounds: 1, promises: 1, stages: 1 };
                levels.resize(at + 1, level);
            }
            let level = &mut levels[at];
            if outside.count() < members.len() {
                let asked = |met: Met| {
                    let needs = component.iter().flat_map(|node| &circuit.nodes[*node].needs);
                    let of = needs.filter(|need| need.met == met).flat_map(|need| &need.of);
                    let of = of.map(|m| *m as usize).filter(|m| inside.contains(m));
                    of.collect::<BTreeSet<usize>>().len() as u32
                };
                level.rounds = level.rounds.max(2).max(component.len() as u32);
                level.promises = level.promises.max(asked(Met::ToRun) + 1);
                level.stages = level.stages.max(asked(Met::Before) + 1);
            }
            level.nodes.extend(component.iter().map(|node| *node as Number));
        }
        levels.iter_mut().for_each(|level| level.nodes.sort_unstable());
        Schedule { levels }
    }
}
