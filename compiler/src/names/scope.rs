//! What a name means in a file: its own declarations first, then its imports, then the prelude.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::db::{Db, Declaration, SourceFile, file};
use crate::diagnostic::FileId;
use crate::names::exported::{BySpace, exported_by_open, exported_in_all};
use crate::names::makes::{made, made_by, made_names};
use crate::names::{Exports, Imported, Imports, Space, exported, exports, imports};

/// A declaration, by its file and its number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId {
    /// The file.
    pub file: FileId,
    /// The number.
    pub item: u32,
}

/// What looking up a name gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// The declaration, and the imported name that led to it.
    Found(ItemId, Option<SmolStr>),
    /// No such name; for a dotted name, the module that lacks it, or `None` where the part before
    /// the dot is no imported module.
    Missing {
        /// The imported module.
        module: Option<SourceFile>,
    },
}

/// The names that a file sees.
pub struct Scope<'a> {
    db: &'a dyn Db,
    file: SourceFile,
    view: &'a View,
}

/// What a file sees of others. One query, since each declaration of an open file rests on it.
#[derive(Debug, PartialEq, Eq)]
struct View {
    given: Arc<Given>,
    /// The names that a file declares although they come from elsewhere as well: few, and seldom others. What else
    /// comes from elsewhere need not be looked for in the file. `None` where nobody is editing it: then whoever asks
    /// for a name may rest on all.
    hidden: Option<FxHashSet<SmolStr>>,
}

/// What comes from elsewhere.
#[derive(Debug, PartialEq, Eq)]
struct Given {
    imports: Arc<Imports>,
    /// By number of an imported name, what it is where it comes from.
    found: Vec<BySpace>,
    /// What needs no import.
    prelude: Option<(SourceFile, Arc<Exports>)>,
    /// Where all that comes from.
    sources: FxHashMap<FileId, SourceFile>,
}

impl Given {
    /// Whether an import brings in something under that name, or it needs none.
    fn has(&self, name: &str) -> bool {
        let given = || self.prelude.as_ref().is_some_and(|(_, prelude)| prelude.has(name));
        self.imports.names.contains_key(name) || given()
    }

    /// The declaration that an import brings in under its own name.
    fn found(&self, imported: &Imported, space: Space) -> Option<u32> {
        self.found.get(imported.number as usize)?.get(space as usize).copied().flatten()
    }
}

#[salsa::tracked(returns(ref))]
fn given(db: &dyn Db, file: SourceFile) -> Arc<Given> {
    let imports = imports(db, file).clone();
    let mut found = vec![BySpace::default(); imports.names.len()];
    for imported in imports.names.values() {
        if let Some(name) = &imported.name
            && let Some(found) = found.get_mut(imported.number as usize)
        {
            *found = exported_in_all(db, imported.from, name);
        }
    }
    let prelude = imports.prelude.map(|prelude| (prelude, exports(db, prelude).clone()));
    let sources = imports.names.values().map(|imported| imported.from).chain(imports.prelude);
    let sources = sources.map(|source| (source.id(db), source)).collect();
    Arc::new(Given { imports, found, prelude, sources })
}

#[salsa::tracked(returns(ref))]
fn view(db: &dyn Db, file: SourceFile) -> View {
    let given = given(db, file).clone();
    let hidden = file.open(db).then(|| {
        let own = exports(db, file);
        let names = Space::ALL.into_iter().flat_map(|space| own.names(space));
        names.filter(|name| given.has(name)).cloned().collect()
    });
    View { given, hidden }
}

impl<'a> Scope<'a> {
    /// The scope of a file.
    pub fn of(db: &'a dyn Db, file: SourceFile) -> Scope<'a> {
        Scope { db, file, view: view(db, file) }
    }

    /// Whether somebody is editing the file.
    pub(crate) fn is_open(&self) -> bool {
        self.view.hidden.is_some()
    }

    /// The import that brings in that name.
    pub(crate) fn import(&self, name: &str) -> Option<&'a Imported> {
        self.view.given.imports.names.get(name)
    }

    /// The declaration that `name` means. Constant time.
    pub fn find(&self, space: Space, name: &str) -> Lookup {
        if let Some((first, inner)) = name.split_once('.') {
            return self.dotted(space, first, inner);
        }
        let here = |file: SourceFile, item| ItemId { file: file.id(self.db), item };
        if let Some(item) = self.own(space, name) {
            return Lookup::Found(here(self.file, item), None);
        }
        if let Some(imported) = self.import(name)
            && let Some(item) = self.view.given.found(imported, space)
        {
            return Lookup::Found(here(imported.from, item), Some(name.into()));
        }
        if let Some((prelude, given)) = &self.view.given.prelude
            && let Some(item) = given.get(space, name)
        {
            return Lookup::Found(here(*prelude, item), None);
        }
        Lookup::Missing { module: None }
    }

