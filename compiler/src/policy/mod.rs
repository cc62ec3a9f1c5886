//! Policies: rules that a package takes on by `apply`, judged element by element.
//!
//! `fields` is the one table of what may be asked; `types` and `typing` say what fits together, once, where
//! a policy is declared; `eval` judges an element, in three values: what is not stated is unknown, and unknown is
//! no pass; `explain` shows the failing expression with each part of it; `bench` puts one policy to work, and
//! `applied` brings policies and elements together.

mod applied;
mod bench;
mod depended;
mod eval;
mod explain;
mod fields;
mod functions;
pub(crate) mod text;
pub(crate) mod types;
pub(crate) mod typing;
mod value;

pub(crate) use applied::{Ruled, idle, judged, on_day, ruled, unsure};
pub use fields::{Field, Owner, fields};
pub use functions::{Function, Takes, functions};
pub use types::Sort;
