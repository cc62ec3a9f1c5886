//! The language server: the findings of `rbp check`, to the letter, while the text is written.
//!
//! One thread owns the compiler. Handlers hand it what happened, in order, before they await
//! anything; it publishes what changed. What is on disk comes from whoever starts the server.

mod owner;
mod positions;
mod server;

use std::path::Path;

use rbp_compiler::db::Day;
use rbp_compiler::session::Sources;

/// What the server needs of the world outside.
pub trait Disk: Send + 'static {
    /// The packages in and below a folder, or why they cannot be read.
    fn load(&self, folder: &Path) -> Result<Sources, String>;
    /// The day on which everything is judged.
    fn today(&self) -> Day;
}

/// Serves one client over standard input and output until it says `exit`.
///
/// # Errors
///
/// When no thread for the server can be started.
pub fn run(disk: impl Disk) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(server::serve(disk));
    Ok(())
}
