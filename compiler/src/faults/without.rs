//! What is so in a loop without one of its nodes: who acts of an order of succession, where those in it rest on what is
//! decided about; and what comes back by itself, where something holds out for it that it rests on.

use super::bits::Bits;
use super::components::{Components, strong_components};
use super::evaluate::Evaluator;
use super::time::NO_SLOT;
use rustc_hash::{FxHashMap, FxHashSet};

/// By need, what is so without the node that has it.
#[derive(Default)]
pub(super) struct Without {
    /// Of ordered needs: the places of those that act.
    pub(super) acting: FxHashMap<usize, Vec<u32>>,
    /// Of needs that are held out for: the slots of the group that come back.
    pub(super) back: FxHashMap<usize, Vec<u32>>,
}

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

    /// For ordered needs, and those that are held out for, with members in the group of their node. Costs an
    /// evaluation of the group for each node that has such a need.
    pub(super) fn without(&mut self, groups: &Components, nodes: &[u32], up: &Bits) -> Without {
        let structure = self.structure;
        let mut found = Without::default();
        for slots in groups.iter().filter(|group| group.len() > 1) {
            let group: Vec<u32> = slots.iter().map(|&slot| nodes[slot as usize]).collect();
            let inside: FxHashSet<u32> = group.iter().copied().collect();
            for &node in &group {
                let matters = |&need: &usize| {
                    let head = structure.head(need);
                    let mut members = structure.members(need).iter();
                    (head.ordered || head.held_out.is_some()) && members.any(|m| inside.contains(m))
                };
                let needs: Vec<usize> = structure.needs(node).filter(matters).collect();
                if needs.is_empty() {
                    continue;
                }
                let without = self.up_without(node, &group, up);
                for need in needs {
                    let head = structure.head(need);
                    if head.held_out.is_some() {
                        let back = slots
                            .iter()
                            .zip(&group)
                            .filter(|(_, n)| without.contains(**n as usize));
                        found.back.insert(need, back.map(|(&slot, _)| slot).collect());
                    }
                    let members = structure.members(need).iter().enumerate();
                    let there = members.filter(|(_, member)| without.contains(**member as usize));
                    let first: Vec<u32> =
                        there.map(|(place, _)| place as u32).take(head.k as usize).collect();
                    if head.ordered && first.len() == head.k as usize {
                        found.acting.insert(need, first);
                    }
                }
            }
        }
        found
    }

    fn up_without(&mut self, node: u32, group: &[u32], up: &Bits) -> Bits {
        let others: Vec<u32> = group.iter().copied().filter(|other| *other != node).collect();
        let needs = others.iter().flat_map(|&other| self.structure.needs(other));
        let needs: Vec<u32> = needs.map(|need| need as u32).collect();
        let mut without = up.clone();
        group.iter().for_each(|&node| {
            without.remove(node as usize);
        });
        self.start_all(&others, &needs, &mut without);
        without
    }
}
