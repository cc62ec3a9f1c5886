//! From a tree to the diagrams of its parts.

use std::cmp::Reverse;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use super::order::{Part, WAYS, Way};
use super::simple::Sort;
use super::solution::{Diagram, Solution, Solved};
use super::{FaultTree, Input, modules};
use crate::faults::diagram::{Algebra, Families, Full, Functions, NO, Ref, YES, nodes_in};

/// How much a solution may cost.
#[derive(Debug, Clone)]
pub struct Effort {
    /// Most bytes that diagrams may take. Some hundred kilobytes are taken in any case.
    pub memory: usize,
    /// Whether probabilities will be asked for. Without them some trees are solved much faster.
    pub weigh: bool,
    /// How many orders of variables are tried at most: more of them find a small diagram more often, and one
    /// is soonest done where there is none. At least one is.
    pub orders: usize,
    /// Set from outside to end the work.
    pub stop: Arc<AtomicBool>,
}

impl Default for Effort {
    /// One gibibyte, probabilities too, every order.
    fn default() -> Self {
        Effort { memory: 1 << 30, weigh: true, orders: WAYS.len(), stop: Arc::default() }
    }
}

/// Why there is no solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsolved {
    /// A gate rests on itself.
    Loop(u32),
    /// The memory was not enough.
    Memory,
    /// Somebody asked to stop.
    Stopped,
}

/// Diagrams are first tried up to so many nodes.
const FIRST_NODES: usize = 20_000;
/// Recursion over more levels than this gets a stack of its own, and over more than that is not tried.
const DEEP: usize = 2_000;
const DEEPEST: usize = 4_000_000;
/// A level takes at most so many bytes of it.
const STACK_PER_LEVEL: usize = 1024;

impl FaultTree {
    /// Solves the tree: afterwards its minimal cut sets can be counted, listed and weighed.
    ///
    /// # Errors
    ///
    /// When gates form a loop, the effort is not enough, or it is stopped.
    pub fn solve(&self, effort: &Effort) -> Result<Solution, Unsolved> {
        let tree = modules::prepared(self).map_err(Unsolved::Loop)?;
        let modules = modules::modules(&tree);
        let Some(top) = tree.top.gate() else {
            return Ok(Solution::of_input(tree.top, tree.events));
        };
        let mut solved: FxHashMap<u32, Solved> = FxHashMap::default();
        let mut left = effort.memory;
        let gates = tree.in_order().map_err(Unsolved::Loop)?;
        for gate in gates.into_iter().filter(|gate| *gate == top || modules[*gate as usize]) {
            let part = Part { tree: &tree, top: gate, modules: &modules };
            let found = solve_part(&part, &Effort { memory: left, ..effort.clone() })?;
            left = left.saturating_sub(found.bytes());
            solved.insert(gate, found);
        }
        Ok(Solution::new(top, solved, self.events))
    }
}

fn solve_part(part: &Part<'_>, effort: &Effort) -> Result<Solved, Unsolved> {
    let gates = part.gates();
    let variables = part.order(Way::AsWritten).len();
    if variables <= DEEP {
        return race(part, &gates, effort);
    }
    if variables > DEEPEST {
        return Err(Unsolved::Memory);
    }
    // A diagram is as deep as it has variables.
    std::thread::scope(|scope| {
        let stack = (variables * STACK_PER_LEVEL).max(64 << 20);
        let builder = std::thread::Builder::new().stack_size(stack);
        let worker = builder.spawn_scoped(scope, || race(part, &gates, effort));
        worker.ok().and_then(|worker| worker.join().ok()).unwrap_or(Err(Unsolved::Memory))
    })
}

