//! Another element of the same kind that does not fall with what is lost.

use rbp_compiler::diagnostic::Diagnostic;
use rbp_compiler::model::element;
use rbp_compiler::names::{ItemId, Lookup, Scope, Space};
use rustc_hash::FxHashSet;

use super::acceptance::outcome;
use super::{Action, Change};
use crate::needs::needs;
use crate::occurrences::at;
use crate::source::{Source, place};

/// Rules whose finding shows the name of what falls.
const RULES: [&str; 6] = [
    "shared-dependency",
    "shared-credential",
    "shared-activation-path",
    "single-controller",
    "not-independent",
    "recovery-loop",
];

/// The most elements that are looked at to tell what one rests on.
const MAX_MET: usize = 2_000;

pub(super) fn actions(source: &Source<'_>, finding: &Diagnostic) -> Vec<Action> {
    if !RULES.contains(&finding.rule.slug) {
        return Vec::new();
    }
    let db = source.db;
    let Some(here) = place(db, finding.primary.at) else { return Vec::new() };
    let named = at(source, here.bytes.start).into_iter().find(|o| o.bytes == here.bytes);
    let Some(falls) = named.and_then(|occurrence| occurrence.element) else { return Vec::new() };
    let Some(falls) = element(db, falls) else { return Vec::new() };
    let lost: Vec<ItemId> = outcome(source, finding)
        .map(|outcome| outcome.losses.iter().map(|(_, id)| *id).collect())
        .unwrap_or_default();
    let user = ItemId { file: source.id, item: finding.primary.at.item };
    let primary = element(db, user).and_then(|user| user.primary().map(|primary| primary.id));
    let Some((kind, _)) = falls.lineage.as_ref().and_then(|lineage| lineage.kinds.first()) else {
        return Vec::new();
    };
    if lost.is_empty() {
        return Vec::new();
    }
    let scope = Scope::of(db, source.at);
    let mut actions = Vec::new();
    for name in scope.known(Space::Element).iter() {
        let Lookup::Found(id, _) = scope.find(Space::Element, name) else { continue };
        if id == falls.id || id == user || Some(id) == primary || lost.contains(&id) {
            continue;
        }
        let Some(other) = element(db, id) else { continue };
        let same = other.lineage.as_ref().is_some_and(|lineage| lineage.descends_from(*kind));
        if same && !rests_on(source, id, &lost) {
            let change = Change { at: here.clone(), text: name.to_string() };
            let title = format!("Use `{name}`, which does not fall with it");
            actions.push(Action::proposal(title, vec![change]));
        }
    }
    actions
}

/// Whether an element rests on one of others, directly or not; also where it would take too long to tell.
fn rests_on(source: &Source<'_>, id: ItemId, others: &[ItemId]) -> bool {
    let mut met: FxHashSet<ItemId> = FxHashSet::from_iter([id]);
    let mut next = vec![id];
    while let Some(here) = next.pop() {
        if others.contains(&here) || met.len() > MAX_MET {
            return true;
        }
        let below = needs(source.db, here).into_iter().map(|link| link.to);
        next.extend(below.filter(|to| met.insert(*to)));
    }
    false
}
