//! Why one loss ends a function: because no backup addresses it, or because it takes a backup too.

use crate::analysis::build::{Circuit, Meaning};
use crate::analysis::cone::{Cone, Index};
use crate::faults::{Evaluator, EventId, NodeId, State};

/// Which part of a backup a loss takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The backup itself, or what it needs.
    Itself,
    /// The signals of its trigger.
    Detection,
    /// Everybody who may decide.
    Decision,
    /// What opens, pays for, fences or reaches it.
    Access,
}

/// Why a loss ends the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It would even if every backup could be called on.
    Unaddressed,
    /// It takes a primary and also each backup that stands in for it.
    Defeated {
        /// The primary.
        primary: Index,
        /// The way from what is lost to the primary, both included.
        to_primary: Vec<Index>,
        /// Each backup with the part that falls and the way there.
        backups: Vec<(Index, Part, Vec<Index>)>,
    },
}

/// One loss that ends the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The loss.
    pub loss: super::Loss,
    /// The way from what is lost to the function, both included.
    pub path: Vec<Index>,
    /// Why.
    pub reason: Reason,
}

/// Finds the reason for one loss.
pub(super) fn cut(
    cone: &Cone,
    real: &mut Evaluator<'_>,
    circuit: &Circuit,
    event: EventId,
    addressed: bool,
) -> Cut {
    let state = real.evaluate(&[event]);
    let loss = circuit.losses[event.index()];
    let path = witness(real, &state, circuit.top);
    let mut named = elements(circuit, &path);
    if named.first() != Some(&loss.of) && loss.of < cone.elements.len() {
        named.insert(0, loss.of);
    }
    let reason = if addressed { defeated(cone, real, circuit, &state, &path) } else { None };
    Cut { loss, path: named, reason: reason.unwrap_or(Reason::Unaddressed) }
}

fn witness(evaluator: &Evaluator<'_>, state: &State, to: NodeId) -> Vec<NodeId> {
    evaluator.witness(state, to).into_iter().next().map(|w| w.path).unwrap_or_default()
}

/// The first served element on the way whose backups all fall; where the way passes none, because
/// there are others, the one nearest the function.
fn defeated(
    cone: &Cone,
    evaluator: &Evaluator<'_>,
    circuit: &Circuit,
    state: &State,
    path: &[NodeId],
) -> Option<Reason> {
    let fallen = |node: NodeId| match circuit.meanings[node.index()] {
        Meaning::Served(primary) if !state.is_up(node) => Some(primary),
        _ => None,
    };
    let all = (0..circuit.meanings.len() as u32).map(NodeId);
    let served = path.iter().copied().find_map(fallen).or_else(|| all.filter_map(fallen).min())?;
    let own = own_node(circuit, served)?;
    let backups = cone.stand_ins.get(&served)?.iter().filter_map(|backup| {
        let gate = *circuit.usable.get(backup)?;
        let way = witness(evaluator, state, gate);
        Some((*backup, part(circuit, &way), elements(circuit, &way)))
    });
    let backups = backups.collect();
    let to_primary = elements(circuit, &witness(evaluator, state, own));
    Some(Reason::Defeated { primary: served, to_primary, backups })
}

fn own_node(circuit: &Circuit, element: Index) -> Option<NodeId> {
    let at = circuit.meanings.iter().position(|m| *m == Meaning::Element(element))?;
    Some(NodeId(at as u32))
}

/// The part through which a way enters the usable-gate at its end.
fn part(circuit: &Circuit, way: &[NodeId]) -> Part {
    let before = way.len().checked_sub(2).and_then(|at| way.get(at));
    match before.map(|node| circuit.meanings[node.index()]) {
        Some(Meaning::Detection(_)) => Part::Detection,
        Some(Meaning::Decision(_)) => Part::Decision,
        Some(Meaning::Access(_)) => Part::Access,
        _ => Part::Itself,
    }
}

/// The elements along a way, each once.
fn elements(circuit: &Circuit, way: &[NodeId]) -> Vec<Index> {
    let mut named: Vec<Index> = Vec::with_capacity(way.len());
    for node in way {
        if let Meaning::Element(at) | Meaning::Usable(at) | Meaning::Served(at) =
            circuit.meanings[node.index()]
            && named.last() != Some(&at)
        {
            named.push(at);
        }
    }
    named
}
