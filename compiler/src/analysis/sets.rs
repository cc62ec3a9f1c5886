//! A function's losses as a fault tree, for counting, listing and weighing all of its minimal cut sets.

use crate::analysis::build::{Backups, Circuit, circuit};
use crate::analysis::cone::{Cone, Standing};
use crate::analysis::function::cone_of;
use crate::analysis::names::Loss;
use crate::analysis::why::names;
use crate::db::{Db, Declaration, file};
use crate::faults::tree::FaultTree;
use crate::faults::{Completeness, CutSets, Evaluator, EventId, Limits};
use crate::model::element;
use crate::names::ItemId;

/// How losses end a function.
pub struct FunctionTree {
    /// The function with all that it rests on.
    pub cone: Cone,
    /// The losses by the number of their event.
    pub losses: Vec<Loss>,
    /// When they end it; `None` where its needs form loops that would be written out too many times.
    pub tree: Option<FaultTree>,
    circuit: Circuit,
}

impl FunctionTree {
    /// Its minimal cut sets up to an order, with loops or without: from its circuit, not from its tree. Costs as
    /// [`Structure::minimal_cut_sets`](crate::faults::Structure::minimal_cut_sets).
    pub fn minimal_cut_sets(
        &self,
        order: usize,
        limits: &Limits,
        stop: &dyn Fn() -> bool,
    ) -> CutSets {
        self.circuit.structure.minimal_cut_sets(self.circuit.top, order, limits, stop)
    }

    /// For each set of events that ends the function: per loss the names along a shortest way from it to the
    /// function. A loss that plays no part has none.
    pub fn ways(&self, sets: &[Vec<u32>]) -> Vec<Vec<Vec<String>>> {
        let mut evaluator = Evaluator::new(&self.circuit.structure);
        let mut ways = |set: &Vec<u32>| -> Vec<Vec<String>> {
            let events: Vec<EventId> = set.iter().map(|event| EventId(*event)).collect();
            let state = evaluator.evaluate(&events);
            let found = evaluator.witness(&state, self.circuit.top);
            found.iter().map(|way| names(&self.cone, &self.circuit, way)).collect()
        };
        sets.iter().map(&mut ways).collect()
    }
}

/// The fault tree of a function. `None` where it is no function, or its circuit is too large.
pub fn function_tree(db: &dyn Db, function: ItemId) -> Option<FunctionTree> {
    let here = file(db, function.file)?;
    let cone = Cone::of(db, here, &element(db, function)?, Standing::Credible);
    let circuit = circuit(&cone, Backups::Real).ok()?;
    let tree = circuit.structure.fault_tree(circuit.top);
    Some(FunctionTree { cone, losses: circuit.losses.clone(), tree, circuit })
}

/// The minimal cut sets of a function up to an order, by what is lost; `None` where it is no function, part of it
/// could not be read, or they could not all be found.
pub(crate) fn cut_sets(db: &dyn Db, function: ItemId, order: usize) -> Option<&[Vec<ItemId>]> {
    let of = Declaration::new(db, file(db, function.file)?, function.item);
    cut_sets_of(db, of, order).as_deref()
}

/// Remembered, since whoever asks is asked again far more often than the function changes.
#[salsa::tracked(returns(ref))]
fn cut_sets_of<'db>(
    db: &'db dyn Db,
    of: Declaration<'db>,
    order: usize,
) -> Option<Vec<Vec<ItemId>>> {
    let cone = cone_of(db, of).filter(|cone| !cone.incomplete)?;
    let circuit = circuit(cone, Backups::Real).ok()?;
    let stop = || {
        // An edit that waits for this answer unwinds from here.
        db.unwind_if_revision_cancelled();
        false
    };
    let found = circuit.structure.minimal_cut_sets(circuit.top, order, &Limits::default(), &stop);
    if found.complete != Completeness::Full {
        return None;
    }
    let lost = |set: &Vec<EventId>| {
        let losses = set.iter().filter_map(|event| circuit.losses.get(event.index()));
        let mut ids: Vec<ItemId> = losses.map(|loss| cone.lost(*loss).id).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    Some(found.sets.iter().map(lost).collect())
}
