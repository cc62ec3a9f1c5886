//! A second opinion: small models, printed as policies and evaluated by brute force straight from the
//! text of the semantics.
//!
//! Shares no code with the compiler: no fault engine, no cone, no circuit. It knows elements and the two
//! steps of the failure logic (what keeps running, what can be started) as sets that grow or shrink until
//! nothing changes, and tries every set of losses. `measure` is the only part that asks the compiler.

mod evaluate;
mod measure;
mod model;
mod print;
mod random;
mod shrink;

pub use evaluate::{Answer, Loss, Sort, answer, cut_sets, fails, losses};
pub use measure::{Judged, measure};
pub use model::{Activation, Authority, Backup, Expr, Kind, Model, Need, Role, Thing};
pub use print::{Names, policy, print};
pub use random::{Shape, model};
pub use shrink::shrink;
