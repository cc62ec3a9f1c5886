//! Single points of failure of many tops at once.

use super::evaluate::{Evaluator, State};
use super::lanes::{LANES, Lanes, Mask};
use super::structure::{EventId, NodeId, Structure};
use super::support::{Pick, Supports};

impl Structure {
    /// For each top the events that alone make it fail, in rising order. Exact, loops and latent nodes
    /// included. A top that is down with nothing lost fails with every event.
    ///
    /// Top by top, in three steps that each leave the next little to do:
    ///
    /// 1. What hits a node that the top reaches through needs for *all* members fails the top.
    /// 2. A single loss that fails the top is in every support of it. Two supports, as different as a
    ///    greedy choice makes them, leave only what both share.
    /// 3. What is left is evaluated in lanes, nearest the top first. Where an event fails the top by way of
    ///    one node, step 1 is taken from that node on, which spares most of what lies below it.
    ///
    /// Linear in what the top reaches, but for the few events that step 3 has to try. Where the tops are
    /// many and deep, this is given up once it has visited four times the structure: the remaining tops are
    /// then evaluated together, all events in lanes, at worst `events / 256` passes over the structure.
    #[must_use]
    pub fn single_losses(&self, tops: &[NodeId]) -> Vec<Vec<EventId>> {
        let mut evaluator = Evaluator::new(self);
        let base = evaluator.evaluate(&[]);
        let mut shallow = Shallow::new(evaluator, &base);
        let budget = 4 * (self.node_count() + self.need_count()) + 1024;

        let mut result = vec![Vec::new(); tops.len()];
        let mut deep = Vec::new();
        for (&top, events) in tops.iter().zip(&mut result) {
            if !base.is_up(top) {
                *events = (0..self.event_count() as u32).map(EventId).collect();
            } else if shallow.visited <= budget {
                *events = shallow.find(top);
            } else {
                deep.push((top, events));
            }
        }
        if !deep.is_empty() {
            let deep_tops: Vec<NodeId> = deep.iter().map(|&(top, _)| top).collect();
            self.together(&base, &deep_tops, deep.into_iter().map(|(_, events)| events).collect());
        }
        result
    }

    /// Evaluates every event that hits anything the tops reach.
    fn together(&self, base: &State, tops: &[NodeId], mut results: Vec<&mut Vec<EventId>>) {
        let mut lanes = Lanes::new(self, &base.running, &base.up);
        lanes.restrict(tops);
        let reached = self.reachable(tops);
        let hits_any =
            |event: &EventId| self.hits(*event).iter().any(|&node| reached.contains(node as usize));
        let events: Vec<EventId> =
            (0..self.event_count() as u32).map(EventId).filter(hits_any).collect();
        for block in events.chunks(LANES) {
            lanes.run(block.iter().enumerate().map(|(lane, &event)| (event, Mask::lane(lane))));
            for (&top, events) in tops.iter().zip(&mut results) {
                events.extend(lanes.down(top).lanes().map(|lane| block[lane]));
            }
        }
    }
}

/// Finds the single losses of one top after the other, in what each reaches.
struct Shallow<'s, 'b> {
    structure: &'s Structure,
    evaluator: Evaluator<'s>,
    base: &'b State,
    sure: SureLosses<'s>,
    /// Made when first asked for: many structures need neither.
    tools: Option<(Supports, Lanes<'s>)>,
    shared: Marks,
    /// How many nodes have been visited for all tops so far.
    visited: usize,
}

impl<'s, 'b> Shallow<'s, 'b> {
    fn new(evaluator: Evaluator<'s>, base: &'b State) -> Self {
        let structure = evaluator.structure();
        Self {
            structure,
            evaluator,
            base,
            sure: SureLosses::new(structure),
            tools: None,
            shared: Marks::new(structure.event_count()),
            visited: 0,
        }
    }

    fn find(&mut self, top: NodeId) -> Vec<EventId> {
        self.sure.clear();
        self.visited += self.sure.spread(top.0);
        if !self.sure.is_all {
            self.try_others(top);
        }
        let mut found = self.sure.found.clone();
        found.sort_unstable();
        found
    }

