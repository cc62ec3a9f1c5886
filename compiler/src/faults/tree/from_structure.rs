//! A circuit without loops as a fault tree, and a fault tree as a circuit.

use super::{FaultTree, Gate, Input};
use crate::faults::structure::{Need, NodeId, NodeSpec, Structure, StructureBuilder};

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

impl FaultTree {
    /// The tree as a circuit, for searching cut sets up to an order where all of them are too many to hold. A
    /// gate is up while fewer of its inputs fail than it takes. `None` where it is too large.
    #[must_use]
    pub fn structure(&self) -> Option<(Structure, NodeId)> {
        let mut builder = StructureBuilder::new();
        let gates: Vec<NodeId> =
            self.gates.iter().map(|_| builder.node(NodeSpec::default())).collect();
        let events: Vec<NodeId> = (0..self.events)
            .map(|_| {
                let (event, node) = (builder.event(), builder.node(NodeSpec::default()));
                builder.hit(event, node);
                node
            })
            .collect();
        let up = builder.node(NodeSpec::default());
        let down = builder.node(NodeSpec::default());
        builder.need(down, Need { k: 1, ..Need::default() });
        let node = |input: &Input| match input {
            Input::Gate(gate) => gates[*gate as usize],
            Input::Event(event) => events[*event as usize],
            Input::Constant(failed) => {
                if *failed {
                    down
                } else {
                    up
                }
            }
        };
        for (gate, own) in self.gates.iter().zip(&gates) {
            let members: Vec<NodeId> = gate.inputs.iter().map(node).collect();
            let k = (members.len() as u32 + 1).saturating_sub(gate.k);
            builder.need(*own, Need { k, members, ..Need::default() });
        }
        let top = node(&self.top);
        Some((builder.build().ok()?, top))
    }
}
