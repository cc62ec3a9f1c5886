//! Every rule and policy on every element of a file.
//!
//! What seldom changes is asked apart from what any file may change: a file that nobody edits, and that rests on none
//! such, is not looked at after an edit but for who calls on its people and who names what it declares.

use std::cell::OnceCell;
use std::sync::Arc;

use rbp_grammar::ast::Role;
use rbp_grammar::head::Head;

use crate::analysis::{analysis_from, used_elsewhere};
use crate::db::{Day, Db, Declaration, SourceFile, Workspace};
use crate::diagnostic::FileId;
use crate::model::{Element, Facts, backups_of, element_from, elements_of, facts};
use crate::names::ItemId;
use crate::policy::{Ruled, judged, ruled, unsure};
use crate::rules::readiness::data_loss_exceeds_rpo;
use crate::rules::{
    BackupCase, BackupCheck, ElementCase, FunctionCase, Outcome, Outcomes, PairCase, Rule, checks,
};

/// Outcomes, in lists that are shared with what they were gathered from.
#[derive(Debug, Clone, Default)]
pub struct Obligations(Vec<Arc<Vec<Outcome>>>);

impl Obligations {
    /// The outcomes.
    pub fn iter(&self) -> impl Iterator<Item = &Outcome> {
        self.0.iter().flat_map(|list| list.iter())
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|list| list.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn add(&mut self, list: &Arc<Vec<Outcome>>) {
        if !list.is_empty() {
            self.0.push(list.clone());
        }
    }
}

// How they are cut into lists is nobody's concern.
impl PartialEq for Obligations {
    fn eq(&self, other: &Obligations) -> bool {
        self.iter().eq(other.iter())
    }
}
impl Eq for Obligations {}

impl FromIterator<Outcome> for Obligations {
    fn from_iter<I: IntoIterator<Item = Outcome>>(outcomes: I) -> Obligations {
        Obligations(vec![Arc::new(outcomes.into_iter().collect())])
    }
}

/// The outcome of every obligation owed by the elements of a file, before acceptances, in the light of all that was
/// read: `lost` says whether an import was not.
pub(crate) fn outcomes(db: &dyn Db, at: SourceFile, lost: bool) -> Obligations {
    if lost { outcomes_left(db, at).clone() } else { outcomes_in_full(db, at) }
}

/// The same as far as every import could be read.
fn outcomes_in_full(db: &dyn Db, at: SourceFile) -> Obligations {
    let mut all = Obligations::default();
    match at.open(db) {
        false => {
            all.add(by_rules(db, at));
            all.add(by_duties(db, at));
        }
        true => {
            elements_of(db, at).iter().for_each(|of| all.add(&owed_by(db, *of).by_rules));
            backups_of(db, at).iter().for_each(|of| all.add(owed_by_duty(db, *of)));
        }
    }
    all.add(unused(db, at));
    ruled(db, at).into_iter().for_each(|ruled| all.add(&ruled.outcomes));
    all
}

/// The outcomes that are left where an import could not be read, and what comes in the place of the others.
#[salsa::tracked(returns(ref))]
fn outcomes_left(db: &dyn Db, at: SourceFile) -> Obligations {
    let all = outcomes_in_full(db, at);
    let left = all.iter().filter(|outcome| !outcome.needs_imports);
    let unsure = unsure(db, at).into_iter().flat_map(|ruled| ruled.outcomes.iter());
    left.chain(unsure).cloned().collect()
}

/// What the elements of a file owe by the rules, but for those about duties.
#[salsa::tracked(returns(ref))]
fn by_rules(db: &dyn Db, at: SourceFile) -> Arc<Vec<Outcome>> {
    let mut found = Vec::new();
    facts(db, at).elements().for_each(|element| owed(db, at, element, &mut found));
    found.shrink_to_fit();
    Arc::new(found)
}

/// What the backups of a file owe by the rules about duties.
#[salsa::tracked(returns(ref))]
fn by_duties(db: &dyn Db, at: SourceFile) -> Arc<Vec<Outcome>> {
    let (as_of, mut found) = (Workspace::get(db).as_of(db), Vec::new());
    let backups = facts(db, at).elements().filter(|element| element.role() == Role::Backup);
    backups.for_each(|backup| duties(&BackupCase::of(db, at, backup, as_of), &mut found));
    found.shrink_to_fit();
    Arc::new(found)
}

/// What one element of an open file owes, but for duties. It is looked at again only where something changes on which
/// it rests.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Owed {
    by_rules: Arc<Vec<Outcome>>,
    /// By the policies.
    pub ruled: Arc<Ruled>,
}

#[salsa::tracked(returns(ref))]
pub(crate) fn owed_by<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Owed {
    let (at, mut by_rules, mut ruled) = (of.file(db), Vec::new(), Arc::default());
    if let Some(element) = element_from(db, at, ItemId { file: at.id(db), item: of.item(db) }) {
        owed(db, at, &element, &mut by_rules);
        ruled = judged(db, at, Some(&element));
    }
    Owed { by_rules: Arc::new(by_rules), ruled }
}

/// What one backup of an open file owes by the rules about duties: whatever is read or not anywhere may change it.
#[salsa::tracked(returns(ref))]
fn owed_by_duty<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Arc<Vec<Outcome>> {
    let (at, mut found) = (of.file(db), Vec::new());
    if let Some(backup) = element_from(db, at, ItemId { file: at.id(db), item: of.item(db) }) {
        duties(&BackupCase::of(db, at, &backup, Workspace::get(db).as_of(db)), &mut found);
    }
    Arc::new(found)
}

