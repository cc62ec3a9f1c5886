//! The list of names that the search looks through.

use serde::Serialize;

use super::address;
use crate::book::Book;
use crate::markdown::first_sentence;

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    title: &'a str,
    word: &'a str,
    module: &'a str,
    at: String,
    says: String,
}

/// A script that sets `rbpNames`. It is a file of its own, never part of a page.
pub fn script(book: &Book) -> Result<String, serde_json::Error> {
    let mut names = Vec::new();
    for module in &book.modules {
        let page = address::of_module(&module.path);
        names.push(Named {
            name: &module.path,
            title: "",
            word: if module.is_pack() { "pack" } else { "module" },
            module: "",
            at: page.clone(),
            says: first_sentence(&module.about),
        });
        names.extend(module.entries.iter().map(|entry| Named {
            name: &entry.name,
            title: entry.title.as_deref().unwrap_or(""),
            word: entry.facts.word(),
            module: &module.path,
            at: format!("{page}#{}", address::anchor(entry)),
            says: first_sentence(entry.docs.as_deref().unwrap_or("")),
        }));
    }
    Ok(format!("var rbpNames = {};\n", serde_json::to_string_pretty(&names)?))
}
