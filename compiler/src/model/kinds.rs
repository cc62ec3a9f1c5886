//! Kinds: a tree with single inheritance, fields, and clauses that an element must have.

use std::sync::Arc;

use rbp_grammar::ast::{ItemKind, Kind, KindClause, Span};
use smol_str::SmolStr;

use crate::db::{Db, Declaration, declarations, file};
use crate::diagnostic::Anchor;
use crate::model::measure::unit;
use crate::names::{ItemId, Lookup, Scope, Space, modules};
use crate::quantity::Dimension;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// A text in quotes.
    Text,
    /// A word.
    Name,
    /// A date.
    Date,
    /// A quantity of that dimension.
    Quantity(Dimension),
    /// The type is not known; its own finding says so.
    Unknown,
}

/// A field of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: SmolStr,
    /// What it holds.
    pub ty: FieldType,
    /// Where it is declared.
    pub at: Anchor,
}

/// A kind with everything it inherits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lineage {
    /// The kind itself first, then its ancestors, with their names.
    pub kinds: Vec<(ItemId, SmolStr)>,
    /// Its fields and inherited ones.
    pub fields: Vec<Field>,
    /// The clauses that an element must have, by their first word, with the place that says so.
    pub requires: Vec<(SmolStr, Anchor)>,
    /// The names of its ancestors in the prelude, itself included.
    pub roots: Vec<SmolStr>,
    /// The kind descends from itself.
    pub circular: bool,
}

impl Lineage {
    /// The kind's own name.
    pub fn name(&self) -> &str {
        self.kinds.first().map_or("", |(_, name)| name)
    }

    /// Whether it is the prelude's kind of that name, or a sort of it.
    pub fn is(&self, root: &str) -> bool {
        self.roots.iter().any(|r| r == root)
    }

    /// Whether it is that kind or a sort of it.
    pub fn descends_from(&self, kind: ItemId) -> bool {
        self.kinds.iter().any(|(id, _)| *id == kind)
    }
}

/// The kind of that number.
pub(super) fn lineage_of(db: &dyn Db, kind: ItemId) -> Option<Arc<Lineage>> {
    Some(lineage(db, Declaration::new(db, file(db, kind.file)?, kind.item)))
}

/// The kind that is declared there with what it inherits. Linear in its ancestors.
#[salsa::tracked(returns(clone))]
pub fn lineage<'db>(db: &'db dyn Db, kind: Declaration<'db>) -> Arc<Lineage> {
    let prelude = modules(db).get(&(0, "prelude".to_owned())).map(|f| f.id(db));
    let mut lineage = Lineage::default();
    let mut next = Some((kind.file(db), kind.item(db)));
    while let Some((at, item)) = next {
        let id = ItemId { file: at.id(db), item };
        if lineage.descends_from(id) {
            lineage.circular = true;
            break;
        }
        let items = declarations(db, at);
        let Some(ItemKind::Kind(kind)) = items.get(item as usize).map(|i| &i.item.kind) else {
            break;
        };
        lineage.kinds.push((id, kind.name.text.clone()));
        if Some(id.file) == prelude {
            lineage.roots.push(kind.name.text.clone());
        }
        let scope = Scope::of(db, at);
        inherit(db, &scope, id, kind, &mut lineage);
        next =
            kind.parent.as_ref().and_then(|parent| match scope.find(Space::Kind, &parent.text) {
                Lookup::Found(id, _) => Some((file(db, id.file)?, id.item)),
                Lookup::Missing { .. } => None,
            });
    }
    Arc::new(lineage)
}

fn inherit(db: &dyn Db, scope: &Scope<'_>, id: ItemId, kind: &Kind, lineage: &mut Lineage) {
    let at = |span: Span| Anchor { file: id.file, item: id.item, span };
    for clause in &kind.clauses {
        match clause {
            KindClause::Field { name, ty } => {
                if !lineage.fields.iter().any(|f| f.name == name.text) {
                    let ty = field_type(db, scope, &ty.text);
                    lineage.fields.push(Field { name: name.text.clone(), ty, at: at(name.span) });
                }
            }
            KindClause::Requires(words) => {
                lineage.requires.extend(words.iter().map(|w| (w.text.clone(), at(w.span))));
            }
            KindClause::Error => {}
        }
    }
}

/// The type that a field's declaration names.
pub(super) fn field_type(db: &dyn Db, scope: &Scope<'_>, ty: &str) -> FieldType {
    match ty {
        "text" => return FieldType::Text,
        "name" => return FieldType::Name,
        "date" => return FieldType::Date,
        _ => {}
    }
    let Lookup::Found(id, _) = scope.find(Space::Unit, ty) else { return FieldType::Unknown };
    let amount = scope.declaration(id).and_then(|of| unit(db, of).ok());
    amount.map_or(FieldType::Unknown, |amount| FieldType::Quantity(amount.dimension))
}
