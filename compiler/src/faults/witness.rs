//! Along which path a loss reaches the top.

use rustc_hash::{FxHashMap, FxHashSet};

use super::bits::Bits;
use super::evaluate::{Evaluator, State};
use super::structure::{EventId, NodeId};

/// How one lost event reaches the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The event lost.
    pub event: EventId,
    /// From a node that the event hits to the top. Each node stopped, and has a need, not met because of
    /// the losses, that lists the node before.
    pub path: Vec<NodeId>,
    /// The path leads through a need that is met again in the end: what it serves was only interrupted, but
    /// something that stopped with it does not start again (a loop of start needs). Otherwise no node of
    /// the path is up, and no need along it is met.
    pub interrupted: bool,
}

impl Evaluator<'_> {
    /// A shortest path for each lost event along which its loss reaches `top`; empty when the top is up.
    /// Events without any path play no part in the failure and are left out. Every event of a minimal cut
    /// set has a path.
    ///
    /// A path through needs that stay unmet is preferred; only where there is none may it lead through
    /// those that were interrupted. Two breadth-first searches over the nodes that stopped, each only as
    /// far as the last of the events.
    #[must_use]
    pub fn witness(&self, state: &State, top: NodeId) -> Vec<Witness> {
        if state.is_up(top) {
            return Vec::new();
        }
        let down = self.search(state, top, false);
        let mut stopped = None;
        let mut events = state.losses.clone();
        events.sort_unstable();
        events.dedup();
        events
            .into_iter()
            .filter_map(|event| {
                if let Some(path) = self.path(&down, event) {
                    return Some(Witness { event, path, interrupted: false });
                }
                let stopped = stopped.get_or_insert_with(|| self.search(state, top, true));
                let path = self.path(stopped, event)?;
                Some(Witness { event, path, interrupted: true })
            })
            .collect()
    }

    /// Breadth first from the top, from each node to the members that leave one of its needs unmet; with
    /// `interrupted` also those that left it unmet before stand-ins were called on.
    fn search(&self, state: &State, top: NodeId, interrupted: bool) -> Search {
        let structure = self.structure;
        let mut found =
            Search { order: vec![(top.0, 0)], place: FxHashMap::from_iter([(top.0, 0)]) };
        let hits = |event: &EventId| structure.hits(*event).iter().copied().collect();
        let mut sought: Vec<FxHashSet<u32>> = state.losses.iter().map(hits).collect();
        let mut next = 0;
        while let Some(&(node, _)) = found.order.get(next) {
            sought.retain(|hits| !hits.contains(&node));
            if sought.is_empty() {
                break;
            }
            for need in structure.needs(node) {
                let members = structure.members(need);
                let unmet = |of: &Bits| {
                    let met =
                        members.iter().filter(|&&member| of.contains(member as usize)).count();
                    met < structure.head(need).k as usize
                };
                let down = !state.up.contains(node as usize) && unmet(&state.up);
                let stopped = interrupted && !structure.is_latent(node) && unmet(&state.running);
                for &member in members {
                    let index = member as usize;
                    if down && !state.up.contains(index)
                        || stopped && !state.running.contains(index) && !structure.is_latent(member)
                    {
                        found.add(member, next as u32);
                    }
                }
            }
            next += 1;
        }
        found
    }

    fn path(&self, search: &Search, event: EventId) -> Option<Vec<NodeId>> {
        let hits = self.structure.hits(event).iter();
        let mut place = *hits.filter_map(|node| search.place.get(node)).min()?;
        let mut path = Vec::new();
        loop {
            let (node, towards_top) = search.order[place as usize];
            path.push(NodeId(node));
            if place == 0 {
                return Some(path);
            }
            place = towards_top;
        }
    }
}

/// The nodes met, nearest the top first, each with the place of the node that led to it.
struct Search {
    order: Vec<(u32, u32)>,
    place: FxHashMap<u32, u32>,
}

impl Search {
    fn add(&mut self, node: u32, towards_top: u32) {
        if let std::collections::hash_map::Entry::Vacant(entry) = self.place.entry(node) {
            entry.insert(self.order.len() as u32);
            self.order.push((node, towards_top));
        }
    }
}
