//! Who decides: the first who can, or whoever acts.

use rbp_grammar::head::Head;
use rustc_hash::FxHashSet;

use super::play::Stage;
use crate::analysis::{After, World};
use crate::model::{Element, element};
use crate::names::ItemId;

impl Stage<'_> {
    /// The step of a backup's order of succession that is taken: the first that can be, and where somebody
    /// acts, the first of theirs.
    pub fn decider(&self, world: &World, after: &mut After<'_>, backup: usize) -> Option<usize> {
        let (can, first) = after.deciders(backup);
        let Some(actor) = self.actor else { return first };
        let there = world.cone.index.get(&actor).is_some_and(|at| after.served(*at));
        let backup = world.cone.elements.get(backup).filter(|_| there)?;
        self.acts(actor, backup, &can)
    }

    /// The first step that can be taken and that the actor takes part in.
    fn acts(&self, actor: ItemId, backup: &Element, can: &[bool]) -> Option<usize> {
        let succession = backup.activation()?.succession();
        let mut steps = succession.iter().zip(can);
        steps.position(|(step, can)| {
            let who = step.who.of.iter().map(|r| r.id).collect();
            *can && !step.automatic && self.among(actor, who)
        })
    }

    /// Whether the actor is one of these, or belongs to one of them: a rota needs its people.
    fn among(&self, actor: ItemId, who: Vec<ItemId>) -> bool {
        let mut seen = FxHashSet::default();
        let mut open = who;
        while let Some(id) = open.pop() {
            if id == actor {
                return true;
            }
            let Some(element) = element(self.db, id).filter(|e| e.is("actor")) else { continue };
            if seen.insert(id) {
                open.extend(element.needs_of(Head::Needs).iter().flat_map(|n| &n.of).map(|r| r.id));
            }
        }
        false
    }
}
