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
    /// those that were interrupted. Each search costs about what lies between the lost nodes and the top.
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
    /// `interrupted` also those that left it unmet before stand-ins were called on. Only such members are
    /// followed as lead to a lost node, which leaves every shortest path as it is: the links are gathered
    /// from the lost nodes upwards first.
    fn search(&self, state: &State, top: NodeId, interrupted: bool) -> Search {
        let links = self.links(state, interrupted);
        let mut found =
            Search { order: vec![(top.0, 0)], place: FxHashMap::from_iter([(top.0, 0)]) };
        let mut next = 0;
        while let Some(&(node, _)) = found.order.get(next) {
            let first = links.partition_point(|link| link.node < node);
            let own = links.iter().skip(first).take_while(|link| link.node == node);
            for link in own {
                found.add(link.member, next as u32);
            }
            next += 1;
        }
        found
    }

    /// The links by which the lost nodes take others with them, sorted.
    fn links(&self, state: &State, interrupted: bool) -> Vec<Link> {
        let structure = self.structure;
        let mut reached: Vec<u32> = Vec::new();
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let lost = state.losses.iter().flat_map(|event| structure.hits(*event));
        reached.extend(lost.copied().filter(|&node| seen.insert(node)));
        let mut unmet: FxHashMap<u32, (bool, bool)> = FxHashMap::default();
        let mut links = Vec::new();
        let mut next = 0;
        while let Some(&member) = reached.get(next) {
            next += 1;
            let index = member as usize;
            let (down, stopped) = (
                !state.up.contains(index),
                !state.running.contains(index) && !structure.is_latent(member),
            );
            for &need in structure.uses(member) {
                let head = structure.head(need as usize);
                let (down_by, stopped_by) = *unmet
                    .entry(need)
                    .or_insert_with(|| self.unmet(state, need as usize, interrupted));
                if down_by && down || stopped_by && stopped {
                    let members = structure.members(need as usize).iter();
                    let places = members.enumerate().filter(|(_, of)| **of == member);
                    let place = places.map(|(place, _)| place as u32).next().unwrap_or(0);
                    links.push(Link { node: head.node, need, place, member });
                    if seen.insert(head.node) {
                        reached.push(head.node);
                    }
                }
            }
        }
        links.sort_unstable();
        links
    }

    /// Whether a need keeps its node down in the end, and whether it stopped it at first.
    fn unmet(&self, state: &State, need: usize, interrupted: bool) -> (bool, bool) {
        let structure = self.structure;
        let head = structure.head(need);
        let unmet = |of: &Bits| {
            let members = structure.members(need).iter();
            members.filter(|&&member| of.contains(member as usize)).count() < head.k as usize
        };
        let down = !state.up.contains(head.node as usize) && unmet(&state.up);
        let stopped = interrupted && !structure.is_latent(head.node) && unmet(&state.running);
        (down, stopped)
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

/// A node whose need, not met, lists a member; in the order in which the top's search meets them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    node: u32,
    need: u32,
    place: u32,
    member: u32,
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
