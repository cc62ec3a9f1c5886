//! Accepting a risk: the words are there, the reason, the owner and the end are the author's to check.

use rbp_compiler::check::checked;
use rbp_compiler::db::{Day, Workspace};
use rbp_compiler::diagnostic::{Diagnostic, Level};
use rbp_compiler::model::{day_words, element, policy};
use rbp_compiler::names::{ItemId, Lookup, Scope, Space, namers};
use rbp_compiler::rules::{Outcome, Verdict};
use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;

use super::places::after;
use super::{Action, Change};
use crate::completion::module_of;
use crate::imports::import;
use crate::source::Source;

/// How long an acceptance that is proposed holds, in days.
const HOLDS: i32 = 90;

pub(super) fn actions(source: &Source<'_>, finding: &Diagnostic) -> Vec<Action> {
    if finding.level != Level::Error {
        return Vec::new();
    }
    let Some(outcome) = outcome(source, finding) else { return Vec::new() };
    accept(source, finding, &outcome).into_iter().collect()
}

/// The outcome that a finding is of: only what an obligation refutes can be accepted.
pub(super) fn outcome(source: &Source<'_>, finding: &Diagnostic) -> Option<Outcome> {
    for at in namers(source.db, source.at) {
        let obligations = &checked(source.db, *at).obligations;
        let of = |outcome: &&Outcome| {
            outcome.verdict == Verdict::Refuted
                && outcome.rule == finding.rule
                && outcome.finding.as_ref().is_some_and(|f| f.message == finding.message)
        };
        if let Some(found) = obligations.iter().find(of) {
            return Some(found.clone());
        }
    }
    None
}

fn accept(source: &Source<'_>, finding: &Diagnostic, outcome: &Outcome) -> Option<Action> {
    let mut names = Names { source, imports: Vec::new() };
    let (what, title) = match outcome.losses.first() {
        Some((sort, _)) => {
            let same = outcome.losses.iter().all(|(other, _)| other == sort);
            let lost: Option<Vec<String>> =
                outcome.losses.iter().map(|(_, id)| names.of(*id)).collect();
            let lost = lost.filter(|_| same)?.join(", ");
            let word = match sort {
                LossSort::Lost => "loss",
                LossSort::Corrupted => "corruption",
                LossSort::Compromised => "compromise",
            };
            (format!("accept {word} of {lost}"), format!("Accept the {word} of `{lost}`"))
        }
        None => {
            let slug = match outcome.policy {
                Some(id) => policy(source.db, id)?.name().to_owned(),
                None => outcome.rule.slug.to_owned(),
            };
            let subject = names.of(outcome.subject)?;
            (format!("accept {slug} on {subject}"), format!("Accept `{slug}` on `{subject}`"))
        }
    };
    let functions: Vec<String> = outcome.functions.iter().filter_map(|id| names.of(*id)).collect();
    // A function is named unless the finding is about it alone.
    let about = |id: &ItemId| outcome.losses.is_empty() && outcome.functions.as_ref() == [*id];
    let narrowed = match functions.is_empty() || about(&outcome.subject) {
        true => String::new(),
        false => format!(" for {}", functions.join(", ")),
    };
    let who = outcome
        .functions
        .iter()
        .chain([&outcome.subject])
        .find_map(|id| Some(element(source.db, *id)?.word(Head::Owner)?.to_owned()));
    let who = who.unwrap_or_else(|| "who-answers-for-it".into());
    let today = Workspace::get(source.db).as_of(source.db);
    let until = day_words(Day(today.0.saturating_add(HOLDS)));
    let text = format!(
        "{what}{narrowed} {{\n  because \"why this can be borne\"\n  by      {who}\n  until   {until}\n}}"
    );
    let mut changes = names.imports;
    changes.push(after(source, finding.primary.at.item, &text)?);
    Some(Action::proposal(format!("{title}, with a reason and an end"), changes))
}

/// What elements are called in a file, with the imports that this needs.
struct Names<'a> {
    source: &'a Source<'a>,
    imports: Vec<Change>,
}

impl Names<'_> {
    fn of(&mut self, id: ItemId) -> Option<String> {
        let known = element(self.source.db, id)?;
        let scope = Scope::of(self.source.db, self.source.at);
        let means = |name: &str| match scope.find(Space::Element, name) {
            Lookup::Found(found, _) => Some(found),
            Lookup::Missing { .. } => None,
        };
        let name = known.name();
        if means(name) == Some(id) {
            return Some(name.to_owned());
        }
        let names = scope.known(Space::Element);
        if let Some(local) = names.iter().find(|name| means(name) == Some(id)) {
            return Some(local.to_string());
        }
        if means(name).is_some() || name.contains('.') {
            return None;
        }
        let from = module_of(self.source.db, self.source.at, id)?;
        self.imports.extend(import(self.source, &from, name));
        Some(name.to_owned())
    }
}
