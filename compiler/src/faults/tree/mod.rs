//! Fault trees: gates over losses, shared as they may be, without loops.
//!
//! Every gate says "at least `k` of these", which covers `or` (one) and `and` (all). A tree is brought into a
//! small form (`simple`), cut into parts that share nothing (`modules`), each part is ordered (`order`)
//! and turned into a decision diagram; `solution` answers from the diagrams.

mod chain;
mod circuit;
mod common_cause;
mod factored;
mod least;
mod modules;
mod order;
mod simple;
mod solution;
mod solve;
mod unrolled;

pub use common_cause::{CommonCause, Model};
pub use least::Least;
pub use solution::{Importance, Solution, Uncounted};
pub use solve::{Effort, Unsolved};
pub use unrolled::{GATES_ALWAYS, GATES_PER_NODE};

/// What a gate listens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// A gate, by number.
    Gate(u32),
    /// A loss, by number.
    Event(u32),
    /// Something that has happened, or never does.
    Constant(bool),
}

/// True when at least `k` of the inputs are. An input listed twice counts twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// How many.
    pub k: u32,
    /// Of which.
    pub inputs: Vec<Input>,
}

/// A fault tree: what must happen for the top to fail. Gates must not form loops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultTree {
    /// The gates, by number.
    pub gates: Vec<Gate>,
    /// How many events there are; some may be used nowhere.
    pub events: u32,
    /// The top.
    pub top: Input,
}

impl FaultTree {
    /// The same tree in a small form: no constants but for the top, no gate with one input, no
    /// two gates that say the same.
    ///
    /// # Errors
    ///
    /// When gates form a loop: one of them.
    pub fn simplified(&self) -> Result<FaultTree, u32> {
        simple::simple(self)
    }

    /// The gates that the top rests on, each after those it listens to; `Err` names a gate on a loop.
    ///
    /// # Errors
    ///
    /// When gates form a loop.
    pub fn in_order(&self) -> Result<Vec<u32>, u32> {
        let mut order = Vec::new();
        // 0: not met, 1: being worked on, 2: done.
        let mut state = vec![0u8; self.gates.len()];
        let mut open: Vec<(u32, bool)> =
            self.top.gate().map(|gate| (gate, false)).into_iter().collect();
        while let Some((gate, done)) = open.pop() {
            let at = gate as usize;
            if done {
                state[at] = 2;
                order.push(gate);
                continue;
            }
            match state[at] {
                2 => continue,
                1 => return Err(gate),
                _ => state[at] = 1,
            }
            open.push((gate, true));
            for input in self.gates[at].inputs.iter().rev().filter_map(|input| input.gate()) {
                match state[input as usize] {
                    0 => open.push((input, false)),
                    1 => return Err(input),
                    _ => {}
                }
            }
        }
        Ok(order)
    }
}

impl Input {
    /// The gate, where it is one.
    pub fn gate(self) -> Option<u32> {
        match self {
            Input::Gate(gate) => Some(gate),
            _ => None,
        }
    }
}
