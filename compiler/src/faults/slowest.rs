//! A bound on restoration that holds whatever is lost.

use super::components::strong_components;
use super::structure::{Combine, NodeId, Structure};

impl Structure {
    /// Milliseconds within which `top` is up again after *any* losses from which it comes back, or `None`
    /// where no such bound is known. Linear.
    ///
    /// Sound, not tight: each need is taken to be served by the slowest of its members. Where nodes rest
    /// on one another, a restoration passes each of them at most once, so their delays add up; unless
    /// one of them adds up several needs of the group, which then has no bound.
    #[must_use]
    pub fn slowest(&self, top: NodeId) -> Option<u64> {
        let nodes = self.node_count() as u32;
        let mut starts = vec![0];
        let mut targets = Vec::new();
        for node in 0..nodes {
            targets.extend_from_slice(self.all_members(node));
            starts.push(targets.len() as u32);
        }
        let groups = strong_components(&starts, &targets);
        let group_of = groups.of_nodes();
        let mut bounds: Vec<Option<u64>> = vec![None; nodes as usize];
        for group in groups.iter() {
            let mut sum = Some(0u64);
            for node in group {
                let inside = |member: u32| group_of[member as usize] == group_of[*node as usize];
                let weight = self.weight(*node, &bounds, inside);
                sum = sum.zip(weight).map(|(sum, weight)| sum.saturating_add(weight));
            }
            for node in group {
                bounds[*node as usize] = sum;
            }
        }
        bounds[top.index()]
    }

    /// What a node adds to the time of its group: its delay, and what it waits for outside.
    fn weight(
        &self,
        node: u32,
        bounds: &[Option<u64>],
        inside: impl Fn(u32) -> bool,
    ) -> Option<u64> {
        let spec = self.spec(NodeId(node));
        let (mut total, mut awaited, mut within) = (0u64, 0, 0);
        for need in self.needs(node) {
            let mut slowest = 0;
            let mut leads_inside = false;
            for member in self.members(need) {
                match inside(*member) {
                    true => leads_inside = true,
                    false => slowest = slowest.max(bounds[*member as usize]?),
                }
            }
            within += u32::from(leads_inside);
            match (self.head(need).held_out, spec.combine) {
                (Some(until), _) if slowest <= until && !leads_inside => {}
                (Some(_), _) => awaited = slowest.max(awaited),
                (None, Combine::Max) => total = total.max(slowest),
                (None, Combine::Sum) => total = total.saturating_add(slowest),
            }
        }
        let adds_up = spec.combine == Combine::Sum && within > 1;
        (!adds_up).then(|| total.saturating_add(spec.delay).max(awaited))
    }
}
