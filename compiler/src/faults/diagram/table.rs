//! Nodes of decision diagrams: each kept once, found by what it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A node of a table, or one of the two ends.
pub(in crate::faults) type Ref = u32;

/// The end that says no.
pub(in crate::faults) const NO: Ref = 0;
/// The end that says yes.
pub(in crate::faults) const YES: Ref = 1;

/// The level of the two ends, below every variable.
pub(in crate::faults) const END: u32 = u32::MAX;

/// The diagram would grow beyond what it may, or the work was ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::faults) struct Full;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::faults) struct Node {
    pub level: u32,
    pub low: Ref,
    pub high: Ref,
}

/// Which node a decision may leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::faults) enum Rule {
    /// One whose branches are the same (a function of its variables).
    Same,
    /// One whose high branch says no (a family of sets).
    ZeroHigh,
}

/// A table of nodes with a cache of results. Operations are numbered by their owner.
#[derive(Debug)]
pub(in crate::faults) struct Table {
    rule: Rule,
    nodes: Vec<Node>,
    /// Open addressing: the numbers of nodes, 0 for a free place.
    unique: Vec<Ref>,
    /// A place for each pair of operands, overwritten freely.
    cache: Vec<Cached>,
    limit: usize,
    /// How often a node was asked for.
    asked: usize,
    /// Set from outside to end the work.
    stop: Arc<AtomicBool>,
}

#[derive(Debug, Clone, Copy)]
struct Cached {
    op: u32,
    left: Ref,
    right: Ref,
    result: Ref,
}

const EMPTY: Cached = Cached { op: u32::MAX, left: 0, right: 0, result: 0 };
/// Most parts of a tree are small, and there may be a million of them.
const FIRST: usize = 1 << 6;
/// So often on average each node that a table may hold is asked for, and no more.
const MOST_ASKED: usize = 100;

impl Table {
    /// An empty table that holds at most `limit` nodes.
    pub fn new(rule: Rule, limit: usize, stop: Arc<AtomicBool>) -> Table {
        let end = Node { level: END, low: 0, high: 0 };
        Table {
            rule,
            nodes: vec![end, end],
            unique: vec![0; FIRST],
            cache: vec![EMPTY; FIRST],
            limit,
            asked: 0,
            stop,
        }
    }

    pub fn node(&self, at: Ref) -> Node {
        self.nodes[at as usize]
    }

    /// The node of that decision, made where it is new.
    pub fn make(&mut self, level: u32, low: Ref, high: Ref) -> Result<Ref, Full> {
        let left_out = match self.rule {
            Rule::Same => low == high,
            Rule::ZeroHigh => high == NO,
        };
        if left_out {
            return Ok(low);
        }
        self.asked += 1;
        if self.asked.is_multiple_of(1 << 14) {
            // Results that were forgotten are worked out again, which must not go on for ever.
            let in_vain = self.asked / MOST_ASKED > self.limit;
            if in_vain || self.stop.load(Ordering::Relaxed) {
                return Err(Full);
            }
        }
        let node = Node { level, low, high };
        let mask = self.unique.len() - 1;
        let mut place = hash(level, low, high) as usize & mask;
        loop {
            match self.unique[place] {
                0 => break,
                at if self.nodes[at as usize] == node => return Ok(at),
                _ => place = (place + 1) & mask,
            }
        }
        if self.nodes.len() >= self.limit {
            return Err(Full);
        }
        let at = self.nodes.len() as Ref;
        self.nodes.push(node);
        self.unique[place] = at;
        if self.nodes.len() * 2 > self.unique.len() {
            self.grow();
        }
        Ok(at)
    }

    fn grow(&mut self) {
        let size = self.unique.len() * 2;
        let mask = size - 1;
        let mut unique = vec![0; size];
        for (at, node) in self.nodes.iter().enumerate().skip(2) {
            let mut place = hash(node.level, node.low, node.high) as usize & mask;
            while unique[place] != 0 {
                place = (place + 1) & mask;
            }
            unique[place] = at as Ref;
        }
        self.unique = unique;
        // Results are kept: they stay true, and most would be asked for again.
        let old = std::mem::replace(&mut self.cache, vec![EMPTY; size]);
        for cached in old.into_iter().filter(|c| c.op != u32::MAX) {
            let place = hash(cached.op, cached.left, cached.right) as usize & mask;
            self.cache[place] = cached;
        }
    }

    /// Keeps only what is below a node, each node after those below it, and gives back what making nodes and
    /// remembering results needs. Returns the node's new number.
    pub fn finish(&mut self, root: Ref) -> Ref {
        self.unique = Vec::new();
        self.cache = Vec::new();
        let mut places = vec![0; self.nodes.len()];
        places[YES as usize] = YES;
        let mut kept = vec![self.nodes[0], self.nodes[1]];
        let mut open = vec![root];
        while let Some(at) = open.last().copied() {
            let Node { level, low, high } = self.node(at);
            let new = |of: Ref| if of <= YES { of } else { places[of as usize] };
            if at <= YES || places[at as usize] != 0 {
                open.pop();
            } else if (low > YES && new(low) == 0) || (high > YES && new(high) == 0) {
                open.extend([low, high].iter().filter(|of| **of > YES && new(**of) == 0));
            } else {
                let node = Node { level, low: new(low), high: new(high) };
                places[at as usize] = kept.len() as Ref;
                kept.push(node);
                open.pop();
            }
        }
        kept.shrink_to_fit();
        self.nodes = kept;
        places[root as usize]
    }

    /// The nodes by number, the two ends first. Once finished each stands after those below it.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// How many bytes it takes once finished.
    pub fn bytes(&self) -> usize {
        size_of_val(self.nodes.as_slice())
    }

    /// The result of an operation, where it is remembered.
    pub fn known(&self, op: u32, left: Ref, right: Ref) -> Option<Ref> {
        let cached = self.cache[hash(op, left, right) as usize & (self.cache.len() - 1)];
        let same = cached.op == op && cached.left == left && cached.right == right;
        same.then_some(cached.result)
    }

    /// Remembers the result of an operation.
    pub fn remember(&mut self, op: u32, left: Ref, right: Ref, result: Ref) {
        let place = hash(op, left, right) as usize & (self.cache.len() - 1);
        self.cache[place] = Cached { op, left, right, result };
    }
}

/// How many nodes a table may have so that it never takes more than so many bytes. It takes most while it grows: then
/// it holds two tables of places for results and nodes, the new one of twice the size.
pub(in crate::faults) fn nodes_in(bytes: usize) -> usize {
    let place = size_of::<Cached>() + size_of::<Ref>();
    // At the largest a place for results and nodes is new or old, and half as many nodes as new places will come;
    // their list may be twice as long as it is full.
    let for_each = place + place / 2 + size_of::<Node>();
    let places = bytes / for_each;
    places.checked_ilog2().map_or(0, |power| 1 << power) / 2
}

fn hash(a: u32, b: u32, c: u32) -> u64 {
    let mut mixed = u64::from(a).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ u64::from(b)).rotate_left(23).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ u64::from(c)).rotate_left(29).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 32)
}
