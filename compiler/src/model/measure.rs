//! What units amount to.

use rbp_grammar::ast::{ItemKind, Quantity};
use smol_str::SmolStr;

use crate::db::{Db, Declaration, SourceFile, Workspace, declarations};
use crate::names::{Lookup, Scope, Space};
use crate::quantity::{Amount, Dimension, Number, number, product};

/// How deep unit definitions may build on one another.
const MAX_CHAIN: u32 = 32;

/// Why a unit has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoUnit {
    /// No unit of that name.
    Unknown(SmolStr),
    /// Its definition comes back to itself, or is too long a chain.
    Circular,
    /// The number does not fit.
    OutOfRange,
}

/// One of the unit that is declared there, in base units.
#[salsa::tracked(returns(clone))]
pub fn unit<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Result<Amount, NoUnit> {
    declared(db, of.file(db), of.item(db), 0)
}

fn declared(db: &dyn Db, at: SourceFile, item: u32, depth: u32) -> Result<Amount, NoUnit> {
    if depth > MAX_CHAIN {
        return Err(NoUnit::Circular);
    }
    let items = declarations(db, at);
    let Some(ItemKind::Unit(unit)) = items.get(item as usize).map(|i| &i.item.kind) else {
        return Err(NoUnit::Circular);
    };
    match &unit.definition {
        Some(quantity) => measure(db, &Scope::of(db, at), quantity, depth + 1),
        None => {
            let dimension = Dimension::base(base_name(db, at, &unit.name.text));
            Ok(Amount { number: Number::from_integer(1), dimension })
        }
    }
}

/// Base units of the prelude go by their bare names, others by module and name.
fn base_name(db: &dyn Db, file: SourceFile, name: &SmolStr) -> SmolStr {
    if file.package(db) == 0 && file.module(db) == "prelude" {
        return name.clone();
    }
    let package = Workspace::get(db).packages(db).get(file.package(db) as usize);
    let package = package.map_or("", |p| p.name.as_str());
    SmolStr::from(format!("{package}.{}.{name}", file.module(db)))
}

/// What a quantity that stands in no declaration amounts to, where its unit is known.
pub(crate) fn amount_of(db: &dyn Db, scope: &Scope<'_>, quantity: &Quantity) -> Option<Amount> {
    measured(db, scope, quantity).ok()
}

/// What a quantity amounts to in base units.
pub(super) fn measured(
    db: &dyn Db,
    scope: &Scope<'_>,
    quantity: &Quantity,
) -> Result<Amount, NoUnit> {
    measure(db, scope, quantity, 0)
}

fn measure(
    db: &dyn Db,
    scope: &Scope<'_>,
    quantity: &Quantity,
    depth: u32,
) -> Result<Amount, NoUnit> {
    let number = number(&quantity.number).ok_or(NoUnit::OutOfRange)?;
    let plain = Amount { number, dimension: Dimension::default() };
    let one = |name: &str| named(db, scope, name, depth);
    let result = match quantity.unit.as_str() {
        "" => return Ok(plain),
        "%" => {
            let hundred =
                Amount { number: Number::from_integer(100), dimension: Dimension::default() };
            product(&plain, &hundred, -1)
        }
        text => match text.split_once('/') {
            Some(("", below)) => product(&plain, &one(below)?, -1),
            Some((above, below)) => {
                let (above, below) = (one(above)?, one(below)?);
                product(&plain, &above, 1).and_then(|amount| product(&amount, &below, -1))
            }
            None => product(&plain, &one(text)?, 1),
        },
    };
    result.ok_or(NoUnit::OutOfRange)
}

fn named(db: &dyn Db, scope: &Scope<'_>, name: &str, depth: u32) -> Result<Amount, NoUnit> {
    let Lookup::Found(id, _) = scope.find(Space::Unit, name) else {
        return Err(NoUnit::Unknown(name.into()));
    };
    let of = scope.declaration(id).ok_or(NoUnit::Circular)?;
    if depth == 0 { unit(db, of) } else { declared(db, of.file(db), id.item, depth) }
}
