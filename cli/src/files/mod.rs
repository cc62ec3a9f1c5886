//! Files and folders on disk: finding, naming, reading and writing them.

mod find;
mod paths;
mod read;
mod write;

pub use find::{
    all_files_below, files_below, holds_policies, may_hold_records, nothing_in, packages_below,
    records_below,
};
pub use paths::{below, beside, from_here, module, package_root, parent, shown_path};
pub use read::{cannot_read, read_bytes, read_stdin, read_text};
pub use write::{Text, write_all, write_whole};

/// The name that stands for standard input.
pub const STDIN: &str = "-";
