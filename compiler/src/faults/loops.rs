//! Loops that cannot start from standstill.

use super::components::strong_components;
use super::structure::{Met, NodeId, Structure};

impl Structure {
    /// The loops over start needs: strongly connected components of more than one node, and nodes that need
    /// themselves. To-run needs are no bar to starting, so they join nothing here. With `latent` false,
    /// latent nodes and all their edges are left out: what remains are the loops of normal operation
    /// (black-start hazards); with `latent` true also those that go through the activation of a backup
    /// (recovery loops).
    ///
    /// Each loop in rising order of nodes, the loops in rising order of their first. Linear.
    #[must_use]
    pub fn start_loops(&self, latent: bool) -> Vec<Vec<NodeId>> {
        let counts = |node: u32| latent || !self.is_latent(node);
        let mut starts = vec![0];
        let mut targets = Vec::new();
        for node in 0..self.node_count() as u32 {
            if counts(node) {
                for need in self.needs(node).filter(|&need| self.head(need).met != Met::ToRun) {
                    targets.extend(
                        self.members(need).iter().copied().filter(|&member| counts(member)),
                    );
                }
            }
            starts.push(targets.len() as u32);
        }
        let row = |node: u32| {
            &targets[starts[node as usize] as usize..starts[node as usize + 1] as usize]
        };
        let mut loops: Vec<Vec<NodeId>> = strong_components(&starts, &targets)
            .iter()
            .filter(|nodes| nodes.len() > 1 || row(nodes[0]).contains(&nodes[0]))
            .map(|nodes| {
                let mut nodes: Vec<NodeId> = nodes.iter().map(|&node| NodeId(node)).collect();
                nodes.sort_unstable();
                nodes
            })
            .collect();
        loops.sort_unstable();
        loops
    }
}
