//! What scenarios put to the test, and what none does.

use std::collections::BTreeSet;
use std::sync::Arc;

use rbp_grammar::ast::Role;

use super::play::{Played, Stage};
use crate::analysis::{After, World};
use crate::db::{Db, SourceFile};
use crate::model::{Element, facts};
use crate::names::ItemId;

/// What was put to the test.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exercised {
    /// The backups that were called on.
    pub backups: BTreeSet<ItemId>,
    /// The backups whose activation rule had to act, with success or not.
    pub rules: BTreeSet<ItemId>,
    /// Who decided: the backup, and the step of its order of succession.
    pub authorities: BTreeSet<(ItemId, usize)>,
}

impl Exercised {
    /// Adds what one set of losses puts to the test.
    pub(super) fn add(&mut self, stage: &Stage<'_>, world: &World, after: &mut After<'_>) {
        for (primary, backups) in &world.cone.stand_ins {
            if after.runs(*primary) {
                continue;
            }
            for at in backups {
                let Some(backup) = world.cone.elements.get(*at) else { continue };
                self.rules.insert(backup.id);
                if !after.usable(*at) {
                    continue;
                }
                let decider = stage.decider(world, after, *at);
                self.backups.insert(backup.id);
                self.authorities.extend(decider.map(|step| (backup.id, step)));
            }
        }
    }

    fn merge(&mut self, other: &Exercised) {
        self.backups.extend(&other.backups);
        self.rules.extend(&other.rules);
        self.authorities.extend(&other.authorities);
    }
}

/// What of a backup no scenario exercises.
#[derive(Debug, Clone)]
pub struct Unexercised {
    /// The backup.
    pub backup: Arc<Element>,
    /// It is never called on.
    pub idle: bool,
    /// Its activation rule never has to act.
    pub unasked: bool,
    /// The steps of its order of succession that are never taken, in words.
    pub silent: Vec<String>,
}

/// What of the backups of some files no scenario exercises, in the order of files and declarations, and how
/// many backups there are.
pub fn unexercised(
    db: &dyn Db,
    files: &[SourceFile],
    played: &[Played],
) -> (Vec<Unexercised>, usize) {
    let mut all = Exercised::default();
    played.iter().for_each(|played| all.merge(&played.exercised));
    let (mut found, mut count) = (Vec::new(), 0);
    for backup in files.iter().flat_map(|at| facts(db, *at).elements()) {
        if backup.role() != Role::Backup {
            continue;
        }
        count += 1;
        let succession = backup.activation().map(|a| a.succession()).unwrap_or_default();
        let steps = succession.iter().enumerate();
        let silent = steps.filter(|(number, _)| !all.authorities.contains(&(backup.id, *number)));
        let one = Unexercised {
            backup: backup.clone(),
            idle: !all.backups.contains(&backup.id),
            unasked: backup.activation().is_some() && !all.rules.contains(&backup.id),
            silent: silent.map(|(_, step)| step.words()).collect(),
        };
        if one.idle || one.unasked || !one.silent.is_empty() {
            found.push(one);
        }
    }
    (found, count)
}
