//! `rbp lsp`.

use std::path::Path;

use rbp_compiler::db::Day;
use rbp_compiler::session::Sources;
use rbp_lsp::Disk;

use super::today;
use crate::files::load;
use crate::{Done, Failure};

struct Folders;

impl Disk for Folders {
    fn load(&self, folder: &Path) -> Result<Sources, String> {
        let loaded = load(&[folder.to_owned()]);
        loaded.map(|loaded| loaded.sources).map_err(|failure| failure.to_string())
    }

    fn today(&self) -> Day {
        today()
    }
}

pub fn run() -> Result<Done, Failure> {
    rbp_lsp::run(Folders)
        .map_err(|error| Failure::new(format!("the server cannot start: {error}")))?;
    Ok(Done::Clean)
}
