//! How soon something must be back, how long a backup takes, and how far a copy is behind. Times are milliseconds.

use std::collections::BTreeSet;

use super::credible::recall_needed;
use super::model::Model;
use crate::{Activation, Backup, Condition, Function, LossSort, Objective};

/// The objective that holds for a loss of something of these kinds, in milliseconds: the most particular one, of
/// several the shortest; `None` where none is about it.
pub fn objective(all: &[Objective], sort: LossSort, is: impl Fn(&str) -> bool) -> Option<u64> {
    let rank = |o: &Objective| match (o.on, &o.of_kind) {
        (None, None) => Some(1),
        (Some(LossSort::Lost), Some(kind)) => (sort == LossSort::Lost && is(kind)).then_some(2),
        (Some(on), None) if on != LossSort::Lost => (on == sort).then_some(2),
        _ => None,
    };
    let ranked = all.iter().filter_map(|o| Some((rank(o)?, o.within_ms)));
    ranked.min_by_key(|(rank, ms)| (std::cmp::Reverse(*rank), *ms)).map(|(_, ms)| ms)
}

/// The recovery time objective for whatever no other is for.
pub(crate) fn general_rto(function: &Function) -> Option<u64> {
    objective(&function.rto, LossSort::Lost, |_| false)
}

/// The bound on the decision of step `number`: an automatic step without one decides at once; any other
/// takes the next in the order.
pub(crate) fn decision_bound(activation: &Activation, number: usize) -> Option<u64> {
    let own = activation.by.get(number)?;
    let next = || activation.by.iter().skip(number + 1).find_map(|a| a.within_ms);
    own.within_ms.or(if own.automatic { Some(0) } else { next() })
}

/// The shortest bound on a decision; `None` where nobody decides, or a step has no bound.
pub(crate) fn fastest_decision(activation: &Activation) -> Option<u64> {
    let bounds = (0..activation.by.len()).map(|number| decision_bound(activation, number));
    bounds.collect::<Option<Vec<u64>>>()?.into_iter().min()
}

/// From the decision until it serves, as far as that is said.
pub(crate) fn takes(backup: &Backup) -> u64 {
    backup.restores_ms.unwrap_or(0).saturating_add(backup.verified_ms.unwrap_or(0))
}

/// Whether it is said when a backup is put to work, and by whom: before that nothing else begins.
pub(crate) fn is_called(activation: &Activation) -> bool {
    activation.when.is_some() && !activation.by.is_empty()
}

/// How long a backup takes at best; `None` where a step does not say.
pub(crate) fn best(model: &Model<'_>, backup: &Backup) -> Option<u64> {
    backup.restores_ms?;
    let called = backup.activation.as_ref().map_or(Some(0), |a| activated(model, a))?;
    let serves = takes(backup).saturating_add(recall_needed(model, backup));
    Some(called.saturating_add(serves))
}

fn activated(model: &Model<'_>, activation: &Activation) -> Option<u64> {
    let seen = activation.when.as_ref().map_or(Some(0), |when| soonest(model, when))?;
    let decided = if activation.by.is_empty() { 0 } else { fastest_decision(activation)? };
    let reached = activation.reach.iter().filter_map(|way| way.within_ms).max().unwrap_or(0);
    let held = seen.saturating_add(activation.hold_ms.unwrap_or(0));
    Some(held.saturating_add(decided).saturating_add(reached))
}

fn soonest(model: &Model<'_>, when: &Condition) -> Option<u64> {
    match when {
        Condition::Signal(name) => model.item(name).signal?.within_ms,
        Condition::Not(of) => soonest(model, of),
        Condition::AtLeast { count, of } => {
            let times: Option<Vec<u64>> = of.iter().map(|of| soonest(model, of)).collect();
            let mut times = times?;
            times.sort_unstable();
            times.get((*count as usize).checked_sub(1)?).copied()
        }
    }
}

/// How far a copy may be behind, with whatever it is a copy of; `None` where that is not said. What is no
/// copy of a record is never behind.
pub(crate) fn behind(model: &Model<'_>, backup: &Backup) -> Option<u64> {
    let (mut sum, mut copy, mut met) = (0u64, backup, BTreeSet::new());
    while model.primary(copy).is("record") && met.insert(&copy.id) {
        let element = model.item(&copy.id).element?;
        sum = sum.saturating_add(element.lag_ms?).saturating_add(element.delayed_ms.unwrap_or(0));
        let Some(next) = model.primary(copy).backup else { break };
        copy = next;
    }
    Some(sum)
}
