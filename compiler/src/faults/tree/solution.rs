//! What a solved tree can be asked.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::Input;
use super::chain::Chain;
use crate::faults::diagram::{NO, Node, Ref, Table, YES};

/// A part of a tree as diagrams.
#[derive(Debug)]
pub(super) struct Solved {
    /// The variables by level.
    pub order: Vec<Input>,
    /// When it fails; where that was asked for.
    pub function: Option<Diagram>,
    /// Its minimal sets.
    pub sets: Diagram,
}

/// A finished diagram.
#[derive(Debug)]
pub(super) struct Diagram {
    pub table: Table,
    pub root: Ref,
}

impl Diagram {
    /// Finishes a table.
    pub fn of(mut table: Table, root: Ref) -> Diagram {
        let root = table.finish(root);
        Diagram { table, root }
    }

    /// Each node that decides something, after those below it.
    fn decisions(&self) -> &[Node] {
        self.table.nodes().get(2..).unwrap_or_default()
    }
}

impl Solved {
    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        let functions = self.function.as_ref().map_or(0, |function| function.table.bytes());
        functions + self.sets.table.bytes() + size_of_val(self.order.as_slice())
    }

    fn variable(&self, node: Node) -> Input {
        self.order[node.level as usize]
    }
}

/// A solved tree.
#[derive(Debug)]
pub struct Solution {
    top: Input,
    parts: FxHashMap<u32, Solved>,
    /// The gates of the parts, each after those below it.
    order: Vec<u32>,
    events: u32,
}

/// Why sets were not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncounted {
    /// There are more than 128 bits hold.
    TooWide,
    /// It would take too long.
    TooLong,
}

/// Most numbers that are added up for a count: some seconds.
const MOST_WORK: usize = 2_000_000_000;
/// Most numbers that are held meanwhile: a gibibyte.
const MOST_HELD: usize = 1 << 26;

/// How much one event matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Importance {
    /// Birnbaum: how much the top's probability changes with the event's.
    pub birnbaum: f64,
    /// Fussell-Vesely: the share of the top's probability that goes when the event never happens.
    pub fussell_vesely: f64,
    /// Risk achievement worth: by what the top's probability grows when the event is certain.
    pub achievement: f64,
    /// Risk reduction worth: by what it shrinks when the event never happens.
    pub reduction: f64,
}

impl Solution {
    pub(super) fn new(top: u32, parts: FxHashMap<u32, Solved>, events: u32) -> Solution {
        let mut order = Vec::new();
        let mut open = vec![(top, false)];
        while let Some((gate, done)) = open.pop() {
            if done {
                order.push(gate);
                continue;
            }
            open.push((gate, true));
            let below = parts.get(&gate).into_iter().flat_map(|part| &part.order);
            open.extend(below.filter_map(|input| input.gate()).map(|gate| (gate, false)));
        }
        Solution { top: Input::Gate(top), parts, order, events }
    }

    pub(super) fn of_input(top: Input, events: u32) -> Solution {
        Solution { top, parts: FxHashMap::default(), order: Vec::new(), events }
    }

    /// How many minimal cut sets there are, by order from 0 on. A dynamic programme over the diagrams: nothing is
    /// listed.
    ///
    /// # Errors
    ///
    /// When a number does not fit 128 bits, or sets are so large and parts so many that it would take minutes.
    pub fn counts(&self) -> Result<Vec<u128>, Uncounted> {
        let mut work = 0;
        let mut known: FxHashMap<u32, Vec<u128>> = FxHashMap::default();
        let mut users: FxHashMap<Input, u32> = FxHashMap::default();
        for variable in self.order.iter().flat_map(|gate| &self.parts[gate].order) {
            *users.entry(*variable).or_default() += 1;
        }
        for gate in &self.order {
            let part = &self.parts[gate];
            let counts = counts_of(part, &known, &mut work)?;
            known.insert(*gate, counts);
            // Numbers of parts that nobody asks for again are many in deep trees.
            for variable in &part.order {
                if let Some(left) = users.get_mut(variable) {
                    *left -= 1;
                    if let (0, Input::Gate(module)) = (*left, variable) {
                        known.remove(module);
                    }
                }
            }
        }
        Ok(match self.top {
            Input::Gate(gate) => known.remove(&gate).unwrap_or_default(),
            Input::Event(_) => vec![0, 1],
            Input::Constant(true) => vec![1],
            Input::Constant(false) => Vec::new(),
        })
    }

