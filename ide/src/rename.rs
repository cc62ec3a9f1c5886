//! A new name for something, everywhere; refused where it would then mean something else.

use rbp_compiler::db::{Db, file};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::names::{Lookup, Scope, Space, exports};
use rbp_grammar::token::{T, lex};
use smol_str::SmolStr;

use crate::declared::name;
use crate::mentions::mentions;
use crate::occurrences::{Occurrence, Symbol, at};
use crate::references::naming;
use crate::source::{Place, Source};

/// What can be renamed at a byte: where the name stands there, and the name. `Err` says why nothing
/// can.
pub fn prepare(db: &dyn Db, id: FileId, byte: usize) -> Result<(Place, SmolStr), String> {
    let found = renamed(db, id, byte)?;
    Ok((Place { file: id, bytes: found.occurrence.bytes }, found.written))
}

struct Renamed {
    occurrence: Occurrence,
    /// The name as it stands there.
    written: SmolStr,
    /// It is a name that an import of this file gives.
    alias: bool,
}

fn renamed(db: &dyn Db, id: FileId, byte: usize) -> Result<Renamed, String> {
    let nothing = || "no name stands here that could be changed".to_owned();
    let source = Source::of(db, id).ok_or_else(nothing)?;
    if source.is_read_only() {
        return Err("the standard library cannot be changed".into());
    }
    let mut found = at(&source, byte);
    let occurrence = match found.len() {
        0 => return Err(nothing()),
        1 => found.remove(0),
        _ => return Err(
            "this import brings in several things of that name; rename each where it is declared"
                .into(),
        ),
    };
    let written = SmolStr::new(source.text.get(occurrence.bytes.clone()).unwrap_or(""));
    let alias = match (&occurrence.symbol, name(db, &occurrence.symbol)) {
        (Symbol::Module(_), _) if written.contains('.') => {
            return Err("a module is called as its file is; rename the file".into());
        }
        (Symbol::Module(module), _) => {
            let own = file(db, *module).map(|at| at.module(db).to_owned()).unwrap_or_default();
            if own.rsplit('.').next() == Some(written.as_str()) {
                return Err("a module is called as its file is; rename the file".into());
            }
            true
        }
        (_, Some((name, at))) => {
            let alias = name.text != written;
            if !alias && Source::of(db, at.file).is_none_or(|home| home.is_read_only()) {
                return Err(format!(
                    "`{written}` belongs to the standard library, which cannot be changed"
                ));
            }
            alias
        }
        (_, None) => {
            return Err(format!("`{written}` is a word of the language and cannot be renamed"));
        }
    };
    Ok(Renamed { occurrence, written, alias })
}

/// The places where the new name must stand, by files and bytes. `Err` says why it cannot.
pub fn rename(db: &dyn Db, id: FileId, byte: usize, new: &str) -> Result<Vec<Place>, String> {
    let found = renamed(db, id, byte)?;
    let symbol = &found.occurrence.symbol;
    is_name(new)?;
    if new == found.written {
        return Ok(Vec::new());
    }
    let mut places = Vec::new();
    for (at, occurrence) in naming(db, id, symbol) {
        let Some(source) = Source::of(db, at) else { continue };
        let same = source.text.get(occurrence.bytes.clone()) == Some(found.written.as_str());
        if same && (!found.alias || at == id) {
            if source.is_read_only() {
                return Err("the standard library names it, and cannot be changed".into());
            }
            places.push(Place { file: at, bytes: occurrence.bytes });
        }
    }
    places.sort();
    if let Some(pair) = places.windows(2).find(|pair| pair[0] == pair[1]) {
        let at = pair.first().map(|place| place.file);
        return Err(format!(
            "an import{} brings in several things called `{}`",
            at.and_then(|id| file(db, id))
                .map_or(String::new(), |at| format!(" of {}", at.path(db))),
            found.written
        ));
    }
    brought_in_with(db, &places)?;
    free(db, symbol, &places, new)?;
    Ok(places)
}

/// A single word that is none of the language.
fn is_name(new: &str) -> Result<(), String> {
    match lex(new).as_slice() {
        [token] if token.kind == T::Ident => Ok(()),
        [token] if token.kind.is_word() => {
            Err(format!("`{new}` is a word of the language; choose another name"))
        }
        _ => Err(format!(
            "`{new}` is no name: letters, digits, `_` and inner `-`, and no digit first"
        )),
    }
}

/// An import that names several things at once keeps its name for all of them.
fn brought_in_with(db: &dyn Db, places: &[Place]) -> Result<(), String> {
    for place in places {
        let Some(source) = Source::of(db, place.file) else { continue };
        if at(&source, place.bytes.start).len() > 1 {
            return Err(format!(
                "an import of {} brings in several things of that name",
                source.at.path(db)
            ));
        }
    }
    Ok(())
}

/// The new name must mean nothing yet wherever it will stand, and must not be written there for
/// something else.
fn free(db: &dyn Db, symbol: &Symbol, places: &[Place], new: &str) -> Result<(), String> {
    let mut files: Vec<FileId> = places.iter().map(|place| place.file).collect();
    files.dedup();
    let taken = |path: &str| Err(format!("`{new}` means something else in {path} already"));
    let wide = match symbol {
        Symbol::Item(space, id) => {
            let home = file(db, id.file);
            if home.is_some_and(|at| exports(db, at).get(*space, new).is_some()) {
                return taken(home.map_or("", |at| at.path(db)));
            }
            Some(*space)
        }
        Symbol::Module(_) => Some(Space::Element),
        _ => None,
    };
    for id in files {
        let Some(source) = Source::of(db, id) else { continue };
        let scope = Scope::of(db, source.at);
        let known = wide.is_some_and(|space| matches!(scope.find(space, new), Lookup::Found(..)));
        let imported = wide.is_some() && scope.module(new).is_some();
        if known || imported {
            return taken(source.at.path(db));
        }
        let own = |item: &u32| match symbol {
            Symbol::Item(..) | Symbol::Module(_) => true,
            // What holds within a declaration clashes with nothing outside of it.
            Symbol::Parameter(of, _)
            | Symbol::Part(of, _)
            | Symbol::Field(of, _)
            | Symbol::Test(of, _)
            | Symbol::Bound(of, _) => of.file == id && of.item == *item,
            _ => false,
        };
        for number in (0..source.parsed.items.len() as u32).filter(own) {
            let Some(declaration) = source.item(number) else { continue };
            let written = mentions(&declaration.item.kind);
            if written.iter().any(|mention| mention.text.split('.').any(|part| part == new)) {
                return taken(source.at.path(db));
            }
        }
    }
    Ok(())
}
