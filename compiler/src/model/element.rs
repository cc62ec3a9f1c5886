//! One element: what its declaration says, with every name resolved and every quantity measured.

use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{self, Args, Clause, ItemKind, Name, Quantity, Role, Span};
use rbp_grammar::head::Head;
use smol_str::SmolStr;

use crate::db::Day;
use crate::diagnostic::Anchor;
use crate::evidence::Record;
use crate::model::day::day;
use crate::model::kinds::Lineage;
use crate::model::template::Written;
use crate::names::ItemId;
use crate::quantity::Amount;

/// A duration in milliseconds and where it is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timed {
    /// The duration.
    pub ms: u64,
    /// Where.
    pub at: Anchor,
}

/// A dependency, signal, function or backup. Holds no position in its file: two are equal when they
/// say the same.
#[derive(Debug, PartialEq, Eq)]
pub struct Element {
    /// Its declaration.
    pub id: ItemId,
    /// Its kind, where it states one that is known.
    pub lineage: Option<Arc<Lineage>>,
    /// A name in it means nothing, or a quantity has no value; its own finding says so.
    pub(super) unresolved: bool,
    /// Part of its declaration, or of the template that makes it, could not be read.
    pub(super) broken: bool,
    /// The kind of the declaration is always `Element`.
    pub(super) syntax: Arc<Syntax>,
    /// What the names in it mean, by their first token; sorted.
    pub(super) targets: Box<[(u32, ItemId)]>,
    /// What the quantities in it amount to, by their first token; sorted.
    pub(super) amounts: Box<[(u32, Amount)]>,
    /// Where its words stand, where a template makes it.
    pub(super) written: Option<Box<Written>>,
    /// How its tests went, as files of test records say.
    pub(super) records: Box<[Record]>,
}

impl Element {
    fn ast(&self) -> Option<&ast::Element> {
        match &self.syntax.item.kind {
            ItemKind::Element(element) => Some(element),
            _ => None,
        }
    }

    pub(super) fn ast_primary(&self) -> Option<&Name> {
        self.ast()?.primary.as_ref()
    }

    /// The same with what files of test records say of its tests. Where part of that could not be read,
    /// nothing that rests on it is proved.
    pub(crate) fn recorded(self, records: Vec<Record>, unread: bool) -> Element {
        let unresolved = self.unresolved || unread;
        Element { records: records.into(), unresolved, ..self }
    }

    /// What it is declared as.
    pub fn role(&self) -> Role {
        self.ast().map_or(Role::Dependency, |e| e.role)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.ast().map_or("", |e| &e.name.text)
    }

    /// Its title, or its name where it has none.
    pub fn title(&self) -> &str {
        self.ast().and_then(|e| e.title.as_ref()).map_or(self.name(), |t| &t.text)
    }

    /// Its documentation.
    pub fn docs(&self) -> Option<&SmolStr> {
        self.syntax.item.docs.as_ref()
    }

    /// Whether part of its declaration, or of the template that makes it, could not be read: then its
    /// silence means nothing.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Where its words stand, where a template makes it.
    pub fn written(&self) -> Option<&Written> {
        self.written.as_deref()
    }

    /// Whether it is broken, or something in it means nothing: then nothing that rests on it is proved.
    pub fn is_partial(&self) -> bool {
        self.unresolved || self.is_broken()
    }

    /// Whether it names a primary, known or not.
    pub fn names_primary(&self) -> bool {
        self.ast_primary().is_some()
    }

    /// Whether its kind is the prelude's kind of that name, or a sort of it.
    pub fn is(&self, root: &str) -> bool {
        self.lineage.as_ref().is_some_and(|l| l.is(root))
    }

    /// Whether it is one human being: an actor of the kind `person`, or a sort of it.
    pub fn is_person(&self) -> bool {
        let lineage = self.lineage.as_ref();
        self.is("actor")
            && lineage.is_some_and(|l| l.kinds.iter().any(|(_, name)| name == "person"))
    }

    /// A place in its declaration.
    pub fn at(&self, span: Span) -> Anchor {
        Anchor { file: self.id.file, item: self.id.item, span }
    }

    /// The place of its name.
    pub fn name_at(&self) -> Anchor {
        self.at(self.ast().map(|e| e.name.span).unwrap_or_default())
    }

    /// The place directly after its last clause, before the closing brace; where it has no braces,
    /// after its last token. For edits that add a clause.
    pub fn end_at(&self) -> Anchor {
        let last = self.ast().and_then(|e| e.clauses.last()).map(|c| c.span.end);
        let end = last.unwrap_or(self.syntax.item.span.end);
        self.at(Span { start: end, end })
    }