    /// The own declaration of `name`. In an open file it is not asked for by itself where the name comes from elsewhere
    /// and nothing of the file's own hides that.
    fn own(&self, space: Space, name: &str) -> Option<u32> {
        match &self.view.hidden {
            None => exports(self.db, self.file).get(space, name),
            Some(hidden) if self.view.given.has(name) && !hidden.contains(name) => None,
            Some(_) => exported_by_open(self.db, self.file, name).get(space as usize).copied()?,
        }
    }

    /// A declaration that was found, as queries are asked about it.
    pub(crate) fn declaration(&self, id: ItemId) -> Option<Declaration<'a>> {
        let known = self.view.given.sources.get(&id.file).copied();
        let own = || Some(self.file).filter(|own| own.id(self.db) == id.file);
        let source = known.or_else(own).or_else(|| file(self.db, id.file))?;
        Some(Declaration::new(self.db, source, id.item))
    }

    /// The import that brings in a name of that space. Constant time.
    pub fn imported(&self, space: Space, name: &str) -> Option<&Imported> {
        let imported = self.import(name)?;
        self.view.given.found(imported, space)?;
        Some(imported)
    }

    /// A name with a dot: what an own use of a template makes, then what an imported module has, then
    /// what the use of a template makes that is imported by itself.
    fn dotted(&self, space: Space, first: &str, inner: &str) -> Lookup {
        let element = space == Space::Element;
        let own = element.then(|| self.own(space, first)).flatten();
        let own = own.map(|item| ItemId { file: self.file.id(self.db), item });
        if let Some(id) = own.and_then(|of| made_by(self.db, of, inner)) {
            return Lookup::Found(id, None);
        }
        let found = self.find_in_module(space, first, inner);
        if matches!(found, Lookup::Found(..)) || !element {
            return found;
        }
        match self.find(space, first) {
            Lookup::Found(of, through) => match made_by(self.db, of, inner) {
                Some(id) => Lookup::Found(id, through),
                None => found,
            },
            Lookup::Missing { .. } => found,
        }
    }

    /// The import of a module under that name, where the module has an element of that name as well.
    pub fn imported_module_with(&self, module: &str, name: &str) -> Option<&Imported> {
        let found = self.find_in_module(Space::Element, module, name);
        matches!(found, Lookup::Found(..)).then(|| self.import(module))?
    }

    fn find_in_module(&self, space: Space, module: &str, name: &str) -> Lookup {
        match self.import(module) {
            Some(imported) if imported.name.is_none() => {
                let file = imported.from;
                let of = |name| {
                    let item = exported(self.db, file, space, name)?;
                    Some(ItemId { file: file.id(self.db), item })
                };
                let made = || match name.split_once('.') {
                    Some((first, inner)) if space == Space::Element => {
                        made_by(self.db, of(first)?, inner)
                    }
                    _ => None,
                };
                match of(name).or_else(made) {
                    Some(id) => Lookup::Found(id, Some(module.into())),
                    None => Lookup::Missing { module: Some(file) },
                }
            }
            _ => Lookup::Missing { module: None },
        }
    }

    /// The module that was imported under that name.
    pub fn module(&self, name: &str) -> Option<SourceFile> {
        self.import(name).filter(|i| i.name.is_none()).map(|imported| imported.from)
    }

    /// Whether the name would have come from an import that failed.
    pub fn failed(&self, name: &str) -> bool {
        let first = name.split_once('.').map_or(name, |(module, _)| module);
        self.view.given.imports.failed.contains(first)
    }

    /// Whether a name with a dot is one of what the use of a template was to make, and it makes nothing.
    pub fn unmade(&self, name: &str) -> bool {
        let Some((first, _)) = name.split_once('.') else { return false };
        let Lookup::Found(id, _) = self.find(Space::Element, first) else { return false };
        file(self.db, id.file).is_some_and(|at| {
            made(self.db, at).uses.get(&id.item).is_some_and(|used| used.shape.parts.is_empty())
        })
    }

    /// The names that would have been understood, in order, for suggestions. Gathered once for a file.
    pub fn known(&self, space: Space) -> Arc<[SmolStr]> {
        known_in(self.db, self.file, space).clone()
    }
}

#[salsa::tracked(returns(ref))]
fn known_in(db: &dyn Db, file: SourceFile, space: Space) -> Arc<[SmolStr]> {
    let scope = Scope::of(db, file);
    let mut names: Vec<SmolStr> = exports(db, file).names(space).cloned().collect();
    let given = &scope.view.given;
    for (local, imported) in &given.imports.names {
        if given.found(imported, space).is_some() {
            names.push(local.clone());
        }
    }
    if let Some((_, given)) = &given.prelude {
        names.extend(given.names(space).cloned());
    }
    if space == Space::Element {
        names.extend(made_names(db, file));
    }
    names.sort();
    names.into()
}
