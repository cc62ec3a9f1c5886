//! Names: what a file exports, what it imports, and what a name in it means.

mod exported;
mod imported;
mod importers;
mod scope;

pub use exported::{Exports, Space, declared, exports};
pub use imported::{Imported, Imports, imports, modules};
pub use importers::{imports_lost, namers};
pub use scope::{ItemId, Lookup, Scope, homes};
