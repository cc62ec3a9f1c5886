//! What the tree says about the tokens of one declaration: where its blocks and clauses begin.

use std::ops::Range;

use crate::ast::{
    Args, Clause, Element, Item, ItemKind, Kind, KindClause, Policy, PolicyClause, Role, Scenario,
    ScenarioClause, Template,
};
use crate::head::Head;
use crate::token::T;

use super::row::STOPS;
use super::tokens::Tokens;

/// The column in which arguments begin, from the clause's own first: by the sort of block and not
/// by what stands in it, so that a new clause moves no other.
mod column {
    pub const ELEMENT: usize = 11;
    pub const RULE: usize = 9;
    pub const SHORT: usize = 8;
    pub const SCENARIO: usize = 7;
}

/// A block: the tokens between `{` and `}`.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub close: usize,
    /// The first token of each clause.
    pub clauses: Vec<usize>,
    /// The column of the clauses' arguments; 0 where they are not aligned.
    pub column: usize,
}

#[derive(Debug, Clone, Default)]
struct Mark {
    /// The clause that begins here: the words of its head.
    clause: Option<usize>,
    block: Option<Block>,
    list: bool,
    call: bool,
    spaced_colon: bool,
    stops: Option<[Option<usize>; STOPS]>,
}

/// The marks of one declaration's tokens, by their number in the file.
pub(super) struct Marks<'a> {
    tokens: &'a Tokens<'a>,
    first: usize,
    policy: bool,
    marks: Vec<Mark>,
    /// For each bracket the one that closes it.
    closers: Vec<usize>,
}

