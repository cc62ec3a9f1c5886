//! From a tree to the diagrams of its parts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use super::order::{Part, WAYS, Way};
use super::simple::Sort;
use super::solution::{Solution, Solved};
use super::{FaultTree, Input, modules};
use crate::faults::diagram::{Algebra, Families, Full, Functions, NO, Ref, YES};

/// How much a solution may cost.
#[derive(Debug, Clone)]
pub struct Effort {
    /// Most bytes that the diagrams of one part may take.
    pub memory: usize,
    /// Whether probabilities will be asked for. Without them some trees are solved much faster.
    pub weigh: bool,
    /// Set from outside to end the work.
    pub stop: Arc<AtomicBool>,
}

impl Default for Effort {
    /// One gibibyte, probabilities too.
    fn default() -> Self {
        Effort { memory: 1 << 30, weigh: true, stop: Arc::default() }
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

/// A node with its places in the tables takes about so many bytes.
const BYTES_PER_NODE: usize = 56;
/// Diagrams are first tried up to so many nodes.
const FIRST_NODES: usize = 20_000;
/// Recursion over more levels than this gets a stack of its own.
const DEEP: usize = 2_000;

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
        let gates = tree.in_order().map_err(Unsolved::Loop)?;
        for gate in gates.into_iter().filter(|gate| *gate == top || modules[*gate as usize]) {
            let part = Part { tree: &tree, top: gate, modules: &modules };
            solved.insert(gate, solve_part(&part, effort)?);
        }
        Ok(Solution::new(top, solved, self.events))
    }
}

fn solve_part(part: &Part<'_>, effort: &Effort) -> Result<Solved, Unsolved> {
    let gates = part.gates();
    let variables = part.order(Way::AsWritten).len();
    if variables <= DEEP {
        return tries(part, &gates, effort);
    }
    // A diagram is as deep as it has variables.
    std::thread::scope(|scope| {
        let stack = (variables * 1024).clamp(64 << 20, 4 << 30);
        let builder = std::thread::Builder::new().stack_size(stack);
        let worker = builder.spawn_scoped(scope, || tries(part, &gates, effort));
        worker.ok().and_then(|worker| worker.join().ok()).unwrap_or(Err(Unsolved::Memory))
    })
}

/// Tries the first order, which is the best most often, and each other with an eighth of its nodes; then
/// all with more.
fn tries(part: &Part<'_>, gates: &[u32], effort: &Effort) -> Result<Solved, Unsolved> {
    let most = (effort.memory / BYTES_PER_NODE).max(FIRST_NODES);
    let mut nodes = FIRST_NODES;
    loop {
        for way in WAYS {
            let first = way == WAYS[0];
            // Where sets are few this is quickest; where they are not, it soon costs more than all else.
            if first
                && nodes == FIRST_NODES
                && !effort.weigh
                && let Ok(solved) = sets_alone(part, gates, way, nodes, effort)
            {
                return Ok(solved);
            }
            let nodes = if first || nodes == most { nodes } else { nodes / 8 };
            if let Ok(solved) = by_function(part, gates, way, nodes, effort) {
                return Ok(solved);
            }
            if effort.stop.load(Ordering::Relaxed) {
                return Err(Unsolved::Stopped);
            }
        }
        if nodes >= most {
            return Err(Unsolved::Memory);
        }
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
) -> Result<Solved, Full> {
    let order = part.order(way);
    let mut families = Families::new(nodes, effort.stop.clone());
    let sets = put_together(part, gates, &order, &mut families)?;
    families.table.finish();
    Ok(Solved { order, function: None, families, sets })
}

/// The function first, then its minimal solutions.
fn by_function(
    part: &Part<'_>,
    gates: &[u32],
    way: Way,
    nodes: usize,
    effort: &Effort,
) -> Result<Solved, Full> {
    let order = part.order(way);
    let mut functions = Functions::new(nodes, effort.stop.clone());
    let function = put_together(part, gates, &order, &mut functions)?;
    // Minimal solutions are rarely larger than their function, and sometimes much larger.
    let mut families = Families::new(nodes.saturating_mul(8), effort.stop.clone());
    let sets = families.minimal(&functions, function)?;
    families.table.finish();
    functions.table.finish();
    Ok(Solved { order, function: effort.weigh.then_some((functions, function)), families, sets })
}

/// The diagram of a part's gate from those of its variables.
fn put_together<A: Algebra>(
    part: &Part<'_>,
    gates: &[u32],
    order: &[Input],
    algebra: &mut A,
) -> Result<Ref, Full> {
    let mut meaning: FxHashMap<Input, Ref> = FxHashMap::default();
    for (level, variable) in order.iter().enumerate() {
        meaning.insert(*variable, algebra.variable(level as u32)?);
    }
    for gate in gates {
        let of = &part.tree.gates[*gate as usize];
        let mut inputs: Vec<Ref> =
            of.inputs.iter().filter_map(|input| meaning.get(input)).copied().collect();
        // The deepest first: what is put together stays small for longest.
        inputs.sort_by_key(|at| std::cmp::Reverse(algebra.table().level(*at)));
        let result = match Sort::of(of) {
            Some(Sort::Any) => inputs.iter().try_fold(NO, |sum, next| algebra.or(sum, *next))?,
            Some(Sort::All) => {
                inputs.iter().try_fold(YES, |product, next| algebra.and(product, *next))?
            }
            None => algebra.at_least(of.k as usize, &inputs)?,
        };
        meaning.insert(Input::Gate(*gate), result);
    }
    Ok(meaning.get(&Input::Gate(part.top)).copied().unwrap_or_default())
}
