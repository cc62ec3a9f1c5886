//! A walk over everything in an element that has a place: for making an element from a template.

use crate::ast::{
    Args, Cause, Clause, Count, Date, Element, Name, Need, Proof, Quantity, SignalExpr, Span, Text,
    Value,
};

/// What the walk meets.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Word<'a> {
    Name(&'a mut Name),
    Text(&'a mut Text),
    Quantity(&'a mut Quantity),
    Date(&'a mut Date),
    /// The value of a field or an argument, whatever sort it is of.
    Value(&'a mut Value),
    /// The place of something larger than a word.
    Span(&'a mut Span),
}

/// What a walk does with each.
type Visit<'v> = &'v mut dyn FnMut(Word<'_>);

impl Element {
    /// Meets every word of the element in no particular order, each once. Linear in its words.
    pub fn each_word(&mut self, visit: Visit<'_>) {
        visit(Word::Name(&mut self.name));
        self.kind.iter_mut().for_each(|name| visit(Word::Name(name)));
        self.primary.iter_mut().for_each(|name| visit(Word::Name(name)));
        self.title.iter_mut().for_each(|title| visit(Word::Text(title)));
        if let Some(template) = &mut self.template {
            visit(Word::Name(&mut template.name));
            for (name, value) in &mut template.arguments {
                visit(Word::Name(name));
                visit(Word::Value(value));
            }
        }
        clauses(&mut self.clauses, visit);
    }
}

impl Value {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Value::Name(name) => name.span,
            Value::Text(text) => text.span,
            Value::Quantity(quantity) => quantity.span,
            Value::Date(date) => date.span,
        }
    }

    /// The same, to be changed.
    pub fn span_mut(&mut self) -> &mut Span {
        match self {
            Value::Name(name) => &mut name.span,
            Value::Text(text) => &mut text.span,
            Value::Quantity(quantity) => &mut quantity.span,
            Value::Date(date) => &mut date.span,
        }
    }
}

fn clauses(clauses: &mut [Clause], visit: Visit<'_>) {
    for clause in clauses {
        visit(Word::Span(&mut clause.span));
        args(&mut clause.args, visit);
    }
}

fn names(names: &mut [Name], visit: Visit<'_>) {
    names.iter_mut().for_each(|name| visit(Word::Name(name)));
}

fn count(count: &mut Count, visit: Visit<'_>) {
    visit(Word::Span(&mut count.span));
}

fn need(need: &mut Need, visit: Visit<'_>) {
    match need {
        Need::One(name) => visit(Word::Name(name)),
        Need::Some { count: number, of, span } => {
            count(number, visit);
            names(of, visit);
            visit(Word::Span(span));
        }
    }
}

fn signals(expr: &mut SignalExpr, visit: Visit<'_>) {
    match expr {
        SignalExpr::Signal(name) => visit(Word::Name(name)),
        SignalExpr::Not(inner) => signals(inner, visit),
        SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
            signals(left, visit);
            signals(right, visit);
        }
        SignalExpr::Some { count: number, of, span } => {
            count(number, visit);
            of.iter_mut().for_each(|inner| signals(inner, visit));
            visit(Word::Span(span));
        }
    }
}

fn quantity(found: &mut Option<Box<Quantity>>, visit: Visit<'_>) {
    found.iter_mut().for_each(|quantity| visit(Word::Quantity(quantity)));
}

fn args(args: &mut Args, visit: Visit<'_>) {
    match args {
        Args::Flag | Args::Error => {}
        Args::Names(all) | Args::SurvivesEach(all) => names(all, visit),
        Args::Needs { needs, .. } => needs.iter_mut().for_each(|one| need(one, visit)),
        Args::Texts(texts) => texts.iter_mut().for_each(|text| visit(Word::Text(text))),
        Args::Quantity(found) => visit(Word::Quantity(found)),
        Args::Date(date) => visit(Word::Date(date)),
        Args::Load { amount, duration, resupply } => {
            visit(Word::Quantity(amount));
            quantity(duration, visit);
            if let Some((by, within)) = resupply.as_deref_mut() {
                visit(Word::Name(by));
                visit(Word::Quantity(within));
            }
        }
        Args::Quality { degraded } => {
            degraded.iter_mut().for_each(|text| visit(Word::Text(text)));
        }
        Args::Objective { bound, cause } => {
            visit(Word::Quantity(bound));
            if let Some(Cause::LossOfKind(kind)) = cause.as_deref_mut() {
                visit(Word::Name(kind));
            }
        }
        Args::SurvivesAny { order, kind } => {
            count(order, visit);
            kind.iter_mut().for_each(|name| visit(Word::Name(name)));
        }
        Args::Stock { amount, expires } => {
            visit(Word::Quantity(amount));
            expires.iter_mut().for_each(|date| visit(Word::Date(date)));
        }
        Args::Lends { share, recall, by } => {
            visit(Word::Quantity(share));
            quantity(recall, visit);
            by.iter_mut().for_each(|name| visit(Word::Name(name)));
        }
        Args::Allow { slug, because } => {
            visit(Word::Name(slug));
            visit(Word::Text(because));
        }
        Args::Field { name, value } => {
            visit(Word::Name(name));
            visit(Word::Value(value));
        }
        Args::Activate(inner) => clauses(inner, visit),
        Args::Test { name, clauses: inner } => {
            visit(Word::Name(name));
            clauses(inner, visit);
        }
        Args::Condition { when, hold } => {
            signals(when, visit);
            quantity(hold, visit);
        }
        Args::By(authorities) => {
            for authority in authorities {
                need(&mut authority.who, visit);
                authority.within.iter_mut().for_each(|within| visit(Word::Quantity(within)));
            }
        }
        Args::Fence { target, via } => {
            visit(Word::Name(target));
            names(via, visit);
        }
        Args::Reach { via, within } => {
            names(via, visit);
            quantity(within, visit);
        }
        Args::FailSafe { when, action } => {
            signals(when, visit);
            action.iter_mut().for_each(|text| visit(Word::Text(text)));
        }
        Args::Proves(proofs) => {
            for proof in proofs {
                match proof {
                    Proof::Aspect(name) => visit(Word::Name(name)),
                    Proof::Load { amount, duration } => {
                        visit(Word::Quantity(amount));
                        duration.iter_mut().for_each(|found| visit(Word::Quantity(found)));
                    }
                }
            }
        }
        Args::Last { date, evidence, .. } => {
            visit(Word::Date(date));
            evidence.iter_mut().for_each(|text| visit(Word::Text(text)));
        }
    }
}
