//! From a template's draft to an element: arguments stand for parameters, places move behind those of
//! the use, and what the use adds takes its place.

use rbp_grammar::ast::{self, Args, Clause, Name, Span, Value};
use rbp_grammar::walk::Word;
use smol_str::SmolStr;

use crate::model::lower::repeats;
use crate::model::template::{Argument, Draft, Hole};
use crate::names::ItemId;

/// What stands for a part of a template.
pub(super) enum Filled {
    /// The element that is made of it, and what it is called.
    Made(ItemId, SmolStr),
    /// A part of the template that uses it.
    Part(u32),
}

/// What a use gives a template.
pub(super) struct Filling<'a> {
    pub arguments: &'a [Option<Argument>],
    /// How many tokens stand before those of the template.
    pub shift: u32,
    pub part: &'a dyn Fn(u32) -> Filled,
}

impl Filling<'_> {
    /// A draft with its parameters filled in. `own` is what the use says itself: what it states
    /// anew is left out of the draft. Linear in the draft, but for the search for its words.
    pub fn fill(&self, draft: &Draft, own: Option<&ast::Element>) -> Draft {
        let mut filled = Draft {
            element: draft.element.clone(),
            lineage: draft.lineage.clone(),
            targets: Vec::with_capacity(draft.targets.len()),
            holes: Vec::new(),
            amounts: Vec::with_capacity(draft.amounts.len()),
            unresolved: draft.unresolved,
            broken: draft.broken,
        };
        if let Some(own) = own {
            leave_out(&mut filled.element, own);
        }
        let mut element = std::mem::replace(&mut filled.element, blank(&draft.element));
        element.each_word(&mut |word| self.word(draft, &mut filled, word));
        filled.element = element;
        filled
    }

    fn word(&self, draft: &Draft, filled: &mut Draft, word: Word<'_>) {
        match word {
            Word::Span(span) => self.shift(span),
            Word::Name(name) => match hole(draft, name.span) {
                Some(hole @ (Hole::Parameter(_) | Hole::Word(_))) => {
                    match self.argument(hole, filled) {
                        Some(Argument { value: Value::Name(given), .. }) => *name = given.clone(),
                        _ => self.open(&mut name.span, filled),
                    }
                }
                Some(Hole::Part(part)) => self.named(part, name, filled),
                None => self.stay(draft, &mut name.span, filled),
            },
            Word::Text(text) => match hole(draft, text.span) {
                Some(hole) => match self.argument(hole, filled) {
                    Some(Argument { value: Value::Text(given), .. }) => *text = given.clone(),
                    Some(Argument { value: Value::Name(given), .. }) => {
                        (text.text, text.span) = (given.text.clone(), given.span);
                    }
                    _ => self.open(&mut text.span, filled),
                },
                _ => self.stay(draft, &mut text.span, filled),
            },
            Word::Quantity(quantity) => match hole(draft, quantity.span) {
                Some(hole) => match self.argument(hole, filled) {
                    Some(Argument { value: Value::Quantity(given), .. }) => {
                        *quantity = given.clone();
                    }
                    Some(Argument { value: Value::Name(given), .. }) => {
                        (quantity.unit, quantity.span) = (given.text.clone(), given.span);
                    }
                    _ => self.open(&mut quantity.span, filled),
                },
                _ => self.stay(draft, &mut quantity.span, filled),
            },
            Word::Date(date) => match hole(draft, date.span) {
                Some(hole) => match self.argument(hole, filled) {
                    Some(Argument { value: Value::Date(given), .. }) => *date = given.clone(),
                    Some(Argument { value: Value::Name(given), .. }) => {
                        (date.text, date.span) = (given.text.clone(), given.span);
                    }
                    _ => self.open(&mut date.span, filled),
                },
                _ => self.stay(draft, &mut date.span, filled),
            },
            Word::Value(value) => match hole(draft, value.span()) {
                Some(hole) => match self.argument(hole, filled) {
                    Some(argument) => *value = argument.value.clone(),
                    None => self.open(value.span_mut(), filled),
                },
                _ => self.stay(draft, value.span_mut(), filled),
            },
        }
    }

    /// What stands for a parameter, with what is known of it.
    fn argument(&self, hole: Hole, filled: &mut Draft) -> Option<&Argument> {
        let (Hole::Parameter(number) | Hole::Word(number)) = hole else { return None };
        let argument = self.arguments.get(number)?.as_ref()?;
        let token = argument.value.span().start;
        match (hole, argument.hole) {
            (Hole::Word(_), Some(Hole::Parameter(number))) => {
                filled.holes.push((token, Hole::Word(number)));
            }
            (Hole::Word(_), _) => {}
            (_, hole) => {
                filled.targets.extend(argument.target.map(|id| (token, id)));
                filled.holes.extend(hole.map(|hole| (token, hole)));
            }
        }
        filled.amounts.extend(argument.amount.clone().map(|amount| (token, amount)));
        Some(argument)
    }

    fn named(&self, part: u32, name: &mut Name, filled: &mut Draft) {
        self.shift(&mut name.span);
        match (self.part)(part) {
            Filled::Made(id, text) => {
                name.text = text;
                filled.targets.push((name.span.start, id));
            }
            Filled::Part(part) => filled.holes.push((name.span.start, Hole::Part(part))),
        }
    }

    /// A word of the template's own: only its place changes.
    fn stay(&self, draft: &Draft, span: &mut Span, filled: &mut Draft) {
        let token = span.start;
        self.shift(span);
        let target = draft.targets.binary_search_by_key(&token, |(at, _)| *at);
        if let Some((_, id)) = target.ok().and_then(|at| draft.targets.get(at)) {
            filled.targets.push((span.start, *id));
        }
        let amount = draft.amounts.binary_search_by_key(&token, |(at, _)| *at);
        if let Some((_, amount)) = amount.ok().and_then(|at| draft.amounts.get(at)) {
            filled.amounts.push((span.start, amount.clone()));
        }
    }

    /// A parameter for which nothing fitting stands; the use has been told.
    fn open(&self, span: &mut Span, filled: &mut Draft) {
        self.shift(span);
        filled.broken = true;
    }

    fn shift(&self, span: &mut Span) {
        *span = Span { start: span.start + self.shift, end: span.end + self.shift };
    }
}

