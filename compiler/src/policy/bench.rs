//! One policy at work: on one element of a file, or on what is no element.

use std::sync::Arc;

use rbp_grammar::ast::{Expr, PolicyClause, Role, Selector, Text};
use rbp_grammar::head::Head;

use super::eval::{Bound, Judge};
use super::text::span;
use super::value::{Value, test};
use crate::analysis::analysis;
use crate::db::{Workspace, file};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Application, Element};
use crate::names::{ItemId, Lookup, Scope, Space, path_from};
use crate::rules::governance::{policy_advice, policy_breach};
use crate::rules::{Outcome, Verdict};

/// One policy at work on one file.
pub(super) struct Bench<'a> {
    judge: Judge<'a>,
    /// Where it is applied; nowhere where it is only tried.
    at: Option<Anchor>,
    to: &'a [ItemId],
    /// What it says.
    pub outcomes: Vec<Outcome>,
    /// It concerns something.
    pub touched: bool,
}

impl<'a> Bench<'a> {
    /// The policy where it is applied.
    pub fn applied(judge: Judge<'a>, application: &'a Application) -> Bench<'a> {
        Bench { at: Some(application.at), to: &application.to, ..Bench::tried(judge) }
    }

    /// The policy applied nowhere.
    pub fn tried(judge: Judge<'a>) -> Bench<'a> {
        Bench { judge, at: None, to: &[], outcomes: Vec::new(), touched: false }
    }

    /// Whether it was asked who names an element, which is known as far as every import could be read.
    pub fn asked(&self) -> bool {
        self.judge.asked.get()
    }

    /// Judges one element of the file by the rules for each element of its sort.
    pub fn element(&mut self, element: &Arc<Element>) {
        let policy = self.judge.policy;
        if policy.is_partial() {
            return;
        }
        let member = Value::Element(element.clone());
        for clause in policy.clauses() {
            if let PolicyClause::ForEach { selector, filter, rules } = clause
                && selector.set.is_none()
                && self.is_selected(selector, &member)
                && self.is_meant(element)
            {
                self.judge.rested();
                let around = (true, &mut Bound::new());
                self.member(selector, filter.as_ref(), rules, member.clone(), around);
            }
        }
    }

    /// Judges what is asked of a set, and what concerns no element.
    pub fn at_large(&mut self) {
        let policy = self.judge.policy;
        if policy.is_partial() {
            return self.unjudged();
        }
        let mut bound = Bound::new();
        for clause in policy.clauses() {
            match clause {
                PolicyClause::ForEach { selector, filter, rules } => {
                    let Some(set) = &selector.set else { continue };
                    for member in self.members(set) {
                        if self.is_selected(selector, &member) {
                            self.judge.rested();
                            let around = (true, &mut bound);
                            self.member(selector, filter.as_ref(), rules, member, around);
                        }
                    }
                }
                PolicyClause::Require { condition, otherwise } if self.is_at_home() => {
                    self.judge.rested();
                    self.touched = true;
                    self.require(condition, otherwise, true, &mut bound);
                }
                _ => {}
            }
        }
    }

    /// Whether what concerns no element is judged in this file: where the policy is applied.
    fn is_at_home(&self) -> bool {
        let here = self.judge.here.id(self.judge.db);
        self.at.map_or(self.judge.policy.id.file, |at| at.file) == here
    }

    /// A policy that could not be understood is not silent: nothing is kept by it.
    fn unjudged(&mut self) {
        let Some(at) = self.at.filter(|_| self.is_at_home()) else { return };
        let name = self.judge.policy.name();
        let message = format!("the policy `{name}` cannot be judged: it could not be understood");
        let finding = Diagnostic::new(&policy_breach::RULE, at, message)
            .also(self.judge.policy.name_at(), "its own errors are told where it is declared");
        let subject = ItemId { file: at.file, item: at.item };
        self.add(Verdict::Unknown, subject, Arc::from([]), Some(finding));
    }

    /// The members of a set that are declared in this file; what is declared nowhere belongs to the file
    /// where the policy is applied.
    fn members(&self, set: &Expr) -> Vec<Value> {
        let id = self.judge.here.id(self.judge.db);
        let Value::Set(members) = self.judge.value(set, &mut Bound::new()) else {
            return Vec::new();
        };
        let own = members.into_iter().filter(|member| match element_of(member) {
            Some(element) => element.id.file == id && self.is_meant(element),
            None => self.is_at_home(),
        });
        own.collect()
    }

    fn is_selected(&self, selector: &Selector, member: &Value) -> bool {
        let Value::Element(element) = member else { return true };
        let kind = selector.kind.as_ref().and_then(|name| self.judge.policy.target(name));
        let of_kind = |kind| element.lineage.as_ref().is_some_and(|l| l.descends_from(kind));
        selector.role.is_none_or(|role| element.role() == role) && kind.is_none_or(of_kind)
    }

    /// Whether an element concerns the functions that the application is narrowed to.
    fn is_meant(&self, element: &Element) -> bool {
        let rests = |function: &ItemId| {
            let analysis = analysis(self.judge.db, *function);
            analysis.is_some_and(|a| a.cone.index.contains_key(&element.id))
        };
        let named = element.named(Head::Protects);
        let owed = |function: &ItemId| match element.role() {
            Role::Function => element.id == *function,
            Role::Backup => named.iter().any(|f| f.id == *function),
            Role::Dependency | Role::Signal => rests(function),
        };
        self.to.is_empty() || self.to.iter().any(owed)
    }

    /// `certain` is false where it is not known whether an outer filter holds.
    fn member(
        &mut self,
        selector: &Selector,
        filter: Option<&Expr>,
        rules: &[PolicyClause],
        member: Value,
        (certain, bound): (bool, &mut Bound),
    ) {
        bound.push((selector.name.text.clone(), member));
        let holds = filter.map_or(Some(true), |filter| self.judge.value(filter, bound).truth());
        if holds != Some(false) {
            self.touched = true;
            self.rules(rules, certain && holds == Some(true), bound);
        }
        bound.pop();
    }

    fn rules(&mut self, rules: &[PolicyClause], certain: bool, bound: &mut Bound) {
        for rule in rules {
            match rule {
                PolicyClause::Require { condition, otherwise } => {
                    self.require(condition, otherwise, certain, bound);
                }
                PolicyClause::ForEach { selector, filter, rules } => {
                    let members = match (&selector.set, selector.role) {
                        (Some(set), _) => self.judge.value(set, bound),
                        (None, Some(role)) => self.judge.all(role),
                        (None, None) => continue,
                    };
                    let Value::Set(members) = members else {
                        // What cannot be counted up cannot be kept.
                        self.lost_set(rules, &members, bound);
                        continue;
                    };
                    for member in members {
                        if self.is_selected(selector, &member) {
                            self.member(selector, filter.as_ref(), rules, member, (certain, bound));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn lost_set(&mut self, rules: &[PolicyClause], why: &Value, bound: &mut Bound) {
        for rule in rules {
            match rule {
                PolicyClause::Require { condition, otherwise } => {
                    let reason = vec![why.words()];
                    self.found(condition, otherwise, Verdict::Unknown, reason, bound);
                }
                PolicyClause::ForEach { rules, .. } => self.lost_set(rules, why, bound),
                _ => {}
            }
        }
    }

    fn require(&mut self, condition: &Expr, otherwise: &Text, certain: bool, bound: &mut Bound) {
        let verdict = match self.judge.value(condition, bound) {
            Value::Truth(true) => {
                let (subject, functions, _) = self.subject(bound);
                return self.add(Verdict::Proved, subject, functions, None);
            }
            Value::Truth(false) if certain => Verdict::Refuted,
            _ => Verdict::Unknown,
        };
        let mut reasons = self.judge.explain(condition, bound);
        if !certain {
            reasons.push("whether the rule concerns it at all is not known".into());
        }
        self.found(condition, otherwise, verdict, reasons, bound);
    }

    fn found(
        &mut self,
        condition: &Expr,
        otherwise: &Text,
        verdict: Verdict,
        reasons: Vec<String>,
        bound: &Bound,
    ) {
        let (subject, functions, at) = self.subject(bound);
        let policy = self.judge.policy;
        let rule = if policy.advises() { &policy_advice::RULE } else { &policy_breach::RULE };
        let message = filled(&otherwise.text, bound);
        let message = match verdict {
            Verdict::Refuted => message,
            _ => format!("whether it is so cannot be told: {message}"),
        };
        let required = format!("`{}` requires this", policy.name());
        let mut finding =
            Diagnostic::new(rule, at, message).also(policy.at(span(condition)), required);
        for reason in reasons {
            finding = finding.note(reason);
        }
        for citation in policy.citations() {
            finding = finding.note(format!("see {citation}"));
        }
        let cure = match verdict {
            Verdict::Refuted => "mend it, or accept it with a reason and an end",
            _ => "state what is missing",
        };
        let help = match element_of_last(bound).filter(|_| verdict == Verdict::Refuted) {
            Some(element) => {
                let (policy, name) = (policy.name(), element.name());
                format!("{cure}: {}`accept {policy} on {name} {{ … }}`", self.import_first())
            }
            None if verdict == Verdict::Refuted && bound.is_empty() => {
                "mend it: what is asked of a package as a whole cannot be accepted".to_owned()
            }
            None => cure.to_owned(),
        };
        self.add(verdict, subject, functions, Some(finding.help(help)));
    }

    /// What must stand before an acceptance that names the policy, in the file that is judged.
    fn import_first(&self) -> String {
        let (db, here, policy) = (self.judge.db, self.judge.here, self.judge.policy);
        let found = Scope::of(db, here).find(Space::Policy, policy.name());
        if matches!(found, Lookup::Found(id, _) if id == policy.id) {
            return String::new();
        }
        let package = Workspace::get(db).packages(db).get(here.package(db) as usize);
        let dependencies = package.map_or(&[][..], |package| &package.dependencies);
        let home = file(db, policy.id.file).and_then(|at| path_from(db, here, at, dependencies));
        home.map_or(String::new(), |home| format!("`import {home}.{{{}}}`, then ", policy.name()))
    }

    fn add(
        &mut self,
        verdict: Verdict,
        subject: ItemId,
        functions: Arc<[ItemId]>,
        finding: Option<Diagnostic>,
    ) {
        let policy = self.judge.policy;
        let rule = if policy.advises() { &policy_advice::RULE } else { &policy_breach::RULE };
        self.outcomes.push(Outcome {
            rule,
            functions,
            subject,
            verdict,
            losses: Box::default(),
            finding: finding.map(Arc::new),
            policy: Some(policy.id),
            needs_imports: false,
        });
    }

    /// Of what a finding is, to whom it is owed, and where it stands: the innermost of this file.
    fn subject(&self, bound: &Bound) -> (ItemId, Arc<[ItemId]>, Anchor) {
        let here = self.judge.here.id(self.judge.db);
        let innermost = bound.iter().rev().find_map(|(_, value)| {
            let element = element_of(value).filter(|e| e.id.file == here)?;
            let at = match value {
                Value::Test(backup, number) | Value::Proofs(backup, number) => {
                    test(backup, *number).map(|test| backup.at(test.name.span))
                }
                _ => None,
            };
            Some((element, at.unwrap_or_else(|| element.name_at())))
        });
        match innermost {
            Some((element, at)) => {
                let functions = match element.role() {
                    Role::Function => Arc::from([element.id]),
                    _ => element.named(Head::Protects).iter().map(|f| f.id).collect(),
                };
                (element.id, functions, at)
            }
            None => {
                let at = self.at.unwrap_or_else(|| self.judge.policy.name_at());
                (ItemId { file: at.file, item: at.item }, Arc::from([]), at)
            }
        }
    }
}

fn element_of(value: &Value) -> Option<&Arc<Element>> {
    match value {
        Value::Element(element) | Value::Test(element, _) | Value::Proofs(element, _) => {
            Some(element)
        }
        _ => None,
    }
}

fn element_of_last(bound: &Bound) -> Option<&Arc<Element>> {
    bound.iter().rev().find_map(|(_, value)| element_of(value))
}

/// The message with the names of what is bound.
fn filled(text: &str, bound: &Bound) -> String {
    let mut filled = text.to_owned();
    for (name, value) in bound.iter().rev() {
        filled = filled.replace(&format!("{{{name}}}"), &format!("`{}`", value.words()));
    }
    filled
}
