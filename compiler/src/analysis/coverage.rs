//! Whether a backup can carry enough of a function, for long enough.
//!
//! A backup is *credible* for a function when nothing here is known to fall short. Only a credible
//! one takes part in the failure logic; what is not stated is unknown, is reported as such, and
//! does not take a backup out.

use num_traits::{CheckedAdd, CheckedMul};
use rbp_grammar::ast::{Args, LossSort};
use rbp_grammar::head::Head;

use crate::db::{Db, SourceFile};
use crate::model::{Element, LoadView, Timed, element_from};
use crate::names::ItemId;
use crate::quantity::{Amount, Number};

/// One way in which a backup falls short of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// No activation rule.
    NoActivation,
    /// Nothing says when.
    NoTrigger,
    /// Nobody may decide.
    NoAuthority,
    /// It carries less than the function's least acceptable level.
    Load,
    /// It carries it for a shorter time than demanded.
    Duration {
        /// What is demanded, in milliseconds.
        wanted: u64,
        /// What it covers.
        covered: u64,
    },
    /// The two loads are of different dimensions.
    Incomparable,
    /// It serves degraded, which the function does not allow.
    Quality,
}

impl Gap {
    /// Why the backup does not count.
    pub fn words(&self) -> &'static str {
        match self {
            Gap::NoActivation => "it has no activation rule",
            Gap::NoTrigger => "nothing says when it is activated",
            Gap::NoAuthority => "nobody may activate it",
            Gap::Load => "it carries less than the least acceptable level",
            Gap::Duration { .. } => "it does not last long enough",
            Gap::Incomparable => "what it covers cannot be compared with what is demanded",
            Gap::Quality => "it serves degraded, which the function does not allow",
        }
    }
}

/// The level that a function cannot go below: its `minimum`, or its `demand` where it has none.
pub fn demanded(function: &Element) -> Option<(Head, LoadView<'_>)> {
    let minimum = function.load(Head::Minimum).map(|load| (Head::Minimum, load));
    minimum.or_else(|| function.load(Head::Demand).map(|load| (Head::Demand, load)))
}

/// How long a backup must last, in milliseconds: as long as the function demands, or until the
/// primary is repaired where that is stated and sooner.
pub fn endurance_wanted(function: &Element, primary: Option<&Element>) -> Option<u64> {
    let demanded = demanded(function).and_then(|(_, load)| load.duration);
    let demanded = demanded.or_else(|| function.load(Head::Demand).and_then(|load| load.duration));
    let repaired = primary.and_then(|p| p.duration(Head::RepairedWithin));
    match (demanded, repaired) {
        (Some(demanded), Some(repaired)) => Some(demanded.ms.min(repaired.ms)),
        (demanded, repaired) => demanded.or(repaired).map(|timed| timed.ms),
    }
}

/// The share of a backup that is there when it is called on: what is lent counts only where it
/// comes back within the function's recovery time objective.
pub fn effective_share(backup: &Element, function: &Element) -> Number {
    let whole = Number::from_integer(1);
    let Some(Args::Lends { share, recall, .. }) = backup.clause(Head::Lends).map(|c| &c.args)
    else {
        return whole;
    };
    let Some(lent) = backup.amount(share) else { return whole };
    let recalled = recall.as_ref().and_then(|r| backup.timed(r));
    let rto = function.objective(Head::Rto, LossSort::Lost, function);
    match (recalled, rto) {
        (Some(Timed { ms: recall, .. }), Some(rto)) if recall <= rto.ms => whole,
        _ => (whole - lent.number).max(Number::from_integer(0)),
    }
}

/// What of a backup is lent, where the functions that it protects cannot do without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loan {
    /// Until it is back, in milliseconds; 0 where that is not stated.
    pub recall: u64,
    /// Who calls it back, where that is said.
    pub by: Option<ItemId>,
}

/// The loan of a backup, unless the rest suffices for all functions that it protects together: one loss of its primary
/// calls on it for each of them.
pub fn needed_loan(db: &dyn Db, here: SourceFile, backup: &Element) -> Option<Loan> {
    let Args::Lends { share, recall, by } = &backup.clause(Head::Lends)?.args else { return None };
    let suffices = || {
        let (covers, lent) = (backup.load(Head::Covers)?.amount, backup.amount(share)?);
        let rest = Number::from_integer(1) - lent.number;
        let rest = covers.number.checked_mul(&rest)?;
        let mut wanted = Number::from_integer(0);
        for target in backup.named(Head::Protects) {
            let function = element_from(db, here, target.id)?;
            let (_, load) = demanded(&function)?;
            wanted = wanted.checked_add(&load.amount.number)?;
            if load.amount.dimension != covers.dimension {
                return None;
            }
        }
        Some(rest >= wanted)
    };
    let recall = recall.as_ref().and_then(|recall| backup.timed(recall));
    let by = by.as_ref().and_then(|by| backup.target(by));
    let loan = Loan { recall: recall.map_or(0, |recall| recall.ms), by };
    (suffices() != Some(true)).then_some(loan)
}

/// How long it takes to call back what is lent, where that is needed: in milliseconds.
pub fn recall_needed(db: &dyn Db, here: SourceFile, backup: &Element) -> u64 {
    needed_loan(db, here, backup).map_or(0, |loan| loan.recall)
}

/// What is known to fall short. Empty for a credible backup.
pub fn coverage_gaps(backup: &Element, function: &Element, primary: Option<&Element>) -> Vec<Gap> {
    let mut gaps = activation_gaps(backup);
    gaps.extend(load_gap(backup, function));
    gaps.extend(duration_gap(backup, function, primary));
    let degraded = matches!(
        backup.clause(Head::CoversQuality).map(|c| &c.args),
        Some(Args::Quality { degraded: Some(_) })
    );
    if degraded && !function.has(Head::MayDegrade) {
        gaps.push(Gap::Quality);
    }
    gaps
}

fn activation_gaps(backup: &Element) -> Vec<Gap> {
    if backup.is_broken() {
        // Silence in a broken declaration means nothing.
        return Vec::new();
    }
    let Some(activation) = backup.activation() else { return vec![Gap::NoActivation] };
    let mut gaps = Vec::new();
    if activation.clause(Head::When).is_none() {
        gaps.push(Gap::NoTrigger);
    }
    if activation.clause(Head::By).is_none() {
        gaps.push(Gap::NoAuthority);
    }
    gaps
}

fn load_gap(backup: &Element, function: &Element) -> Option<Gap> {
    let covers = backup.load(Head::Covers)?;
    let (_, wanted) = demanded(function)?;
    if covers.amount.dimension != wanted.amount.dimension {
        return Some(Gap::Incomparable);
    }
    let there = effective(covers.amount, backup, function);
    (there < wanted.amount.number).then_some(Gap::Load)
}

fn effective(covers: &Amount, backup: &Element, function: &Element) -> Number {
    let share = effective_share(backup, function);
    // What cannot be reckoned with exactly does not count.
    covers.number.checked_mul(&share).unwrap_or_else(|| Number::from_integer(0))
}

fn duration_gap(backup: &Element, function: &Element, primary: Option<&Element>) -> Option<Gap> {
    let covers = backup.load(Head::Covers)?;
    let covered = covers.duration?;
    let resupplied = covers.resupply.is_some_and(|(_, within)| within.ms <= covered.ms);
    let wanted = endurance_wanted(function, primary)?;
    (!resupplied && covered.ms < wanted).then_some(Gap::Duration { wanted, covered: covered.ms })
}