    /// The exact probability of the top, where events are independent and have these probabilities. `None`
    /// where the effort did not ask for it.
    #[must_use]
    pub fn probability(&self, of: &[f64]) -> Option<f64> {
        let known = self.part_probabilities(of)?;
        Some(self.probability_of(self.top, of, &known))
    }

    fn probability_of(&self, input: Input, of: &[f64], known: &FxHashMap<u32, f64>) -> f64 {
        match input {
            Input::Gate(gate) => known.get(&gate).copied().unwrap_or(0.0),
            Input::Event(event) => of.get(event as usize).copied().unwrap_or(0.0),
            Input::Constant(value) => f64::from(u8::from(value)),
        }
    }

    fn part_probabilities(&self, of: &[f64]) -> Option<FxHashMap<u32, f64>> {
        let mut known: FxHashMap<u32, f64> = FxHashMap::default();
        for gate in &self.order {
            let part = &self.parts[gate];
            let function = part.function.as_ref()?;
            let of_levels = self.level_probabilities(part, of, &known);
            let values = node_probabilities(function, &of_levels);
            known.insert(*gate, values[function.root as usize]);
        }
        Some(known)
    }

    fn level_probabilities(
        &self,
        part: &Solved,
        of: &[f64],
        known: &FxHashMap<u32, f64>,
    ) -> Vec<f64> {
        part.order.iter().map(|variable| self.probability_of(*variable, of, known)).collect()
    }

    /// How much each event matters, by number. Two passes over the diagrams. `None` where the effort did not ask
    /// for probabilities.
    #[must_use]
    pub fn importance(&self, of: &[f64]) -> Option<Vec<Importance>> {
        let known = self.part_probabilities(of)?;
        let top = self.probability_of(self.top, of, &known);
        let mut birnbaum = vec![0.0; self.events as usize];
        let mut of_parts: FxHashMap<u32, f64> = FxHashMap::default();
        match self.top {
            Input::Gate(gate) => drop(of_parts.insert(gate, 1.0)),
            Input::Event(event) => birnbaum[event as usize] = 1.0,
            Input::Constant(_) => {}
        }
        for gate in self.order.iter().rev() {
            let part = &self.parts[gate];
            let own = of_parts.get(gate).copied().unwrap_or(0.0);
            let function = part.function.as_ref()?;
            let of_levels = self.level_probabilities(part, of, &known);
            let values = node_probabilities(function, &of_levels);
            let mut reach = vec![0.0; values.len()];
            reach[function.root as usize] = own;
            let mut changes = vec![0.0; part.order.len()];
            for (node, place) in function.decisions().iter().zip(2..values.len()).rev() {
                let (low, high) = (node.low as usize, node.high as usize);
                let p = of_levels[node.level as usize];
                reach[high] += reach[place] * p;
                reach[low] += reach[place] * (1.0 - p);
                changes[node.level as usize] += reach[place] * (values[high] - values[low]);
            }
            for (variable, change) in part.order.iter().zip(changes) {
                match variable {
                    Input::Gate(module) => *of_parts.entry(*module).or_default() += change,
                    Input::Event(event) => birnbaum[*event as usize] += change,
                    Input::Constant(_) => {}
                }
            }
        }
        let each = birnbaum.iter().zip(of.iter().chain(std::iter::repeat(&0.0)));
        let importance = each.map(|(birnbaum, p)| {
            let (without, with) = (top - p * birnbaum, top + (1.0 - p) * birnbaum);
            Importance {
                birnbaum: *birnbaum,
                fussell_vesely: if top > 0.0 { p * birnbaum / top } else { 0.0 },
                achievement: if top > 0.0 { with / top } else { 1.0 },
                reduction: if without > 0.0 { top / without } else { f64::INFINITY },
            }
        });
        Some(importance.collect())
    }

