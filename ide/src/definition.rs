//! From a name to its declaration, to the import that brought it, and to its kind.

use rbp_compiler::db::{Db, file};
use rbp_compiler::diagnostic::{Anchor, FileId};
use rbp_compiler::model::element;
use rbp_compiler::names::{Scope, Space};

use crate::declared::target;
use crate::occurrences::{Occurrence, Symbol, at};
use crate::source::{Place, Source, place};

/// Where a name leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The bytes of the name that was asked for.
    pub from: Place,
    /// The name where it is declared.
    pub name: Place,
    /// All of the declaration.
    pub whole: Place,
}

fn targets(
    db: &dyn Db,
    id: FileId,
    byte: usize,
    lead: impl Fn(&Source<'_>, &Occurrence) -> Option<(Place, Place)>,
) -> Vec<Target> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let found = at(&source, byte).into_iter().filter_map(|occurrence| {
        let (name, whole) = lead(&source, &occurrence)?;
        let from = Place { file: id, bytes: occurrence.bytes };
        Some(Target { from, name, whole })
    });
    found.collect()
}

/// Where what stands at a byte is declared.
pub fn definition(db: &dyn Db, id: FileId, byte: usize) -> Vec<Target> {
    targets(db, id, byte, |_, occurrence| target(db, &occurrence.symbol))
}

/// Where the file says what a name is: its import where one brings it in, else its declaration.
pub fn declaration(db: &dyn Db, id: FileId, byte: usize) -> Vec<Target> {
    targets(db, id, byte, |source, occurrence| {
        let word = source.text.get(occurrence.bytes.clone())?;
        let space = match occurrence.symbol {
            Symbol::Item(space, _) => space,
            Symbol::Module(_) => Space::Element,
            _ => return target(db, &occurrence.symbol),
        };
        let scope = Scope::of(db, source.at);
        let imported = scope.imported(space, word);
        match imported {
            Some(imported) => {
                let at = Anchor { file: id, item: imported.item, span: imported.span };
                let name = place(db, at)?;
                Some((name.clone(), name))
            }
            None => target(db, &occurrence.symbol),
        }
    })
}

/// The kind of what stands at a byte: of an element its kind, of a field the kind that has it, of a
/// parameter what it takes.
pub fn type_definition(db: &dyn Db, id: FileId, byte: usize) -> Vec<Target> {
    targets(db, id, byte, |_, occurrence| target(db, &kind(db, occurrence)?))
}

fn kind(db: &dyn Db, occurrence: &Occurrence) -> Option<Symbol> {
    if let Some(id) = occurrence.element {
        let element = element(db, id)?;
        let (kind, _) = element.lineage.as_ref()?.kinds.first()?;
        return Some(Symbol::Item(Space::Kind, *kind));
    }
    match &occurrence.symbol {
        Symbol::Field(kind, _) => Some(Symbol::Item(Space::Kind, *kind)),
        Symbol::Item(Space::Kind, _) => Some(occurrence.symbol.clone()),
        Symbol::Parameter(template, number) => {
            let at = file(db, template.file)?;
            let name = &crate::declared::template(db, *template)?.parameters;
            let bound = &name.get(*number as usize)?.bound.text;
            match Scope::of(db, at).find(Space::Kind, bound) {
                rbp_compiler::names::Lookup::Found(id, _) => Some(Symbol::Item(Space::Kind, id)),
                rbp_compiler::names::Lookup::Missing { .. } => None,
            }
        }
        _ => None,
    }
}
