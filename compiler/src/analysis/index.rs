//! What must be known of the whole workspace: which backups protect a function, what is accepted,
//! what is used from other files. Each is gathered from small per-file lists that change rarely.

use std::sync::Arc;

use rbp_grammar::ast::Role;
use rbp_grammar::head::Head;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::db::{Db, SourceFile, Workspace, file};
use crate::model::{Acceptance, facts};
use crate::names::ItemId;

/// The functions that a file's backups protect: (function, backup).
#[salsa::tracked(returns(ref))]
fn protections(db: &dyn Db, at: SourceFile) -> Vec<(ItemId, ItemId)> {
    let backups = facts(db, at).elements().filter(|e| e.role() == Role::Backup);
    let pairs = backups.flat_map(|b| b.named(Head::Protects).into_iter().map(|f| (f.id, b.id)));
    pairs.collect()
}

#[salsa::tracked(returns(ref))]
fn all_protections(db: &dyn Db) -> FxHashMap<ItemId, Vec<ItemId>> {
    let mut all: FxHashMap<ItemId, Vec<ItemId>> = FxHashMap::default();
    for at in Workspace::get(db).files(db).iter().flatten() {
        for (function, backup) in protections(db, *at) {
            let backups = all.entry(*function).or_default();
            if !backups.contains(backup) {
                backups.push(*backup);
            }
        }
    }
    all
}

#[salsa::tracked(returns(ref))]
fn protectors_of(db: &dyn Db, at: SourceFile, item: u32) -> Vec<ItemId> {
    let function = ItemId { file: at.id(db), item };
    all_protections(db).get(&function).cloned().unwrap_or_default()
}

/// The backups that protect a function, in the order of files and declarations.
pub fn protectors(db: &dyn Db, function: ItemId) -> &[ItemId] {
    file(db, function.file).map_or(&[], |at| protectors_of(db, at, function.item))
}

#[salsa::tracked(returns(ref))]
fn acceptances_in(db: &dyn Db, at: SourceFile) -> Vec<Arc<Acceptance>> {
    facts(db, at).acceptances.clone()
}

/// Every acceptance of the workspace, in the order of files and declarations.
#[salsa::tracked(returns(ref))]
pub fn acceptances(db: &dyn Db) -> Vec<Arc<Acceptance>> {
    let files = Workspace::get(db).files(db).iter().flatten();
    files.flat_map(|at| acceptances_in(db, *at).iter().cloned()).collect()
}

#[salsa::tracked(returns(ref))]
fn foreign(db: &dyn Db, at: SourceFile) -> Vec<ItemId> {
    facts(db, at).foreign.clone()
}

#[salsa::tracked(returns(ref))]
fn all_foreign(db: &dyn Db) -> FxHashMap<crate::diagnostic::FileId, FxHashSet<u32>> {
    let mut all: FxHashMap<_, FxHashSet<u32>> = FxHashMap::default();
    for at in Workspace::get(db).files(db).iter().flatten() {
        for id in foreign(db, *at) {
            all.entry(id.file).or_default().insert(id.item);
        }
    }
    all
}

/// The declarations of a file that other files name.
#[salsa::tracked(returns(ref))]
pub fn used_elsewhere(db: &dyn Db, at: SourceFile) -> FxHashSet<u32> {
    all_foreign(db).get(&at.id(db)).cloned().unwrap_or_default()
}
