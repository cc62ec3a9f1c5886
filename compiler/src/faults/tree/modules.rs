//! Parts of a tree that share nothing with the rest: each is solved alone, and stands in what is above it
//! like a single event (Dutuit and Rauzy, "A linear-time algorithm to find modules of fault trees", 1996).

use super::factored::factored;
use super::simple::{Sort, simple};
use super::{FaultTree, Input};

/// The tree in the form that is solved.
///
/// # Errors
///
/// When gates form a loop: one of them.
pub(super) fn prepared(tree: &FaultTree) -> Result<FaultTree, u32> {
    let tree = factored(simple(tree)?);
    Ok(grouped(simple(&tree)?))
}

/// Splits the inputs of `or` and `and` gates into groups that share nothing, so that each group is a gate of
/// its own and may be a module. Gates stand after those they listen to; new ones are added at the end.
fn grouped(mut tree: FaultTree) -> FaultTree {
    let modules = modules(&tree);
    let count = tree.gates.len();
    // Which input of the gate at hand met an event or a gate first.
    let mut met_gate = vec![u32::MAX; count];
    let mut met_event = vec![u32::MAX; tree.events as usize];
    for at in 0..count {
        let gate = &tree.gates[at];
        let Some(sort) = Sort::of(gate).filter(|_| modules[at] && gate.inputs.len() > 2) else {
            continue;
        };
        let mut groups = Groups((0..gate.inputs.len() as u32).collect());
        let mut touched: Vec<Input> = Vec::new();
        for (number, input) in gate.inputs.iter().enumerate() {
            let number = number as u32;
            let mut open = vec![*input];
            while let Some(input) = open.pop() {
                let met = match input {
                    Input::Gate(gate) => &mut met_gate[gate as usize],
                    Input::Event(event) => &mut met_event[event as usize],
                    Input::Constant(_) => continue,
                };
                if *met != u32::MAX {
                    groups.join(*met, number);
                    continue;
                }
                *met = number;
                touched.push(input);
                if let Input::Gate(gate) = input
                    && !(modules[gate as usize])
                {
                    open.extend_from_slice(&tree.gates[gate as usize].inputs);
                }
            }
        }
        for input in touched {
            match input {
                Input::Gate(gate) => met_gate[gate as usize] = u32::MAX,
                Input::Event(event) => met_event[event as usize] = u32::MAX,
                Input::Constant(_) => {}
            }
        }
        let inputs = split(&mut tree, at, sort, &mut groups);
        tree.gates[at] = sort.gate(inputs);
    }
    tree
}

/// The inputs of a gate with every group of several turned into a gate.
fn split(tree: &mut FaultTree, at: usize, sort: Sort, groups: &mut Groups) -> Vec<Input> {
    let inputs = tree.gates[at].inputs.clone();
    let mut members: Vec<Vec<Input>> = vec![Vec::new(); inputs.len()];
    for (number, input) in inputs.iter().enumerate() {
        members[groups.root(number as u32) as usize].push(*input);
    }
    members.retain(|group| !group.is_empty());
    if members.len() == 1 {
        return inputs;
    }
    let mut result = Vec::new();
    for group in members {
        match group[..] {
            [only] => result.push(only),
            _ => {
                result.push(Input::Gate(tree.gates.len() as u32));
                tree.gates.push(sort.gate(group));
            }
        }
    }
    result
}

struct Groups(Vec<u32>);

impl Groups {
    fn root(&mut self, mut at: u32) -> u32 {
        while self.0[at as usize] != at {
            self.0[at as usize] = self.0[self.0[at as usize] as usize];
            at = self.0[at as usize];
        }
        at
    }

    fn join(&mut self, left: u32, right: u32) {
        let (left, right) = (self.root(left), self.root(right));
        self.0[left.max(right) as usize] = left.min(right);
    }
}

/// For each gate whether everything below it is used below it only. One walk through the tree notes when
/// each gate and event is met first and last.
pub(super) fn modules(tree: &FaultTree) -> Vec<bool> {
    let gates = tree.gates.len();
    let index = |input: Input| match input {
        Input::Gate(gate) => gate as usize,
        Input::Event(event) => gates + event as usize,
        Input::Constant(_) => usize::MAX,
    };
    let mut first = vec![0u32; gates + tree.events as usize];
    let mut last = first.clone();
    let mut left = vec![0u32; gates];
    let mut order = Vec::new();
    let mut clock = 0;
    let mut open = vec![(tree.top, false)];
    while let Some((input, done)) = open.pop() {
        let at = index(input);
        if at == usize::MAX {
            continue;
        }
        clock += 1;
        last[at] = clock;
        if done {
            left[at] = clock;
            order.push(at);
            continue;
        }
        if first[at] != 0 {
            continue;
        }
        first[at] = clock;
        if let Input::Gate(gate) = input {
            open.push((input, true));
            open.extend(tree.gates[gate as usize].inputs.iter().rev().map(|i| (*i, false)));
        }
    }
    // Gates in the order in which they were left: those below come first.
    let mut earliest = first.clone();
    let mut latest = last.clone();
    let mut modules = vec![false; gates];
    for at in order {
        let (mut low, mut high) = (u32::MAX, 0);
        for input in &tree.gates[at].inputs {
            let below = index(*input);
            if below != usize::MAX {
                low = low.min(earliest[below]).min(first[below]);
                high = high.max(latest[below]).max(last[below]);
            }
        }
        modules[at] = low > first[at] && high < left[at];
        earliest[at] = low.min(first[at]);
        latest[at] = high.max(last[at]);
    }
    modules
}
