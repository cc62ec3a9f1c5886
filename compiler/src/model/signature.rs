//! What other files need to know of a declaration to name it: less than all of it, so that they
//! are read again only when this changes.

use std::sync::Arc;

use rbp_grammar::ast::{ItemKind, Role};

use crate::db::{Db, SourceFile, file, parsed};
use crate::diagnostic::Anchor;
use crate::model::kinds::{Lineage, lineage};
use crate::names::{Lookup, Scope, Space};

/// What an element is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub role: Role,
    pub lineage: Option<Arc<Lineage>>,
    /// It comes from a template, which may make it anything.
    pub templated: bool,
    /// Its name.
    pub at: Anchor,
}

/// The signature of element `item` of another file.
#[salsa::tracked(returns(clone))]
pub(super) fn signature(db: &dyn Db, at: SourceFile, item: u32) -> Option<Signature> {
    read(db, &Scope::of(db, at), at, item)
}

/// The signature of element `item` of the file whose scope is given.
pub(super) fn read(db: &dyn Db, scope: &Scope<'_>, at: SourceFile, item: u32) -> Option<Signature> {
    let items = &parsed(db, at).items;
    let ItemKind::Element(element) = &items.get(item as usize)?.syntax.item.kind else {
        return None;
    };
    let lineage =
        element.kind.as_ref().and_then(|kind| match scope.find(Space::Kind, &kind.text) {
            Lookup::Found(id, _) => Some(lineage(db, file(db, id.file)?, id.item)),
            Lookup::Missing { .. } => None,
        });
    Some(Signature {
        role: element.role,
        lineage,
        templated: element.template.is_some(),
        at: Anchor { file: at.id(db), item, span: element.name.span },
    })
}
