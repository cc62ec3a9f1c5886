//! What a file declares, by name: the firewall between its text and everybody who imports it.

use std::sync::Arc;

use rbp_grammar::ast::{Item, ItemKind, Name};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::db::{Db, SourceFile, declarations};

/// The sorts of names, each with a space of its own: a kind and an element may share a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Space {
    Element,
    Kind,
    Unit,
    Template,
    Policy,
    Scenario,
}

impl Space {
    /// Every space.
    pub const ALL: [Space; 6] =
        [Space::Element, Space::Kind, Space::Unit, Space::Template, Space::Policy, Space::Scenario];

    /// The space in words.
    pub fn word(self) -> &'static str {
        match self {
            Space::Element => "element",
            Space::Kind => "kind",
            Space::Unit => "unit",
            Space::Template => "template",
            Space::Policy => "policy",
            Space::Scenario => "scenario",
        }
    }
}

/// A file's names with the numbers of their declarations. Of two declarations of one name the
/// first counts.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Exports {
    spaces: [FxHashMap<SmolStr, u32>; Space::ALL.len()],
}

impl Exports {
    /// The declaration of `name`.
    pub fn get(&self, space: Space, name: &str) -> Option<u32> {
        self.spaces.get(space as usize)?.get(name).copied()
    }

    /// Whether there is a declaration of `name` of any sort.
    pub fn has(&self, name: &str) -> bool {
        self.spaces.iter().any(|names| names.contains_key(name))
    }

    /// The declarations of `name`, by sort.
    fn all(&self, name: &str) -> BySpace {
        self.spaces.each_ref().map(|names| names.get(name).copied())
    }

    /// Every name of a space, in no order.
    pub fn names(&self, space: Space) -> impl Iterator<Item = &SmolStr> {
        self.spaces.get(space as usize).into_iter().flat_map(|names| names.keys())
    }
}

/// What an item declares: the space and the name.
pub fn declared(item: &Item) -> Option<(Space, &Name)> {
    Some(match &item.kind {
        ItemKind::Unit(unit) => (Space::Unit, &unit.name),
        ItemKind::Kind(kind) => (Space::Kind, &kind.name),
        ItemKind::Element(element) => (Space::Element, &element.name),
        ItemKind::Template(template) => (Space::Template, &template.name),
        ItemKind::Policy(policy) => (Space::Policy, &policy.name),
        ItemKind::Scenario(scenario) => (Space::Scenario, &scenario.name),
        _ => return None,
    })
}

/// The names that a file declares. Linear in its declarations.
#[salsa::tracked(returns(ref))]
pub fn exports(db: &dyn Db, file: SourceFile) -> Arc<Exports> {
    let mut exports = Exports::default();
    for (at, syntax) in declarations(db, file).iter().enumerate() {
        if let Some((space, name)) = declared(&syntax.item)
            && let Some(names) = exports.spaces.get_mut(space as usize)
        {
            names.entry(name.text.clone()).or_insert(at as u32);
        }
    }
    Arc::new(exports)
}

/// The names of a space that a file declares, or of every space, in order: for suggestions.
#[salsa::tracked(returns(ref))]
pub fn sorted_names(db: &dyn Db, file: SourceFile, space: Option<Space>) -> Arc<[SmolStr]> {
    let exports = exports(db, file);
    let spaces = Space::ALL.into_iter().filter(|s| space.is_none_or(|space| space == *s));
    let mut names: Vec<SmolStr> = spaces.flat_map(|s| exports.names(s)).cloned().collect();
    names.sort_unstable();
    names.dedup();
    names.into()
}

/// The declarations of one name, by [`Space`].
pub(super) type BySpace = [Option<u32>; Space::ALL.len()];

/// A name that is looked up in a file. Never forgotten, like [`crate::db::Declaration`].
#[salsa::interned(revisions = usize::MAX)]
struct Named<'db> {
    #[returns(copy)]
    file: SourceFile,
    #[returns(deref)]
    name: SmolStr,
}

/// The declaration of `name` in a file.
pub fn exported(db: &dyn Db, file: SourceFile, space: Space, name: &str) -> Option<u32> {
    match file.open(db) {
        true => exported_by_open(db, file, name).get(space as usize).copied().flatten(),
        false => exports(db, file).get(space, name),
    }
}

/// The declarations of `name` in a file.
pub(super) fn exported_in_all(db: &dyn Db, file: SourceFile, name: &str) -> BySpace {
    match file.open(db) {
        true => exported_by_open(db, file, name),
        false => exports(db, file).all(name),
    }
}

/// Of an open file each name is asked for by itself, so that what rests on one name is not read again because another
/// came or went.
pub(super) fn exported_by_open(db: &dyn Db, file: SourceFile, name: &str) -> BySpace {
    exported_by_itself(db, Named::new(db, file, SmolStr::new(name)))
}

#[salsa::tracked(returns(copy))]
fn exported_by_itself<'db>(db: &'db dyn Db, named: Named<'db>) -> BySpace {
    exports(db, named.file(db)).all(named.name(db))
}