/// Everything that an element owes by the rules, but for those about duties.
fn owed(db: &dyn Db, here: SourceFile, element: &Arc<Element>, found: &mut Vec<Outcome>) {
    match element.role() {
        Role::Function => function(db, here, element, found),
        Role::Backup => backup(db, here, element, found),
        Role::Dependency | Role::Signal => {}
    }
    let case = ElementCase { db, here, element, as_of: Workspace::get(db).as_of(db) };
    let owed: Arc<[ItemId]> = element.named(Head::Protects).iter().map(|f| f.id).collect();
    for (rule, check) in &checks().elements {
        check(&case, &mut Outcomes::new(found, rule, &owed, element.id, element.is_partial()));
    }
}

fn function(db: &dyn Db, here: SourceFile, function: &Arc<Element>, found: &mut Vec<Outcome>) {
    let Some(analysis) = analysis_from(db, here, function.id) else { return };
    let as_of = Workspace::get(db).as_of(db);
    let case = FunctionCase { db, here, function, analysis, as_of, entries: OnceCell::new() };
    let incomplete = analysis.cone.incomplete || analysis.too_large;
    let owed = Arc::from([function.id]);
    for (rule, check) in &checks().functions {
        check(&case, &mut Outcomes::new(found, rule, &owed, function.id, incomplete));
    }
    if function.has(Head::Rpo) {
        copies(&case, &owed, found);
    }
}

/// What the copies owe to a function that are kept for those on which it rests, and not for itself: that they are no
/// further behind than it may lose.
fn copies(case: &FunctionCase<'_>, owed: &Arc<[ItemId]>, found: &mut Vec<Outcome>) {
    let FunctionCase { db, here, analysis, as_of, .. } = *case;
    let cone = &analysis.cone;
    let mut standing: Vec<_> = cone.stand_ins.iter().collect();
    standing.sort_unstable();
    for (primary, backups) in standing {
        let primary = cone.elements.get(*primary).filter(|primary| primary.is("record"));
        let backups = backups.iter().filter_map(|at| cone.elements.get(*at));
        let own = |backup: &Element| {
            backup.named(Head::Protects).iter().any(|f| f.id == case.function.id)
        };
        for backup in backups.filter(|backup| primary.is_some() && !own(backup)) {
            let (primary, function) = (primary.cloned(), case.function.clone());
            let case = PairCase { db, here, backup, primary, function, analysis, as_of };
            let incomplete = cone.incomplete || backup.is_partial();
            let rule = &data_loss_exceeds_rpo::RULE;
            let out = &mut Outcomes::new(found, rule, owed, backup.id, incomplete);
            data_loss_exceeds_rpo::check(&case, out);
        }
    }
}

/// What a backup owes by itself on a day, apart from what it owes to each function.
pub(crate) fn outcomes_of_backup(
    db: &dyn Db,
    here: SourceFile,
    backup: &Arc<Element>,
    as_of: Day,
) -> Vec<Outcome> {
    let (mut found, case) = (Vec::new(), BackupCase::of(db, here, backup, as_of));
    alone(&case, &checks().backups, &mut found);
    duties(&case, &mut found);
    found
}

/// Holds a backup against rules that concern it alone.
fn alone(case: &BackupCase<'_>, checks: &[(&'static Rule, BackupCheck)], found: &mut Vec<Outcome>) {
    let owed: Arc<[ItemId]> = case.functions.iter().map(|f| f.id).collect();
    let backup = case.backup;
    for (rule, check) in checks {
        check(case, &mut Outcomes::new(found, rule, &owed, backup.id, backup.is_partial()));
    }
}

fn duties(case: &BackupCase<'_>, found: &mut Vec<Outcome>) {
    alone(case, &checks().duties, found);
}

fn backup(db: &dyn Db, here: SourceFile, backup: &Arc<Element>, found: &mut Vec<Outcome>) {
    let as_of = Workspace::get(db).as_of(db);
    let by_itself = BackupCase::of(db, here, backup, as_of);
    alone(&by_itself, &checks().backups, found);
    for function in by_itself.functions {
        let Some(analysis) = analysis_from(db, here, function.id) else { continue };
        let incomplete = analysis.cone.incomplete || backup.is_partial();
        let owed = Arc::from([function.id]);
        let primary = by_itself.primary.clone();
        let case = PairCase { db, here, backup, primary, function, analysis, as_of };
        for (rule, check) in &checks().pairs {
            check(&case, &mut Outcomes::new(found, rule, &owed, backup.id, incomplete));
        }
    }
}

/// What is said of the elements of a file that no other declaration names.
#[salsa::tracked(returns(ref))]
fn unused(db: &dyn Db, at: SourceFile) -> Arc<Vec<Outcome>> {
    let (elsewhere, facts) = (used_elsewhere(db, at), facts(db, at));
    let (as_of, mut found) = (Workspace::get(db).as_of(db), Vec::new());
    for (element, here) in facts.elements.iter().zip(used_here(at.id(db), facts)) {
        let Some(element) = element.as_ref().filter(|e| !here && !elsewhere.contains(&e.id.item))
        else {
            continue;
        };
        let case = ElementCase { db, here: at, element, as_of };
        let owed: Arc<[ItemId]> = element.named(Head::Protects).iter().map(|f| f.id).collect();
        for (rule, check) in &checks().unused {
            check(
                &case,
                &mut Outcomes::new(&mut found, rule, &owed, element.id, element.is_partial()),
            );
        }
    }
    Arc::new(found)
}

/// Of each declaration of a file whether others of the same file name it.
fn used_here(id: FileId, facts: &Facts) -> Vec<bool> {
    let mut used = vec![false; facts.elements.len()];
    for element in facts.elements() {
        for target in element.targets().filter(|t| t.file == id && *t != element.id) {
            if let Some(used) = used.get_mut(target.item as usize) {
                *used = true;
            }
        }
    }
    used
}
