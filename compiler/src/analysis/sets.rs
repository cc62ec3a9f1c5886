//! A function's losses as a fault tree, for counting, listing and weighing all of its minimal cut sets.

use crate::analysis::build::{Backups, circuit};
use crate::analysis::cone::{Cone, Standing};
use crate::analysis::names::Loss;
use crate::db::{Db, file};
use crate::faults::tree::FaultTree;
use crate::model::element;
use crate::names::ItemId;

/// How losses end a function.
pub struct FunctionTree {
    /// The function with all that it rests on.
    pub cone: Cone,
    /// The losses by the number of their event.
    pub losses: Vec<Loss>,
    /// When they end it.
    pub tree: FaultTree,
}

/// The fault tree of a function. `None` where it is no function or too large.
pub fn function_tree(db: &dyn Db, function: ItemId) -> Option<FunctionTree> {
    let here = file(db, function.file)?;
    let cone = Cone::of(db, here, &element(db, function)?, Standing::Credible);
    let circuit = circuit(&cone, Backups::Real).ok()?;
    let tree = circuit.structure.fault_tree(circuit.top)?;
    Some(FunctionTree { cone, losses: circuit.losses, tree })
}
