//! The tables of obligations and acceptances.

use rbp_grammar::ast::LossSort;
use rbp_ruleset as rs;
use rustc_hash::FxHashMap;

use super::Names;
use super::parts::sort;
use crate::analysis::acceptances as all_acceptances;
use crate::check::checked;
use crate::model::{Acceptance, day_words};
use crate::names::ItemId;
use crate::rules::{Outcome, Verdict};

/// The acceptances by number: those that an obligation of the package rests on.
fn numbers(names: &Names<'_>) -> FxHashMap<ItemId, u32> {
    let used = names.files.iter().flat_map(|at| checked(names.db, *at).obligations.iter());
    let mut ids: Vec<ItemId> = used
        .filter_map(|o| match o.verdict {
            Verdict::Accepted(id) => Some(id),
            _ => None,
        })
        .collect();
    ids.sort();
    ids.dedup();
    ids.into_iter().zip(1..).collect()
}

fn losses(names: &Names<'_>, losses: &[(LossSort, ItemId)]) -> Vec<rs::Loss> {
    let mut losses: Vec<rs::Loss> = losses
        .iter()
        .map(|(of, id)| rs::Loss { sort: sort(*of), element: names.id(*id) })
        .collect();
    losses.sort();
    losses
}

fn ids(names: &Names<'_>, ids: &[ItemId]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(|id| names.id(*id)).collect();
    ids.sort();
    ids
}

/// What was accepted and is needed.
pub(super) fn acceptances(names: &Names<'_>) -> Vec<rs::Acceptance> {
    let numbers = numbers(names);
    let used = all_acceptances(names.db).iter().filter_map(|a| Some((*numbers.get(&a.id)?, a)));
    let mut table: Vec<rs::Acceptance> = used.map(|(id, a)| acceptance(names, id, a)).collect();
    table.sort_by_key(|a| a.id);
    table
}

fn acceptance(names: &Names<'_>, id: u32, a: &Acceptance) -> rs::Acceptance {
    let finding = a.finding();
    let policy = a.policy().map(|id| names.policy(id));
    rs::Acceptance {
        id,
        losses: losses(names, &a.losses()),
        rule: finding.as_ref().filter(|_| policy.is_none()).map(|(slug, _)| slug.text.to_string()),
        policy,
        on: finding.map(|(_, on)| ids(names, &on)).unwrap_or_default(),
        functions: ids(names, &a.functions()),
        because: a.because().unwrap_or_default().to_owned(),
        by: a.by().unwrap_or_default().to_owned(),
        until: a.until().map(day_words).unwrap_or_default(),
    }
}

/// Every obligation of the package, sorted: what is owed to functions, and what policies ask of the package as a whole
/// and of elements that no function is named by.
pub(super) fn obligations(names: &Names<'_>) -> Vec<rs::Obligation> {
    let numbers = numbers(names);
    let all = names.files.iter().flat_map(|at| checked(names.db, *at).obligations.iter());
    let owed = all.filter(|o| !o.functions.is_empty() || o.policy.is_some());
    let mut table: Vec<rs::Obligation> = owed.map(|o| obligation(names, &numbers, o)).collect();
    table.sort();
    table
}

fn obligation(names: &Names<'_>, numbers: &FxHashMap<ItemId, u32>, o: &Outcome) -> rs::Obligation {
    let (verdict, acceptance) = match o.verdict {
        Verdict::Proved => (rs::Verdict::Proved, None),
        Verdict::Accepted(id) => (rs::Verdict::Accepted, numbers.get(&id).copied()),
        Verdict::Unknown => (rs::Verdict::Unknown, None),
        Verdict::Refuted => (rs::Verdict::Refuted, None),
    };
    rs::Obligation {
        functions: ids(names, &o.functions),
        component: o.rule.component.title().to_owned(),
        rule: o.rule.slug.to_owned(),
        policy: o.policy.map(|id| names.policy(id)),
        subject: names.id(o.subject),
        verdict,
        acceptance,
        losses: losses(names, &o.losses),
        message: o.finding.as_ref().map(|f| f.message.clone()),
    }
}
