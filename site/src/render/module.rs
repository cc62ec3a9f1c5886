//! The page of a module.

use maud::{Markup, html};

use super::{address, entry, layout};
use crate::book::{Book, Module, Sort};

/// The page.
pub fn page(book: &Book, module: &Module) -> String {
    let main = html! {
        h1 { code { (module.path) } }
        @if !module.about.trim().is_empty() { (layout::docs(Some(&module.about))) }
        (used(module))
        @if module.entries.len() > 1 { (contents(module)) }
        @for sort in Sort::ALL {
            @if module.of(sort).next().is_some() {
                section {
                    h2 { (heading(sort)) }
                    @if sort == Sort::Unit { (entry::units(module)) }
                    @else { @for one in module.of(sort) { (entry::article(module, one)) } }
                }
            }
        }
    };
    layout::page(
        book,
        Some(&module.path),
        &format!("{} – {}", module.path, layout::name(book)),
        &main,
    )
}

/// What a row of entries of a sort is called.
pub fn heading(sort: Sort) -> &'static str {
    match sort {
        Sort::Template => "Templates",
        Sort::Kind => "Kinds",
        Sort::Policy => "Policies",
        Sort::Signal => "Signals",
        Sort::Element => "Elements",
        Sort::Unit => "Units",
    }
}

/// How the module is put to use.
fn used(module: &Module) -> Markup {
    // What is in the prelude is in scope everywhere.
    if module.path == "std.prelude" {
        return html! { p.use { "In scope everywhere; nothing need be imported." } };
    }
    let line = match module.is_pack() {
        true => format!("apply {}", module.path),
        false => {
            let mut first = module.of(Sort::Template).chain(&module.entries);
            let first = first.next().map_or("", |entry| entry.name.as_str());
            format!("import {}.{{{first}}}", module.path)
        }
    };
    html! { pre.use { code { (line) } } }
}

fn contents(module: &Module) -> Markup {
    html! {
        nav.contents aria-label="On this page" {
            @for sort in Sort::ALL {
                @if module.of(sort).next().is_some() {
                    p {
                        strong { (heading(sort)) } " "
                        @for (at, one) in module.of(sort).enumerate() {
                            @if at > 0 { ", " }
                            a href={ "#" (address::anchor(one)) } { (one.name) }
                        }
                    }
                }
            }
        }
    }
}
