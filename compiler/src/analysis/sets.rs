//! A function's losses as a fault tree, for counting and listing all of its minimal cut sets.

use crate::analysis::build::{Backups, circuit};
use crate::analysis::cone::{Cone, Standing};
use crate::analysis::names::Loss;
use crate::db::{Db, file};
use crate::faults::tree::FaultTree;
use crate::faults::{Completeness, CutSets, Limits};
use crate::model::element;
use crate::names::ItemId;

/// What is known of a function's cut sets.
pub struct FunctionSets {
    /// The function with all that it rests on.
    pub cone: Cone,
    /// The losses by the number of their event.
    pub losses: Vec<Loss>,
    /// How they end it.
    pub logic: Logic,
}

/// How losses end a function.
pub enum Logic {
    /// As a tree.
    Tree(FaultTree),
    /// It rests on loops: the minimal cut sets up to an order, and whether these are all.
    Listed(Vec<Vec<u32>>, Completeness),
}

/// The cut sets of a function; where it rests on loops, those up to `order`. `None` where it is no function or
/// too large.
pub fn function_sets(db: &dyn Db, function: ItemId, order: usize) -> Option<FunctionSets> {
    let here = file(db, function.file)?;
    let cone = Cone::of(db, here, &element(db, function)?, Standing::Credible);
    let circuit = circuit(&cone, Backups::Real).ok()?;
    let logic = match circuit.structure.fault_tree(circuit.top) {
        Some(tree) => Logic::Tree(tree),
        None => {
            let CutSets { sets, complete } =
                circuit
                    .structure
                    .minimal_cut_sets(circuit.top, order, &Limits::default(), &|| false);
            let numbers = |set: Vec<crate::faults::EventId>| set.into_iter().map(|e| e.0).collect();
            Logic::Listed(sets.into_iter().map(numbers).collect(), complete)
        }
    };
    Some(FunctionSets { cone, losses: circuit.losses, logic })
}
