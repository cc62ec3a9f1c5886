//! A circuit without loops as a fault tree.

use super::{FaultTree, Gate, Input};
use crate::faults::structure::{NodeId, Structure};

impl Structure {
    /// The tree of what makes `top` fail: a node fails when it is hit, or when too few members of a need are
    /// left. `None` where the top rests on a loop, whose meaning no tree can hold. Linear.
    #[must_use]
    pub fn fault_tree(&self, top: NodeId) -> Option<FaultTree> {
        // Gate `n` says that node `n` fails; its needs follow behind.
        let mut gates: Vec<Gate> =
            (0..self.node_count()).map(|_| Gate { k: 1, inputs: Vec::new() }).collect();
        for node in 0..self.node_count() as u32 {
            let mut inputs: Vec<Input> =
                self.events_of(NodeId(node)).map(|event| Input::Event(event.0)).collect();
            for need in self.needs_of(NodeId(node)) {
                let members = need.members.len() as u32;
                let fails = need.members.iter().map(|member| Input::Gate(member.0)).collect();
                let gate = match need.k {
                    0 => continue,
                    k if k > members => Gate { k: 1, inputs: vec![Input::Constant(true)] },
                    k => Gate { k: members - k + 1, inputs: fails },
                };
                inputs.push(Input::Gate(gates.len() as u32));
                gates.push(gate);
            }
            gates[node as usize].inputs = inputs;
        }
        let events = self.event_count() as u32;
        let tree = FaultTree { gates, events, top: Input::Gate(top.0) };
        tree.in_order().is_ok().then_some(tree)
    }
}
