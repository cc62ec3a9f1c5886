//! What losses do to one function: its elements as a circuit, the cut sets, the reasons, the times.

mod after;
mod bridge;
mod budget;
mod build;
mod claims;
mod cone;
mod contention;
mod coverage;
mod function;
mod index;
mod level;
mod names;
mod rates;
mod reasons;
mod rests;
mod sets;
mod stale;
mod together;
pub(crate) mod trigger;
mod why;

pub(crate) use after::{After, Moments, World};
pub use bridge::{held_by, holds_out_for, resupplier};
pub use budget::{Budget, Step, Unstated, budget};
pub use build::decision_bound;
pub use claims::Claim;
pub use cone::{Cone, Index};
pub(crate) use contention::{Called, called_together};
pub use coverage::{
    Gap, coverage_gaps, demanded, effective_share, endurance_wanted, recall_needed,
};
pub(crate) use function::analysis_from;
pub use function::{Analysis, Declared, Made, Restored, analysis};
pub use index::{
    acceptances, acceptances_for, protectors, protectors_from, stand_ins, used_elsewhere,
};
pub(crate) use level::{lent, there_for};
pub use names::{Loss, loss_words};
pub use rates::Likelihood;
pub use reasons::{Cut, Fall, Part, Reason};
pub(crate) use rests::{
    Fallen, Rests, common_controller, needs, put_to_work_by, rests_from, sole_deciders,
};
pub(crate) use sets::cut_sets;
pub use sets::{FunctionTree, function_tree};
pub use stale::{Stale, StaleCopy};
pub use together::{LatePairs, Together};
pub use why::{Why, why};
