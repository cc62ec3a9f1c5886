//! Taking out what should not be there.

use rbp_compiler::diagnostic::Diagnostic;
use rbp_grammar::ast::{ItemKind, Span};

use super::places::without;
use super::{Action, Change};
use crate::clauses::innermost;
use crate::declared::clauses;
use crate::source::{Place, Source};

pub(super) fn actions(source: &Source<'_>, finding: &Diagnostic) -> Vec<Action> {
    let (item, span) = (finding.primary.at.item, finding.primary.at.span);
    let action = match finding.rule.slug {
        "unused-import" => imported(source, item, span)
            .map(|change| Action::fix("Take out the import that is not used", vec![change])),
        "duplicate-clause" => clause(source, item, span)
            .map(|change| Action::fix("Take out the clause that is said twice", vec![change])),
        "misplaced-clause" | "misplaced-allowance" => clause(source, item, span)
            .map(|change| Action::proposal("Take out the clause", vec![change])),
        "stale-acceptance" | "expired-acceptance" => whole(source, item)
            .map(|change| Action::proposal("Take out the acceptance", vec![change])),
        "orphan-dependency" | "orphan-backup" => whole(source, item)
            .map(|change| Action::proposal("Take out the declaration", vec![change])),
        _ => None,
    };
    action.into_iter().collect()
}

/// A declaration with its documentation.
fn whole(source: &Source<'_>, item: u32) -> Option<Change> {
    let found = source.parsed.items.get(item as usize)?;
    Some(without(source, found.start as usize..found.end as usize))
}

/// The clause around a place.
fn clause(source: &Source<'_>, item: u32, span: Span) -> Option<Change> {
    let declaration = source.item(item)?;
    let outer = clauses(&declaration.item.kind);
    let found = innermost(outer.into_iter(), span.start)?;
    Some(without(source, declaration.bytes(found.span)))
}

/// A name of an import; the whole import where it names nothing else.
fn imported(source: &Source<'_>, item: u32, span: Span) -> Option<Change> {
    let declaration = source.item(item)?;
    let ItemKind::Import(import) = &declaration.item.kind else { return None };
    let names = import.names.as_deref().unwrap_or(&[]);
    if names.len() < 2 {
        return whole(source, item);
    }
    let local = |n: &rbp_grammar::ast::ImportedName| n.alias.as_ref().unwrap_or(&n.name).span;
    let number = names.iter().position(|name| local(name) == span)?;
    let all = |n: &rbp_grammar::ast::ImportedName| {
        let (name, local) = (declaration.bytes(n.name.span), declaration.bytes(local(n)));
        name.start..local.end
    };
    let own = all(names.get(number)?);
    // With the comma before it, or behind it where it is the first.
    let bytes = match number.checked_sub(1).and_then(|before| names.get(before)) {
        Some(before) => all(before).end..own.end,
        None => own.start..all(names.get(1)?).start,
    };
    Some(Change { at: Place { file: source.id, bytes }, text: String::new() })
}
