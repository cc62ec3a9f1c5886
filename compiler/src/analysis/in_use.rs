//! What an activation calls on must be at work then: a probe, an authority, a console that runs only over what it must
//! bring back is of no use.

use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::analysis::build::{Backups, Build, Meaning, standing};
use crate::analysis::cone::{Cone, Index};
use crate::analysis::rests::needs as rested_on;
use crate::faults::{Need, NodeId, NodeSpec};
use crate::model::Element;
use crate::names::ItemId;

/// The nodes of what is in use.
pub(super) struct InUse {
    /// Per element whether it, or anything that it rests on, needs something to run.
    rests_to_run: Vec<bool>,
    /// Per element, by itself or served, the node of it in use.
    nodes: FxHashMap<(Index, bool), NodeId>,
    /// Those of which the needs are not looked at yet.
    open: Vec<(Index, bool)>,
}

impl InUse {
    /// Of a cone; as yet there is no node.
    pub(super) fn of(cone: &Cone) -> InUse {
        let (nodes, open) = Default::default();
        InUse { rests_to_run: rests_to_run(cone), nodes, open }
    }
}

impl Build<'_> {
    /// What an activation calls on must be in use then: what it needs to run is there already, and not only once the
    /// backup serves that is being activated. Most elements have no such need, and are in use where they are up.
    pub(super) fn in_use(&mut self, at: Index, served: bool) -> NodeId {
        let served = served && self.served[at] != self.own[at];
        if !self.in_use.rests_to_run[at] {
            return if served { self.served[at] } else { self.own[at] };
        }
        if let Some(node) = self.in_use.nodes.get(&(at, served)) {
            return *node;
        }
        let node = self.node(Meaning::InUse(at), NodeSpec::default());
        self.in_use.nodes.insert((at, served), node);
        self.in_use.open.push((at, served));
        node
    }

    pub(super) fn served_in_use(&mut self, id: ItemId) -> Option<NodeId> {
        let at = *self.cone.index.get(&id)?;
        Some(self.in_use(at, true))
    }

    /// What each node of something in use needs.
    pub(super) fn all_in_use(&mut self, usable: &FxHashMap<Index, NodeId>, backups: Backups) {
        let cone = self.cone;
        while let Some((at, served)) = self.in_use.open.pop() {
            let node = self.in_use.nodes[&(at, served)];
            if served {
                let mut members = vec![self.in_use(at, false)];
                members.extend(standing(cone, at, backups).filter_map(|b| usable.get(&b).copied()));
                self.builder.need(node, Need { k: 1, members, ..Need::default() });
                continue;
            }
            self.all_of(node, vec![self.own[at]]);
            for need in rested_on(&cone.elements[at]) {
                let members = need.of().filter_map(|id| self.served_in_use(id)).collect();
                self.some_members(node, (need.count, need.named()), false, members);
            }
            let by = resupplied_by(&cone.elements[at]).and_then(|by| self.served_in_use(by));
            self.all_of(node, by.into_iter().collect());
        }
    }
}

/// Who resupplies a backup.
pub(super) fn resupplied_by(backup: &Element) -> Option<ItemId> {
    let (by, _) = backup.load(Head::Covers)?.resupply?;
    backup.target(by)
}

/// Per element whether it, or anything that it rests on by needs, needs something to run.
fn rests_to_run(cone: &Cone) -> Vec<bool> {
    let mut found = vec![false; cone.elements.len()];
    let elements = || cone.elements.iter().enumerate();
    let to_run = |element: &Element| rested_on(element).any(|need| need.to_run);
    let mut open: Vec<Index> = elements().filter(|(_, e)| to_run(e)).map(|(at, _)| at).collect();
    if open.is_empty() {
        return found;
    }
    let mut users: FxHashMap<Index, Vec<Index>> = FxHashMap::default();
    for (at, element) in elements() {
        let needed = rested_on(element).flat_map(|need| need.of().collect::<Vec<ItemId>>());
        let members: Vec<ItemId> = needed.chain(resupplied_by(element)).collect();
        for member in members.iter().filter_map(|id| cone.index.get(id)) {
            users.entry(*member).or_default().push(at);
        }
    }
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut found[at], true) {
            open.extend(users.get(&at).into_iter().flatten());
        }
    }
    found
}
