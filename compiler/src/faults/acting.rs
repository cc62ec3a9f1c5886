//! Who acts of an order of succession, where those in it rest on what is decided about.

use super::bits::Bits;
use super::components::{Components, strong_components};
use super::evaluate::Evaluator;
use super::time::NO_SLOT;
use rustc_hash::{FxHashMap, FxHashSet};

impl Evaluator<'_> {
    /// Which of the nodes need each other.
    pub(super) fn groups(&self, nodes: &[u32]) -> Components {
        let mut starts = vec![0];
        let mut targets = Vec::new();
        for &node in nodes {
            let members = self.structure.all_members(node).iter();
            let slots = members.map(|&member| self.slots[member as usize]);
            targets.extend(slots.filter(|&slot| slot != NO_SLOT));
            starts.push(targets.len() as u32);
        }
        strong_components(&starts, &targets)
    }

    /// For ordered needs with members in the group of their node: the places of those that act, who are up without
    /// that node. Costs an evaluation of the group for each such need.
    pub(super) fn acting(&mut self, groups: &Components, nodes: &[u32], up: &Bits) -> Acting {
        let structure = self.structure;
        let mut acting = Acting::default();
        for group in groups.iter().filter(|group| group.len() > 1) {
            let group: Vec<u32> = group.iter().map(|&slot| nodes[slot as usize]).collect();
            let inside: FxHashSet<u32> = group.iter().copied().collect();
            for &node in &group {
                let in_line = |&need: &usize| {
                    let members = structure.members(need);
                    structure.head(need).ordered && members.iter().any(|m| inside.contains(m))
                };
                let ordered: Vec<usize> = structure.needs(node).filter(in_line).collect();
                if ordered.is_empty() {
                    continue;
                }
                let others: Vec<u32> = group.iter().copied().filter(|o| *o != node).collect();
                let needs = others.iter().flat_map(|&other| structure.needs(other));
                let needs: Vec<u32> = needs.map(|need| need as u32).collect();
                let mut without = up.clone();
                group.iter().for_each(|&node| {
                    without.remove(node as usize);
                });
                self.start_all(&others, &needs, &mut without);
                for need in ordered {
                    let k = structure.head(need).k as usize;
                    let members = structure.members(need).iter().enumerate();
                    let there = members.filter(|(_, member)| without.contains(**member as usize));
                    let first: Vec<u32> = there.map(|(place, _)| place as u32).take(k).collect();
                    if first.len() == k {
                        acting.insert(need, first);
                    }
                }
            }
        }
        acting
    }
}

/// By need the places of the members that act.
pub(super) type Acting = FxHashMap<usize, Vec<u32>>;
