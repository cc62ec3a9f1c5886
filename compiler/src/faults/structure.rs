//! The circuit itself: built once, then read only, as a struct of arrays in compressed rows.

use super::bits::Bits;
use super::components::{Components, strong_components};
use std::fmt;
use std::ops::Range;

/// A Boolean loss, numbered from 0 in the order of [`StructureBuilder::event`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);

/// A node of the circuit, numbered from 0 in the order of [`StructureBuilder::node`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl EventId {
    /// The number as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl NodeId {
    /// The number as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a node's restoration time follows from those of its needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Combine {
    /// The needs are restored side by side: the slowest counts.
    #[default]
    Max,
    /// The needs are restored one after the other: their times add up.
    Sum,
}

/// What a node is, apart from its events and needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeSpec {
    /// A backup's usable-gate: never running by itself, may be started (step 2 of the meaning).
    pub latent: bool,
    /// How the times of its needs combine.
    pub combine: Combine,
    /// Milliseconds from all needs met to being up.
    pub delay: u64,
}

/// When a need must be met of what is started. While a node runs, all its needs are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Met {
    /// When it starts.
    #[default]
    ToStart,
    /// Once it runs, which is no bar to starting.
    ToRun,
    /// Before anything of the stage in which it starts has started: what is called on to bring others back cannot be
    /// at work by virtue of what it brings back.
    Before,
}

/// "At least `k` of `members` must be up". A member listed twice counts twice; `k = 0` is always met, `k`
/// above the number of members never.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Need {
    /// How many members must be up; all of them when it equals their number.
    pub k: u32,
    /// The members, in the order of succession when `ordered`.
    pub members: Vec<NodeId>,
    /// When it must be met.
    pub met: Met,
    /// Members serve in the order listed, not the fastest first. Matters for times only.
    pub ordered: bool,
    /// The node is not kept waiting by this need unless it is met later than so many milliseconds: it holds out
    /// until then. Matters for times only.
    pub held_out: Option<u64>,
}

/// Why a structure could not be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BuildError {
    /// A need or a hit names a node that the builder never gave out.
    UnknownNode(NodeId),
    /// A hit names an event that the builder never gave out.
    UnknownEvent(EventId),
    /// More than `u32::MAX` nodes, events, needs, members or hits.
    TooLarge,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownNode(node) => write!(f, "node {} does not exist", node.0),
            Self::UnknownEvent(event) => write!(f, "event {} does not exist", event.0),
            Self::TooLarge => f.write_str("more than 2^32 - 1 items of one sort"),
        }
    }
}

impl std::error::Error for BuildError {}

/// Collects events, nodes, hits and needs in any order, so that loops need no special care.
#[derive(Clone, Debug, Default)]
pub struct StructureBuilder {
    events: usize,
    nodes: Vec<NodeSpec>,
    hits: Vec<(u32, u32)>,
    needs: Vec<(u32, Need)>,
}

impl StructureBuilder {
    /// A builder without events and nodes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an event.
    pub fn event(&mut self) -> EventId {
        self.events += 1;
        EventId((self.events - 1) as u32)
    }

    /// Adds a node.
    pub fn node(&mut self, spec: NodeSpec) -> NodeId {
        self.nodes.push(spec);
        NodeId((self.nodes.len() - 1) as u32)
    }

    /// The loss of `event` takes `node` down directly.
    pub fn hit(&mut self, event: EventId, node: NodeId) {
        self.hits.push((event.0, node.0));
    }

    /// `node` has this need, after those given before.
    pub fn need(&mut self, node: NodeId, need: Need) {
        self.needs.push((node.0, need));
    }

