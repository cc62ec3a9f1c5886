//! What needs what: the elements that an element rests on, and those that rest on it.

use std::sync::Arc;

use rbp_compiler::analysis::protectors;
use rbp_compiler::db::{Db, SourceFile, file};
use rbp_compiler::diagnostic::Anchor;
use rbp_compiler::model::{Element, NeedView, element, facts};
use rbp_compiler::names::{ItemId, namers};
use rbp_grammar::ast::{Name, Role, SignalExpr};
use rbp_grammar::head::Head;
use rustc_hash::{FxHashMap, FxHashSet};

/// One element resting on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The element at the other end.
    pub to: ItemId,
    /// The words of the clause that says so, such as `needs`; `protected by` for the backups of a
    /// function.
    pub how: &'static str,
    /// Where that is said.
    pub at: Anchor,
}

/// What an element rests on, in the order of its clauses. A function rests on its backups too.
pub fn needs(db: &dyn Db, id: ItemId) -> Vec<Link> {
    let Some(element) = element(db, id) else { return Vec::new() };
    let mut links = stated(&element);
    if element.role() == Role::Function {
        links.extend(protectors(db, id).iter().filter_map(|backup| {
            let at = protects(db, *backup, id)?;
            Some(Link { to: *backup, how: PROTECTED, at })
        }));
    }
    links
}

/// What rests on an element, by files and declarations. The functions that a backup protects rest on it.
pub fn needed_by(db: &dyn Db, id: ItemId) -> Vec<Link> {
    let Some(home) = file(db, id.file) else { return Vec::new() };
    let mut links: Vec<Link> = Vec::new();
    for at in namers(db, home) {
        links.extend(users(db, *at).get(&id).into_iter().flatten().cloned());
    }
    if let Some(backup) = element(db, id)
        && backup.role() == Role::Backup
    {
        let functions = backup.named(Head::Protects);
        links.extend(functions.iter().map(|function| {
            let at = backup.at(function.name.span);
            Link { to: function.id, how: PROTECTED, at }
        }));
    }
    links
}

/// The most elements that are looked at on the way to the functions.
const MAX_MET: usize = 5_000;

/// The functions that an element can matter to: what rests on it, directly or not. In the order in
/// which they are met. Cost: what rests on it, at most a few thousand elements.
pub fn functions_above(db: &dyn Db, id: ItemId) -> Vec<ItemId> {
    let mut met: FxHashSet<ItemId> = FxHashSet::from_iter([id]);
    let mut next = vec![id];
    let mut functions = Vec::new();
    let mut at = 0;
    while let Some(here) = next.get(at).copied() {
        at += 1;
        if element(db, here).is_some_and(|element| element.role() == Role::Function) {
            functions.push(here);
        }
        if next.len() < MAX_MET {
            let above = needed_by(db, here).into_iter().map(|link| link.to);
            next.extend(above.filter(|above| met.insert(*above)));
        }
    }
    functions
}

const PROTECTED: &str = "protected by";

fn protects(db: &dyn Db, backup: ItemId, function: ItemId) -> Option<Anchor> {
    let backup = element(db, backup)?;
    let named = backup.named(Head::Protects);
    let name = named.iter().find(|target| target.id == function)?.name;
    Some(backup.at(name.span))
}

/// Who in a file rests on what.
#[salsa::tracked(returns(ref))]
fn users(db: &dyn Db, at: SourceFile) -> Arc<FxHashMap<ItemId, Vec<Link>>> {
    let mut all: FxHashMap<ItemId, Vec<Link>> = FxHashMap::default();
    for element in facts(db, at).elements() {
        for link in stated(element) {
            let back = Link { to: element.id, ..link };
            all.entry(link.to).or_default().push(back);
        }
    }
    Arc::new(all)
}

/// What an element says that it rests on; each element once a clause.
fn stated(element: &Element) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let mut add = |head: Head, named: &[NeedView<'_>]| {
        for target in named.iter().flat_map(|need| &need.of) {
            let link = Link { to: target.id, how: head.words(), at: element.at(target.name.span) };
            if !links.iter().any(|l| l.to == link.to && l.how == link.how) {
                links.push(link);
            }
        }
    };
    element.needs().into_iter().for_each(|need| add(need.head, &[need]));
    add(Head::From, &element.needs_of(Head::From));
    add(Head::InstalledBy, &element.needs_of(Head::InstalledBy));
    let activation = element.activation();
    if let Some(activation) = &activation {
        let succession = activation.succession();
        succession.into_iter().for_each(|step| add(Head::By, &[step.who]));
        add(Head::With, &activation.needs_of(Head::With));
        add(Head::FundedBy, &activation.needs_of(Head::FundedBy));
    }
    let mut name = |head: Head, name: &Name, to: ItemId| {
        links.push(Link { to, how: head.words(), at: element.at(name.span) });
    };
    for target in element.named(Head::ControlledBy) {
        name(Head::ControlledBy, target.name, target.id);
    }
    if let Some(activation) = activation {
        for (_, via, _) in activation.fences() {
            via.iter().for_each(|target| name(Head::Fence, target.name, target.id));
        }
        for (via, ..) in activation.reaches() {
            via.iter().for_each(|target| name(Head::Reach, target.name, target.id));
        }
        if let Some((when, _)) = activation.when() {
            let mut signals = Vec::new();
            observed(when, &mut signals);
            for signal in signals {
                if let Some(id) = element.target(signal) {
                    name(Head::When, signal, id);
                }
            }
        }
    }
    links
}

fn observed<'a>(expr: &'a SignalExpr, signals: &mut Vec<&'a Name>) {
    match expr {
        SignalExpr::Signal(name) => signals.push(name),
        SignalExpr::Not(inner) => observed(inner, signals),
        SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
            observed(left, signals);
            observed(right, signals);
        }
        SignalExpr::Some { of, .. } => of.iter().for_each(|inner| observed(inner, signals)),
    }
}
