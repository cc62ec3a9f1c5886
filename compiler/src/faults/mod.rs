//! The fault engine: what fails when something is lost, and how soon it is back.
//!
//! A [`Structure`] is a monotone circuit, possibly with loops. **Events** are Boolean losses; a **node** is
//! down when one of its events is lost or one of its **needs** (at least `k` of some members) is not met.
//! The engine sees integers only: it knows neither names nor syntax, does no I/O and reads no clock.
//!
//! # Meaning
//!
//! For a set of losses `L`, in two steps:
//!
//! 1. `RUNNING` is the greatest set of nodes that are not latent, not hit by a lost event, and whose every
//!    need is met inside the set. Two nodes that need each other go on running as long as nothing stops
//!    either.
//! 2. `UP = mu Z. nu X. mu Y. ( RUNNING ∪ { n not hit : every start need met in Y, every to-run need met in X,
//!    every before need met in Z } )`: what can be started from there, stage by stage (`Z`). Latent nodes (the
//!    usable-gates of backups) take part in this step only. A loop of start needs that was stopped does not
//!    restart by itself; nodes joined by to-run needs come back together, in one stage; what a node needs
//!    before has come back in an earlier one. Without to-run needs to-start and before are the same.
//!
//! A **top** fails when it is not in `UP`. Both steps are monotone in the losses, so **cut sets** (sets of
//! losses that make a top fail) are closed upward and are described by their minimal ones. Without latent
//! nodes `UP = RUNNING`: a greater `UP` would itself be a running set.
//!
//! # Parts
//!
//! | file | question | cost |
//! |---|---|---|
//! | `structure` | what is the circuit | linear to build |
//! | `evaluate` | what is up after these losses | what the losses touch |
//! | `time` | how soon is a node back, and by which stand-ins | what the losses touch |
//! | `without` | in a loop, who acts of an order of succession, and what comes back by itself | an evaluation of the loop for each |
//! | `slowest` | within which time is a node back, whatever is lost | linear |
//! | `lanes` | what is up, for 256 sets of losses at once | what the losses touch |
//! | `single` | which single losses fail each top | near linear |
//! | `support` | what does a top rest on | what the top rests on |
//! | `cut_sets` | all minimal cut sets up to an order | by the number of cut sets and supports |
//! | `witness` | along which path does a loss reach the top | one breadth-first search |
//! | `loops` | which loops cannot start from standstill | linear |
//! | `tree` | how many minimal cut sets, how probable, which are the least; without loops or with | by the size of decision diagrams |
//! | `cone` | the part of the circuit that some tops can reach | linear in the part |

//!
//! # Example
//!
//! A function that needs a switch and one of two feeds, which hang on one grid:
//!
//! ```
//! use rbp_compiler::faults::tree::Effort;
//! use rbp_compiler::faults::{BuildError, Limits, Need, NodeSpec, StructureBuilder};
//!
//! # fn main() -> Result<(), BuildError> {
//! let mut builder = StructureBuilder::new();
//! let mut element = || {
//!     let (event, node) = (builder.event(), builder.node(NodeSpec::default()));
//!     builder.hit(event, node);
//!     node
//! };
//! let (grid, north, south, switch) = (element(), element(), element(), element());
//! let top = builder.node(NodeSpec::default());
//! let all = |members: Vec<_>| Need { k: members.len() as u32, members, ..Need::default() };
//! builder.need(north, all(vec![grid]));
//! builder.need(south, all(vec![grid]));
//! builder.need(top, all(vec![switch]));
//! builder.need(top, Need { k: 1, ..all(vec![north, south]) });
//! let structure = builder.build()?;
//!
//! // The grid and the switch each end it alone; the feeds do together.
//! assert_eq!(structure.single_losses(&[top])[0].len(), 2);
//! let found = structure.minimal_cut_sets(top, 2, &Limits::default(), &|| false);
//! assert_eq!(found.sets.len(), 3);
//!
//! // The same as a tree: counted by order without being listed, and weighed.
//! let tree = structure.fault_tree(top).expect("small enough");
//! let solution = tree.solve(&Effort::default()).expect("solved");
//! assert_eq!(solution.counts(), Ok(vec![0, 2, 1]));
//! let probability = solution.probability(&[0.01, 0.1, 0.1, 0.02]).expect("asked for");
//! assert!((probability - (1.0 - 0.99 * 0.98 * 0.99)).abs() < 1e-12);
//! # Ok(())
//! # }
//! ```

mod bits;
mod components;
mod cone;
mod cut_sets;
mod diagram;
mod evaluate;
mod lanes;
mod loops;
mod single;
mod slowest;
mod structure;
mod support;
mod time;
pub mod tree;
mod without;
mod witness;

#[cfg(test)]
mod tests;

pub use bits::Bits;
pub use cone::Cone;
pub use cut_sets::{Completeness, CutSets, Limits, Stop};
pub use evaluate::{Evaluator, State};
pub use structure::{
    BuildError, Combine, EventId, Met, Need, NodeId, NodeSpec, Structure, StructureBuilder,
};
pub use time::Times;
pub use witness::Witness;