    /// The place of the clause, or of the name where it has no such clause.
    pub fn clause_at(&self, head: Head) -> Anchor {
        self.clause(head).map_or(self.name_at(), |c| self.at(c.span))
    }

    /// Its first clause with that head.
    pub fn clause(&self, head: Head) -> Option<&Clause> {
        self.clauses(head).next()
    }

    /// Its clauses with that head, in the order written.
    pub fn clauses(&self, head: Head) -> impl Iterator<Item = &Clause> {
        self.all_clauses().iter().filter(move |c| c.head == head)
    }

    /// All of its clauses, in the order written.
    pub fn all_clauses(&self) -> &[Clause] {
        self.ast().map_or(&[], |e| &e.clauses)
    }

    /// Whether it has the clause.
    pub fn has(&self, head: Head) -> bool {
        self.clause(head).is_some()
    }

    /// The element that a name in it means.
    pub fn target(&self, name: &Name) -> Option<ItemId> {
        let at = self.targets.binary_search_by_key(&name.span.start, |(token, _)| *token).ok()?;
        self.targets.get(at).map(|(_, id)| *id)
    }

    /// Every element that it names.
    pub fn targets(&self) -> impl Iterator<Item = ItemId> {
        self.targets.iter().map(|(_, id)| *id)
    }

    /// The first place after its head in which it names that element.
    pub fn mention(&self, id: ItemId) -> Option<Anchor> {
        let first = self.all_clauses().first().map_or(0, |clause| clause.span.start);
        // The words of a made element do not stand in one row: only its primary is left aside.
        let primary = self.ast_primary().map(|name| name.span.start);
        let after = |token: u32| match self.written {
            Some(_) => Some(token) != primary,
            None => token >= first,
        };
        let mut named = self.targets.iter().filter(|(token, _)| after(*token));
        let (token, _) = named.find(|(_, target)| *target == id)?;
        Some(self.at(Span { start: *token, end: *token + 1 }))
    }

    /// What a quantity in it amounts to.
    pub fn amount(&self, quantity: &Quantity) -> Option<&Amount> {
        let at =
            self.amounts.binary_search_by_key(&quantity.span.start, |(token, _)| *token).ok()?;
        self.amounts.get(at).map(|(_, amount)| amount)
    }

    /// What a duration in it amounts to.
    pub fn timed(&self, quantity: &Quantity) -> Option<Timed> {
        let ms = self.amount(quantity)?.milliseconds()?;
        Some(Timed { ms, at: self.at(quantity.span) })
    }

    /// The duration that a clause states.
    pub fn duration(&self, head: Head) -> Option<Timed> {
        match &self.clause(head)?.args {
            Args::Quantity(quantity) => self.timed(quantity),
            _ => None,
        }
    }

    /// The quantity that a clause states.
    pub fn quantity(&self, head: Head) -> Option<(&Amount, &Quantity)> {
        match &self.clause(head)?.args {
            Args::Quantity(quantity) => Some((self.amount(quantity)?, quantity)),
            _ => None,
        }
    }

    /// The day that a clause states.
    pub fn day(&self, head: Head) -> Option<Day> {
        match &self.clause(head)?.args {
            Args::Date(date) => day(date),
            _ => None,
        }
    }

    /// When it was last changed, by its own clause and by test records, and where that stands.
    pub fn changed(&self) -> Option<(Day, Anchor)> {
        let stated = self.day(Head::Changed).map(|day| (day, self.clause_at(Head::Changed)));
        let records = self.records.iter().filter(|record| record.changes);
        records.map(|record| (record.day, record.at)).chain(stated).max_by_key(|(day, _)| *day)
    }

    /// The words after a clause's head, such as the owner or the readiness.
    pub fn words(&self, head: Head) -> impl Iterator<Item = &Name> {
        self.clauses(head).flat_map(|clause| match &clause.args {
            Args::Names(names) => names.as_slice(),
            _ => &[],
        })
    }

    /// The only word after a clause's head.
    pub fn word(&self, head: Head) -> Option<&str> {
        self.words(head).next().map(|name| name.text.as_str())
    }

    /// The value of one of its kind's fields, as written.
    pub fn field(&self, name: &str) -> Option<(&ast::Value, Anchor)> {
        self.clauses(Head::Field).find_map(|clause| match &clause.args {
            Args::Field { name: found, value } if found.text == name => {
                Some((&**value, self.at(clause.span)))
            }
            _ => None,
        })
    }
}
