//! The command line: files, terminal and exit codes around the pure compiler.
//!
//! Exit codes: 0 nothing found, 1 findings, 2 the command could not be carried out.

mod args;
mod baseline;
mod commands;
mod evidence;
pub mod files;
mod folder;
mod library;
pub mod manifest;
pub mod packages;
pub mod render;
mod terminal;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::terminal::Terminal;

/// Why a command could not be carried out: what happened, and what to do about it.
#[derive(Debug)]
pub struct Failure {
    /// What happened, with the file's name.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Failure {
    /// A failure with nothing to suggest.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: None }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Nothing was found.
    Clean,
    /// Something was found.
    Findings,
}

/// Runs the program on the process's own arguments.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    // A panic is a defect of ours; it becomes one message that says so.
    std::panic::set_hook(Box::new(|_| {}));
    let terminal = Terminal::new(args.color, args.quiet);
    match catch_unwind(AssertUnwindSafe(|| run(&args, &terminal))) {
        Ok(Ok(Done::Clean)) => ExitCode::SUCCESS,
        Ok(Ok(Done::Findings)) => ExitCode::from(1),
        Ok(Err(failure)) => {
            terminal.failure(&failure);
            ExitCode::from(2)
        }
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words =
                words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no details");
            let failure = Failure::new(format!("rbp itself failed: {words}"))
                .help("this is a defect of rbp; please report it with the policy that shows it");
            terminal.failure(&failure);
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args, terminal: &Terminal) -> Result<Done, Failure> {
    match &args.command {
        Command::New(new) => commands::new::run(new, terminal),
        Command::Add(add) => commands::add::run(add, terminal),
        Command::Lock(lock) => commands::lock::run(lock, terminal),
        Command::Check(check) => commands::check::run(check, terminal),
        Command::Test(test) => commands::test::run(test, terminal),
        Command::Build(build) => commands::build::run(build, terminal),
        Command::Doc(doc) => commands::doc::run(doc, terminal),
        Command::Verify(verify) => commands::verify::run(verify, terminal),
        Command::Fmt(fmt) => commands::fmt::run(fmt, terminal),
        Command::Explain(explain) => commands::explain::run(explain, terminal),
        Command::Why(why) => commands::why::run(why, terminal),
        Command::CutSets(sets) => commands::cut_sets::run(sets, terminal),
        Command::Export(export) => commands::export::run(export, terminal),
        Command::Decide(decide) => commands::decide::run(decide, terminal),
        Command::Serve(serve) => commands::serve::run(serve, terminal),
        Command::Report(report) => commands::report::run(report, terminal),
        Command::Graph(graph) => commands::graph::run(graph, terminal),
        Command::Diff(diff) => commands::diff::run(diff, terminal),
        Command::Lsp => commands::lsp::run(),
        Command::Completions { shell } => commands::completions::run(*shell, terminal),
    }
}
