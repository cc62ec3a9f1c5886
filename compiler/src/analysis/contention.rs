//! Which functions call on one backup after two losses at once.

use std::collections::BTreeMap;

use rbp_grammar::ast::LossSort;

use crate::analysis::build::{Backups, Circuit, circuit};
use crate::analysis::claims::claim;
use crate::analysis::cone::Cone;
use crate::analysis::function::{analysis, default_order};
use crate::db::{Db, file};
use crate::faults::{Evaluator, EventId, NodeId};
use crate::model::Element;
use crate::names::ItemId;

/// Most evaluations: pairs of losses, for each function.
const MAX_EVALUATIONS: usize = 80_000;

type Lost = (LossSort, ItemId);

/// Two losses after which functions call on a backup.
pub(crate) struct Called {
    /// The losses.
    pub losses: [Lost; 2],
    /// The functions, by place.
    pub functions: Vec<usize>,
}

/// The pairs of losses after which at least two of the functions call on the backup, each of which claims to survive
/// them. `None` where a function cannot be analysed, or the pairs are too many.
pub(crate) fn called_together(
    db: &dyn Db,
    backup: ItemId,
    functions: &[ItemId],
) -> Option<Vec<Called>> {
    let cones: Option<Vec<(&Cone, u32)>> = functions
        .iter()
        .map(|function| {
            let cone = analysis(db, *function).filter(|a| !a.too_large)?.cone.as_ref();
            Some((cone, default_order(db, file(db, function.file)?)))
        })
        .collect();
    let cones = cones?;
    let circuits: Option<Vec<Circuit>> =
        cones.iter().map(|(cone, _)| circuit(cone, Backups::Real).ok()).collect();
    let circuits = circuits?;
    let mut asked: Vec<Asked<'_>> = cones
        .iter()
        .zip(&circuits)
        .map(|((cone, default), circuit)| Asked::new(cone, circuit, *default, backup))
        .collect();
    let mut lost: BTreeMap<Lost, &Element> = BTreeMap::new();
    for ((cone, _), circuit) in cones.iter().zip(&circuits) {
        for loss in &circuit.losses {
            lost.insert((loss.sort, cone.lost(*loss).id), cone.lost(*loss));
        }
    }
    let lost: Vec<(Lost, &Element)> = lost.into_iter().collect();
    if lost.len().saturating_mul(lost.len()) / 2 * asked.len() > MAX_EVALUATIONS {
        return None;
    }
    let mut called = Vec::new();
    for (at, first) in lost.iter().enumerate() {
        for second in &lost[at + 1..] {
            let pair = [*first, *second];
            let functions: Vec<usize> =
                (0..asked.len()).filter(|function| asked[*function].calls(&pair)).collect();
            if functions.len() > 1 {
                called.push(Called { losses: [first.0, second.0], functions });
            }
        }
    }
    Some(called)
}

/// A function that is asked whether it calls on the backup.
struct Asked<'a> {
    function: Option<&'a Element>,
    default: u32,
    evaluator: Evaluator<'a>,
    top: NodeId,
    gate: Option<NodeId>,
    events: BTreeMap<Lost, EventId>,
}

impl<'a> Asked<'a> {
    fn new(cone: &'a Cone, circuit: &'a Circuit, default: u32, backup: ItemId) -> Asked<'a> {
        let events = circuit.losses.iter().zip(0..);
        Asked {
            function: cone.elements.first().map(AsRef::as_ref),
            default,
            evaluator: Evaluator::new(&circuit.structure),
            top: circuit.top,
            gate: cone.index.get(&backup).and_then(|at| circuit.usable.get(at)).copied(),
            events: events
                .map(|(loss, event)| ((loss.sort, cone.lost(*loss).id), EventId(event)))
                .collect(),
        }
    }

    fn calls(&mut self, pair: &[(Lost, &Element); 2]) -> bool {
        let events: Vec<EventId> =
            pair.iter().filter_map(|(lost, _)| self.events.get(lost)).copied().collect();
        let lost = pair.map(|((sort, _), element)| (sort, element));
        let claimed = self.function.is_some_and(|f| claim(f, self.default, &lost).is_some());
        let Some(gate) = self.gate.filter(|_| claimed && !events.is_empty()) else { return false };
        let state = self.evaluator.evaluate(&events);
        let called = state.is_up(self.top) && !state.is_running(self.top);
        called && self.evaluator.stand_ins(&state, self.top).contains(&gate)
    }
}
