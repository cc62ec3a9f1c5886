//! How much a backup carries of a function, for how long, and whether it counts for it.

use std::collections::BTreeSet;

use super::model::{Id, Model};
use super::number::{Number, amount};
use super::times::general_rto;
use crate::{Backup, Element, Function, Lending, Load};

/// The level that a function cannot go below.
pub(crate) fn demanded(function: &Function) -> Option<&Load> {
    function.minimum.as_ref().or(function.demand.as_ref())
}

/// How long a backup must last: as long as is demanded, or until the primary is repaired where that is sooner.
pub(crate) fn endurance(function: &Function, primary: Option<&Element>) -> Option<u64> {
    let demand = function.demand.as_ref().and_then(|load| load.for_ms);
    let demanded = demanded(function).and_then(|load| load.for_ms).or(demand);
    demanded.into_iter().chain(primary.and_then(|p| p.repaired_ms)).min()
}

/// The share that is there when it is called for: what is lent counts where it is back within the objective.
pub(crate) fn share(backup: &Backup, function: &Function) -> Option<Number> {
    let Some(lends) = &backup.lends else { return Some(Number::ONE) };
    match (lends.recall_ms, general_rto(function)) {
        (Some(recall), Some(rto)) if recall <= rto => Some(Number::ONE),
        _ => Number::read(&lends.share.number)?.rest(),
    }
}

/// Whether a load, or a share of it, is at least another; `None` where the units differ.
pub(crate) fn at_least(load: &Load, share: Option<Number>, wanted: &Load) -> Option<bool> {
    let ((have, unit), (want, other)) = (amount(&load.amount)?, amount(&wanted.amount)?);
    (unit == other)
        .then(|| share.and_then(|s| have.times(s)).is_some_and(|have| have.at_least(want)))
}

/// How long it takes to call back what is lent, where that is needed.
pub(crate) fn recall_needed(model: &Model<'_>, backup: &Backup) -> u64 {
    needed_loan(model, backup).and_then(|lends| lends.recall_ms).unwrap_or(0)
}

/// What is lent, unless the rest suffices for all functions that the backup protects together.
pub(crate) fn needed_loan<'b>(model: &Model<'_>, backup: &'b Backup) -> Option<&'b Lending> {
    let lends = backup.lends.as_ref()?;
    let suffices = || {
        let (covers, unit) = amount(&backup.covers.as_ref()?.amount)?;
        let rest = covers.times(Number::read(&lends.share.number)?.rest()?)?;
        let wanted = backup.protects.iter().try_fold(Number::ZERO, |sum, id| {
            let (wanted, other) = amount(&demanded(model.item(id).function?)?.amount)?;
            sum.plus(wanted).filter(|_| other == unit)
        });
        Some(rest.at_least(wanted?))
    };
    (suffices() != Some(true)).then_some(lends)
}

pub(crate) fn lasts(covers: &Load, wanted: u64) -> Option<bool> {
    let own = covers.for_ms?;
    Some(own >= wanted || covers.resupplied_within_ms.is_some_and(|within| within <= own))
}

/// Whether nothing is known to fall short. Only such a backup counts for a function.
pub(crate) fn credible(model: &Model<'_>, backup: &Backup, function: &Function) -> bool {
    let called = backup.activation.as_ref().is_some_and(|a| a.when.is_some() && !a.by.is_empty());
    let load = match (&backup.covers, demanded(function)) {
        (Some(covers), Some(wanted)) => {
            at_least(covers, share(backup, function), wanted) == Some(true)
        }
        _ => true,
    };
    let wanted = endurance(function, model.primary(backup).element);
    let long = match (&backup.covers, wanted) {
        (Some(covers), Some(wanted)) => lasts(covers, wanted).unwrap_or(true),
        _ => true,
    };
    called && load && long && (backup.degraded.is_none() || function.may_degrade_ms.is_some())
}

/// Leaves out the backups of something that hold out until another one of it is there which does not stand in, or
/// for each other.
pub(crate) fn leave_out_unheld(model: &Model<'_>, standing: &mut Vec<Id>) {
    let until = |id: &Id| {
        let until = model.items[*id].backup.and_then(|backup| model.holds_out_for(backup));
        until.and_then(|until| model.find(until))
    };
    let mut held: BTreeSet<Id> = BTreeSet::new();
    loop {
        let free = |id: &&Id| until(id).is_none_or(|until| held.contains(&until));
        let next: BTreeSet<Id> = standing.iter().filter(free).copied().collect();
        if next == held {
            break;
        }
        held = next;
    }
    standing.retain(|id| held.contains(id));
}
