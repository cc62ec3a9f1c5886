//! What may be written at a place: only what the grammar takes there, and of names only those that fit.

mod clauses;
mod context;
mod names;
mod values;

use rbp_compiler::db::Db;
use rbp_compiler::diagnostic::FileId;

use crate::actions::Change;
use crate::source::{Place, Source};
pub use names::module_of;

use context::Context;

/// What sort of thing is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Sort {
    Clause,
    Keyword,
    Element,
    Signal,
    Function,
    Backup,
    Kind,
    Unit,
    Template,
    Policy,
    Module,
    Parameter,
    Field,
    Word,
    Value,
}

/// Something that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is shown, and what the word at the place is held against.
    pub label: String,
    /// What sort of thing it is.
    pub sort: Sort,
    /// A few words beside the label.
    pub detail: Option<String>,
    /// What it means, as Markdown.
    pub docs: Option<String>,
    /// What is written: a snippet with gaps such as `${1:8s}`, where it has any.
    pub insert: String,
    /// What has to change elsewhere: the import of its name.
    pub also: Vec<Change>,
    /// Nearer ones come first.
    pub rank: u8,
}

impl Item {
    fn new(label: impl Into<String>, sort: Sort) -> Item {
        let label = label.into();
        let insert = escaped(&label);
        Item { label, sort, detail: None, docs: None, insert, also: Vec::new(), rank: 5 }
    }

    fn detail(mut self, detail: impl Into<String>) -> Item {
        self.detail = Some(detail.into());
        self
    }

    fn docs(mut self, docs: impl Into<String>) -> Item {
        self.docs = Some(docs.into());
        self
    }

    fn snippet(mut self, snippet: impl Into<String>) -> Item {
        self.insert = snippet.into();
        self
    }

    fn rank(mut self, rank: u8) -> Item {
        self.rank = rank;
        self
    }
}

/// A text as a snippet that has no gaps.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// A snippet without its gaps, for a client that knows none.
pub fn plain(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => text.extend(rest.next()),
            '$' if rest.peek() == Some(&'{') => {
                rest.next();
                while rest.next_if(|c| c.is_ascii_digit()).is_some() {}
                rest.next_if_eq(&':');
                text.extend(std::iter::from_fn(|| rest.next_if(|c| *c != '}')));
                rest.next();
            }
            '$' => while rest.next_if(|c| c.is_ascii_digit()).is_some() {},
            c => text.push(c),
        }
    }
    text
}

/// Whether a label, or a word in it, begins with what is typed.
fn begins(label: &str, typed: &str) -> bool {
    let typed = typed.to_lowercase();
    let label = label.to_lowercase();
    label.starts_with(&typed)
        || label.split(['-', ' ', '_', '.']).any(|word| word.starts_with(&typed))
}

/// What may be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    /// The word that is replaced.
    pub at: Place,
    /// What may stand there, the nearest first.
    pub items: Vec<Item>,
    /// More would fit; what is typed next narrows them down.
    pub more: bool,
}

/// What may be written at a byte. Cost: a few runs of the parser over one declaration, and looking
/// through the names that begin with the word there.
pub fn completions(db: &dyn Db, id: FileId, byte: usize) -> Option<Completions> {
    let source = Source::of(db, id)?;
    let context = Context::of(&source, byte)?;
    let mut items = clauses::items(&context);
    items.extend(values::items(&context));
    let (named, more) = names::items(&context);
    items.extend(named);
    items.retain(|item| begins(&item.label, context.word));
    items.sort_by(|a, b| (a.rank, &a.label, a.sort).cmp(&(b.rank, &b.label, b.sort)));
    items.dedup_by(|a, b| a.label == b.label && a.sort == b.sort);
    let start = byte - context.typed;
    Some(Completions {
        at: Place { file: id, bytes: start..start + context.word_length },
        items,
        more,
    })
}
