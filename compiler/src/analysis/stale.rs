//! Which copy brings a function back after several losses, and how far that one may be behind.

use rbp_grammar::head::Head;

use crate::analysis::build::{Circuit, Meaning};
use crate::analysis::cone::{Cone, Index};
use crate::analysis::names::Loss;
use crate::analysis::together::{MAX_PAIRS, bounds, claimed_pairs};
use crate::faults::{Evaluator, EventId};

/// What several losses at once call on that is further behind than they allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stale {
    /// Nothing, or no more than one loss is claimed to be survived.
    Nothing,
    /// These copies, each with the losses that call on it.
    Called(Vec<StaleCopy>),
    /// There are too many sets of losses to try.
    Unknown,
}

/// A copy that is called on by pairs of losses, and may be further behind than either of them allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleCopy {
    /// The copy.
    pub copy: Index,
    /// The pairs; never none.
    pub pairs: Vec<[Loss; 2]>,
    /// How far it may be behind after the first of these, in milliseconds.
    pub limit: u64,
}

/// Tries each pair that is claimed to be survived, where a copy is further behind than the tightest objective. A set
/// of losses is held to the widest objective of its members.
pub(super) fn stale(cone: &Cone, circuit: &Circuit, order: u32, default: u32) -> Stale {
    let Some(function) = cone.elements.first().filter(|_| order > 1) else { return Stale::Nothing };
    let Some(tightest) = function.objectives(Head::Rpo).iter().map(|o| o.bound.ms).min() else {
        return Stale::Nothing;
    };
    let standing = cone.stand_ins.values().flatten().copied();
    let copies: Vec<(Index, u64)> = standing
        .filter_map(|at| Some((at, behind(cone, at)?)))
        .filter(|(_, behind)| *behind > tightest)
        .collect();
    if copies.is_empty() {
        return Stale::Nothing;
    }
    let events = circuit.losses.len();
    if order > 2 || events.saturating_mul(events) / 2 > MAX_PAIRS {
        return Stale::Unknown;
    }
    let limits = bounds(cone, circuit, function, Head::Rpo);
    let mut evaluator = Evaluator::new(&circuit.structure);
    let mut found: Vec<StaleCopy> = Vec::new();
    for [first, second] in claimed_pairs(cone, circuit, default) {
        let Some(limit) = limits[first].max(limits[second]) else { continue };
        let state = evaluator.evaluate(&[EventId(first as u32), EventId(second as u32)]);
        for node in evaluator.stand_ins(&state, circuit.top) {
            let Meaning::Usable(backup) = circuit.meanings[node.index()] else { continue };
            let stale = copies.iter().any(|(copy, behind)| *copy == backup && *behind > limit);
            let pair = [circuit.losses[first], circuit.losses[second]];
            match found.iter_mut().find(|other| other.copy == backup) {
                _ if !stale => {}
                Some(other) => other.pairs.push(pair),
                None => found.push(StaleCopy { copy: backup, pairs: vec![pair], limit }),
            }
        }
    }
    if found.is_empty() { Stale::Nothing } else { Stale::Called(found) }
}

/// How far a copy of a record may be behind, with whatever it is a copy of, in milliseconds; `None` for what is none, or
/// does not say.
fn behind(cone: &Cone, copy: Index) -> Option<u64> {
    let (mut at, mut sum, mut met) = (copy, None, Vec::new());
    loop {
        let element = cone.elements.get(at)?;
        let original = element.primary().and_then(|p| cone.index.get(&p.id).copied());
        let record = original.filter(|o| cone.elements.get(*o).is_some_and(|e| e.is("record")));
        let Some(original) = record.filter(|_| !met.contains(&at)) else { return sum };
        let delay = element.duration(Head::DelayedBy).map_or(0, |delay| delay.ms);
        let own = element.duration(Head::LagWithin)?.ms.saturating_add(delay);
        sum = Some(sum.unwrap_or(0u64).saturating_add(own));
        met.push(at);
        at = original;
    }
}
