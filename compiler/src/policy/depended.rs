//! `some f in functions: d in f.depends`, which packs ask of every dependency, without trying every function
//! of the package.

use rbp_grammar::ast::{Expr, Name, Operator, Role};
use rbp_grammar::head::Head;
use rustc_hash::FxHashSet;

use super::eval::Bound;
use super::value::Value;
use crate::db::{Db, SourceFile, file};
use crate::model::{Element, facts};
use crate::names::{ItemId, namers};

/// The name `d` where `some NAME in SET: BODY` asks whether any function depends on it.
pub(super) fn asked<'e>(
    name: &Name,
    set: &Expr,
    body: &'e Expr,
    bound: &Bound,
) -> Option<&'e Expr> {
    let Expr::Name(functions) = set else { return None };
    let Expr::Binary { operator: Operator::In, left, right } = body else { return None };
    let (Expr::Name(sought), Expr::Field { of, field }) = (&**left, &**right) else { return None };
    let Expr::Name(of) = &**of else { return None };
    let shadowed = bound.iter().any(|(known, _)| *known == functions.text);
    let fits = functions.text == "functions"
        && !shadowed
        && of.text == name.text
        && sought.text != name.text
        && field.text == "depends";
    fits.then_some(&**left)
}

/// Whether any function of the package of `here` depends on the element. It is unknown where none is known
/// to and a function that may name it could not be read in full. A file that does not import the element's own
/// names it nowhere; that holds as far as every import could be read, which is for the caller to know.
pub(super) fn any(db: &dyn Db, here: SourceFile, sought: &Element) -> Value {
    let package = here.package(db);
    let Some(home) = file(db, sought.id.file) else { return Value::Truth(false) };
    let files = namers(db, home).iter().filter(|at| at.package(db) == package);
    if files.clone().any(|at| depended(db, *at).contains(&sought.id)) {
        return Value::Truth(true);
    }
    match files.clone().find_map(|at| unread(db, *at).as_ref()) {
        Some(function) => Value::Unknown(format!("part of `{function}` could not be read")),
        None => Value::Truth(false),
    }
}

/// What the functions of a file depend on, those left aside that could not be read in full.
#[salsa::tracked(returns(ref))]
fn depended(db: &dyn Db, at: SourceFile) -> FxHashSet<ItemId> {
    let functions = facts(db, at).elements().filter(|e| e.role() == Role::Function);
    let whole = functions.filter(|function| !function.is_partial());
    whole.flat_map(|f| f.bare_needs(&[Head::DependsOn]).flat_map(|need| need.of())).collect()
}

/// The first function of a file that could not be read in full.
#[salsa::tracked(returns(ref))]
fn unread(db: &dyn Db, at: SourceFile) -> Option<String> {
    let mut functions = facts(db, at).elements().filter(|e| e.role() == Role::Function);
    functions.find(|function| function.is_partial()).map(|function| function.name().to_owned())
}
