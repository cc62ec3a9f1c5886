//! The small form of a tree: no constants, no gate with one input, no two gates that say the same, no `or`
//! under a lone `or`, no `and` under a lone `and`.

use rustc_hash::FxHashMap;

use super::{FaultTree, Gate, Input};

/// The tree in its small form. Gates stand after those they listen to.
///
/// # Errors
///
/// When gates form a loop: one of them.
pub(super) fn simple(tree: &FaultTree) -> Result<FaultTree, u32> {
    let order = tree.in_order()?;
    let mut small = Small { gates: Vec::new(), known: FxHashMap::default() };
    let mut meaning: Vec<Input> = vec![Input::Constant(false); tree.gates.len()];
    for gate in order {
        let Gate { k, inputs } = &tree.gates[gate as usize];
        let inputs = inputs.iter().map(|input| match input {
            Input::Gate(gate) => meaning[*gate as usize],
            other => *other,
        });
        meaning[gate as usize] = small.gate(*k, inputs.collect());
    }
    let top = match tree.top {
        Input::Gate(gate) => meaning[gate as usize],
        other => other,
    };
    let tree = FaultTree { gates: small.gates, events: tree.events, top };
    Ok(lone_gates_merged(tree))
}

struct Small {
    gates: Vec<Gate>,
    known: FxHashMap<(u32, Vec<Input>), Input>,
}

impl Small {
    fn gate(&mut self, k: u32, mut inputs: Vec<Input>) -> Input {
        let given = inputs.iter().filter(|i| **i == Input::Constant(true)).count() as u32;
        inputs.retain(|input| !matches!(input, Input::Constant(_)));
        let k = k.saturating_sub(given);
        inputs.sort_unstable();
        if k == 1 || k as usize == inputs.len() {
            // Said twice is said once. In between, an input that is listed twice counts twice.
            let all = k as usize == inputs.len();
            inputs.dedup();
            return self.plain(if all { inputs.len() as u32 } else { k }, inputs);
        }
        self.plain(k, inputs)
    }

    fn plain(&mut self, k: u32, inputs: Vec<Input>) -> Input {
        if k == 0 || (k as usize) > inputs.len() {
            return Input::Constant(k == 0);
        }
        if let [only] = inputs[..] {
            return only;
        }
        let next = Input::Gate(self.gates.len() as u32);
        let key = (k, inputs);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.gates.push(Gate { k, inputs: key.1.clone() });
        self.known.insert(key, next);
        next
    }
}

/// Merges an `or` into the only gate that listens to it, where that is an `or` too; the same with `and`.
fn lone_gates_merged(mut tree: FaultTree) -> FaultTree {
    let mut users = vec![0u32; tree.gates.len()];
    for input in tree.gates.iter().flat_map(|gate| &gate.inputs).filter_map(|i| i.gate()) {
        users[input as usize] += 1;
    }
    for at in 0..tree.gates.len() {
        let gate = &tree.gates[at];
        let Some(sort) = Sort::of(gate) else { continue };
        let merged = |input: &Input| {
            input
                .gate()
                .filter(|g| users[*g as usize] == 1)
                .filter(|g| Sort::of(&tree.gates[*g as usize]) == Some(sort))
        };
        if !gate.inputs.iter().any(|input| merged(input).is_some()) {
            continue;
        }
        let mut inputs = Vec::new();
        for input in &gate.inputs {
            match merged(input) {
                Some(lone) => inputs.extend_from_slice(&tree.gates[lone as usize].inputs),
                None => inputs.push(*input),
            }
        }
        inputs.sort_unstable();
        inputs.dedup();
        tree.gates[at] = sort.gate(inputs);
    }
    tree
}

/// The two sorts of gates that merge with their like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Any,
    All,
}

impl Sort {
    pub(super) fn of(gate: &Gate) -> Option<Sort> {
        match gate.k {
            1 => Some(Sort::Any),
            k if k as usize == gate.inputs.len() => Some(Sort::All),
            _ => None,
        }
    }

    /// `or` for `and`, and `and` for `or`.
    pub(super) fn other(self) -> Sort {
        match self {
            Sort::Any => Sort::All,
            Sort::All => Sort::Any,
        }
    }

    /// The gate of that sort.
    pub(super) fn gate(self, inputs: Vec<Input>) -> Gate {
        let k = if self == Sort::All { inputs.len() as u32 } else { 1 };
        Gate { k, inputs }
    }
}
