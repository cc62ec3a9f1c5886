//! `rbp lsp`.

use std::path::{Path, PathBuf};

use rbp_compiler::db::Day;
use rbp_compiler::session::Session;
use rbp_lsp::{Disk, Read};

use super::today;
use crate::files::holds_policies;
use crate::packages::load;
use crate::{Done, Failure, evidence, library};

struct Folders;

impl Disk for Folders {
    fn load(&self, paths: &[PathBuf]) -> Result<Read, String> {
        let paths: Vec<PathBuf> = paths.iter().filter(|path| is_there(path)).cloned().collect();
        let loaded = load(&paths).map_err(|failure| failure.to_string())?;
        let said = loaded.unaccepted.iter().map(ToString::to_string).collect();
        Ok(Read { sources: loaded.sources, said })
    }

    fn supply(&self, session: &mut Session) -> Result<(), String> {
        evidence::supply(session).map_err(|failure| failure.to_string())
    }

    fn today(&self) -> Day {
        today()
    }

    fn library(&self) -> Option<PathBuf> {
        library::folder()
    }
}

/// A file that exists, or a folder with a policy in it; one that cannot be read counts, so that it
/// is said.
fn is_there(path: &Path) -> bool {
    if path.is_dir() { holds_policies(path).unwrap_or(true) } else { path.exists() }
}

pub fn run() -> Result<Done, Failure> {
    let orderly = rbp_lsp::run(Folders)
        .map_err(|error| Failure::new(format!("the server cannot start: {error}")))?;
    // The protocol asks for exit code 1 where no `shutdown` came first.
    Ok(if orderly { Done::Clean } else { Done::Findings })
}
