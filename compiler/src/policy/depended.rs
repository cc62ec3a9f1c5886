//! `some f in functions: d in f.depends` and the same of `f.rests-on`, which packs ask of every dependency, without
//! trying every function of the package.

use rbp_grammar::ast::{Expr, Name, Operator, Role};
use rbp_grammar::head::Head;
use rustc_hash::FxHashSet;

use super::eval::Bound;
use super::value::Value;
use crate::analysis::needs;
use crate::db::{Db, SourceFile, file};
use crate::model::{Element, facts};
use crate::names::{ItemId, namers};

/// How a function is to rest on something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It names it: `depends`.
    Named,
    /// By however many steps: `rests-on`.
    AnyHow,
}

/// The name `d` where `some NAME in SET: BODY` asks whether any function depends on it, and how.
pub(super) fn asked<'e>(
    name: &Name,
    set: &Expr,
    body: &'e Expr,
    bound: &Bound,
) -> Option<(&'e Expr, Way)> {
    let Expr::Name(functions) = set else { return None };
    let Expr::Binary { operator: Operator::In, left, right } = body else { return None };
    let (Expr::Name(sought), Expr::Field { of, field }) = (&**left, &**right) else { return None };
    let Expr::Name(of) = &**of else { return None };
    let shadowed = bound.iter().any(|(known, _)| *known == functions.text);
    let fits = functions.text == "functions"
        && !shadowed
        && of.text == name.text
        && sought.text != name.text;
    let way = match field.text.as_str() {
        "depends" => Way::Named,
        "rests-on" => Way::AnyHow,
        _ => return None,
    };
    fits.then_some((&**left, way))
}

/// Whether any function of the package of `here` depends on the element. It is unknown where none is known
/// to and a function that may name it could not be read in full. A file that does not import the element's own
/// names it nowhere; that holds as far as every import could be read, which is for the caller to know.
pub(super) fn any(db: &dyn Db, here: SourceFile, sought: &Element, way: Way) -> Value {
    let package = here.package(db);
    if way == Way::AnyHow {
        return any_above(db, package, sought);
    }
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

/// Whether any function of the package rests on the element: followed upwards from it, from each file that can name
/// what was met. It is unknown where none is known to and something on the way could not be read in full.
fn any_above(db: &dyn Db, package: u32, sought: &Element) -> Value {
    let mut met = FxHashSet::from_iter([sought.id]);
    let (mut next, mut unread) = (vec![sought.id], None);
    while let Some(id) = next.pop() {
        for at in file(db, id.file).map_or(&[][..], |home| namers(db, home)) {
            let needed = needed(db, *at);
            let first = needed.partition_point(|(of, ..)| *of < id);
            for (_, by, function) in needed.iter().skip(first).take_while(|(of, ..)| *of == id) {
                if *function && at.package(db) == package {
                    return Value::Truth(true);
                }
                if met.insert(*by) {
                    next.push(*by);
                }
            }
            unread = unread.or_else(|| unread_element(db, *at).as_ref());
        }
    }
    match unread {
        Some(name) => Value::Unknown(format!("part of `{name}` could not be read")),
        None => Value::Truth(false),
    }
}

/// What the elements of a file need, each with who needs it and whether that is a function; sorted. Those that could not
/// be read in full are left aside.
#[salsa::tracked(returns(ref))]
fn needed(db: &dyn Db, at: SourceFile) -> Box<[(ItemId, ItemId, bool)]> {
    let whole = facts(db, at).elements().filter(|element| !element.is_partial());
    let all = whole.flat_map(|element| {
        let function = element.role() == Role::Function;
        needs(element).flat_map(move |need| need.of().map(move |of| (of, element.id, function)))
    });
    let mut all: Vec<(ItemId, ItemId, bool)> = all.collect();
    all.sort_unstable();
    all.dedup();
    all.into()
}

/// The first element of a file that could not be read in full.
#[salsa::tracked(returns(ref))]
fn unread_element(db: &dyn Db, at: SourceFile) -> Option<String> {
    let mut elements = facts(db, at).elements();
    elements.find(|element| element.is_partial()).map(|element| element.name().to_owned())
}
