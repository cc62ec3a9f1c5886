//! The language server: the findings of `rbp check`, to the letter, while the text is written.
//!
//! One thread owns the compiler. Handlers hand it what happened, in order, before they await
//! anything; it publishes what changed. What is on disk comes from whoever starts the server.

mod owner;
mod positions;
mod server;
mod transport;

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
}

/// Serves one client over standard input and output until it says `exit` or goes away. Returns
/// whether it said `shutdown` before, as the protocol asks of it.
///
/// # Errors
///
/// When no thread for the server can be started.
pub fn run(disk: impl Disk) -> std::io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(server::serve(disk)))
}
