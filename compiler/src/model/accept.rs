//! What is accepted, by whom, and until when.

use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{Accept, Accepted, Args, Clause, ItemKind, LossSort, Name, Span};
use rbp_grammar::head::Head;

use crate::db::Day;
use crate::diagnostic::Anchor;
use crate::model::day::day;
use crate::names::ItemId;

/// An `accept` item.
#[derive(Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Its declaration.
    pub id: ItemId,
    pub(super) syntax: Arc<Syntax>,
    /// What the names in it mean, by their first token; sorted.
    pub(super) targets: Box<[(u32, ItemId)]>,
}

impl Acceptance {
    fn ast(&self) -> Option<&Accept> {
        match &self.syntax.item.kind {
            ItemKind::Accept(accept) => Some(accept),
            _ => None,
        }
    }

    /// A place in it.
    pub fn at(&self, span: Span) -> Anchor {
        Anchor { file: self.id.file, item: self.id.item, span }
    }

    /// It in words: "the acceptance of the loss of `a`".
    pub fn words(&self) -> String {
        let listed = |names: &[Name]| {
            let names: Vec<String> = names.iter().map(|n| format!("`{}`", n.text)).collect();
            names.join(", ")
        };
        match self.ast().map(|a| &a.what) {
            Some(Accepted::Loss { sort, elements }) => {
                let sort = match sort {
                    LossSort::Lost => "the loss",
                    LossSort::Corrupted => "the corruption",
                    LossSort::Compromised => "a compromise",
                };
                format!("the acceptance of {sort} of {}", listed(elements))
            }
            Some(Accepted::Finding { slug, on }) => {
                format!("the acceptance of `{}` on {}", slug.text, listed(on))
            }
            None => "this acceptance".into(),
        }
    }

    /// Its first words: what is accepted.
    pub fn head_at(&self) -> Anchor {
        self.at(Span { start: 0, end: 1 })
    }

    /// The place of a clause, or of the head where it has none.
    pub fn clause_at(&self, head: Head) -> Anchor {
        self.clause(head).map_or(self.head_at(), |c| self.at(c.span))
    }

    fn clause(&self, head: Head) -> Option<&Clause> {
        self.ast()?.clauses.iter().find(|c| c.head == head)
    }

    fn targets_of(&self, names: &[Name]) -> Vec<ItemId> {
        let find = |name: &Name| {
            let at =
                self.targets.binary_search_by_key(&name.span.start, |(token, _)| *token).ok()?;
            self.targets.get(at).map(|(_, id)| *id)
        };
        names.iter().filter_map(find).collect()
    }

    /// The losses it accepts, each by itself; none where it accepts a finding.
    pub fn losses(&self) -> Vec<(LossSort, ItemId)> {
        match self.ast().map(|a| &a.what) {
            Some(Accepted::Loss { sort, elements }) => {
                self.targets_of(elements).into_iter().map(|id| (*sort, id)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The finding it accepts and the elements it accepts it on.
    pub fn finding(&self) -> Option<(&Name, Vec<ItemId>)> {
        match &self.ast()?.what {
            Accepted::Finding { slug, on } => Some((slug, self.targets_of(on))),
            Accepted::Loss { .. } => None,
        }
    }

    /// The policy whose findings it accepts, where it names one.
    pub fn policy(&self) -> Option<ItemId> {
        let (slug, _) = self.finding()?;
        self.targets_of(std::slice::from_ref(slug)).first().copied()
    }

    /// The functions it is accepted for; empty for all.
    pub fn functions(&self) -> Vec<ItemId> {
        self.ast().map_or(Vec::new(), |a| self.targets_of(&a.functions))
    }

    /// The reason; an empty one is none.
    pub fn because(&self) -> Option<&str> {
        match &self.clause(Head::Because)?.args {
            Args::Texts(texts) => {
                texts.first().map(|t| t.text.trim()).filter(|reason| !reason.is_empty())
            }
            _ => None,
        }
    }

    /// Who accepts it.
    pub fn by(&self) -> Option<&str> {
        match &self.clause(Head::AcceptedBy)?.args {
            Args::Names(names) => names.first().map(|n| n.text.as_str()),
            _ => None,
        }
    }

    /// Its last day.
    pub fn until(&self) -> Option<Day> {
        match &self.clause(Head::Until)?.args {
            Args::Date(date) => day(date),
            _ => None,
        }
    }

    /// Whether it holds on that day: it has a reason, an owner and a last day that has not passed.
    pub fn holds(&self, as_of: Day) -> bool {
        self.because().is_some()
            && self.by().is_some()
            && self.until().is_some_and(|until| as_of <= until)
    }
}
