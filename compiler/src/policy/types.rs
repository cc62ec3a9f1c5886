//! What an expression of a policy can be.

use std::sync::Arc;

use rbp_grammar::ast::Role;

use crate::model::Lineage;
use crate::quantity::Dimension;

/// The type of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Truth,
    Text,
    Day,
    /// A quantity; of any dimension where that depends on the element.
    Quantity(Option<Dimension>),
    /// An amount for a time.
    Load,
    /// An element, and its kind where the policy says it.
    Element(Option<Role>, Option<Arc<Lineage>>),
    Test,
    Proofs,
    Set(Box<Type>),
    /// A mistake that has been told.
    Wrong,
}

impl Type {
    pub fn number() -> Type {
        Type::Quantity(Some(Dimension::default()))
    }

    pub fn duration() -> Type {
        Type::Quantity(Some(Dimension::time()))
    }

    /// The type in words, with its article.
    pub fn words(&self) -> String {
        match self {
            Type::Truth => "something that holds or not".into(),
            Type::Text => "a text".into(),
            Type::Day => "a date".into(),
            Type::Quantity(None) => "a quantity".into(),
            Type::Quantity(Some(d)) if d.is_none() || d.is_time() => d.words(),
            Type::Quantity(Some(d)) => format!("a quantity in {}", d.words()),
            Type::Load => "a load".into(),
            Type::Element(role, kind) => match (role, kind) {
                (role, Some(kind)) => {
                    format!(
                        "a {} of the kind `{}`",
                        role.map_or("element", Role::word),
                        kind.name()
                    )
                }
                (Some(role), None) => format!("a {}", role.word()),
                (None, None) => "an element".into(),
            },
            Type::Test => "a test".into(),
            Type::Proofs => "what a test proves".into(),
            Type::Set(of) => format!("a set, each {}", of.words()),
            Type::Wrong => "unknown".into(),
        }
    }
}

/// What a field of the table holds, or a function answers or takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Sort {
    Truth,
    Text,
    Texts,
    Day,
    Duration,
    Number,
    Quantity,
    Load,
    Element,
    Elements,
    Dependencies,
    Function,
    Functions,
    Backup,
    Backups,
    Signals,
    Tests,
    Proofs,
    Sets,
}

impl Sort {
    pub(crate) fn of(self) -> Type {
        let element = |role| Type::Element(role, None);
        let set = |of| Type::Set(Box::new(of));
        match self {
            Sort::Truth => Type::Truth,
            Sort::Text => Type::Text,
            Sort::Texts => set(Type::Text),
            Sort::Day => Type::Day,
            Sort::Duration => Type::duration(),
            Sort::Number => Type::number(),
            Sort::Quantity => Type::Quantity(None),
            Sort::Load => Type::Load,
            Sort::Element => element(None),
            Sort::Elements => set(element(None)),
            Sort::Dependencies => set(element(Some(Role::Dependency))),
            Sort::Function => element(Some(Role::Function)),
            Sort::Functions => set(element(Some(Role::Function))),
            Sort::Backup => element(Some(Role::Backup)),
            Sort::Backups => set(element(Some(Role::Backup))),
            Sort::Signals => set(element(Some(Role::Signal))),
            Sort::Tests => set(Type::Test),
            Sort::Proofs => Type::Proofs,
            Sort::Sets => set(set(element(None))),
        }
    }

    /// The sort in words, for the reference.
    pub fn words(self) -> &'static str {
        match self {
            Sort::Truth => "yes or no",
            Sort::Text => "text",
            Sort::Texts => "set of texts",
            Sort::Day => "date",
            Sort::Duration => "duration",
            Sort::Number => "number",
            Sort::Quantity => "quantity",
            Sort::Load => "load",
            Sort::Element => "element",
            Sort::Elements => "set of elements",
            Sort::Dependencies => "set of dependencies",
            Sort::Function => "function",
            Sort::Functions => "set of functions",
            Sort::Backup => "backup",
            Sort::Backups => "set of backups",
            Sort::Signals => "set of signals",
            Sort::Tests => "set of tests",
            Sort::Proofs => "what it proves",
            Sort::Sets => "set of sets of elements",
        }
    }
}
