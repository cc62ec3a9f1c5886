//! Decision diagrams: monotone functions and families of sets, written for minimal cut sets.

mod families;
mod monotone;
mod table;

pub(super) use families::Families;
pub(super) use monotone::{Algebra, Functions};
pub(super) use table::{Full, NO, Node, Ref, Table, YES, nodes_in};