    /// The finished structure. Linear, apart from sorting the hits.
    ///
    /// # Errors
    ///
    /// When a hit or a need names something that was never added, or the structure outgrows 32-bit numbers.
    pub fn build(mut self) -> Result<Structure, BuildError> {
        let nodes = self.nodes.len();
        let members: usize = self.needs.iter().map(|(_, need)| need.members.len()).sum();
        let largest = [nodes, self.events, self.needs.len(), members, self.hits.len()]
            .into_iter()
            .fold(0, usize::max);
        // The highest number is kept free: some passes use it for "none".
        if largest >= u32::MAX as usize {
            return Err(BuildError::TooLarge);
        }
        self.check()?;

        self.hits.sort_unstable();
        self.hits.dedup();
        let node_events =
            Rows::from_pairs(nodes, self.hits.iter().map(|&(event, node)| (node, event)));
        let event_nodes = Rows::from_pairs(self.events, self.hits.iter().copied());

        // Stable, so that a node's needs keep the order they were given in.
        self.needs.sort_by_key(|(node, _)| *node);
        let needs = self.needs.len();
        let mut result = Structure {
            specs: self.nodes,
            node_events,
            event_nodes,
            need_starts: Vec::with_capacity(nodes + 1),
            need_heads: Vec::with_capacity(needs),
            members: Rows::with_capacity(needs, members),
            uses: Rows::default(),
            components: Components::default(),
            component_of: Vec::new(),
            straight: Bits::default(),
        };
        for (node, need) in &self.needs {
            while result.need_starts.len() <= *node as usize {
                result.need_starts.push(result.need_heads.len() as u32);
            }
            result.need_heads.push(NeedHead {
                node: *node,
                k: need.k,
                met: need.met,
                ordered: need.ordered,
                held_out: need.held_out,
            });
            result.members.push(need.members.iter().map(|member| member.0));
        }
        result.need_starts.resize(nodes + 1, needs as u32);
        result.uses = Rows::from_pairs(
            nodes,
            (0..needs as u32).flat_map(|need| {
                let row = result.members.row(need as usize);
                row.iter().map(move |&member| (member, need))
            }),
        );
        let member_starts: Vec<u32> = (0..=nodes).map(|node| result.member_start(node)).collect();
        result.components = strong_components(&member_starts, &result.members.items);
        result.component_of = result.components.of_nodes();
        result.straight = Bits::new(result.components.len());
        for (component, nodes) in result.components.iter().enumerate() {
            if nodes.len() == 1 && !result.all_members(nodes[0]).contains(&nodes[0]) {
                result.straight.insert(component);
            }
        }
        Ok(result)
    }

    fn check(&self) -> Result<(), BuildError> {
        let known = |node: u32| {
            if (node as usize) < self.nodes.len() {
                Ok(())
            } else {
                Err(BuildError::UnknownNode(NodeId(node)))
            }
        };
        for &(event, node) in &self.hits {
            known(node)?;
            if event as usize >= self.events {
                return Err(BuildError::UnknownEvent(EventId(event)));
            }
        }
        for (node, need) in &self.needs {
            known(*node)?;
            need.members.iter().try_for_each(|member| known(member.0))?;
        }
        Ok(())
    }
}

/// Lists of numbers laid end to end.
#[derive(Clone, Debug, Default)]
struct Rows {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Rows {
    fn with_capacity(rows: usize, items: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Self { starts, items: Vec::with_capacity(items) }
    }

    /// One row per key, each row in the order of the pairs.
    fn from_pairs(rows: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0; rows + 1];
        for (row, _) in pairs.clone() {
            starts[row as usize + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts[rows] as usize];
        for (row, item) in pairs {
            items[next[row as usize] as usize] = item;
            next[row as usize] += 1;
        }
        Self { starts, items }
    }

    fn push(&mut self, row: impl Iterator<Item = u32>) {
        self.items.extend(row);
        self.starts.push(self.items.len() as u32);
    }

    fn row(&self, row: usize) -> &[u32] {
        &self.items[self.starts[row] as usize..self.starts[row + 1] as usize]
    }
}

/// The fixed part of a need; its members lie in their own rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct NeedHead {
    /// The node that has the need.
    pub(super) node: u32,
    pub(super) k: u32,
    pub(super) met: Met,
    pub(super) ordered: bool,
    pub(super) held_out: Option<u64>,
}