    /// The minimal cut sets, the smallest first; each rising. Lazily: the first ones cost next to nothing
    /// however many there are.
    pub fn smallest(&self) -> Sets<'_> {
        self.sets(|_| 1.0)
    }

    /// The minimal cut sets, the most probable first.
    pub fn likeliest<'a>(&'a self, of: &'a [f64]) -> Sets<'a> {
        self.sets(|event| -of.get(event as usize).copied().unwrap_or(0.0).ln())
    }

    fn sets(&self, cost: impl Fn(u32) -> f64) -> Sets<'_> {
        let mut least: FxHashMap<u32, Vec<f64>> = FxHashMap::default();
        let mut costs: FxHashMap<Input, f64> = FxHashMap::default();
        for event in 0..self.events {
            costs.insert(Input::Event(event), cost(event));
        }
        for gate in &self.order {
            let part = &self.parts[gate];
            let of_levels: Vec<f64> = part.order.iter().map(|variable| costs[variable]).collect();
            let mut values = Vec::with_capacity(part.sets.table.nodes().len());
            values.extend([f64::INFINITY, 0.0]);
            for node in part.sets.decisions() {
                let high: f64 = of_levels[node.level as usize] + values[node.high as usize];
                values.push(high.min(values[node.low as usize]));
            }
            costs.insert(Input::Gate(*gate), values[part.sets.root as usize]);
            least.insert(*gate, values);
        }
        let mut sets = Sets { solution: self, least, costs, open: BinaryHeap::new(), number: 0 };
        match self.top {
            Input::Gate(gate) => {
                let at = self.parts[&gate].sets.root;
                sets.push(0.0, Chain::empty().with((gate, at)), Chain::empty());
            }
            Input::Event(event) => sets.push(0.0, Chain::empty(), Chain::empty().with(event)),
            Input::Constant(true) => sets.push(0.0, Chain::empty(), Chain::empty()),
            Input::Constant(false) => {}
        }
        sets
    }
}

/// How many minimal sets a part has, by order. What a node counts is forgotten once nobody asks for it any more.
fn counts_of(
    part: &Solved,
    known: &FxHashMap<u32, Vec<u128>>,
    work: &mut usize,
) -> Result<Vec<u128>, Uncounted> {
    let nodes = part.sets.table.nodes();
    let mut users = vec![0u32; nodes.len()];
    part.sets.decisions().iter().flat_map(|n| [n.low, n.high]).for_each(|n| users[n as usize] += 1);
    // The two ends, and what is asked for, stay.
    for kept in [NO, YES, part.sets.root] {
        users[kept as usize] = u32::MAX;
    }
    let mut held = 0;
    let mut counts: Vec<Vec<u128>> = Vec::with_capacity(nodes.len());
    counts.extend([Vec::new(), vec![1]]);
    for node in part.sets.decisions() {
        let (low, high) = (node.low as usize, node.high as usize);
        for below in [low, high] {
            users[below] -= 1;
        }
        let last = users[low] == 0 && low != high;
        let mut sum = if last { std::mem::take(&mut counts[low]) } else { counts[low].clone() };
        let before = if last { sum.len() } else { 0 };
        let added = match part.variable(*node) {
            Input::Gate(module) => add_product(&mut sum, &counts[high], &known[&module], work),
            _ => add_shifted(&mut sum, &counts[high]),
        };
        added.ok_or(Uncounted::TooWide)?;
        held = held + sum.len() - before;
        if users[high] == 0 {
            held -= std::mem::take(&mut counts[high]).len();
        }
        *work += sum.len();
        counts.push(sum);
        if *work > MOST_WORK || held > MOST_HELD {
            return Err(Uncounted::TooLong);
        }
    }
    Ok(std::mem::take(&mut counts[part.sets.root as usize]))
}

/// The probability of each node, by number.
fn node_probabilities(function: &Diagram, of_levels: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = Vec::with_capacity(function.table.nodes().len());
    values.extend([0.0, 1.0]);
    for node in function.decisions() {
        let p = of_levels[node.level as usize];
        let (low, high) = (values[node.low as usize], values[node.high as usize]);
        values.push(p * high + (1.0 - p) * low);
    }
    values
}

