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
            stop,
        }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn node(&self, at: Ref) -> Node {
        self.nodes[at as usize]
    }

    pub fn level(&self, at: Ref) -> u32 {
        self.nodes[at as usize].level
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
        let many = self.nodes.len();
        if many >= self.limit || many.is_multiple_of(1 << 14) && self.stop.load(Ordering::Relaxed) {
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

    /// Gives back what only making nodes and remembering results needs.
    pub fn finish(&mut self) {
        self.unique = Vec::new();
        self.cache = Vec::new();
        self.nodes.shrink_to_fit();
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

    /// The nodes that can be reached, each after those below it, with their places in that list. The two
    /// ends come first.
    pub fn below(&self, root: Ref) -> Below {
        let mut order = vec![NO, YES];
        let mut places = vec![u32::MAX; self.nodes.len()];
        places[0] = 0;
        places[1] = 1;
        let mut open = vec![root];
        while let Some(at) = open.last().copied() {
            if places[at as usize] != u32::MAX {
                open.pop();
                continue;
            }
            let node = self.node(at);
            let before = open.len();
            open.extend([node.low, node.high].iter().filter(|n| places[**n as usize] == u32::MAX));
            if open.len() == before {
                places[at as usize] = order.len() as u32;
                order.push(at);
                open.pop();
            }
        }
        Below { order, places }
    }
}

/// Nodes below a root.
pub(in crate::faults) struct Below {
    /// Each after those below it.
    pub order: Vec<Ref>,
    places: Vec<u32>,
}

impl Below {
    /// The place of a node in the order.
    pub fn place(&self, at: Ref) -> usize {
        self.places[at as usize] as usize
    }
}

fn hash(a: u32, b: u32, c: u32) -> u64 {
    let mut mixed = u64::from(a).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ u64::from(b)).rotate_left(23).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ u64::from(c)).rotate_left(29).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 32)
}