    fn try_others(&mut self, top: NodeId) {
        let structure = self.structure;
        let (supports, lanes) = self.tools.get_or_insert_with(|| {
            (Supports::new(structure), Lanes::new(structure, &self.base.running, &self.base.up))
        });
        let (mut light, mut candidates) = (Vec::new(), Vec::new());
        self.visited +=
            supports.find(&mut self.evaluator, self.base, top.0, Pick::Lightest, &mut light);
        self.visited +=
            supports.find(&mut self.evaluator, self.base, top.0, Pick::Heaviest, &mut candidates);
        self.shared.clear();
        for event in light {
            self.shared.mark(event.index());
        }
        candidates
            .retain(|event| self.shared.has(event.index()) && !self.sure.events.has(event.index()));
        if candidates.is_empty() {
            return;
        }
        self.visited += lanes.restrict(&[top]);
        candidates.sort_by_cached_key(|&event| {
            let nodes = structure.hits(event).iter();
            std::cmp::Reverse(nodes.map(|&node| structure.component_of(node)).max())
        });
        let mut rest = candidates.into_iter();
        loop {
            let block: Vec<EventId> = rest
                .by_ref()
                .filter(|event| !self.sure.events.has(event.index()))
                .take(LANES)
                .collect();
            if block.is_empty() {
                return;
            }
            lanes.run(block.iter().enumerate().map(|(lane, &event)| (event, Mask::lane(lane))));
            for lane in lanes.down(top).lanes() {
                let event = block[lane];
                self.sure.add(event);
                // If no node but this one is hit, then its absence alone fails the top, whatever its cause.
                if let &[node] = structure.hits(event) {
                    self.visited += self.sure.spread(node);
                }
            }
        }
    }
}

/// A set that is emptied by counting up.
struct Marks {
    round: u32,
    marks: Vec<u32>,
}

impl Marks {
    fn new(len: usize) -> Self {
        Self { round: 1, marks: vec![0; len] }
    }

    fn clear(&mut self) {
        self.round += 1;
    }

    /// Adds a member and tells whether it was absent.
    fn mark(&mut self, index: usize) -> bool {
        std::mem::replace(&mut self.marks[index], self.round) != self.round
    }

    fn has(&self, index: usize) -> bool {
        self.marks[index] == self.round
    }
}

/// The events known to fail the top at hand. Spreads from nodes that the top cannot do without, over needs
/// that want all their members: those the top cannot do without either.
struct SureLosses<'s> {
    structure: &'s Structure,
    nodes: Marks,
    events: Marks,
    open: Vec<u32>,
    found: Vec<EventId>,
    /// No other need was met on the way, so there is nothing else to be found.
    is_all: bool,
}

impl<'s> SureLosses<'s> {
    fn new(structure: &'s Structure) -> Self {
        Self {
            structure,
            nodes: Marks::new(structure.node_count()),
            events: Marks::new(structure.event_count()),
            open: Vec::new(),
            found: Vec::new(),
            is_all: true,
        }
    }

    fn clear(&mut self) {
        self.nodes.clear();
        self.events.clear();
        self.found.clear();
        self.is_all = true;
    }

    fn add(&mut self, event: EventId) {
        if self.events.mark(event.index()) {
            self.found.push(event);
        }
    }

    /// Adds all there is to add from a node that the top cannot do without; returns the number of nodes
    /// visited.
    fn spread(&mut self, node: u32) -> usize {
        let structure = self.structure;
        if self.nodes.mark(node as usize) {
            self.open.push(node);
        }
        let mut visited = 0;
        while let Some(node) = self.open.pop() {
            visited += 1;
            for &event in structure.node_events(node) {
                self.add(EventId(event));
            }
            for need in structure.needs(node) {
                let members = structure.members(need);
                match structure.head(need).k as usize {
                    0 => {}
                    k if k == members.len() => {
                        self.open.extend(
                            members.iter().filter(|&&member| self.nodes.mark(member as usize)),
                        );
                    }
                    _ => self.is_all = false,
                }
            }
        }
        visited
    }
}