/// `sum += left · right`, as polynomials; `None` where a number does not fit. Each product is work.
fn add_product(sum: &mut Vec<u128>, left: &[u128], right: &[u128], work: &mut usize) -> Option<()> {
    *work += left.len() * right.len();
    let size = (left.len() + right.len()).saturating_sub(1);
    if !left.is_empty() && !right.is_empty() && sum.len() < size {
        sum.resize(size, 0);
    }
    for (i, a) in left.iter().enumerate().filter(|(_, a)| **a != 0) {
        for (j, b) in right.iter().enumerate().filter(|(_, b)| **b != 0) {
            let at = &mut sum[i + j];
            *at = at.checked_add(a.checked_mul(*b)?)?;
        }
    }
    Some(())
}

/// `sum += x · high`, as polynomials; `None` where a number does not fit.
fn add_shifted(sum: &mut Vec<u128>, high: &[u128]) -> Option<()> {
    if !high.is_empty() && sum.len() <= high.len() {
        sum.resize(high.len() + 1, 0);
    }
    for (order, count) in high.iter().enumerate() {
        sum[order + 1] = sum[order + 1].checked_add(*count)?;
    }
    Some(())
}

/// Minimal cut sets in rising order of cost.
pub struct Sets<'a> {
    solution: &'a Solution,
    /// Per part and node the least that a set from there costs.
    least: FxHashMap<u32, Vec<f64>>,
    costs: FxHashMap<Input, f64>,
    open: BinaryHeap<Partial>,
    number: u64,
}

/// What is still to be decided of a set: nodes of parts, the next one first.
type Pending = Chain<(u32, Ref)>;

/// A set that is chosen in part.
struct Partial {
    /// The least that any set from here costs.
    bound: f64,
    number: u64,
    /// What the chosen events and all that is pending cost at least.
    base: f64,
    pending: Pending,
    chosen: Chain<u32>,
}

impl Sets<'_> {
    /// `base` is what is paid already, without the pending node.
    fn push(&mut self, base: f64, pending: Pending, chosen: Chain<u32>) {
        let ahead = pending.split().map_or(0.0, |((gate, at), _)| self.least[gate][*at as usize]);
        if ahead.is_finite() {
            self.number += 1;
            self.open.push(Partial {
                bound: base + ahead,
                number: self.number,
                base,
                pending,
                chosen,
            });
        }
    }
}

impl Iterator for Sets<'_> {
    type Item = Vec<u32>;

    fn next(&mut self) -> Option<Vec<u32>> {
        while let Some(partial) = self.open.pop() {
            let Some((&(gate, at), then)) = partial.pending.split() else {
                let mut events: Vec<u32> = partial.chosen.iter().copied().collect();
                events.sort_unstable();
                return Some(events);
            };
            if at == YES {
                // What waits was paid for in full when its part was chosen: take that back.
                let waiting =
                    then.split().map_or(0.0, |((gate, at), _)| self.least[gate][*at as usize]);
                self.push(partial.base - waiting, then.clone(), partial.chosen);
                continue;
            }
            let part = &self.solution.parts[&gate];
            let node = part.sets.table.node(at);
            self.push(partial.base, then.with((gate, node.low)), partial.chosen.clone());
            let variable = part.variable(node);
            let base = partial.base + self.costs[&variable];
            let rest = then.with((gate, node.high));
            match variable {
                Input::Event(event) => self.push(base, rest, partial.chosen.with(event)),
                Input::Gate(module) => {
                    let at = self.solution.parts[&module].sets.root;
                    let waiting = then.with((module, at));
                    self.push(base, waiting.with((gate, node.high)), partial.chosen);
                }
                Input::Constant(_) => {}
            }
        }
        None
    }
}

impl Ord for Partial {
    /// The cheapest is the greatest; of equal ones the newest, so that sets are finished first.
    fn cmp(&self, other: &Partial) -> Ordering {
        other.bound.total_cmp(&self.bound).then(self.number.cmp(&other.number))
    }
}
impl PartialOrd for Partial {
    fn partial_cmp(&self, other: &Partial) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Partial {
    fn eq(&self, other: &Partial) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Partial {}
