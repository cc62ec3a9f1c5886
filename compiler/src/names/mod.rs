//! Names: what a file exports, what it imports, and what a name in it means.

mod exported;
mod homes;
mod imported;
mod importers;
mod makes;
mod outline;
mod scope;
mod written;

pub use exported::{Exports, Space, declared, exported, exports, sorted_names};
pub use homes::homes;
pub use imported::{
    Imported, Imports, imports, module, module_paths, modules, path_from, withheld,
};
pub use importers::{Reach, Reaches, all_namers, any_lost, imports_lost, named_by, namers};
pub(crate) use makes::made_names;
pub use makes::{
    MAX_DEPTH, MAX_MADE, MAX_TOKENS, MAX_TOKENS_IN_ALL, Made, Part, Shape, TemplateUse, Trouble,
    made, made_by, shape,
};
pub use outline::Outline;
pub use scope::{ItemId, Lookup, Scope};
pub use written::{Written, written_in};
