//! A what-if: what is lost, on which day, who acts, and what is expected of it.

use std::fmt;
use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{
    self, Authority, Expectation, ItemKind, LossSort, Name, Need, Outcome, Quantity,
    ScenarioClause, Span,
};

use crate::db::Day;
use crate::diagnostic::Anchor;
use crate::model::day::day;
use crate::model::element::Timed;
use crate::model::views::Ref;
use crate::names::ItemId;
use crate::quantity::Amount;

/// A `scenario` item.
#[derive(Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its declaration.
    pub id: ItemId,
    /// Something in it could not be read or means nothing, so it says nothing.
    pub(super) unresolved: bool,
    pub(super) syntax: Arc<Syntax>,
    /// What the names in it mean, by their first token; sorted.
    pub(super) targets: Box<[(u32, ItemId)]>,
    /// What the quantities in it amount to, by their first token; sorted.
    pub(super) amounts: Box<[(u32, Amount)]>,
}

/// `lose any 2 of kind machine`.
#[derive(Debug, Clone, Copy)]
pub struct AnyOf<'a> {
    /// How many together.
    pub count: u32,
    /// The kind as written.
    pub kind: &'a Name,
    /// The kind.
    pub id: ItemId,
}

/// One `expect` clause.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// Of which element or policy.
    pub element: ItemId,
    /// Its name as written.
    pub name: &'a Name,
    /// What is expected.
    pub outcome: Outcome,
    /// Who is expected to decide.
    pub by: Option<Decider<'a>>,
    /// How soon.
    pub within: Option<Timed>,
    /// At which level.
    pub level: Option<(&'a Amount, &'a Quantity)>,
    /// Of a policy: on which element.
    pub on: Option<ItemId>,
    /// The clause in words.
    pub words: String,
    /// Where it stands.
    pub at: Anchor,
}

/// Who is expected to decide.
#[derive(Debug, Clone)]
pub enum Decider<'a> {
    /// A controller; any, or these.
    Automatic(Vec<Ref<'a>>),
    /// These, or others that include them.
    People(Vec<Ref<'a>>),
}

impl Scenario {
    fn ast(&self) -> Option<&ast::Scenario> {
        match &self.syntax.item.kind {
            ItemKind::Scenario(scenario) => Some(scenario),
            _ => None,
        }
    }

    fn clauses(&self) -> &[ScenarioClause] {
        self.ast().map_or(&[], |s| &s.clauses)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.ast().map_or("", |s| &s.name.text)
    }

    /// Its title.
    pub fn title(&self) -> Option<&str> {
        Some(&self.ast()?.title.as_ref()?.text)
    }

    /// A place in it.
    pub fn at(&self, span: Span) -> Anchor {
        Anchor { file: self.id.file, item: self.id.item, span }
    }

    /// The place of its name.
    pub fn name_at(&self) -> Anchor {
        self.at(self.ast().map(|s| s.name.span).unwrap_or_default())
    }

    /// Whether part of it could not be read or means nothing: then it tests nothing.
    pub fn is_partial(&self) -> bool {
        self.unresolved || !self.syntax.problems.is_empty()
    }

    fn target(&self, name: &Name) -> Option<ItemId> {
        let at = self.targets.binary_search_by_key(&name.span.start, |(token, _)| *token).ok()?;
        self.targets.get(at).map(|(_, id)| *id)
    }

    fn refs<'a>(&'a self, names: &'a [Name]) -> Vec<Ref<'a>> {
        names.iter().filter_map(|name| Some(Ref { name, id: self.target(name)? })).collect()
    }

    fn amount(&self, quantity: &Quantity) -> Option<&Amount> {
        let at =
            self.amounts.binary_search_by_key(&quantity.span.start, |(token, _)| *token).ok()?;
        self.amounts.get(at).map(|(_, amount)| amount)
    }

    /// The day on which it happens, where it says so.
    pub fn day(&self) -> Option<Day> {
        self.clauses().iter().find_map(|clause| match clause {
            ScenarioClause::At(date) => day(date),
            _ => None,
        })
    }

    /// Who acts.
    pub fn actor(&self) -> Option<Ref<'_>> {
        self.clauses().iter().find_map(|clause| match clause {
            ScenarioClause::Actor(name) => Some(Ref { name, id: self.target(name)? }),
            _ => None,
        })
    }

    /// What is lost for certain.
    pub fn losses(&self) -> Vec<(LossSort, Ref<'_>)> {
        let each = self.clauses().iter().flat_map(|clause| match clause {
            ScenarioClause::Lose { sort, elements } => {
                self.refs(elements).into_iter().map(|r| (*sort, r)).collect()
            }
            _ => Vec::new(),
        });
        each.collect()
    }

    /// What is lost besides, each choice of so many.
    pub fn any(&self) -> Vec<AnyOf<'_>> {
        let each = self.clauses().iter().filter_map(|clause| match clause {
            ScenarioClause::LoseAny { count, kind } => {
                Some(AnyOf { count: count.value, kind, id: self.target(kind)? })
            }
            _ => None,
        });
        each.collect()
    }

    /// What is expected, in the order written.
    pub fn expectations(&self) -> Vec<Expected<'_>> {
        let each = self.clauses().iter().filter_map(|clause| match clause {
            ScenarioClause::Expect(expected) => self.expected(expected),
            _ => None,
        });
        each.collect()
    }

    fn expected<'a>(&'a self, expected: &'a Expectation) -> Option<Expected<'a>> {
        let timed = |quantity: &Quantity| {
            let ms = self.amount(quantity)?.milliseconds()?;
            Some(Timed { ms, at: self.at(quantity.span) })
        };
        Some(Expected {
            element: self.target(&expected.element)?,
            name: &expected.element,
            outcome: expected.outcome,
            by: expected.by.as_ref().map(|by| self.decider(by)),
            within: expected.within.as_ref().and_then(timed),
            level: expected.level.as_ref().and_then(|level| Some((self.amount(level)?, level))),
            on: match &expected.on {
                Some(on) => Some(self.target(on)?),
                None => None,
            },
            words: Words(expected).to_string(),
            at: self.at(span(expected)),
        })
    }

    fn decider<'a>(&'a self, by: &'a Authority) -> Decider<'a> {
        let names = match &by.who {
            Need::One(name) => std::slice::from_ref(name),
            Need::Some { of, .. } => of,
        };
        if by.automatic { Decider::Automatic(self.refs(names)) } else { self.people(names) }
    }

    fn people<'a>(&'a self, names: &'a [Name]) -> Decider<'a> {
        match (names, self.refs(names)) {
            ([name], refs) if refs.is_empty() && is_automatic(name) => {
                Decider::Automatic(Vec::new())
            }
            (_, refs) => Decider::People(refs),
        }
    }
}