fn hole(draft: &Draft, span: Span) -> Option<Hole> {
    let at = draft.holes.binary_search_by_key(&span.start, |(at, _)| *at).ok()?;
    draft.holes.get(at).map(|(_, hole)| *hole)
}

fn blank(of: &ast::Element) -> ast::Element {
    ast::Element {
        role: of.role,
        name: of.name.clone(),
        kind: None,
        primary: None,
        template: None,
        title: None,
        clauses: Vec::new(),
    }
}

/// Takes out of a template's element what the use states itself.
fn leave_out(element: &mut ast::Element, own: &ast::Element) {
    element.kind = element.kind.take().filter(|_| own.kind.is_none());
    element.primary = element.primary.take().filter(|_| own.primary.is_none());
    element.title = element.title.take().filter(|_| own.title.is_none());
    element.clauses.retain(|clause| !own.clauses.iter().any(|o| replaces(o, clause)));
    for clause in &mut element.clauses {
        let Some(inner) = own.clauses.iter().find_map(|own| joins(own, clause)) else { continue };
        if let Args::Activate(clauses) | Args::Test { clauses, .. } = &mut clause.args {
            clauses.retain(|clause| !inner.iter().any(|own| repeats(own, clause)));
        }
    }
}

fn replaces(own: &Clause, clause: &Clause) -> bool {
    repeats(own, clause) && joins(own, clause).is_none()
}

/// The inner clauses of an activation rule or a test that the use adds to that of the template: the
/// activation rule, or the test of the same name.
fn joins<'a>(own: &'a Clause, clause: &Clause) -> Option<&'a [Clause]> {
    match (&own.args, &clause.args) {
        (Args::Activate(inner), Args::Activate(_)) => Some(inner),
        (Args::Test { name, clauses }, Args::Test { name: other, .. }) => {
            (name.text == other.text).then_some(clauses)
        }
        _ => None,
    }
}

/// Whether the use states anew something that the template's element states.
pub(super) fn overrides(element: &ast::Element, own: &ast::Element) -> bool {
    element.clauses.iter().any(|clause| {
        own.clauses.iter().any(|own| repeats(own, clause) || joins(own, clause).is_some())
    })
}

/// A filled draft with what the use says itself.
pub(super) fn joined(mut made: Draft, own: Draft) -> Draft {
    let element = own.element;
    made.element.role = element.role;
    made.element.name = element.name;
    made.element.kind = element.kind.or(made.element.kind);
    made.element.primary = element.primary.or(made.element.primary);
    made.element.title = element.title.or(made.element.title);
    for clause in element.clauses {
        let place = made.element.clauses.iter_mut().find(|made| joins(&clause, made).is_some());
        let into = place.and_then(|place| match &mut place.args {
            Args::Activate(into) | Args::Test { clauses: into, .. } => Some(into),
            _ => None,
        });
        match (into, clause.args) {
            (Some(into), Args::Activate(inner) | Args::Test { clauses: inner, .. }) => {
                into.extend(inner);
            }
            (_, args) => made.element.clauses.push(Clause { args, ..clause }),
        }
    }
    made.targets.extend(own.targets);
    made.holes.extend(own.holes);
    made.amounts.extend(own.amounts);
    made.lineage = own.lineage.or(made.lineage);
    made.unresolved |= own.unresolved;
    made.broken |= own.broken;
    made
}

impl Draft {
    /// Puts what is known of its words in order.
    pub(in crate::model) fn sorted(mut self) -> Draft {
        self.targets.sort_by_key(|(token, _)| *token);
        self.targets.dedup();
        self.holes.sort_by_key(|(token, _)| *token);
        self.holes.dedup();
        self.amounts.sort_by_key(|(token, _)| *token);
        self.amounts.dedup_by_key(|(token, _)| *token);
        self
    }
}
