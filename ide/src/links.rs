//! Places of a text that lead elsewhere: module paths to their files, names of rules to their pages.

use rbp_compiler::db::Db;
use rbp_compiler::diagnostic::FileId;

use crate::occurrences::{Symbol, occurrences};
use crate::source::{Place, Source};

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// A file.
    File(FileId),
    /// The page of a rule.
    Rule(&'static str),
}

/// The links of a file, in the order of the text.
pub fn links(db: &dyn Db, id: FileId) -> Vec<(Place, To)> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let found = occurrences(&source).into_iter().filter(|occurrence| !occurrence.alias);
    let links = found.filter_map(|occurrence| {
        let to = match occurrence.symbol {
            Symbol::Module(file) => To::File(file),
            Symbol::Rule(slug) => To::Rule(slug),
            _ => return None,
        };
        Some((Place { file: id, bytes: occurrence.bytes }, to))
    });
    links.collect()
}
