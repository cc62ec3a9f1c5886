//! Policies as they are declared, and where they are applied.

use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{self, ItemKind, Name, PolicyClause, Quantity, Span};

use crate::diagnostic::Anchor;
use crate::names::ItemId;
use crate::quantity::Amount;

/// A `policy` item.
#[derive(Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its declaration.
    pub id: ItemId,
    /// Something in it could not be read, means nothing or does not fit: then it judges nothing.
    pub(super) unresolved: bool,
    pub(super) syntax: Arc<Syntax>,
    /// The kinds that it names, by the first token of the name; sorted.
    pub(super) targets: Box<[(u32, ItemId)]>,
    /// What its quantities amount to, by their first token; sorted.
    pub(super) amounts: Box<[(u32, Amount)]>,
}

impl Policy {
    fn ast(&self) -> Option<&ast::Policy> {
        match &self.syntax.item.kind {
            ItemKind::Policy(policy) => Some(policy),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.ast().map_or("", |p| &p.name.text)
    }

    /// Its clauses, in the order written.
    pub fn clauses(&self) -> &[PolicyClause] {
        self.ast().map_or(&[], |p| &p.clauses)
    }

    /// What it cites.
    pub fn citations(&self) -> impl Iterator<Item = &str> {
        self.clauses().iter().filter_map(|clause| match clause {
            PolicyClause::Cite(text) => Some(text.text.as_str()),
            _ => None,
        })
    }

    /// Whether a breach is only a warning.
    pub fn advises(&self) -> bool {
        self.clauses()
            .iter()
            .any(|clause| matches!(clause, PolicyClause::Severity(word) if word.text == "warning"))
    }

    /// Whether it judges nothing, because part of it could not be understood.
    pub fn is_partial(&self) -> bool {
        self.unresolved || !self.syntax.problems.is_empty()
    }

    /// A place in it.
    pub fn at(&self, span: Span) -> Anchor {
        Anchor { file: self.id.file, item: self.id.item, span }
    }

    /// The place of its name.
    pub fn name_at(&self) -> Anchor {
        self.at(self.ast().map(|p| p.name.span).unwrap_or_default())
    }

    /// The kind that a name in it means.
    pub fn target(&self, name: &Name) -> Option<ItemId> {
        let at = self.targets.binary_search_by_key(&name.span.start, |(token, _)| *token).ok()?;
        self.targets.get(at).map(|(_, id)| *id)
    }

    /// What a quantity in it amounts to.
    pub fn amount(&self, quantity: &Quantity) -> Option<&Amount> {
        let at =
            self.amounts.binary_search_by_key(&quantity.span.start, |(token, _)| *token).ok()?;
        self.amounts.get(at).map(|(_, amount)| amount)
    }
}

/// An `apply` item: what its package takes on.
#[derive(Debug, PartialEq, Eq)]
pub struct Application {
    /// Its declaration.
    pub id: ItemId,
    /// The policies: one, or all of a module.
    pub policies: Vec<ItemId>,
    /// The functions that it is narrowed to; empty for the whole package.
    pub to: Vec<ItemId>,
    /// Where it names the policy or the pack.
    pub at: Anchor,
}
