//! Every place that names a symbol.

use rbp_compiler::db::{Db, SourceFile, Workspace, file};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::names::{Space, namers};

use crate::declared::name;
use crate::occurrences::{Occurrence, Symbol, at, occurrences};
use crate::source::{Place, Source};

/// A place that names a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where.
    pub place: Place,
    /// It is where the symbol is declared.
    pub declares: bool,
}

/// Every place that names what stands at a byte, its declaration among them; by files and bytes.
/// Cost: reading the files that can name it and hold its name.
pub fn references(db: &dyn Db, id: FileId, byte: usize) -> Vec<Reference> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let mut found = Vec::new();
    for symbol in at(&source, byte).into_iter().map(|occurrence| occurrence.symbol) {
        found.extend(naming(db, id, &symbol).into_iter().map(|(file, occurrence)| Reference {
            place: Place { file, bytes: occurrence.bytes },
            declares: occurrence.declares,
        }));
    }
    found.sort_by(|a, b| a.place.cmp(&b.place));
    found.dedup();
    found
}

/// The places of the file that name what stands at a byte.
pub fn highlights(db: &dyn Db, id: FileId, byte: usize) -> Vec<Reference> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let symbols: Vec<Symbol> = at(&source, byte).into_iter().map(|o| o.symbol).collect();
    let mut found: Vec<Reference> = occurrences(&source)
        .into_iter()
        .filter(|o| symbols.contains(&o.symbol))
        .map(|o| Reference { place: Place { file: id, bytes: o.bytes }, declares: o.declares })
        .collect();
    found.dedup();
    found
}

/// What names a symbol, with the file. `here` is where it was asked for.
pub(crate) fn naming(db: &dyn Db, here: FileId, symbol: &Symbol) -> Vec<(FileId, Occurrence)> {
    let word = name(db, symbol).map(|(name, _)| name.text);
    let mut found = Vec::new();
    for at in files(db, here, symbol) {
        // Whoever names it writes its name, in the import if nowhere else.
        if word.as_ref().is_some_and(|word| !at.text(db).contains(word.as_str())) {
            continue;
        }
        let source = Source::open(db, at);
        let all = occurrences(&source).into_iter().filter(|o| o.symbol == *symbol);
        found.extend(all.map(|occurrence| (source.id, occurrence)));
    }
    found
}

/// The files that can name a symbol.
fn files(db: &dyn Db, here: FileId, symbol: &Symbol) -> Vec<SourceFile> {
    let namers = |id: FileId| file(db, id).map(|at| namers(db, at).to_vec()).unwrap_or_default();
    let all = || Workspace::get(db).files(db).iter().flatten().copied().collect();
    let in_prelude = |id: FileId| {
        file(db, id).is_some_and(|at| at.package(db) == 0 && at.module(db) == "prelude")
    };
    match symbol {
        // A policy is applied by its path, without an import; the prelude needs none.
        Symbol::Item(Space::Policy, _) => all(),
        Symbol::Item(_, id) | Symbol::Field(id, _) | Symbol::Part(id, _) if in_prelude(id.file) => {
            all()
        }
        // A field and a part are named without the name of what has them: through any chain of kinds.
        Symbol::Field(..) | Symbol::Part(..) => all(),
        Symbol::Item(_, id) | Symbol::Parameter(id, _) => namers(id.file),
        Symbol::Test(id, _) | Symbol::Bound(id, _) => file(db, id.file).into_iter().collect(),
        Symbol::Module(_) => all(),
        Symbol::Rule(_) => all(),
        Symbol::Clause(_) | Symbol::Asked(_) | Symbol::Function(_) | Symbol::Word(_) => {
            file(db, here).into_iter().collect()
        }
    }
}
