//! The first page: what there is, by sort.

use std::collections::HashMap;

use maud::{Markup, html};
use rbp_compiler::names::Space;

use super::{address, layout};
use crate::book::{Book, Entry, Facts, Link, Module, Sort};
use crate::markdown::first_sentence;

/// How deep the tree of kinds is drawn.
const DEEPEST: usize = 32;

/// The page.
pub fn page(book: &Book) -> String {
    let (packs, others): (Vec<&Module>, Vec<&Module>) =
        book.modules.iter().partition(|module| module.is_pack());
    let main = html! {
        h1 { (layout::name(book)) }
        @if book.modules.is_empty() { p { "The package offers nothing to others." } }
        @if !others.is_empty() { section { h2 { "Modules" } (modules(&others)) } }
        @if !packs.is_empty() { section { h2 { "Policy packs" } (modules(&packs)) } }
        (templates(book))
        (kinds(book))
    };
    layout::page(book, None, layout::name(book), &main)
}

fn modules(modules: &[&Module]) -> Markup {
    html! {
        dl.modules { @for module in modules {
            dt { a href=(address::of_module(&module.path)) { code { (module.path) } } }
            dd {
                (first_sentence(&module.about))
                " " span.count { (count(module)) }
            }
        } }
    }
}

/// How much of each sort a module has.
fn count(module: &Module) -> String {
    let words = |sort| match sort {
        Sort::Template => ("template", "templates"),
        Sort::Kind => ("kind", "kinds"),
        Sort::Policy => ("policy", "policies"),
        Sort::Signal => ("signal", "signals"),
        Sort::Element => ("element", "elements"),
        Sort::Unit => ("unit", "units"),
    };
    let counts = Sort::ALL.into_iter().filter_map(|sort| match module.of(sort).count() {
        0 => None,
        1 => Some(format!("1 {}", words(sort).0)),
        many => Some(format!("{many} {}", words(sort).1)),
    });
    counts.collect::<Vec<_>>().join(", ")
}

fn all(book: &Book, sort: Sort) -> impl Iterator<Item = (&Module, &Entry)> {
    book.modules.iter().flat_map(move |module| module.of(sort).map(move |entry| (module, entry)))
}

fn templates(book: &Book) -> Markup {
    let mut all: Vec<_> = all(book, Sort::Template).collect();
    all.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    html! {
        @if !all.is_empty() { section {
            h2 { "Templates" }
            dl.modules { @for (module, entry) in all {
                dt { (layout::link(&to(module, entry, Space::Template))) }
                dd { (first_sentence(entry.docs.as_deref().unwrap_or(""))) }
            } }
        } }
    }
}

fn to(module: &Module, entry: &Entry, space: Space) -> Link {
    Link { name: entry.name.clone(), module: module.path.clone(), space, told: true }
}

/// The tree of kinds, from those whose parents are told elsewhere or that have none.
fn kinds(book: &Book) -> Markup {
    let mut children: HashMap<(&str, &str), &[Link]> = HashMap::new();
    let mut roots = Vec::new();
    for (module, entry) in all(book, Sort::Kind) {
        let Facts::Kind { parent, children: own, .. } = &entry.facts else { continue };
        children.insert((&module.path, &entry.name), own);
        if parent.as_ref().is_none_or(|parent| !parent.told) {
            roots.push(to(module, entry, Space::Kind));
        }
    }
    roots.sort_by(|a, b| (&a.name, &a.module).cmp(&(&b.name, &b.module)));
    html! { @if !roots.is_empty() { section { h2 { "Kinds" } div.tree { (tree(&roots, &children, 0)) } } } }
}

fn tree(kinds: &[Link], children: &HashMap<(&str, &str), &[Link]>, depth: usize) -> Markup {
    html! {
        ul { @for kind in kinds {
            @let own = children.get(&(kind.module.as_str(), kind.name.as_str()));
            li {
                (layout::link(kind))
                @if let Some(own) = own.filter(|own| !own.is_empty() && depth < DEEPEST) {
                    (tree(own, children, depth + 1))
                }
            }
        } }
    }
}