/// A monotone circuit, possibly with loops; see the [module](super) for its meaning. Needs are numbered
/// node by node, so the needs of a node, and all its members, are one range each.
#[derive(Clone, Debug)]
pub struct Structure {
    specs: Vec<NodeSpec>,
    node_events: Rows,
    event_nodes: Rows,
    need_starts: Vec<u32>,
    need_heads: Vec<NeedHead>,
    members: Rows,
    /// For each node the needs that list it, once per listing.
    uses: Rows,
    components: Components,
    component_of: Vec<u32>,
    /// Components that are no loop.
    straight: Bits,
}

impl Structure {
    /// Number of events.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.event_nodes.starts.len() - 1
    }

    /// Number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.specs.len()
    }

    /// Number of needs of all nodes.
    #[must_use]
    pub fn need_count(&self) -> usize {
        self.need_heads.len()
    }

    /// What the node is, apart from its events and needs.
    #[must_use]
    pub fn spec(&self, node: NodeId) -> NodeSpec {
        self.specs[node.index()]
    }

    /// The events that take the node down directly, in rising order.
    pub fn events_of(&self, node: NodeId) -> impl ExactSizeIterator<Item = EventId> + '_ {
        self.node_events.row(node.index()).iter().map(|&event| EventId(event))
    }

    /// The nodes that the event takes down directly, in rising order.
    pub fn nodes_hit_by(&self, event: EventId) -> impl ExactSizeIterator<Item = NodeId> + '_ {
        self.event_nodes.row(event.index()).iter().map(|&node| NodeId(node))
    }

    /// The needs of the node in the order given, as copies.
    pub fn needs_of(&self, node: NodeId) -> impl Iterator<Item = Need> + '_ {
        self.needs(node.0).map(|need| {
            let head = self.head(need);
            Need {
                k: head.k,
                members: self.members(need).iter().map(|&member| NodeId(member)).collect(),
                met: head.met,
                ordered: head.ordered,
                held_out: head.held_out,
            }
        })
    }

    /// The numbers of the needs of a node.
    pub(super) fn needs(&self, node: u32) -> Range<usize> {
        self.need_starts[node as usize] as usize..self.need_starts[node as usize + 1] as usize
    }

    pub(super) fn head(&self, need: usize) -> NeedHead {
        self.need_heads[need]
    }

    pub(super) fn members(&self, need: usize) -> &[u32] {
        self.members.row(need)
    }

    /// The members of all needs of a node, one after the other.
    pub(super) fn all_members(&self, node: u32) -> &[u32] {
        let (from, to) = (self.member_start(node as usize), self.member_start(node as usize + 1));
        &self.members.items[from as usize..to as usize]
    }

    /// The needs that list a node, once per listing.
    pub(super) fn uses(&self, node: u32) -> &[u32] {
        self.uses.row(node as usize)
    }

    pub(super) fn hits(&self, event: EventId) -> &[u32] {
        self.event_nodes.row(event.index())
    }

    pub(super) fn node_events(&self, node: u32) -> &[u32] {
        self.node_events.row(node as usize)
    }

    pub(super) fn is_latent(&self, node: u32) -> bool {
        self.specs[node as usize].latent
    }

    /// Components over all needs, members before those that need them.
    pub(super) fn components(&self) -> &Components {
        &self.components
    }

    pub(super) fn component_of(&self, node: u32) -> u32 {
        self.component_of[node as usize]
    }

    /// Whether the component is no loop: one node, and not its own member.
    pub(super) fn is_straight(&self, component: usize) -> bool {
        self.straight.contains(component)
    }

    fn member_start(&self, node: usize) -> u32 {
        self.members.starts[self.need_starts[node] as usize]
    }
}
