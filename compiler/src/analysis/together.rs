//! Restoration after several losses at once, where a function says that it survives them.

use rbp_grammar::head::Head;

use crate::analysis::build::{Circuit, Meaning};
use crate::analysis::cone::{Cone, Index};
use crate::analysis::names::Loss;
use crate::faults::{Evaluator, EventId};
use crate::model::Element;

/// Pairs of losses are tried one by one up to so many.
pub(super) const MAX_PAIRS: usize = 40_000;

/// Pairs of losses after which the function comes back by the same backups, later than either of them allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatePairs {
    /// The pairs, that of the longest time first; never none.
    pub pairs: Vec<[Loss; 2]>,
    /// How long until it serves again after the first of these, in milliseconds.
    pub ms: u64,
    /// The backups called on, nearest the function first.
    pub by: Vec<Index>,
}

/// How restoration after several losses compares with the objectives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Together {
    /// No more than one loss is claimed to be survived, or no objective is stated.
    NotAsked,
    /// Whatever is lost, it is in time.
    InTime,
    /// After these it is not.
    Late(Vec<LatePairs>),
    /// It cannot be told: the bound in milliseconds, where there is one at all.
    Unknown(Option<u64>),
}

/// Compares restoration after up to `order` losses with the objectives: by a bound that holds whatever is
/// lost, else by each pair that is claimed. `default` is the order that holds without a claim. A set of losses is held to the widest objective of its members.
pub(super) fn together(cone: &Cone, circuit: &Circuit, order: u32, default: u32) -> Together {
    let Some(function) = cone.elements.first() else { return Together::NotAsked };
    let objectives = function.objectives(Head::Rto);
    let Some(tightest) = objectives.iter().map(|o| o.bound.ms).min().filter(|_| order > 1) else {
        return Together::NotAsked;
    };
    let bound = circuit.structure.slowest(circuit.top);
    if bound.is_some_and(|bound| bound <= tightest) {
        return Together::InTime;
    }
    let events = circuit.losses.len();
    if order > 2 || events.saturating_mul(events) / 2 > MAX_PAIRS {
        return Together::Unknown(bound);
    }
    let late = late_pairs(cone, circuit, default);
    if late.is_empty() { Together::InTime } else { Together::Late(late) }
}

/// The pairs after which it takes longer than is allowed, by the backups that are called on.
fn late_pairs(cone: &Cone, circuit: &Circuit, default: u32) -> Vec<LatePairs> {
    let Some(function) = cone.elements.first() else { return Vec::new() };
    let bounds = bounds(cone, circuit, function, Head::Rto);
    let mut evaluator = Evaluator::new(&circuit.structure);
    let mut found: Vec<LatePairs> = Vec::new();
    for [first, second] in claimed_pairs(cone, circuit, default) {
        let (Some(a), Some(b)) = (bounds[first], bounds[second]) else { continue };
        let state = evaluator.evaluate(&[EventId(first as u32), EventId(second as u32)]);
        let Some(ms) = evaluator.restoration(&state, circuit.top) else { continue };
        if ms <= a.max(b) {
            continue;
        }
        let by = evaluator.stand_ins(&state, circuit.top).into_iter();
        let by = by.filter_map(|node| match circuit.meanings[node.index()] {
            Meaning::Usable(backup) => Some(backup),
            _ => None,
        });
        let by: Vec<Index> = by.collect();
        let pair = [circuit.losses[first], circuit.losses[second]];
        match found.iter_mut().find(|other| other.by == by) {
            None => found.push(LatePairs { pairs: vec![pair], ms, by }),
            Some(other) => {
                other.pairs.push(pair);
                if ms > other.ms {
                    let last = other.pairs.len() - 1;
                    other.pairs.swap(0, last);
                    other.ms = ms;
                }
            }
        }
    }
    found
}

/// Per loss the objective of that sort that holds for it, in milliseconds.
pub(super) fn bounds(
    cone: &Cone,
    circuit: &Circuit,
    function: &Element,
    head: Head,
) -> Vec<Option<u64>> {
    let bound = |loss: &Loss| function.objective(head, loss.sort, cone.lost(*loss));
    circuit.losses.iter().map(|loss| Some(bound(loss)?.ms)).collect()
}

/// The pairs of losses, by number, that the function says it survives.
pub(super) fn claimed_pairs(
    cone: &Cone,
    circuit: &Circuit,
    default: u32,
) -> impl Iterator<Item = [usize; 2]> {
    let losses = circuit.losses.len();
    let pairs = (0..losses).flat_map(move |a| (a + 1..losses).map(move |b| [a, b]));
    pairs.filter(move |pair| {
        cone.claim(default, &pair.map(|number| circuit.losses[number])).is_some()
    })
}
