//! Which files import which, and the way back along imports. Whoever gathers what others say of a file asks those
//! that can name what it declares, and nobody else. Who they are stands beside each file, as an input: it is worked
//! out here from all that is imported anywhere, and changes only where an import does.

use std::sync::Arc;

use rbp_grammar::Parsed;
use rbp_grammar::ast::ItemKind;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::db::{Db, SourceFile, Workspace};
use crate::names::imported::module;

/// What a file's imports name, by their paths alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    files: Vec<SourceFile>,
    /// It declares templates: what they name, whoever uses them names.
    templates: bool,
    /// A path names no module, or an import could not be read in full.
    lost: bool,
}

impl Reach {
    /// Whether the file declares templates: then whoever uses them names what it imports.
    pub fn templates(&self) -> bool {
        self.templates
    }

    /// What the imports of a file name that was read. Linear in its declarations.
    pub fn of(db: &dyn Db, file: SourceFile, parsed: &Parsed) -> Reach {
        let mut reach = Reach::default();
        for item in &parsed.items {
            match &item.syntax.item.kind {
                ItemKind::Import(import) => {
                    let from = module(db, file, &import.path.text);
                    reach.lost |= from.is_none() || !item.syntax.problems.is_empty();
                    reach.files.extend(from.filter(|from| *from != file));
                }
                ItemKind::Template(_) => reach.templates = true,
                _ => {}
            }
        }
        reach.files.sort_by_key(|file| file.id(db));
        reach.files.dedup();
        reach
    }
}

/// What the imports of every file name.
pub type Reaches = FxHashMap<SourceFile, Reach>;

/// Whether a file may import more than could be read.
pub fn any_lost(reaches: &Reaches) -> bool {
    reaches.values().any(|reach| reach.lost)
}

/// The files that can name what each file declares: itself and those that import it, or a template of a file that
/// does, in the order of their numbers. Linear in the imports of the workspace.
pub fn all_namers(db: &dyn Db, reaches: &Reaches) -> FxHashMap<SourceFile, Arc<[SourceFile]>> {
    let mut all: FxHashMap<SourceFile, Vec<SourceFile>> = FxHashMap::default();
    for file in Workspace::get(db).files(db).iter().flatten() {
        all.entry(*file).or_default().push(*file);
        for from in named_by(*file, reaches) {
            all.entry(from).or_default().push(*file);
        }
    }
    // A file stands in the order of the numbers, and so do those that name it.
    all.into_iter().map(|(file, namers)| (file, namers.into())).collect()
}

/// The files that a file imports, and those that the templates of an imported file may name.
pub fn named_by(file: SourceFile, reaches: &Reaches) -> Vec<SourceFile> {
    let reach = |file: SourceFile| reaches.get(&file);
    let mut files = reach(file).map(|reach| reach.files.clone()).unwrap_or_default();
    let mut met: FxHashSet<SourceFile> = files.iter().copied().collect();
    let mut next = 0;
    while let Some(from) = files.get(next).copied() {
        next += 1;
        if let Some(through) = reach(from).filter(|reach| reach.templates) {
            let more = through.files.iter();
            files.extend(more.filter(|more| **more != file && met.insert(**more)));
        }
    }
    files
}

/// The file itself and those that import it, or a template of a file that does, in the order of their
/// numbers: only these can name what it declares.
pub fn namers(db: &dyn Db, file: SourceFile) -> &[SourceFile] {
    file.namers(db)
}

/// Whether a file of the workspace may import more than could be read.
pub fn imports_lost(db: &dyn Db) -> bool {
    Workspace::get(db).lost(db)
}
