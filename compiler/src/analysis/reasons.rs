//! Why one loss ends a function: because no backup addresses it, or because it takes a backup too.

use rbp_grammar::ast::LossSort;

use crate::analysis::build::{Backups, Circuit, Meaning, circuit};
use crate::analysis::cone::{Cone, GAP, Index};
use crate::analysis::names::Loss;
use crate::faults::{Evaluator, EventId, Met, NodeId, State};

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

impl Part {
    /// The part in words, to be followed by the backup's name.
    pub fn words(self) -> &'static str {
        match self {
            Part::Itself => "what makes up",
            Part::Detection => "the detection that would activate",
            Part::Decision => "everybody who may activate",
            Part::Access => "the access to",
        }
    }

    /// The part by itself.
    pub fn noun(self) -> &'static str {
        match self {
            Part::Itself => "the backup itself",
            Part::Detection => "the detection",
            Part::Decision => "the decision",
            Part::Access => "this access",
        }
    }
}

/// A backup that a loss takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fall {
    /// The backup.
    pub backup: Index,
    /// The part of it that falls.
    pub part: Part,
    /// The way there from what is lost.
    pub way: Vec<Index>,
    /// What else of it falls, and by which way.
    pub also: Vec<(Part, Vec<Index>)>,
}

impl Fall {
    /// Every way in which it falls.
    pub fn ways(&self) -> impl Iterator<Item = &[Index]> {
        let also = self.also.iter().map(|(_, way)| way.as_slice());
        std::iter::once(self.way.as_slice()).chain(also)
    }
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
        /// Each of its backups.
        backups: Vec<Fall>,
    },
}

/// One loss that ends the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The loss.
    pub loss: Loss,
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
    let own = *circuit.own.get(served)?;
    let backups = cone.stand_ins.get(&served)?.iter();
    let backups = backups.filter_map(|backup| fall(evaluator, circuit, state, *backup)).collect();
    let to_primary = elements(circuit, &witness(evaluator, state, own));
    Some(Reason::Defeated { primary: served, to_primary, backups })
}

/// The way in which a backup falls; `None` where it can be called on.
fn fall(
    evaluator: &Evaluator<'_>,
    circuit: &Circuit,
    state: &State,
    backup: Index,
) -> Option<Fall> {
    let gate = *circuit.usable.get(&backup)?;
    if state.is_up(gate) {
        return None;
    }
    let mut all = vec![witness(evaluator, state, gate)];
    all.extend(ways(evaluator, circuit, state, gate));
    if !all.iter().all(|way| awaits(circuit, gate, way)) {
        all.retain(|way| !awaits(circuit, gate, way));
    }
    let mut found = all.iter().map(|nodes| (part(circuit, nodes), elements(circuit, nodes)));
    let (part, way) = found.next()?;
    let mut also: Vec<(Part, Vec<Index>)> = Vec::new();
    for other in found {
        if other.1 != way && !also.contains(&other) {
            also.push(other);
        }
    }
    Some(Fall { backup, part, way, also })
}

/// Whether a way to a usable-gate only says that what the backup needs to run waits for the backup: the two would come
/// back together.
fn awaits(circuit: &Circuit, gate: NodeId, way: &[NodeId]) -> bool {
    let needs = |node: &NodeId, of: &NodeId, met: Option<Met>| {
        let mut needs = circuit.structure.needs_of(*node);
        needs.any(|n| met.is_none_or(|met| n.met == met) && n.members.contains(of))
    };
    let served = way.iter().position(|node| needs(node, &gate, None));
    let rest = served.map_or(&[][..], |at| &way[at..]);
    rest.windows(2).any(|pair| needs(&pair[1], &pair[0], Some(Met::ToRun)))
}

/// The ways to a usable-gate through each of its steps that fails; of the access, through each thing
/// that it takes.
fn ways(
    evaluator: &Evaluator<'_>,
    circuit: &Circuit,
    state: &State,
    gate: NodeId,
) -> Vec<Vec<NodeId>> {
    let down = |node: NodeId| {
        let needs = circuit.structure.needs_of(node);
        let members: Vec<NodeId> = needs.flat_map(|need| need.members).collect();
        members.into_iter().filter(|member| !state.is_up(*member)).collect::<Vec<_>>()
    };
    let mut ways = Vec::new();
    for step in down(gate) {
        if matches!(circuit.meanings[step.index()], Meaning::Access(_)) {
            let parts = down(step).into_iter();
            ways.extend(
                parts.map(|end| [witness(evaluator, state, end), vec![step, gate]].concat()),
            );
        } else {
            ways.push([witness(evaluator, state, step), vec![gate]].concat());
        }
    }
    ways
}

/// The backups that fall with the very loss that they are kept for, with that loss. Each is looked
/// at as if no other stood in: one that waits until another has taken over is no backup.
pub(super) fn own_falls(
    cone: &Cone,
    evaluator: &mut Evaluator<'_>,
    circuit: &Circuit,
) -> Vec<(Loss, Fall)> {
    let mut found = Vec::new();
    for (number, loss) in circuit.losses.iter().enumerate() {
        let Some(backups) = cone.stand_ins.get(&loss.of).filter(|_| loss.sort == LossSort::Lost)
        else {
            continue;
        };
        for backup in backups {
            let event = EventId(number as u32);
            // With the other backups lost as well it falls at least where it falls alone.
            let others = backups.iter().filter(|b| *b != backup);
            let mut losses: Vec<EventId> = others.filter_map(|b| lost(circuit, *b)).collect();
            losses.push(event);
            losses.sort_unstable();
            let state = evaluator.evaluate(&losses);
            let suspect = circuit.usable.get(backup).is_some_and(|gate| !state.is_up(*gate));
            let fall = suspect.then(|| alone(cone, event, *backup)).flatten();
            found.extend(fall.map(|fall| (*loss, fall)));
        }
    }
    found
}

fn lost(circuit: &Circuit, at: Index) -> Option<EventId> {
    let loss = Loss { of: at, sort: LossSort::Lost };
    let number = circuit.losses.iter().position(|l| *l == loss)?;
    Some(EventId(number as u32))
}

fn alone(cone: &Cone, event: EventId, backup: Index) -> Option<Fall> {
    let circuit = circuit(cone, Backups::Alone(backup)).ok()?;
    let mut evaluator = Evaluator::new(&circuit.structure);
    let state = evaluator.evaluate(&[event]);
    fall(&evaluator, &circuit, &state, backup)
}

/// The backups of what is down that cannot be called on.
pub(super) fn falls(
    cone: &Cone,
    evaluator: &Evaluator<'_>,
    circuit: &Circuit,
    state: &State,
) -> Vec<Fall> {
    let mut primaries: Vec<_> = cone.stand_ins.iter().collect();
    primaries.sort();
    let down = primaries.into_iter().filter(|(primary, _)| {
        circuit.own.get(**primary).is_some_and(|own| !state.is_running(*own))
    });
    let backups = down.flat_map(|(_, backups)| backups);
    backups.filter_map(|backup| fall(evaluator, circuit, state, *backup)).collect()
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

/// The most that is kept of a way; of a longer one the middle is left out.
const MAX_WAY: usize = 40;

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
    if named.len() > MAX_WAY {
        let (start, end) = (&named[..MAX_WAY / 2], &named[named.len() - MAX_WAY / 2..]);
        return [start, &[GAP], end].concat();
    }
    named
}