impl<'a> Marks<'a> {
    /// The marks of a declaration without problems. Linear in its tokens.
    pub fn of(tokens: &'a Tokens<'a>, range: Range<usize>, item: &Item) -> Marks<'a> {
        let mut marks = Marks {
            tokens,
            first: range.start,
            policy: matches!(item.kind, ItemKind::Policy(_)),
            marks: vec![Mark::default(); range.len()],
            closers: closers(tokens, range),
        };
        marks.item(&item.kind);
        marks
    }

    fn at(&self, at: usize) -> Option<&Mark> {
        self.marks.get(at.checked_sub(self.first)?)
    }

    /// How many words the head of the clause has that begins with the token; 0 where it is never
    /// padded.
    pub fn clause(&self, at: usize) -> Option<usize> {
        self.at(at)?.clause
    }

    /// The block that the token opens.
    pub fn block(&self, at: usize) -> Option<&Block> {
        self.at(at)?.block.as_ref()
    }

    /// Whether the token opens or closes the list of an import.
    pub fn is_list(&self, at: usize) -> bool {
        self.at(at).is_some_and(|m| m.list)
    }

    /// Whether the `(` belongs to the name before it.
    pub fn is_call(&self, at: usize) -> bool {
        self.at(at).is_some_and(|m| m.call)
    }

    /// Whether the `:` has a space before it.
    pub fn spaced_colon(&self, at: usize) -> bool {
        self.at(at).is_some_and(|m| m.spaced_colon)
    }

    /// The tokens that may be aligned in the row that begins with the token.
    pub fn stops(&self, at: usize) -> Option<[Option<usize>; STOPS]> {
        self.at(at)?.stops
    }

    /// Whether the declaration is a policy, whose colons and brackets are those of expressions.
    pub fn is_policy(&self) -> bool {
        self.policy
    }

    /// Changes the mark of a token by its number in the declaration.
    fn mark(&mut self, at: usize, change: impl FnOnce(&mut Mark)) {
        if let Some(mark) = self.marks.get_mut(at) {
            change(mark);
        }
    }

    /// The kind of a token by its number in the declaration.
    fn kind(&self, at: usize) -> Option<T> {
        self.tokens.kind(self.first + at)
    }

    fn item(&mut self, item: &ItemKind) {
        let last = self.marks.len();
        match item {
            ItemKind::Import(import) => {
                if import.names.is_some() {
                    self.mark(import.path.span.end as usize + 1, |m| m.list = true);
                    self.mark(last.saturating_sub(1), |m| m.list = true);
                }
            }
            ItemKind::Unit(unit) => {
                let title = unit.title.as_ref().map(|t| t.span.start as usize);
                let equal = unit.definition.as_ref().map(|d| d.span.start as usize - 1);
                self.row(0, [title, equal]);
            }
            ItemKind::Kind(kind) => self.kind_item(kind),
            ItemKind::Element(element) => self.element(element, last),
            ItemKind::Template(template) => self.template(template),
            ItemKind::Policy(policy) => self.policy(policy),
            ItemKind::Accept(accept) => {
                self.body(0..last, column::SHORT, &accept.clauses);
            }
            ItemKind::Scenario(scenario) => self.scenario(scenario),
            ItemKind::Evidence(_) | ItemKind::Apply(_) | ItemKind::Error => {}
        }
    }

    fn row(&mut self, at: usize, stops: [Option<usize>; STOPS]) {
        let first = self.first;
        let limit = self.marks.len();
        let stops = stops.map(|stop| stop.filter(|s| *s < limit).map(|s| first + s));
        self.mark(at, |m| m.stops = Some(stops));
    }

    fn colon(&mut self, before: u32) {
        self.mark((before as usize).saturating_sub(1), |m| m.spaced_colon = true);
    }

    /// The block whose `{` is the first one in `range`, with its clauses' first tokens.
    fn open(&mut self, range: Range<usize>, column: usize, clauses: Vec<usize>) {
        let Some(open) = range.clone().find(|&at| self.kind(at) == Some(T::LBrace)) else {
            return;
        };
        let first = self.first;
        let close = first + self.closers.get(open).copied().unwrap_or(range.end);
        let clauses = clauses.into_iter().map(|at| first + at).collect();
        self.mark(open, |m| m.block = Some(Block { close, clauses, column }));
    }

    fn clause_at(&mut self, at: usize, words: usize) -> usize {
        self.mark(at, |m| m.clause = Some(words));
        at
    }

    fn kind_item(&mut self, kind: &Kind) {
        if let Some(parent) = &kind.parent {
            self.colon(parent.span.start);
        }
        let mut starts = Vec::new();
        for clause in &kind.clauses {
            match clause {
                KindClause::Field { name, ty } => {
                    self.colon(ty.span.start);
                    let at = name.span.start as usize - 1;
                    starts.push(self.clause_at(at, 1));
                    self.row(at, [Some(name.span.end as usize), None]);
                }
                KindClause::Requires(names) => {
                    let at = names.first().map_or(0, |n| n.span.start as usize - 1);
                    starts.push(self.clause_at(at, 1));
                }
                KindClause::Error => {}
            }
        }
        self.open(0..self.marks.len(), 0, starts);
    }

    fn element(&mut self, element: &Element, end: usize) {
        let start = element.name.span.start as usize - 1;
        if let Some(kind) = &element.kind {
            self.colon(kind.span.start);
        }
        if let Some(template) = &element.template {
            self.mark(template.name.span.end as usize, |m| m.call = true);
        }
        let colon = element.kind.as_ref().map(|k| k.span.start as usize - 1);
        let after = element.kind.as_ref().unwrap_or(&element.name).span.end as usize;
        self.row(start, [colon, (after < end).then_some(after)]);
        let column = if element.role == Role::Signal { column::SHORT } else { column::ELEMENT };
        self.body(start..end, column, &element.clauses);
    }

    fn body(&mut self, range: Range<usize>, column: usize, clauses: &[Clause]) {
        let starts = clauses.iter().map(|clause| self.clause_mark(clause)).collect();
        self.open(range, column, starts);
    }

    fn clause_mark(&mut self, clause: &Clause) -> usize {
        let range = clause.span.start as usize..clause.span.end as usize;
        match &clause.args {
            Args::Activate(clauses) | Args::Test { clauses, .. } => {
                self.body(range.clone(), column::RULE, clauses);
            }
            _ => {}
        }
        let words = match clause.head {
            Head::Field | Head::FromCold => 1,
            head => head.words().split(' ').count(),
        };
        self.clause_at(range.start, words)
    }

    fn template(&mut self, template: &Template) {
        let end = self.marks.len();
        self.mark(template.name.span.end as usize, |m| m.call = true);
        if let Some(kind) = &template.kind {
            self.colon(kind.span.start);
        }
        let mut starts: Vec<usize> = template.clauses.iter().map(|c| self.clause_mark(c)).collect();
        let elements: Vec<usize> =
            template.elements.iter().map(|e| e.name.span.start as usize - 1).collect();
        starts.extend(&elements);
        starts.sort_unstable();
        for (element, &start) in template.elements.iter().zip(&elements) {
            self.clause_at(start, 0);
            let next = starts.partition_point(|&s| s <= start);
            self.element(element, starts.get(next).copied().unwrap_or(end - 1));
        }
        self.open(0..end, column::ELEMENT, starts);
    }

    fn policy(&mut self, policy: &Policy) {
        let title = policy.title.as_ref().map_or(policy.name.span.end, |t| t.span.end) as usize;
        self.rules(title, &policy.clauses);
    }

    /// The rules of the block whose `{` is the first from `from` on.
    fn rules(&mut self, from: usize, rules: &[PolicyClause]) -> usize {
        let end = self.marks.len();
        let open = (from..end).find(|&at| self.kind(at) == Some(T::LBrace)).unwrap_or(end);
        let mut at = open + 1;
        let mut starts = Vec::new();
        for rule in rules {
            starts.push(self.clause_at(at, 1));
            at = match rule {
                PolicyClause::Cite(text) => text.span.end as usize,
                PolicyClause::Severity(name) => name.span.end as usize,
                PolicyClause::Require { otherwise, .. } => otherwise.span.end as usize,
                PolicyClause::ForEach { rules, .. } => self.rules(at, rules),
                PolicyClause::Error => at,
            };
        }
        self.open(open..end, 0, starts);
        self.closers.get(open).map_or(end, |close| close + 1)
    }

    fn scenario(&mut self, scenario: &Scenario) {
        let mut starts = Vec::new();
        for clause in &scenario.clauses {
            let at = match clause {
                ScenarioClause::At(date) => date.span.start,
                ScenarioClause::Actor(name) => name.span.start,
                ScenarioClause::Lose { elements, .. } => {
                    elements.first().map_or(1, |e| e.span.start)
                }
                ScenarioClause::LoseAny { count, .. } => count.span.start - 1,
                ScenarioClause::Expect(expected) => expected.element.span.start,
                ScenarioClause::Error => continue,
            };
            starts.push(self.clause_at(at as usize - 1, 1));
        }
        self.open(0..self.marks.len(), column::SCENARIO, starts);
    }
}

/// For each bracket of the declaration, the number in it of the one that closes it.
fn closers(tokens: &Tokens, range: Range<usize>) -> Vec<usize> {
    let mut closers = vec![range.len(); range.len()];
    let mut open = Vec::new();
    for at in 0..range.len() {
        match tokens.kind(range.start + at) {
            Some(T::LBrace | T::LBracket | T::LParen) => open.push(at),
            Some(T::RBrace | T::RBracket | T::RParen) => {
                if let Some(opener) = open.pop() {
                    closers[opener] = at;
                }
            }
            _ => {}
        }
    }
    closers
}
