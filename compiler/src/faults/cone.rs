//! The part of a structure that some tops can reach.

use super::bits::Bits;
use super::structure::{BuildError, EventId, Need, NodeId, Structure, StructureBuilder};

/// A structure cut out of a larger one, with the way back. Nodes and events keep their relative order.
#[derive(Clone, Debug)]
pub struct Cone {
    /// The part, with nodes and events numbered anew from 0.
    pub structure: Structure,
    nodes: Vec<NodeId>,
    events: Vec<EventId>,
}

impl Cone {
    /// The old numbers of the nodes, by their new ones; rising.
    #[must_use]
    pub fn nodes(&self) -> &[NodeId] {
        &self.nodes
    }

    /// The old numbers of the events, by their new ones; rising.
    #[must_use]
    pub fn events(&self) -> &[EventId] {
        &self.events
    }

    /// The new number of an old node, if it is in the cone. Logarithmic.
    #[must_use]
    pub fn node(&self, old: NodeId) -> Option<NodeId> {
        self.nodes.binary_search(&old).ok().map(|new| NodeId(new as u32))
    }

    /// The new number of an old event, if it hits a node of the cone. Logarithmic.
    #[must_use]
    pub fn event(&self, old: EventId) -> Option<EventId> {
        self.events.binary_search(&old).ok().map(|new| EventId(new as u32))
    }
}

impl Structure {
    /// All nodes that the tops rest on in any way, themselves included. Linear in the part reached, after
    /// one bit set.
    #[must_use]
    pub fn reachable(&self, tops: &[NodeId]) -> Bits {
        let mut seen = Bits::new(self.node_count());
        let mut open: Vec<u32> = tops.iter().map(|top| top.0).collect();
        open.retain(|&top| seen.insert(top as usize));
        while let Some(node) = open.pop() {
            for &member in self.all_members(node) {
                if seen.insert(member as usize) {
                    open.push(member);
                }
            }
        }
        seen
    }

    /// The sub-structure of what the tops can reach. The state of a reached node depends on reached nodes
    /// only, so every question about the tops has the same answer in the cone. Near linear in the part
    /// reached, after one bit set.
    ///
    /// # Errors
    ///
    /// None in practice: a part of a structure that was built can be built.
    pub fn cone(&self, tops: &[NodeId]) -> Result<Cone, BuildError> {
        let nodes: Vec<NodeId> =
            self.reachable(tops).iter().map(|node| NodeId(node as u32)).collect();
        let mut events: Vec<EventId> =
            nodes.iter().flat_map(|&node| self.events_of(node)).collect();
        events.sort_unstable();
        events.dedup();
        let renumbered = |old: &NodeId| nodes.binary_search(old).ok().map(|new| NodeId(new as u32));

        let mut builder = StructureBuilder::new();
        for _ in &events {
            builder.event();
        }
        for &old in &nodes {
            let new = builder.node(self.spec(old));
            for event in self.events_of(old) {
                if let Ok(event) = events.binary_search(&event) {
                    builder.hit(EventId(event as u32), new);
                }
            }
            for need in self.needs_of(old) {
                let members = need.members.iter().filter_map(renumbered).collect();
                builder.need(new, Need { members, ..need });
            }
        }
        Ok(Cone { structure: builder.build()?, nodes, events })
    }
}
