//! Scenarios: their names, days and bounds, and whether they test anything.

use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{self, Expectation, LossSort, Name, Need, Outcome, ScenarioClause, Span};

use super::{Lowering, Wanted};
use crate::diagnostic::Level;
use crate::model::scenario::{Scenario, is_automatic, outcome_words};
use crate::names::{Lookup, Space};
use crate::rules::language::{
    dimension_mismatch, duplicate_clause, empty_scenario, impossible_count, misplaced_expectation,
};

impl Lowering<'_> {
    pub(super) fn scenario(&mut self, scenario: &ast::Scenario, syntax: &Arc<Syntax>) -> Scenario {
        // What a scenario names is not needed by anything yet.
        let foreign = std::mem::take(&mut self.foreign);
        let before = self.findings.len();
        for clause in &scenario.clauses {
            self.scenario_clause(clause);
        }
        self.foreign = foreign;
        self.given_once(scenario);
        if syntax.problems.is_empty() {
            self.tests_something(scenario);
        }
        let wrong = self.findings.iter().skip(before).any(|found| found.level == Level::Error);
        self.unresolved |= wrong;
        self.targets.sort_by_key(|(token, _)| *token);
        self.amounts.sort_by_key(|(token, _)| *token);
        Scenario {
            id: self.id(),
            unresolved: self.unresolved,
            syntax: syntax.clone(),
            targets: self.targets.drain(..).collect(),
            amounts: self.amounts.drain(..).collect(),
        }
    }

    fn scenario_clause(&mut self, clause: &ScenarioClause) {
        match clause {
            ScenarioClause::At(date) => self.date(date),
            ScenarioClause::Actor(name) => self.resolve_as(Wanted::Actor, name),
            ScenarioClause::Lose { sort, elements } => {
                let wanted = match sort {
                    LossSort::Corrupted => Wanted::Record,
                    LossSort::Lost | LossSort::Compromised => Wanted::Primary,
                };
                elements.iter().for_each(|name| self.resolve_as(wanted, name));
                self.named_twice(&elements.iter().collect::<Vec<_>>());
            }
            ScenarioClause::LoseAny { count, kind } => {
                self.resolve(Space::Kind, kind);
                let at = self.at(count.span);
                self.findings.extend(impossible_count::lost_together(at, count.value));
            }
            ScenarioClause::Expect(expected) => self.expectation(expected),
            ScenarioClause::Error => {}
        }
    }

    fn expectation(&mut self, expected: &Expectation) {
        let policy = self.is_of_policy(expected);
        match expected.outcome {
            _ if policy => {
                self.resolve(Space::Policy, &expected.element);
            }
            Outcome::Activates | Outcome::StaysIdle => {
                self.resolve_as(Wanted::Backup, &expected.element);
            }
            _ => self.resolve_as(Wanted::Function, &expected.element),
        }
        expected.on.iter().for_each(|on| {
            self.resolve(Space::Element, on);
        });
        if let Some(by) = &expected.by {
            match &by.who {
                Need::One(name) if !by.automatic && self.means_automatic(name) => {}
                who => {
                    let wanted = if by.automatic { Wanted::Element } else { Wanted::Actor };
                    self.resolve_need(wanted, who);
                }
            }
        }
        let quantity = dimension_mismatch::Wanted::Duration;
        expected.within.iter().for_each(|w| self.measure(w, quantity, "expect … within"));
        let any = dimension_mismatch::Wanted::Any;
        expected.level.iter().for_each(|level| self.measure(level, any, "expect … at"));
        self.fitting(expected, policy);
    }

    /// Whether an expectation is of a policy. Functions and policies fail alike; an element comes first.
    fn is_of_policy(&self, expected: &Expectation) -> bool {
        let found =
            |space| matches!(self.scope.find(space, &expected.element.text), Lookup::Found(..));
        let fails = expected.outcome == Outcome::Fails;
        expected.outcome == Outcome::Passes
            || (fails && !found(Space::Element) && found(Space::Policy))
    }

    /// `by automatic` names no element, unless there is one of that name.
    fn means_automatic(&self, name: &Name) -> bool {
        let found = self.scope.find(Space::Element, &name.text);
        is_automatic(name) && matches!(found, Lookup::Missing { .. })
    }

    /// What cannot be said of an outcome.
    fn fitting(&mut self, expected: &Expectation, policy: bool) {
        let (by, within, level) = match expected.outcome {
            Outcome::Continues => (false, true, true),
            Outcome::Activates => (true, true, false),
            Outcome::Fails | Outcome::StaysIdle | Outcome::Passes => (false, false, false),
        };
        let who = expected.by.as_ref().map(|by| match &by.who {
            Need::One(name) => name.span,
            Need::Some { span, .. } => *span,
        });
        let said: [(&str, Option<Span>, bool); 4] = [
            ("by", who, by),
            ("within", expected.within.as_ref().map(|q| q.span), within),
            ("at", expected.level.as_ref().map(|q| q.span), level),
            ("on", expected.on.as_ref().map(|name| name.span), policy),
        ];
        for (word, span, fits) in said {
            if let Some(span) = span.filter(|_| !fits) {
                let at = self.at(span);
                let outcome = outcome_words(expected.outcome);
                self.report(misplaced_expectation::found(at, word, outcome));
            }
        }
    }

    fn given_once(&mut self, scenario: &ast::Scenario) {
        for word in ["at", "actor"] {
            let spans = scenario.clauses.iter().filter_map(|clause| match clause {
                ScenarioClause::At(date) => (word == "at").then_some(date.span),
                ScenarioClause::Actor(name) => (word == "actor").then_some(name.span),
                _ => None,
            });
            let spans: Vec<Span> = spans.collect();
            if let [first, more @ ..] = spans.as_slice() {
                for again in more {
                    let (at, first) = (self.at(*again), self.at(*first));
                    self.report(duplicate_clause::again(at, word, first));
                }
            }
        }
    }

    fn tests_something(&mut self, scenario: &ast::Scenario) {
        let has = |wanted: fn(&ScenarioClause) -> bool| scenario.clauses.iter().any(wanted);
        let name = &scenario.name;
        let at = self.at(name.span);
        let happens = scenario.clauses.iter().any(|clause| match clause {
            ScenarioClause::Expect(expected) => self.is_of_policy(expected),
            ScenarioClause::Actor(_) | ScenarioClause::Error => false,
            _ => true,
        });
        let expects = has(|clause| matches!(clause, ScenarioClause::Expect(_)));
        if !happens || !expects {
            return self.report(empty_scenario::found(at, &name.text, happens, expects));
        }
        let asked = has(|clause| match clause {
            ScenarioClause::Expect(e) => {
                matches!(e.outcome, Outcome::Activates | Outcome::StaysIdle)
            }
            _ => false,
        });
        for clause in &scenario.clauses {
            if let ScenarioClause::Actor(actor) = clause
                && !asked
            {
                let at = self.at(actor.span);
                self.report(empty_scenario::unasked(at, &actor.text));
            }
        }
    }
}
