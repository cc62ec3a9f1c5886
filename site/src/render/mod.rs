//! From a book to pages that need no network and no server.

mod address;
mod entry;
mod index;
mod layout;
mod module;
mod names;

use crate::book::Book;

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its name: letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// What every page says of where it comes from, so that pages can be told from other files.
pub const GENERATOR: &str = "<meta name=\"generator\" content=\"rbp doc\">";

/// Every file of the site of a book: the first page, one for each module, and what they share. The same
/// book gives the same bytes.
///
/// # Errors
///
/// When the list of names cannot be written; as far as is known, never.
pub fn pages(book: &Book) -> Result<Vec<Page>, serde_json::Error> {
    let mut pages = vec![Page { name: address::INDEX.into(), text: index::page(book) }];
    pages.extend(book.modules.iter().map(|module| Page {
        name: address::of_module(&module.path),
        text: module::page(book, module),
    }));
    let shared = |name: &str, text: &str| Page { name: name.into(), text: text.into() };
    pages.push(shared("style.css", include_str!("style.css")));
    pages.push(shared("search.js", include_str!("search.js")));
    pages.push(Page { name: "names.js".into(), text: names::script(book)? });
    Ok(pages)
}
