//! Where on the site something is told.

use std::fmt::Write;

use rbp_compiler::names::Space;

use crate::book::{Entry, Facts, Link};

/// The first page.
pub const INDEX: &str = "index.html";

/// The page of a module. What a file's name may hold stays; every other character becomes `_` and its number.
pub fn of_module(path: &str) -> String {
    let mut name = String::from("m-");
    for c in path.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' => name.push(c),
            c => _ = write!(name, "_{:x}_", u32::from(c)),
        }
    }
    name + ".html"
}

/// The place of an entry on its module's page.
pub fn anchor(entry: &Entry) -> String {
    let space = match entry.facts {
        Facts::Kind { .. } => Space::Kind,
        Facts::Template { .. } => Space::Template,
        Facts::Policy { .. } => Space::Policy,
        Facts::Unit { .. } => Space::Unit,
        Facts::Signal { .. } | Facts::Element { .. } => Space::Element,
    };
    format!("{}-{}", space.word(), entry.name)
}

/// Where a link leads, where this book tells of it.
pub fn of_link(link: &Link) -> Option<String> {
    let page = link.told.then(|| of_module(&link.module))?;
    Some(format!("{page}#{}-{}", link.space.word(), link.name))
}
