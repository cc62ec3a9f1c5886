//! In which order the nodes under a function or a backup are looked at: what others rest on first.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::circuit::Circuit;
use super::{Names, Number};
use crate::logic::credible::{credible, leave_out_unheld};
use crate::logic::model::{Id, signals};
use crate::{Backup, Function, RuleSet};

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
    search: Search,
}

impl<'a> Planner<'a> {
    pub fn new(
        names: &'a Names<'a>,
        rules: &RuleSet,
        circuit: &'a Circuit,
    ) -> Result<Planner<'a>, String> {
        let mut counting: BTreeMap<Number, Vec<u32>> = BTreeMap::new();
        for (at, backup) in names.backups.iter().enumerate() {
            for id in &backup.protects {
                let function = names.model.item(id).function;
                if function.is_some_and(|f| credible(&names.model, backup, f)) {
                    counting.entry(names.number(id)?).or_default().push(at as u32);
                }
            }
        }
        debug_assert!(rules.backups.len() == names.backups.len());
        let search = Search::new(circuit.nodes.len());
        Ok(Planner { names, circuit, counting, search })
    }

    /// What a function rests on, with the backups that count for it. A function that rests on another is
    /// served by the other's backups as well.
    pub fn function(&mut self, function: &Function) -> Result<Schedule, String> {
        let own = self.names.number(&function.id)?;
        let mut functions = BTreeSet::from([own]);
        loop {
            let counting = self.counting(&functions);
            let schedule =
                self.search.run(self.circuit, self.names, &[own], &|b| counting.contains(&b));
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
        Ok(self.search.run(self.circuit, self.names, &roots, &|_| true))
    }
}

/// Strong components in the order in which they must be looked at (Tarjan), with a stack of its own.
struct Search {
    /// Per node its number in the search, or `NEW`.
    index: Vec<u32>,
    low: Vec<u32>,
    level: Vec<u32>,
    on_stack: Vec<bool>,
}

const NEW: u32 = u32::MAX;

impl Search {
    fn new(nodes: usize) -> Search {
        Search {
            index: vec![NEW; nodes],
            low: vec![0; nodes],
            level: vec![0; nodes],
            on_stack: vec![false; nodes],
        }
    }

    fn run(
        &mut self,
        circuit: &Circuit,
        names: &Names<'_>,
        roots: &[Number],
        counts: &dyn Fn(u32) -> bool,
    ) -> Schedule {
        let below = |node: Number| {
            let node = circuit.nodes.get(node as usize);
            let own = node.and_then(|n| n.gate).and_then(|b| names.backups.get(b as usize));
            let own = own.and_then(|b| names.number(&b.id).ok());
            let needs = node.map_or(&[][..], |n| &n.needs);
            let members = needs.iter().flat_map(|need| need.of.iter().copied());
            let counting = members.filter(|m| {
                let gate = circuit.nodes.get(*m as usize).and_then(|n| n.gate);
                gate.is_none_or(counts)
            });
            let mut below: Vec<Number> = own.into_iter().chain(counting).collect();
            below.sort_unstable();
            below.dedup();
            below
        };
        let mut levels: Vec<Level> = Vec::new();
        let mut seen = Vec::new();
        let mut stack = Vec::new();
        for root in roots {
            if self.index[*root as usize] != NEW {
                continue;
            }
            let mut calls = vec![(*root, below(*root), 0)];
            self.enter(*root, &mut seen, &mut stack);
            while let Some((node, members, next)) = calls.last_mut() {
                let node = *node;
                if let Some(member) = members.get(*next).copied() {
                    *next += 1;
                    if self.index[member as usize] == NEW {
                        self.enter(member, &mut seen, &mut stack);
                        calls.push((member, below(member), 0));
                    } else if self.on_stack[member as usize] {
                        let low = self.index[member as usize];
                        self.low[node as usize] = self.low[node as usize].min(low);
                    }
                    continue;
                }
                calls.pop();
                if let Some((above, ..)) = calls.last() {
                    let low = self.low[node as usize];
                    self.low[*above as usize] = self.low[*above as usize].min(low);
                }
                if self.low[node as usize] == self.index[node as usize] {
                    self.component(circuit, node, &mut stack, &below, &mut levels);
                }
            }
        }
        for node in seen {
            self.index[node as usize] = NEW;
        }
        levels.iter_mut().for_each(|level| level.nodes.sort_unstable());
        Schedule { levels }
    }

    fn enter(&mut self, node: Number, seen: &mut Vec<Number>, stack: &mut Vec<Number>) {
        let number = seen.len() as u32;
        seen.push(node);
        stack.push(node);
        let at = node as usize;
        (self.index[at], self.low[at], self.on_stack[at]) = (number, number, true);
    }

    /// Puts the component whose search began at `first` on the first level after all that it needs.
    fn component(
        &mut self,
        circuit: &Circuit,
        first: Number,
        stack: &mut Vec<Number>,
        below: &dyn Fn(Number) -> Vec<Number>,
        levels: &mut Vec<Level>,
    ) {
        let from = stack.iter().rposition(|node| *node == first).unwrap_or(0);
        let component: Vec<Number> = stack.drain(from..).collect();
        let inside: BTreeSet<Number> = component.iter().copied().collect();
        let mut at = 0;
        let mut loops = component.len() > 1;
        for node in &component {
            self.on_stack[*node as usize] = false;
            for member in below(*node) {
                if inside.contains(&member) {
                    loops = true;
                } else {
                    at = at.max(self.level[member as usize] as usize + 1);
                }
            }
        }
        if levels.len() <= at {
            levels.resize_with(at + 1, || Level { rounds: 1, promises: 1, ..Level::default() });
        }
        for node in &component {
            self.level[*node as usize] = at as u32;
        }
        if loops {
            let needs = component.iter().filter_map(|n| circuit.nodes.get(*n as usize));
            let to_run = needs.flat_map(|n| &n.needs).filter(|need| need.to_run);
            let promised: BTreeSet<Number> = to_run
                .flat_map(|need| need.of.iter().copied())
                .filter(|m| inside.contains(m))
                .collect();
            levels[at].rounds = levels[at].rounds.max(2).max(component.len() as u32);
            levels[at].promises = levels[at].promises.max(promised.len() as u32 + 1);
        }
        levels[at].nodes.extend(component);
    }
}
