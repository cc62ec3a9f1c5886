//! What needs what, one step at a time; and which kind is a sort of which.

use rbp_compiler::db::{Db, Declaration, Workspace, file};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::model::{element, lineage};
use rbp_compiler::names::{ItemId, Lookup, Scope, Space};
use rbp_grammar::ast::ItemKind;

use crate::declared::{item, target};
use crate::needs::{Link, needed_by, needs};
use crate::occurrences::{Symbol, at};
use crate::source::{Place, Source, place};
use crate::symbols::Sort;

/// An element or a kind in a hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Which.
    pub id: ItemId,
    /// Its name.
    pub name: String,
    /// What sort of thing it is.
    pub sort: Sort,
    /// Its kind, or the words that lead to it.
    pub detail: String,
    /// Its name where it is declared.
    pub at: Place,
    /// All of its declaration.
    pub whole: Place,
}

/// A node with the places that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The node at the other end.
    pub node: Node,
    /// Where it is said: on the side of the one that needs the other.
    pub places: Vec<Place>,
}

fn element_node(db: &dyn Db, id: ItemId) -> Option<Node> {
    let known = element(db, id)?;
    // What a template makes is declared by its use.
    let at = match known.written() {
        Some(written) => written.used,
        None => known.name_at(),
    };
    let name_at = place(db, at)?;
    let source = Source::of(db, at.file)?;
    let whole = source.parsed.items.get(at.item as usize)?;
    let kind = known.lineage.as_ref().map(|kind| kind.name().to_owned());
    Some(Node {
        id,
        name: known.name().to_owned(),
        sort: Sort::of(known.role()),
        detail: kind.unwrap_or_default(),
        at: name_at,
        whole: Place { file: at.file, bytes: whole.start as usize..whole.end as usize },
    })
}

/// The element at a byte.
pub fn element_at(db: &dyn Db, id: FileId, byte: usize) -> Option<Node> {
    let source = Source::of(db, id)?;
    let found = at(&source, byte).into_iter().find_map(|occurrence| occurrence.element)?;
    element_node(db, found)
}

/// What needs an element.
pub fn above(db: &dyn Db, id: ItemId) -> Vec<Step> {
    steps(db, needed_by(db, id))
}

/// What an element needs.
pub fn below(db: &dyn Db, id: ItemId) -> Vec<Step> {
    steps(db, needs(db, id))
}

fn steps(db: &dyn Db, links: Vec<Link>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for link in links {
        let said = shown(db, &link);
        if let Some(known) = steps.iter_mut().find(|step| step.node.id == link.to) {
            known.places.extend(said);
            continue;
        }
        if let Some(mut node) = element_node(db, link.to) {
            let kind = std::mem::take(&mut node.detail);
            node.detail =
                if kind.is_empty() { link.how.into() } else { format!("{} · {kind}", link.how) };
            steps.push(Step { node, places: said.into_iter().collect() });
        }
    }
    steps
}

/// Where a link is said, as the author wrote it.
fn shown(db: &dyn Db, link: &Link) -> Option<Place> {
    let user = element(db, ItemId { file: link.at.file, item: link.at.item })?;
    let at = match user.written() {
        Some(written) => match written.place(link.at.span) {
            rbp_compiler::model::WrittenPlace::Use(at) => at,
            rbp_compiler::model::WrittenPlace::Template(_) => written.used,
        },
        None => link.at,
    };
    place(db, at)
}

fn kind_node(db: &dyn Db, id: ItemId) -> Option<Node> {
    let symbol = Symbol::Item(Space::Kind, id);
    let (name_at, whole) = target(db, &symbol)?;
    let ItemKind::Kind(kind) = &item(db, id)?.kind else { return None };
    Some(Node {
        id,
        name: kind.name.text.to_string(),
        sort: Sort::Kind,
        detail: file(db, id.file)?.module(db).to_owned(),
        at: name_at,
        whole,
    })
}

/// The kind at a byte; of an element, its kind.
pub fn kind_at(db: &dyn Db, id: FileId, byte: usize) -> Option<Node> {
    let source = Source::of(db, id)?;
    let kind = at(&source, byte).into_iter().find_map(|occurrence| {
        if let Symbol::Item(Space::Kind, kind) = occurrence.symbol {
            return Some(kind);
        }
        let known = element(db, occurrence.element?)?;
        known.lineage.as_ref()?.kinds.first().map(|(kind, _)| *kind)
    });
    kind_node(db, kind?)
}

/// The kind that a kind is a sort of.
pub fn supertypes(db: &dyn Db, id: ItemId) -> Vec<Node> {
    let Some(at) = file(db, id.file) else { return Vec::new() };
    let lineage = lineage(db, Declaration::new(db, at, id.item));
    lineage.kinds.get(1).and_then(|(parent, _)| kind_node(db, *parent)).into_iter().collect()
}

/// The kinds that are directly sorts of a kind.
pub fn subtypes(db: &dyn Db, id: ItemId) -> Vec<Node> {
    let mut found = Vec::new();
    for at in Workspace::get(db).files(db).iter().flatten() {
        let source = Source::open(db, *at);
        let mut scope = None;
        for (number, parsed) in source.parsed.items.iter().enumerate() {
            let ItemKind::Kind(kind) = &parsed.syntax.item.kind else { continue };
            let Some(parent) = &kind.parent else { continue };
            let scope = scope.get_or_insert_with(|| Scope::of(db, *at));
            if matches!(scope.find(Space::Kind, &parent.text), Lookup::Found(known, _) if known == id)
            {
                found.extend(kind_node(db, ItemId { file: source.id, item: number as u32 }));
            }
        }
    }
    found
}
