//! What other files need to know of a declaration to name it: less than all of it, so that they
//! are read again only when this changes.

use std::sync::Arc;

use rbp_grammar::ast::{ItemKind, Role};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::db::{Db, Declaration, SourceFile, declarations};
use crate::diagnostic::Anchor;
use crate::model::kinds::{Lineage, lineage};
use crate::names::{ItemId, Lookup, Scope, Space, made};

/// What an element is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub role: Role,
    pub lineage: Option<Arc<Lineage>>,
    /// It comes from a template that makes nothing, so its kind is not known.
    pub unknown: bool,
    /// Its name.
    pub at: Anchor,
}

/// The signature of an element of another file.
#[salsa::tracked(returns(clone))]
pub(super) fn signature<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Signature> {
    let (at, item) = (of.file(db), of.item(db));
    match at.open(db) {
        true => signature_in_open(db, of),
        false => read(db, &mut Kinds::of(db, &Scope::of(db, at)), at, item),
    }
}

/// The signature of an element of an open file.
#[salsa::tracked(returns(clone))]
pub(super) fn signature_in_open<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Signature> {
    signatures(db, of.file(db)).get(of.item(db) as usize).cloned().flatten()
}

/// The signatures of all elements of an open file, by their numbers: few edits change one.
#[salsa::tracked(returns(ref))]
fn signatures(db: &dyn Db, at: SourceFile) -> Vec<Option<Signature>> {
    let scope = Scope::of(db, at);
    let elements = declarations(db, at).len() + made(db, at).beyond.len();
    let mut kinds = Kinds::of(db, &scope);
    (0..elements as u32).map(|item| read(db, &mut kinds, at, item)).collect()
}

/// The kinds of a file's elements, each looked up once.
pub(super) struct Kinds<'s, 'a> {
    db: &'a dyn Db,
    scope: &'s Scope<'a>,
    by_name: FxHashMap<SmolStr, Option<ItemId>>,
    lineages: FxHashMap<ItemId, Option<Arc<Lineage>>>,
}

impl<'s, 'a> Kinds<'s, 'a> {
    pub fn of(db: &'a dyn Db, scope: &'s Scope<'a>) -> Kinds<'s, 'a> {
        Kinds { db, scope, by_name: FxHashMap::default(), lineages: FxHashMap::default() }
    }

    fn named(&mut self, name: &SmolStr) -> Option<ItemId> {
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        let found = match self.scope.find(Space::Kind, name) {
            Lookup::Found(id, _) => Some(id),
            Lookup::Missing { .. } => None,
        };
        self.by_name.insert(name.clone(), found);
        found
    }

    fn lineage(&mut self, kind: ItemId) -> Option<Arc<Lineage>> {
        let (db, scope) = (self.db, self.scope);
        let found = || scope.declaration(kind).map(|kind| lineage(db, kind));
        self.lineages.entry(kind).or_insert_with(found).clone()
    }
}

/// The signature of element `item` of the file whose kinds are given.
pub(super) fn read(
    db: &dyn Db,
    kinds: &mut Kinds<'_, '_>,
    at: SourceFile,
    item: u32,
) -> Option<Signature> {
    let stated = declarations(db, at).get(item as usize).map(|syntax| &syntax.item.kind);
    let element = match stated {
        Some(ItemKind::Element(element)) => Some(element),
        Some(_) => return None,
        None => None,
    };
    let kind = element.and_then(|element| element.kind.as_ref());
    let kind = kind.and_then(|kind| kinds.named(&kind.text));
    if let Some(element) = element.filter(|element| element.template.is_none()) {
        let lineage = kind.and_then(|kind| kinds.lineage(kind));
        let at = Anchor { file: at.id(db), item, span: element.name.span };
        return Some(Signature { role: element.role, lineage, unknown: false, at });
    }
    let (used, part) = made(db, at).by(item)?;
    let unknown = used.shape.parts.is_empty();
    let part = used.shape.parts.get(part as usize);
    let role = element.map(|element| element.role).or(part?.role)?;
    let kind = kind.or(part.and_then(|part| part.kind));
    let lineage = kind.and_then(|kind| kinds.lineage(kind));
    Some(Signature { role, lineage, unknown, at: used.at })
}
