//! Decision diagrams: monotone functions and families of sets, written for minimal cut sets.

mod monotone;
mod table;

pub(super) use monotone::{Families, Functions};
pub(super) use table::{Below, END, Full, NO, Node, Ref, YES};
