//! Which files import which: the way back along imports. It changes only when an import does, so
//! whoever gathers what others say of a file asks those that import it, and nobody else.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::db::{Db, SourceFile, Workspace};
use crate::names::imported::module;

/// What a file's imports name, by their paths alone.
#[derive(Debug, PartialEq, Eq, Default)]
struct Reach {
    files: Vec<SourceFile>,
    /// It declares templates: what they name, whoever uses them names.
    templates: bool,
    /// A path names no module, or an import could not be read in full.
    lost: bool,
}

#[salsa::tracked(returns(ref))]
fn reach(db: &dyn Db, file: SourceFile) -> Reach {
    let mut reach = Reach::default();
    let outline = file.outline(db);
    for (path, whole) in &outline.imports {
        let from = module(db, file, path);
        reach.lost |= from.is_none() || !whole;
        reach.files.extend(from.filter(|from| *from != file));
    }
    reach.templates = outline.templates;
    reach.files.sort_by_key(|file| file.id(db));
    reach.files.dedup();
    reach
}

#[salsa::tracked(returns(ref))]
fn all_importers(db: &dyn Db) -> FxHashMap<SourceFile, Vec<SourceFile>> {
    let mut all: FxHashMap<SourceFile, Vec<SourceFile>> = FxHashMap::default();
    for file in Workspace::get(db).files(db).iter().flatten() {
        for from in named_by(db, *file) {
            all.entry(from).or_default().push(*file);
        }
    }
    all
}

/// The files that a file imports, and those that the templates of an imported file may name.
fn named_by(db: &dyn Db, file: SourceFile) -> Vec<SourceFile> {
    let mut files = reach(db, file).files.clone();
    let mut met: FxHashSet<SourceFile> = files.iter().copied().collect();
    let mut next = 0;
    while let Some(from) = files.get(next).copied() {
        next += 1;
        if reach(db, from).templates {
            let more = reach(db, from).files.iter();
            files.extend(more.filter(|more| **more != file && met.insert(**more)));
        }
    }
    files
}

/// The file itself and those that import it, or a template of a file that does, in the order of their
/// numbers: only these can name what it declares.
#[salsa::tracked(returns(ref))]
pub fn namers(db: &dyn Db, file: SourceFile) -> Vec<SourceFile> {
    let mut files = all_importers(db).get(&file).cloned().unwrap_or_default();
    files.push(file);
    files.sort_by_key(|file| file.id(db));
    files
}

/// Whether a file of the workspace may import more than could be read.
#[salsa::tracked(returns(copy))]
pub fn imports_lost(db: &dyn Db) -> bool {
    Workspace::get(db).files(db).iter().flatten().any(|file| reach(db, *file).lost)
}
