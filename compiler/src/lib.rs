//! From parsed files to verdicts: names, kinds, the model, the fault analysis and the obligations.
//!
//! Pure: no file, clock or network is touched; the as-of date and every text are inputs.

mod accepted;
pub mod analysis;
pub mod check;
mod connections;
pub mod db;
pub mod diagnostic;
pub mod emit;
pub mod evidence;
pub mod faults;
pub mod model;
pub mod names;
pub mod open_psa;
mod owed;
pub mod policy;
pub mod quantity;
pub mod rules;
pub mod scenario;
pub mod session;
