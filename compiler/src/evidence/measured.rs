//! What was measured in a test.

use rbp_grammar::ast::{ItemKind, Quantity};
use rbp_grammar::parse;

use super::Record;
use crate::db::{Db, SourceFile};
use crate::diagnostic::Anchor;
use crate::model::amount_of;
use crate::names::Scope;
use crate::quantity::Amount;

/// The figures of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measured {
    /// How much was carried.
    pub load: Option<Figure>,
    /// For how long.
    pub lasted: Option<Figure>,
    /// How long it took until it served.
    pub restored: Option<Figure>,
}

/// A quantity in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// As it is written.
    pub written: Quantity,
    /// What it amounts to in the file that declares the backup; `None` where that is not known, or where a
    /// duration is wanted and this is none.
    pub amount: Option<Amount>,
    /// Where it stands.
    pub at: Anchor,
}

impl Figure {
    /// Its milliseconds.
    pub fn ms(&self) -> Option<u64> {
        self.amount.as_ref()?.milliseconds()
    }
}

impl Measured {
    /// Its figures.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        [&self.load, &self.lasted, &self.restored].into_iter().flatten()
    }
}

impl Record {
    /// Works out what its figures amount to, by the units that a file knows.
    pub(super) fn measure(&mut self, db: &dyn Db, at: SourceFile) {
        let Some(measured) = self.measured.as_deref_mut() else { return };
        let scope = Scope::of(db, at);
        let work_out = |figure: &mut Option<Figure>, is_time: bool| {
            if let Some(figure) = figure {
                let amount = amount_of(db, &scope, &figure.written);
                figure.amount = amount.filter(|a| !is_time || a.milliseconds().is_some());
            }
        };
        work_out(&mut measured.load, false);
        work_out(&mut measured.lasted, true);
        work_out(&mut measured.restored, true);
    }

    /// The first figure of which it is not known what it amounts to.
    pub(super) fn unmeasured(&self) -> Option<&Figure> {
        self.measured.as_deref()?.figures().find(|figure| figure.amount.is_none())
    }
}

/// The quantity that a text is: `80 kW`.
pub(super) fn quantity(text: &str) -> Option<Quantity> {
    // What a unit is made of is a quantity and nothing else.
    let read = parse(&format!("unit x = {text}"));
    let [item] = read.items.as_slice() else { return None };
    match &item.syntax.item.kind {
        ItemKind::Unit(unit) if item.syntax.problems.is_empty() => unit.definition.clone(),
        _ => None,
    }
}
