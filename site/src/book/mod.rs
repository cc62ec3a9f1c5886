//! What a package offers, gathered for readers.

mod gather;
mod written;

use rbp_compiler::names::Space;

pub use gather::{Unread, book};

/// A package with the modules that others may import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The package's name; empty for files without a package.
    pub name: String,
    /// Its version; empty where it has none of its own.
    pub version: String,
    /// Its modules, by path.
    pub modules: Vec<Module>,
}

/// A module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Its path as others import it: `std.power`.
    pub path: String,
    /// What its `//!` lines say.
    pub about: String,
    /// The path of its file.
    pub file: String,
    /// What it declares, in the order written.
    pub entries: Vec<Entry>,
}

impl Module {
    /// Its entries of one sort.
    pub fn of(&self, sort: Sort) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.facts.sort() == sort)
    }

    /// Whether it is a pack: rules and nothing else.
    pub fn is_pack(&self) -> bool {
        !self.entries.is_empty() && self.of(Sort::Policy).count() == self.entries.len()
    }
}

/// Something that is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// What its `///` lines say.
    pub docs: Option<String>,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// It as it is written, without what documents it.
    pub source: String,
    /// What else is to be said of it.
    pub facts: Facts,
}

impl Entry {
    /// Whether nothing says what it is. A unit says so by its title.
    pub fn is_silent(&self) -> bool {
        let titled = self.facts.sort() == Sort::Unit && self.title.is_some();
        !titled && self.docs.as_ref().is_none_or(|docs| docs.trim().is_empty())
    }
}

/// The sorts of entries, in the order in which a page tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Sort {
    Template,
    Kind,
    Policy,
    Signal,
    Element,
    Unit,
}

impl Sort {
    /// Every sort.
    pub const ALL: [Sort; 6] =
        [Sort::Template, Sort::Kind, Sort::Policy, Sort::Signal, Sort::Element, Sort::Unit];
}

/// What is said of an entry besides its name and its documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Facts {
    Kind {
        parent: Option<Link>,
        /// The sorts of it in this package.
        children: Vec<Link>,
        fields: Vec<Field>,
        requires: Vec<Requirement>,
    },
    Template {
        /// It makes a backup: it says `for` what.
        backup: bool,
        kind: Option<Link>,
        primary: Option<String>,
        parameters: Vec<Parameter>,
        /// The elements that it makes besides.
        inside: Vec<Inside>,
    },
    Policy {
        cites: Vec<String>,
        warning: bool,
        /// The texts of its rules.
        rules: Vec<String>,
    },
    Signal {
        query: Option<String>,
    },
    Element {
        /// The item's word.
        role: &'static str,
        kind: Option<Link>,
        template: Option<Link>,
    },
    Unit {
        /// What it is made of; a base unit has none.
        definition: Option<String>,
    },
}

impl Facts {
    /// The sort of the entry.
    pub fn sort(&self) -> Sort {
        match self {
            Facts::Kind { .. } => Sort::Kind,
            Facts::Template { .. } => Sort::Template,
            Facts::Policy { .. } => Sort::Policy,
            Facts::Signal { .. } => Sort::Signal,
            Facts::Element { .. } => Sort::Element,
            Facts::Unit { .. } => Sort::Unit,
        }
    }

    /// The item's word.
    pub fn word(&self) -> &'static str {
        match self {
            Facts::Kind { .. } => "kind",
            Facts::Template { .. } => "template",
            Facts::Policy { .. } => "policy",
            Facts::Signal { .. } => "signal",
            Facts::Element { role, .. } => role,
            Facts::Unit { .. } => "unit",
        }
    }
}

/// A name that means something, with where that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The name.
    pub name: String,
    /// Its module's path; empty where nothing is known of it.
    pub module: String,
    /// What it is the name of.
    pub space: Space,
    /// Whether this book tells of it.
    pub told: bool,
}

/// A field of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds, as written.
    pub ty: String,
    /// The kind that it is inherited from.
    pub from: Option<Link>,
}

/// A clause or field that every element of a kind must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its first word.
    pub word: String,
    /// The kind that it is inherited from.
    pub from: Option<Link>,
}

/// A parameter of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it takes: a word of the language, or a kind or unit.
    pub bound: Link,
    /// What stands where a use gives none.
    pub default: Option<String>,
}

/// An element inside a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// The item's word.
    pub role: &'static str,
    /// Its name behind that of the use.
    pub name: String,
    /// Its kind.
    pub kind: Option<Link>,
}
