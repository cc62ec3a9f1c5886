//! What others say of a declaration: which backups protect a function, what is accepted, what is used
//! from other files. Each is gathered from small per-file lists that change rarely, of the files that
//! can name the declaration.

use std::sync::Arc;

use rbp_grammar::ast::Role;
use rbp_grammar::head::Head;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::db::{Db, Declaration, SourceFile, Workspace, file};
use crate::model::{Acceptance, facts};
use crate::names::{ItemId, namers};

/// The functions that a file's backups protect: (function, backup).
#[salsa::tracked(returns(ref))]
fn protections(db: &dyn Db, at: SourceFile) -> Vec<(ItemId, ItemId)> {
    let backups = facts(db, at).elements().filter(|e| e.role() == Role::Backup);
    let pairs = backups.flat_map(|b| b.named(Head::Protects).into_iter().map(|f| (f.id, b.id)));
    pairs.collect()
}

/// The backups of each function of a file.
#[salsa::tracked(returns(ref))]
fn protected(db: &dyn Db, at: SourceFile) -> FxHashMap<u32, Vec<ItemId>> {
    let mut all: FxHashMap<u32, Vec<ItemId>> = FxHashMap::default();
    for from in namers(db, at) {
        for (function, backup) in protections(db, *from) {
            if function.file == at.id(db) {
                let backups = all.entry(function.item).or_default();
                if !backups.contains(backup) {
                    backups.push(*backup);
                }
            }
        }
    }
    all
}

#[salsa::tracked(returns(ref))]
fn protectors_of<'db>(db: &'db dyn Db, function: Declaration<'db>) -> Vec<ItemId> {
    protected(db, function.file(db)).get(&function.item(db)).cloned().unwrap_or_default()
}

/// The backups that protect a function, in the order of files and declarations.
pub fn protectors(db: &dyn Db, function: ItemId) -> &[ItemId] {
    file(db, function.file)
        .map_or(&[], |at| protectors_of(db, Declaration::new(db, at, function.item)))
}

/// The same, asked for while `here` is checked.
pub fn protectors_from(db: &dyn Db, here: SourceFile, function: ItemId) -> &[ItemId] {
    match here.id(db) == function.file && !here.open(db) {
        true => protected(db, here).get(&function.item).map_or(&[], Vec::as_slice),
        false => protectors(db, function),
    }
}

/// The backups of a file with what they stand in for: (primary, backup).
#[salsa::tracked(returns(ref))]
fn backups(db: &dyn Db, at: SourceFile) -> Vec<(ItemId, ItemId)> {
    let backups = facts(db, at).elements().filter(|e| e.role() == Role::Backup);
    backups.filter_map(|b| Some((b.primary()?.id, b.id))).collect()
}

/// What stands in for each declaration of a file.
#[salsa::tracked(returns(ref))]
fn replaced(db: &dyn Db, at: SourceFile) -> FxHashMap<u32, Vec<ItemId>> {
    let mut all: FxHashMap<u32, Vec<ItemId>> = FxHashMap::default();
    for from in namers(db, at) {
        for (primary, backup) in backups(db, *from) {
            if primary.file == at.id(db) {
                all.entry(primary.item).or_default().push(*backup);
            }
        }
    }
    all
}

#[salsa::tracked(returns(ref))]
fn stand_ins_of<'db>(db: &'db dyn Db, primary: Declaration<'db>) -> Vec<ItemId> {
    replaced(db, primary.file(db)).get(&primary.item(db)).cloned().unwrap_or_default()
}

/// The backups that stand in for a primary, whatever they protect, in the order of files and
/// declarations; asked for while `here` is checked.
pub fn stand_ins(db: &dyn Db, here: SourceFile, primary: ItemId) -> &[ItemId] {
    let Some(home) = file(db, primary.file) else { return &[] };
    match home == here && !here.open(db) {
        true => replaced(db, home).get(&primary.item).map_or(&[], Vec::as_slice),
        false => stand_ins_of(db, Declaration::new(db, home, primary.item)),
    }
}

#[salsa::tracked(returns(ref))]
fn acceptances_in(db: &dyn Db, at: SourceFile) -> Vec<Arc<Acceptance>> {
    facts(db, at).acceptances.clone()
}

/// Every acceptance of the workspace, in the order of files and declarations.
#[salsa::tracked(returns(ref))]
pub fn acceptances(db: &dyn Db) -> Vec<Arc<Acceptance>> {
    let files = Workspace::get(db).files(db).iter().flatten();
    let accepting = files.filter(|at| at.outline(db).accepts);
    accepting.flat_map(|at| acceptances_in(db, *at).iter().cloned()).collect()
}

/// The acceptances that may concern what a file owes, in the order of files and declarations: those
/// for a function that it can name, and those for all.
#[salsa::tracked(returns(ref))]
pub fn acceptances_for(db: &dyn Db, at: SourceFile) -> Vec<Arc<Acceptance>> {
    let can_name = |function: &ItemId| {
        file(db, function.file).is_some_and(|home| namers(db, home).contains(&at))
    };
    let concerns = |acceptance: &&Arc<Acceptance>| {
        let functions = acceptance.functions();
        functions.is_empty() || functions.iter().any(can_name)
    };
    acceptances(db).iter().filter(concerns).cloned().collect()
}

#[salsa::tracked(returns(ref))]
fn foreign(db: &dyn Db, at: SourceFile) -> Vec<ItemId> {
    facts(db, at).foreign.clone()
}

/// The declarations of a file that other files name.
#[salsa::tracked(returns(ref))]
pub fn used_elsewhere(db: &dyn Db, at: SourceFile) -> FxHashSet<u32> {
    let id = at.id(db);
    let others = namers(db, at).iter().filter(|other| **other != at);
    let named = others.flat_map(|other| {
        let foreign = foreign(db, *other);
        let first = foreign.partition_point(|target| target.file < id);
        foreign.iter().skip(first).take_while(|target| target.file == id)
    });
    named.map(|target| target.item).collect()
}
