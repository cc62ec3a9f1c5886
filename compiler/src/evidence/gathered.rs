//! Which records are about the tests of which file.

use std::sync::Arc;

use rbp_grammar::ast::{ItemKind, Role, Text};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::read::read;
use super::{Record, matches};
use crate::db::{Db, EvidenceFile, SourceFile, Workspace, declarations};
use crate::model::Element;
use crate::names::made_names;

/// The `evidence` items of a file, by number of their declaration.
pub fn evidence_items(db: &dyn Db, at: SourceFile) -> &[(u32, Text)] {
    &at.outline(db).evidence
}

/// The names of the backups of a file, those that templates make too.
#[salsa::tracked(returns(ref))]
fn backup_names(db: &dyn Db, at: SourceFile) -> Vec<SmolStr> {
    let declared = declarations(db, at).iter().filter_map(|syntax| match &syntax.item.kind {
        ItemKind::Element(e) if e.role == Role::Backup => Some(e.name.text.clone()),
        _ => None,
    });
    declared.chain(made_names(db, at)).collect()
}

/// What the files of test records say of one source.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Records {
    by_name: FxHashMap<SmolStr, Vec<Record>>,
    unread: FxHashSet<SmolStr>,
    lost: bool,
}

impl Records {
    /// A backup with its records.
    pub(crate) fn attach(&self, db: &dyn Db, at: SourceFile, element: Element) -> Element {
        let mut records = self.by_name.get(element.name()).cloned().unwrap_or_default();
        records.iter_mut().for_each(|record| record.measure(db, at));
        let tests = element.tests();
        let astray = |record: &Record| !tests.iter().any(|test| test.name.text == record.test);
        let unread = self.lost
            || self.unread.contains(element.name())
            || records.iter().any(|record| astray(record) || record.unmeasured().is_some());
        if records.is_empty() && !unread { element } else { element.recorded(records, unread) }
    }
}

/// Where the name of an element in a record leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// To a backup of that file, by its name there.
    One(SourceFile, SmolStr),
    /// To backups of several modules.
    Several(Vec<String>),
    /// Nowhere.
    None,
}

#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Gathered {
    /// The files of each `evidence` item that no item before it names.
    pub files: FxHashMap<(SourceFile, u32), Vec<EvidenceFile>>,
    /// The items that name files.
    pub matched: FxHashSet<(SourceFile, u32)>,
    /// Per package the backups of a name, with the module before it or without.
    names: FxHashMap<u32, FxHashMap<SmolStr, Vec<(SourceFile, SmolStr)>>>,
    records: FxHashMap<SourceFile, Arc<Records>>,
    /// The packages of which records could not be read.
    lost: FxHashSet<u32>,
}

impl Gathered {
    pub fn target(&self, db: &dyn Db, package: u32, name: &str) -> Target {
        match self.names.get(&package).and_then(|names| names.get(name)).map(Vec::as_slice) {
            None | Some([]) => Target::None,
            Some([(file, own)]) => Target::One(*file, own.clone()),
            Some(all) => {
                let full = |(file, own): &(SourceFile, SmolStr)| full(db, *file, own);
                Target::Several(all.iter().map(full).collect())
            }
        }
    }

    /// The names that a record may name, in order.
    pub fn known(&self, package: u32) -> Vec<&str> {
        let names = self.names.get(&package).into_iter().flat_map(FxHashMap::keys);
        let mut names: Vec<&str> = names.map(SmolStr::as_str).collect();
        names.sort_unstable();
        names
    }
}

fn full(db: &dyn Db, file: SourceFile, own: &str) -> String {
    format!("{}.{own}", file.module(db))
}

/// Everything that files of test records say, and of which source each record is. Linear in the
/// records and in the backups of the packages that have any.
#[salsa::tracked(returns(ref))]
pub(super) fn gathered(db: &dyn Db) -> Arc<Gathered> {
    let mut all = Gathered::default();
    let workspace = Workspace::get(db);
    let sources = || workspace.files(db).iter().flatten().copied();
    let mut met: FxHashSet<EvidenceFile> = FxHashSet::default();
    for source in sources() {
        for (item, pattern) in evidence_items(db, source) {
            let package = source.package(db);
            all.names.entry(package).or_default();
            let fits = |file: &&EvidenceFile| {
                file.package(db) == package && matches(&pattern.text, file.name(db))
            };
            for file in workspace.evidence(db).iter().filter(fits) {
                all.matched.insert((source, *item));
                if met.insert(*file) {
                    all.files.entry((source, *item)).or_default().push(*file);
                }
            }
            if !all.matched.contains(&(source, *item)) {
                // What is not there may have told of a failure.
                all.lost.insert(package);
            }
        }
    }
    for source in sources() {
        let Some(names) = all.names.get_mut(&source.package(db)) else { continue };
        for own in backup_names(db, source) {
            for name in [own.clone(), full(db, source, own).into()] {
                let known = names.entry(name).or_default();
                if !known.contains(&(source, own.clone())) {
                    known.push((source, own.clone()));
                }
            }
        }
    }
    let mut records: FxHashMap<SourceFile, Records> = FxHashMap::default();
    for file in workspace.evidence(db).iter().filter(|file| met.contains(file)) {
        let (package, read) = (file.package(db), read(db, *file));
        if read.lost {
            all.lost.insert(package);
        }
        for row in &read.rows {
            if let Target::One(source, own) = all.target(db, package, &row.element) {
                let of = records.entry(source).or_default();
                of.by_name.entry(own).or_default().push(row.record.clone());
            }
        }
        for name in &read.unread {
            match all.target(db, package, name) {
                Target::One(source, own) => {
                    records.entry(source).or_default().unread.insert(own);
                }
                Target::Several(_) | Target::None => _ = all.lost.insert(package),
            }
        }
        let astray = |row: &&super::read::Row| {
            !matches!(all.target(db, package, &row.element), Target::One(..))
        };
        if read.rows.iter().any(|row| astray(&row)) {
            all.lost.insert(package);
        }
    }
    all.records = records.into_iter().map(|(file, records)| (file, Arc::new(records))).collect();
    Arc::new(all)
}

/// What the files of test records say of a file's tests.
#[salsa::tracked(returns(ref))]
pub fn records_of(db: &dyn Db, at: SourceFile) -> Records {
    let all = gathered(db);
    let own = all.records.get(&at);
    Records {
        by_name: own.map(|own| own.by_name.clone()).unwrap_or_default(),
        unread: own.map(|own| own.unread.clone()).unwrap_or_default(),
        lost: all.lost.contains(&at.package(db)) && !backup_names(db, at).is_empty(),
    }
}
