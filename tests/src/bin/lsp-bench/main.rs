//! How long a language server takes over real standard input and output, and how much memory: rbp's, and
//! beside it another one on a workspace of the same size. Prints a Markdown table; fails nothing.

mod client;
mod workspace;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use client::Server;
use workspace::Workspace;

/// Measures `rbp lsp` on a generated workspace, and where it is named `ty server` on Python files of the
/// same number and size.
#[derive(Debug, Parser)]
struct Options {
    /// The rbp program
    #[arg(long, default_value = "target/release/rbp")]
    rbp: PathBuf,
    /// The ty program (PyPI `ty`)
    #[arg(long)]
    ty: Option<PathBuf>,
    /// The number of files
    #[arg(long, default_value_t = 1000)]
    files: usize,
    /// The number of declarations in each
    #[arg(long, default_value_t = 100)]
    declarations: usize,
    /// How many edits are made one by one
    #[arg(long, default_value_t = 300)]
    edits: usize,
    /// How many edits are made before memory is measured again
    #[arg(long, default_value_t = 10_000)]
    burst: usize,
    /// A tiny size, to see that everything runs; its numbers say nothing
    #[arg(long)]
    small: bool,
}

/// What was measured of one server.
struct Figures {
    first: Duration,
    edits: Vec<Duration>,
    hovers: Vec<Duration>,
    completions: Vec<Duration>,
    memory: u64,
    after: u64,
}

fn main() -> std::io::Result<()> {
    let mut options = Options::parse();
    if options.small {
        (options.files, options.declarations) = (20, 40);
        (options.edits, options.burst) = (5, 50);
    }
    let folder = std::env::temp_dir().join(format!("rbp-lsp-bench-{}", std::process::id()));
    let rbp = Workspace::rbp(&folder.join("rbp"), options.files, options.declarations)?;
    let rbp = measured(&options, &options.rbp, "lsp", &rbp)?;
    let ty = match &options.ty {
        Some(program) => {
            let python =
                Workspace::python(&folder.join("python"), options.files, options.declarations)?;
            Some(measured(&options, program, "server", &python)?)
        }
        None => None,
    };
    std::fs::remove_dir_all(&folder)?;
    print(&options, &rbp, ty.as_ref());
    Ok(())
}

fn measured(
    options: &Options,
    program: &Path,
    command: &str,
    workspace: &Workspace,
) -> std::io::Result<Figures> {
    let begin = Instant::now();
    let mut server = Server::start(program, command, &workspace.folder)?;
    server.open(&workspace.uri, workspace.language, &workspace.text)?;
    server.findings(&workspace.uri)?;
    let first = begin.elapsed();
    // Whatever is done in the background is done before anything else is measured.
    std::thread::sleep(Duration::from_secs(if options.small { 1 } else { 10 }));
    server.drain();
    let memory = server.memory();
    let mut edits = Vec::new();
    for number in 0..options.edits {
        let begin = Instant::now();
        server.change(&workspace.uri, workspace.toggled(number))?;
        server.findings(&workspace.uri)?;
        edits.push(begin.elapsed());
    }
    let mut asked = |method: &str, at: (u32, u32)| -> std::io::Result<Vec<Duration>> {
        let mut times = Vec::new();
        for _ in 0..options.edits {
            let begin = Instant::now();
            server.ask(method, &workspace.uri, at)?;
            times.push(begin.elapsed());
        }
        Ok(times)
    };
    let hovers = asked("textDocument/hover", workspace.name)?;
    let completions = asked("textDocument/completion", workspace.gap)?;
    for number in 0..options.burst {
        server.change(&workspace.uri, workspace.toggled(number))?;
    }
    server.ask("textDocument/hover", &workspace.uri, workspace.name)?;
    std::thread::sleep(Duration::from_secs(2));
    let after = server.memory();
    Ok(Figures { first, edits, hovers, completions, memory, after })
}

fn print(options: &Options, rbp: &Figures, ty: Option<&Figures>) {
    println!("{} files × {} declarations", options.files, options.declarations);
    println!();
    println!("| what | aim | rbp | ty |");
    println!("|---|---:|---:|---:|");
    let row = |what: &str, aim: &str, of: &dyn Fn(&Figures) -> String| {
        let other = ty.map_or("not measured".to_owned(), of);
        println!("| {what} | {aim} | {} | {other} |", of(rbp));
    };
    row("start to the first findings of the open file", "0.8 s", &|f| time(f.first));
    row("edit to its findings, median", "3 ms", &|f| time(share(&f.edits, 50)));
    row("edit to its findings, 99 of 100", "15 ms", &|f| time(share(&f.edits, 99)));
    row("completion, median", "3 ms", &|f| time(share(&f.completions, 50)));
    row("hover, median", "3 ms", &|f| time(share(&f.hovers, 50)));
    row("memory", "400 MiB", &|f| format!("{} MiB", f.memory >> 20));
    let burst = format!("memory after {} more edits", options.burst);
    row(&burst, "1.5 × that", &|f| format!("{} MiB", f.after >> 20));
}

/// The time that so many of a hundred keep within.
fn share(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}

fn time(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1000.0;
    if ms < 1000.0 { format!("{ms:.2} ms") } else { format!("{:.2} s", ms / 1000.0) }
}