/// Tries every order with few nodes. Where none is enough, those that came furthest go on with more.
fn race(part: &Part<'_>, gates: &[u32], effort: &Effort) -> Result<Solved, Unsolved> {
    let most = nodes_in(effort.memory).max(FIRST_NODES);
    let mut nodes = FIRST_NODES;
    // Where sets are few this is quickest; where they are not, it soon costs more than all else.
    if !effort.weigh
        && let Ok(solved) = sets_alone(part, gates, WAYS[0], nodes, effort)
    {
        return Ok(solved);
    }
    let mut ways: Vec<Way> = WAYS.into_iter().take(effort.orders.max(1)).collect();
    loop {
        let mut reached = Vec::with_capacity(ways.len());
        for way in ways {
            match by_function(part, gates, way, nodes, effort) {
                Ok(solved) => return Ok(solved),
                Err(progress) => reached.push((Reverse(progress), way)),
            }
            if effort.stop.load(Ordering::Relaxed) {
                return Err(Unsolved::Stopped);
            }
        }
        if nodes >= most {
            return Err(Unsolved::Memory);
        }
        reached.sort_by_key(|(progress, _)| *progress);
        reached.truncate(reached.len().div_ceil(2).max(2));
        ways = reached.into_iter().map(|(_, way)| way).collect();
        nodes = (nodes * 4).min(most);
    }
}

/// The sets, put together as the gates say.
fn sets_alone(
    part: &Part<'_>,
    gates: &[u32],
    way: Way,
    nodes: usize,
    effort: &Effort,
) -> Result<Solved, Progress> {
    let order = part.order(way);
    let mut families = Families::new(nodes, effort.stop.clone());
    let sets = put_together(part, gates, &order, &mut families)?;
    Ok(Solved { order, function: None, sets: Diagram::of(families.table, sets) })
}

/// The function first, then its minimal solutions.
fn by_function(
    part: &Part<'_>,
    gates: &[u32],
    way: Way,
    nodes: usize,
    effort: &Effort,
) -> Result<Solved, Progress> {
    let order = part.order(way);
    let mut functions = Functions::new(nodes, effort.stop.clone());
    let function = put_together(part, gates, &order, &mut functions)?;
    let function = Diagram::of(functions.table, function);
    // Minimal solutions are rarely larger than all that their function took, and sometimes much larger.
    let left = nodes_in(effort.memory.saturating_sub(function.table.bytes())).max(FIRST_NODES);
    let mut families = Families::new(left.min(nodes.saturating_mul(8)), effort.stop.clone());
    let all_gates = Progress { gates: gates.len(), fewest: Reverse(function.table.nodes().len()) };
    let sets = families.minimal(&function.table, function.root).map_err(|Full| all_gates)?;
    let sets = Diagram::of(families.table, sets);
    Ok(Solved { order, function: effort.weigh.then_some(function), sets })
}

/// How far an order came before its nodes were used up: more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Progress {
    /// So many gates were put together,
    gates: usize,
    /// with so many nodes.
    fewest: Reverse<usize>,
}

/// The diagram of a part's gate from those of its variables.
fn put_together<A: Algebra>(
    part: &Part<'_>,
    gates: &[u32],
    order: &[Input],
    algebra: &mut A,
) -> Result<Ref, Progress> {
    let mut progress = Progress { gates: 0, fewest: Reverse(0) };
    let mut meaning: FxHashMap<Input, Ref> = FxHashMap::default();
    for (level, variable) in order.iter().enumerate() {
        let own = algebra.variable(level as u32).map_err(|Full| progress)?;
        meaning.insert(*variable, own);
    }
    for gate in gates {
        let of = &part.tree.gates[*gate as usize];
        let mut inputs: Vec<Ref> =
            of.inputs.iter().filter_map(|input| meaning.get(input)).copied().collect();
        // The deepest first: what is put together stays small for longest.
        inputs.sort_by_key(|at| Reverse(algebra.table().node(*at).level));
        let result = match Sort::of(of) {
            Some(Sort::Any) => inputs.iter().try_fold(NO, |sum, next| algebra.or(sum, *next)),
            Some(Sort::All) => inputs.iter().try_fold(YES, |all, next| algebra.and(all, *next)),
            None => algebra.at_least(of.k as usize, &inputs),
        };
        meaning.insert(Input::Gate(*gate), result.map_err(|Full| progress)?);
        let fewest = Reverse(algebra.table().nodes().len());
        progress = Progress { gates: progress.gates + 1, fewest };
    }
    Ok(meaning.get(&Input::Gate(part.top)).copied().unwrap_or_default())
}
