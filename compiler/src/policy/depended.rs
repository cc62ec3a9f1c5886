//! `some f in functions: d in f.depends`, which packs ask of every dependency, without trying every function
//! of the package.

use rbp_grammar::ast::{Expr, Name, Operator, Role};
use rbp_grammar::head::Head;
use rustc_hash::FxHashSet;

use super::eval::Bound;
use super::value::Value;
use crate::db::{Db, SourceFile, Workspace, file};
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
/// to and a function could not be read in full.
pub(super) fn any(db: &dyn Db, here: SourceFile, sought: &Element) -> Value {
    let package = here.package(db);
    let named = file(db, sought.id.file).is_some_and(|home| {
        let mut files = namers(db, home).iter().filter(|at| at.package(db) == package);
        files.any(|at| depended(db, *at).contains(&sought.id))
    });
    match unread(db, Workspace::get(db), package).as_ref().filter(|_| !named) {
        Some(function) => Value::Unknown(format!("part of `{function}` could not be read")),
        None => Value::Truth(named),
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
fn unread_in(db: &dyn Db, at: SourceFile) -> Option<String> {
    let mut functions = facts(db, at).elements().filter(|e| e.role() == Role::Function);
    functions.find(|function| function.is_partial()).map(|function| function.name().to_owned())
}

/// The same of a package.
#[salsa::tracked(returns(ref))]
fn unread(db: &dyn Db, workspace: Workspace, package: u32) -> Option<String> {
    let mut files = workspace.files(db).iter().flatten().filter(|at| at.package(db) == package);
    files.find_map(|at| unread_in(db, *at).clone())
}
