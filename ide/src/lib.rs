//! What an editor asks of a policy: places in, plain data out. Knows no protocol, and looks nothing up
//! by its text: a name means here what it means to the compiler.

pub mod actions;
pub mod clauses;
pub mod completion;
pub mod declared;
pub mod definition;
pub mod facts;
pub mod folding;
pub mod formatting;
pub mod graph;
pub mod hierarchy;
pub mod hints;
pub mod hover;
pub mod imports;
pub mod lenses;
pub mod links;
pub mod mentions;
pub mod needs;
pub mod occurrences;
pub mod references;
pub mod rename;
pub mod reports;
pub mod signature;
pub mod source;
pub mod symbols;
pub mod tokens;
pub mod ways;

pub use source::{Place, Source};
