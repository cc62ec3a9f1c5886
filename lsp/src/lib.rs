//! The language server: the findings of `rbp check`, to the letter, while the text is written.
//!
//! One thread owns the compiler (`owner`). Handlers hand it what happened, in order, before they await
//! anything. It hands out snapshots: to `publisher`, which tells what is found, and to the threads of
//! `work`, which answer requests by one function each (`methods`) from what `rbp-ide` says. A change
//! ends whatever is still asked of an older state. What is on disk comes from whoever starts the server.

mod capabilities;
mod client;
mod colours;
mod convert;
mod edits;
mod failure;
mod findings;
mod methods;
mod owner;
mod positions;
mod publisher;
mod server;
mod snapshot;
mod transport;
mod work;

use std::path::PathBuf;

use rbp_compiler::db::Day;
use rbp_compiler::session::{Session, Sources};

/// Packages that were read.
#[derive(Debug, Default)]
pub struct Read {
    /// The packages and their files.
    pub sources: Sources,
    /// What is to be said of them although they could be read.
    pub said: Vec<String>,
}

/// What the server needs of the world outside.
pub trait Disk: Send + 'static {
    /// The packages in and below folders, or that files are in, or why they cannot be read. What is
    /// not there, or holds no policy, is left out.
    fn load(&self, paths: &[PathBuf]) -> Result<Read, String>;
    /// Gives the session the test records that its files ask for, or says why they cannot be read.
    fn supply(&self, session: &mut Session) -> Result<(), String>;
    /// The day on which everything is judged.
    fn today(&self) -> Day;
    /// A folder with the files of the standard library in `std` and the pages of the rules in `rules`,
    /// for reading only; `None` where there is no room for one.
    fn library(&self) -> Option<PathBuf>;
}

/// Serves one client over standard input and output until it says `exit` or goes away. Returns
/// whether it said `shutdown` before, as the protocol asks of it.
///
/// # Errors
///
/// When no thread for the server can be started.
pub fn run(disk: impl Disk) -> std::io::Result<bool> {
    failure::watch();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(server::serve(disk)))
}