/// `by automatic`, whichever controller it is.
pub(super) fn is_automatic(name: &Name) -> bool {
    name.text == "automatic"
}

/// From `expect` to the last word of the clause.
fn span(expected: &Expectation) -> Span {
    let start = expected.element.span.start.saturating_sub(1);
    let outcome = match expected.outcome {
        Outcome::StaysIdle => 2,
        Outcome::Continues | Outcome::Fails | Outcome::Activates | Outcome::Passes => 1,
    };
    let quantities = expected.within.iter().chain(&expected.level).map(|q| q.span.end);
    let by = expected.by.iter().map(|by| match &by.who {
        Need::One(name) => name.span.end,
        Need::Some { span, .. } => span.end,
    });
    let on = expected.on.iter().map(|on| on.span.end);
    let end = quantities.chain(by).chain(on).max().unwrap_or(0);
    Span { start, end: end.max(expected.element.span.end + outcome) }
}

/// An expectation as an author writes it.
struct Words<'a>(&'a Expectation);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Expectation { element, outcome, within, level, by, on } = self.0;
        write!(f, "{} {}", element.text, outcome_words(*outcome))?;
        if let Some(on) = on {
            write!(f, " on {}", on.text)?;
        }
        if let Some(Authority { automatic, who, .. }) = by {
            write!(f, " by {}", if *automatic { "automatic on " } else { "" })?;
            match who {
                Need::One(name) => write!(f, "{}", name.text)?,
                Need::Some { count, of, .. } => {
                    let names: Vec<&str> = of.iter().map(|name| name.text.as_str()).collect();
                    write!(f, "{} of [{}]", count.value, names.join(", "))?;
                }
            }
        }
        if let Some(within) = within {
            write!(f, " within {within}")?;
        }
        level.as_ref().map_or(Ok(()), |level| write!(f, " at {level}"))
    }
}

/// The outcome as an author writes it.
pub(super) fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Continues => "continues",
        Outcome::Fails => "fails",
        Outcome::Activates => "activates",
        Outcome::StaysIdle => "stays idle",
        Outcome::Passes => "passes",
    }
}
