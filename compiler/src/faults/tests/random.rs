//! Random models from a seed.

use super::super::{Combine, Met, Need, NodeId, NodeSpec};
use super::reference::{Model, Node};

/// Xorshift: the same numbers from the same seed, on every machine and with every version of every library.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        random.below(2);
        random
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A model of up to 12 nodes and 9 events. Some models have no loops, no latent nodes, or no to-run
    /// needs, so that every short cut of the engine is taken by many of them.
    pub fn model(&mut self) -> Model {
        let nodes = 1 + self.below(12);
        let events = 1 + self.below(9);
        let looped = [0, 10, 50, 100][self.below(4)];
        let latent = [0, 15, 40][self.below(3)];
        let to_run = [0, 20, 60][self.below(3)];
        let before = [0, 20, 60][self.below(3)];
        let ordered = [0, 30][self.below(2)];
        let held_out = [0, 30][self.below(2)];
        let hit = [15, 60][self.below(2)];
        let mut model = Model { events: events as u32, nodes: Vec::new() };
        for index in 0..nodes {
            let mut node = Node {
                events: Vec::new(),
                needs: Vec::new(),
                spec: NodeSpec {
                    latent: self.percent(latent),
                    combine: if self.percent(20) { Combine::Sum } else { Combine::Max },
                    delay: self.below(4) as u64,
                },
            };
            while self.percent(hit) && node.events.len() < 3 {
                node.events.push(self.below(events) as u32);
            }
            for _ in 0..[0, 1, 1, 2, 2, 3][self.below(6)] {
                let mut members = Vec::new();
                for _ in 0..1 + self.below(4) {
                    if self.percent(looped) {
                        members.push(NodeId(self.below(nodes) as u32));
                    } else if index > 0 {
                        members.push(NodeId(self.below(index) as u32));
                    }
                }
                // Mostly distinct members, as in real models, but not always.
                if self.percent(90) {
                    members.sort_unstable();
                    members.dedup();
                    let turn = self.below(members.len().max(1));
                    members.rotate_left(turn);
                }
                let count = members.len();
                let k = match self.below(20) {
                    0 => 0,
                    1 => count + 1,
                    2..=9 => count,
                    10..=15 => count.min(1),
                    _ => 1 + self.below(count.max(1)),
                };
                let need = Need {
                    k: k as u32,
                    members,
                    met: match () {
                        () if self.percent(to_run) => Met::ToRun,
                        () if self.percent(before) => Met::Before,
                        () => Met::ToStart,
                    },
                    ordered: self.percent(ordered),
                    held_out: self.percent(held_out).then(|| self.below(6) as u64),
                };
                node.needs.push(need);
            }
            model.nodes.push(node);
        }
        model
    }
}
