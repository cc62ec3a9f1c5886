//! What several inputs of a gate have in common is said once: `(a or x) and (b or x)` is `(a and b) or x`, and
//! the same the other way round. A loss that is met once less is one that diagrams need not carry along.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::simple::Sort;
use super::{FaultTree, Gate, Input};

/// The tree with common inputs drawn out. Near linear. Gates no longer stand after those they listen to.
pub(super) fn factored(tree: FaultTree) -> FaultTree {
    let mut users = vec![0u32; tree.gates.len()];
    let inputs = tree.gates.iter().flat_map(|gate| &gate.inputs);
    // Whoever asks for the top is a user of it too: a gate may be left that listens to it and is of no use itself.
    for input in inputs.chain([&tree.top]).filter_map(|input| input.gate()) {
        users[input as usize] += 1;
    }
    let mut open: Vec<u32> = (0..tree.gates.len() as u32).collect();
    let mut factored = Factored { tree, users };
    while let Some(gate) = open.pop() {
        let new = factored.tree.gates.len() as u32;
        factored.gate(gate);
        open.extend(new..factored.tree.gates.len() as u32);
    }
    factored.tree
}

struct Factored {
    tree: FaultTree,
    /// How many gates listen to each gate.
    users: Vec<u32>,
}

impl Factored {
    fn gate(&mut self, at: u32) {
        let Some(sort) = Sort::of(&self.tree.gates[at as usize]) else { return };
        self.absorb(at, sort);
        let inputs = &self.tree.gates[at as usize].inputs;
        let (lone, others): (Vec<Input>, Vec<Input>) =
            inputs.iter().partition(|input| self.is_lone(**input, sort.other()));
        let lone: Vec<u32> = lone.into_iter().filter_map(Input::gate).collect();
        let groups = self.groups(&lone);
        if groups.is_empty() {
            return;
        }
        let mut left: FxHashSet<u32> = lone.iter().copied().collect();
        let mut inputs = others;
        for (common, members) in groups {
            for member in &members {
                left.remove(member);
            }
            inputs.push(self.draw_out(common, &members, sort));
        }
        inputs.extend(lone.into_iter().filter(|l| left.contains(l)).map(Input::Gate));
        self.tree.gates[at as usize] = sort.gate(inputs);
    }

    /// `x and (x or a)` is `x`.
    fn absorb(&mut self, at: u32, sort: Sort) {
        let inputs = &self.tree.gates[at as usize].inputs;
        let own: FxHashSet<Input> = inputs.iter().copied().collect();
        let needed = |input: &Input| {
            let Input::Gate(gate) = input else { return true };
            let of = &self.tree.gates[*gate as usize];
            Sort::of(of) != Some(sort.other()) || !of.inputs.iter().any(|i| own.contains(i))
        };
        let kept: Vec<Input> = inputs.iter().filter(|input| needed(input)).copied().collect();
        if kept.len() < inputs.len() {
            self.tree.gates[at as usize] = sort.gate(kept);
        }
    }

    fn is_lone(&self, input: Input, sort: Sort) -> bool {
        input.gate().is_some_and(|gate| {
            self.users[gate as usize] == 1
                && Sort::of(&self.tree.gates[gate as usize]) == Some(sort)
        })
    }

    /// Which input is common to which of the gates; each gate belongs to one group at most, and the largest
    /// group is taken first.
    fn groups(&self, lone: &[u32]) -> Vec<(Input, Vec<u32>)> {
        let mut holders: FxHashMap<Input, Vec<u32>> = FxHashMap::default();
        for gate in lone {
            for input in &self.tree.gates[*gate as usize].inputs {
                holders.entry(*input).or_default().push(*gate);
            }
        }
        holders.retain(|_, gates| gates.len() > 1);
        let mut open: BinaryHeap<(usize, Reverse<Input>)> =
            holders.iter().map(|(input, gates)| (gates.len(), Reverse(*input))).collect();
        let mut taken: FxHashSet<u32> = FxHashSet::default();
        let mut groups = Vec::new();
        while let Some((many, Reverse(input))) = open.pop() {
            let Some(gates) = holders.get_mut(&input) else { continue };
            gates.retain(|gate| !taken.contains(gate));
            if gates.len() == many {
                taken.extend(gates.iter());
                groups.extend(holders.remove_entry(&input));
            } else if gates.len() > 1 {
                open.push((gates.len(), Reverse(input)));
            }
        }
        groups
    }

    /// The gates of `members` put together by one that hears the common input once.
    fn draw_out(&mut self, common: Input, members: &[u32], sort: Sort) -> Input {
        let mut rests = Vec::with_capacity(members.len());
        for member in members {
            let gate = &mut self.tree.gates[*member as usize];
            gate.inputs.retain(|input| *input != common);
            match gate.inputs[..] {
                [only] => rests.push(only),
                _ => {
                    *gate = sort.other().gate(std::mem::take(&mut gate.inputs));
                    rests.push(Input::Gate(*member));
                }
            }
        }
        rests.sort_unstable();
        rests.dedup();
        let together = match rests[..] {
            [only] => only,
            _ => self.new_gate(sort.gate(rests)),
        };
        self.new_gate(sort.other().gate(vec![common, together]))
    }

    fn new_gate(&mut self, gate: Gate) -> Input {
        let new = self.tree.gates.len() as u32;
        self.tree.gates.push(gate);
        // Only the one that it is made for listens to it.
        self.users.push(1);
        Input::Gate(new)
    }
}
