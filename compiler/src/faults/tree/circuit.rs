//! A fault tree as a circuit.

use super::{FaultTree, Input};
use crate::faults::structure::{Need, NodeId, NodeSpec, Structure, StructureBuilder};

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
