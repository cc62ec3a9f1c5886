//! What a name means in a file: its own declarations first, then its imports, then the prelude.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::db::{Db, SourceFile, file};
use crate::diagnostic::FileId;
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
    imports: Arc<Imports>,
    /// What needs no import.
    prelude: Option<(SourceFile, Arc<Exports>)>,
    /// The names that a file declares although they come from elsewhere as well: few, and seldom others. What else
    /// comes from elsewhere need not be looked for in the file. `None` where nobody is editing it: then whoever asks
    /// for a name may rest on all.
    hidden: Option<FxHashSet<SmolStr>>,
}

impl View {
    /// Whether an import brings in something under that name, or it needs none.
    fn has(&self, name: &str) -> bool {
        let given = || self.prelude.as_ref().is_some_and(|(_, prelude)| prelude.has(name));
        self.imports.names.contains_key(name) || given()
    }
}

#[salsa::tracked(returns(ref))]
fn view(db: &dyn Db, file: SourceFile) -> View {
    let imports = imports(db, file).clone();
    let prelude = imports.prelude.map(|prelude| (prelude, exports(db, prelude).clone()));
    let mut view = View { imports, prelude, hidden: None };
    if file.open(db) {
        let own = exports(db, file);
        let names = Space::ALL.into_iter().flat_map(|space| own.names(space));
        view.hidden = Some(names.filter(|name| view.has(name)).cloned().collect());
    }
    view
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
        self.view.imports.names.get(name)
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
            && let Some(inner) = &imported.name
            && let Some(item) = exported(self.db, imported.from, space, inner)
        {
            return Lookup::Found(here(imported.from, item), Some(name.into()));
        }
        if let Some((prelude, given)) = &self.view.prelude
            && let Some(item) = given.get(space, name)
        {
            return Lookup::Found(here(*prelude, item), None);
        }
        Lookup::Missing { module: None }
    }

    /// The own declaration of `name`. In an open file it is not asked for by itself where the name comes from elsewhere
    /// and nothing of the file's own hides that.
    fn own(&self, space: Space, name: &str) -> Option<u32> {
        let elsewhere = |hidden: &FxHashSet<SmolStr>| self.view.has(name) && !hidden.contains(name);
        if self.view.hidden.as_ref().is_some_and(elsewhere) {
            return None;
        }
        exported(self.db, self.file, space, name)
    }

    /// The import that brings in a name of that space. Constant time.
    pub fn imported(&self, space: Space, name: &str) -> Option<&Imported> {
        let imported = self.import(name)?;
        exported(self.db, imported.from, space, imported.name.as_ref()?)?;
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
        self.view.imports.failed.contains(first)
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
    for (local, imported) in &scope.view.imports.names {
        let inner = imported.name.as_ref();
        if inner.is_some_and(|n| exported(db, imported.from, space, n).is_some()) {
            names.push(local.clone());
        }
    }
    if let Some((_, given)) = &scope.view.prelude {
        names.extend(given.names(space).cloned());
    }
    if space == Space::Element {
        names.extend(made_names(db, file));
    }
    names.sort();
    names.into()
}
