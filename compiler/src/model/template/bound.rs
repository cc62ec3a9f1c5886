//! What a template's parameter takes.

use std::sync::Arc;

use rbp_grammar::ast::Role;

use crate::db::{Db, Declaration, file};
use crate::model::kinds::{FieldType, Lineage, field_type, lineage};
use crate::names::{Lookup, Scope, Space};
use crate::quantity::Dimension;
use crate::rules::language::dimension_mismatch::{self, field_takes};
use crate::rules::language::wrong_kind;

/// What a parameter takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// Any dependency or backup.
    Element,
    /// A dependency or backup of that kind or a sort of it.
    Kind(Arc<Lineage>),
    /// Any backup.
    Backup,
    /// Any function.
    Function,
    /// Any signal.
    Signal,
    /// A word without quotes, such as an owner or a tag.
    Word,
    /// A text in quotes.
    Text,
    /// A date.
    Date,
    /// A quantity of that sort.
    Quantity(dimension_mismatch::Wanted),
    /// A quantity that the unit measures.
    Unit(Dimension),
    /// It is not known; its own finding says so.
    Unknown,
}

/// The bounds that are neither kinds nor units, as they are written.
pub const WORDS: [&str; 12] = [
    "element", "backup", "function", "signal", "name", "text", "date", "duration", "money", "rate",
    "share", "quantity",
];

impl Bound {
    /// What a bound's name means: one of [`WORDS`], a kind, or a unit; in this order.
    pub(super) fn of(db: &dyn Db, scope: &Scope<'_>, name: &str) -> Bound {
        match name {
            "element" => return Bound::Element,
            "backup" => return Bound::Backup,
            "function" => return Bound::Function,
            "signal" => return Bound::Signal,
            "name" => return Bound::Word,
            "text" => return Bound::Text,
            "date" => return Bound::Date,
            "duration" => return Bound::Quantity(dimension_mismatch::Wanted::Duration),
            "money" => return Bound::Quantity(dimension_mismatch::Wanted::Money),
            "rate" => return Bound::Quantity(dimension_mismatch::Wanted::Rate),
            "share" => return Bound::Quantity(dimension_mismatch::Wanted::Share),
            "quantity" => return Bound::Quantity(dimension_mismatch::Wanted::Any),
            _ => {}
        }
        if let Lookup::Found(id, _) = scope.find(Space::Kind, name)
            && let Some(at) = file(db, id.file)
        {
            return Bound::Kind(lineage(db, Declaration::new(db, at, id.item)));
        }
        match field_type(db, scope, name) {
            FieldType::Quantity(dimension) => Bound::Unit(dimension),
            _ => Bound::Unknown,
        }
    }

    /// The bound in words, with its article.
    pub fn words(&self) -> String {
        match self {
            Bound::Element => "a dependency or a backup".into(),
            Bound::Kind(kind) => {
                format!("an element of the kind `{}` or a sort of it", kind.name())
            }
            Bound::Backup => "a backup".into(),
            Bound::Function => "a function".into(),
            Bound::Signal => "a signal".into(),
            Bound::Word => "a word without quotes".into(),
            Bound::Text => "a text in quotes".into(),
            Bound::Date => "a date such as 2026-10-01".into(),
            Bound::Quantity(wanted) => wanted.words().into(),
            Bound::Unit(dimension) => field_takes(dimension),
            Bound::Unknown => "a value".into(),
        }
    }

    /// Whether it takes the name of an element.
    pub fn is_element(&self) -> bool {
        let names = [Bound::Element, Bound::Backup, Bound::Function, Bound::Signal];
        names.contains(self) || matches!(self, Bound::Kind(_))
    }

    /// Whether it takes an element of that role and kind.
    pub fn takes(&self, role: Role, kind: Option<&Lineage>) -> bool {
        let thing = matches!(role, Role::Dependency | Role::Backup);
        match self {
            Bound::Element => thing,
            Bound::Kind(bound) => {
                let id = bound.kinds.first().map(|(id, _)| *id);
                thing && id.is_some_and(|id| kind.is_some_and(|kind| kind.descends_from(id)))
            }
            Bound::Backup => role == Role::Backup,
            Bound::Function => role == Role::Function,
            Bound::Signal => role == Role::Signal,
            Bound::Unknown => true,
            _ => false,
        }
    }

    /// The least that is known of an element that it takes.
    pub fn least(&self) -> Option<(Role, Option<&Lineage>)> {
        match self {
            Bound::Element => Some((Role::Dependency, None)),
            Bound::Kind(kind) => Some((Role::Dependency, Some(kind))),
            Bound::Backup => Some((Role::Backup, None)),
            Bound::Function => Some((Role::Function, None)),
            Bound::Signal => Some((Role::Signal, None)),
            _ => None,
        }
    }

    /// Whether all that it takes fits a place.
    pub fn fits(&self, wanted: wrong_kind::Wanted) -> bool {
        match self.least() {
            Some((role, kind)) => wanted.accepts(role, kind),
            None => *self == Bound::Unknown,
        }
    }

    /// Whether every quantity that it takes is of the wanted sort.
    pub fn measures(&self, wanted: dimension_mismatch::Wanted) -> bool {
        match self {
            Bound::Quantity(own) => wanted == dimension_mismatch::Wanted::Any || *own == wanted,
            Bound::Unit(dimension) => wanted.accepts(dimension),
            Bound::Unknown => true,
            _ => false,
        }
    }

    /// Whether every quantity that it takes is of that dimension.
    pub fn is_of(&self, wanted: &Dimension) -> bool {
        match self {
            Bound::Quantity(dimension_mismatch::Wanted::Duration) => wanted.is_time(),
            Bound::Quantity(dimension_mismatch::Wanted::Share) => wanted.is_none(),
            Bound::Unit(dimension) => dimension == wanted,
            Bound::Unknown => true,
            _ => false,
        }
    }

    /// Whether all that `other` takes is taken by it too.
    pub fn holds(&self, other: &Bound) -> bool {
        match (self, other) {
            (Bound::Unknown, _) | (_, Bound::Unknown) => true,
            (Bound::Quantity(wanted), _) => other.measures(*wanted),
            (Bound::Unit(dimension), _) => other.is_of(dimension),
            _ if self == other => true,
            _ => other.least().is_some_and(|(role, kind)| self.takes(role, kind)),
        }
    }
}
