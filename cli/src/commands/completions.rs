//! `rbp completions`.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::args::Args;
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(shell: Shell, terminal: &Terminal) -> Result<Done, Failure> {
    let mut out = Vec::new();
    generate(shell, &mut Args::command(), "rbp", &mut out);
    terminal.print(&String::from_utf8_lossy(&out))?;
    Ok(Done::Clean)
}
