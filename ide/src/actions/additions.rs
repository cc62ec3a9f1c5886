//! Adding what is missing, with names of the model where it has some that fit.

use std::sync::Arc;

use rbp_compiler::diagnostic::Diagnostic;
use rbp_compiler::model::{Element, FieldType, element};
use rbp_compiler::names::{ItemId, Lookup, Scope, Space};
use rbp_compiler::rules::language::wrong_kind::Wanted;
use rbp_grammar::ast::Args;
use rbp_grammar::head::Head;

use super::places::{clause, in_activation};
use super::{Action, Change};
use crate::source::Source;

pub(super) fn actions(source: &Source<'_>, finding: &Diagnostic) -> Vec<Action> {
    let id = ItemId { file: source.id, item: finding.primary.at.item };
    let Some(known) = element(source.db, id).filter(|known| known.written().is_none()) else {
        return Vec::new();
    };
    let add = |title: &str, text: String| {
        let change = clause(source, id.item, &text);
        change.map(|change| Action::proposal(title, vec![change]))
    };
    let activation = |title: &str, text: String| {
        let change: Option<Change> = in_activation(source, id.item, &text);
        change.map(|change| Action::proposal(title, vec![change]))
    };
    let actions: Vec<Option<Action>> = match finding.rule.slug {
        "missing-activation" => {
            let signal = suggested(source, &known, Wanted::Signal);
            let who = suggested(source, &known, Wanted::Actor);
            vec![match known.activation() {
                None => add(
                    "Add an activation rule",
                    format!("activate {{\n  when  {signal}\n  by    {who} within 5min\n}}"),
                ),
                Some(_) => activation("Say when it is put to work", format!("when {signal}")),
            }]
        }
        "no-authority" => {
            let who = suggested(source, &known, Wanted::Actor);
            vec![activation("Say who decides", format!("by {who} within 5min"))]
        }
        "missing-access" => {
            let key = suggested(source, &known, Wanted::Credential);
            vec![activation("Say what opens it", format!("with {key}"))]
        }
        "missing-hand-back" => vec![activation(
            "Say how the primary takes over again",
            "hand back \"how and when the primary takes over again\"".into(),
        )],
        "untested-backup" if known.tests().is_empty() => {
            let owner = owner(source, &known);
            let text = format!(
                "test drill {{\n  every   90d\n  by      functional\n  proves  activation, restore\n  owner   {owner}\n}}"
            );
            vec![add("Add a test", text)]
        }
        "function-without-owner" | "unmaintained-backup" => {
            vec![add("Add an owner", format!("owner {}", owner(source, &known)))]
        }
        "missing-readiness" => {
            let states = ["hot", "warm", "cold"].into_iter();
            let each = states.map(|state| {
                add(&format!("Say that it is kept {state}"), format!("readiness {state}"))
            });
            each.collect()
        }
        "missing-freshness" => {
            vec![add("Say how far it may be behind", "lag within 1min".into())]
        }
        "missing-requirement" => missing(&known)
            .into_iter()
            .map(|text| add(&format!("Add `{text}`"), text.clone()))
            .collect(),
        _ => Vec::new(),
    };
    let mut actions: Vec<Action> = actions.into_iter().flatten().collect();
    actions.extend(allowance(source, finding, id));
    actions
}

/// The clauses and fields that its kind requires and it lacks, with values to be changed.
fn missing(known: &Element) -> Vec<String> {
    let Some(lineage) = &known.lineage else { return Vec::new() };
    let given = |word: &str| {
        known.all_clauses().iter().any(|clause| match &clause.args {
            Args::Field { name, .. } => name.text == word,
            _ => clause.head.words().split(' ').next() == Some(word),
        })
    };
    let lacking = lineage.requires.iter().filter(|(word, _)| !given(word));
    let texts = lacking.filter_map(|(word, _)| {
        if let Some(field) = lineage.fields.iter().find(|field| field.name == *word) {
            return Some(match &field.ty {
                FieldType::Text => format!("{word} \"…\""),
                FieldType::Date => format!("{word} 2030-01-01"),
                FieldType::Name => format!("{word} unnamed"),
                FieldType::Quantity(_) | FieldType::Unknown => return None,
            });
        }
        let head = Head::ALL.iter().find(|h| h.words().split(' ').next() == Some(word.as_str()));
        Some(head?.info().example.to_owned())
    });
    texts.collect()
}

/// An element in scope that fits: of the file, then of its imports. Where there is none, a name to be
/// declared.
fn suggested(source: &Source<'_>, known: &Element, wanted: Wanted) -> String {
    let scope = Scope::of(source.db, source.at);
    let of = |name: &str| match scope.find(Space::Element, name) {
        Lookup::Found(id, _) => element(source.db, id),
        Lookup::Missing { .. } => None,
    };
    let fits = |found: &Arc<Element>| {
        wanted.accepts(found.role(), found.lineage.as_deref()) && found.id != known.id
    };
    // Who owns it decides best.
    if let Some(owner) = known.word(Head::Owner)
        && wanted == Wanted::Actor
        && of(owner).is_some_and(|owner| fits(&owner))
    {
        return owner.to_owned();
    }
    let mut fitting: Vec<Arc<Element>> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for name in scope.known(Space::Element).iter() {
        if let Some(found) = of(name).filter(|found| fits(found)) {
            fitting.push(found);
            names.push(name.to_string());
        }
    }
    // The nearest declaration of the same file, else the first of all.
    let near = fitting.iter().zip(&names).filter(|(found, _)| found.id.file == known.id.file);
    let near = near.min_by_key(|(found, _)| found.id.item.abs_diff(known.id.item));
    near.map(|(_, name)| name.clone()).or(names.into_iter().next()).unwrap_or_else(|| {
        match wanted {
            Wanted::Signal => "what-is-observed",
            Wanted::Credential => "what-opens-it",
            _ => "who-decides",
        }
        .to_owned()
    })
}

/// Its owner, or that of the element before it that has one.
fn owner(source: &Source<'_>, known: &Element) -> String {
    if let Some(owner) = known.word(Head::Owner) {
        return owner.to_owned();
    }
    let before = (0..source.parsed.items.len() as u32).rev();
    let owners = before.filter_map(|item| {
        let found = element(source.db, ItemId { file: source.id, item })?;
        Some(found.word(Head::Owner)?.to_owned())
    });
    owners.into_iter().next().unwrap_or_else(|| "who-answers-for-it".into())
}

/// Silence for a warning or a hint, with a reason to be written.
fn allowance(source: &Source<'_>, finding: &Diagnostic, id: ItemId) -> Option<Action> {
    use rbp_compiler::diagnostic::Level;
    if finding.rule.level == Level::Error {
        return None;
    }
    let slug = finding.rule.slug;
    let change = clause(source, id.item, &format!("allow {slug} because \"the reason\""))?;
    Some(Action::proposal(format!("Allow `{slug}` here, with a reason"), vec![change]))
}
