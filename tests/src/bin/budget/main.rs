//! How long the compiler takes, and how much memory, held against what it may take. Prints a
//! Markdown table; fails nothing.

mod clock;
mod measure;
mod table;

use clap::Parser;
use table::Table;

/// That of the `rbp` binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the compiler on generated workspaces and prints a Markdown table.
///
/// The share is what is used of the budget: below 1 is within it. Times are medians of several
/// runs; run it on a machine with nothing else to do.
#[derive(Debug, Parser)]
struct Options {
    /// Only measure what has one of these words in its name, such as `parse`, `cold` or `edit`
    only: Vec<String>,
    /// A tiny size, to see that everything runs; its numbers say nothing
    #[arg(long)]
    small: bool,
    /// Which of all such workspaces
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often each cold measurement is made
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How many edits are made
    #[arg(long, default_value_t = 400)]
    edits: usize,
    /// Count the work of this process instead of the time: for a machine that has other things to do
    #[arg(long)]
    work: bool,
}

fn main() {
    let mut options = Options::parse();
    let scale = match options.small {
        true => {
            options.runs = options.runs.min(2);
            options.edits = options.edits.min(10);
            measure::SMALL
        }
        false => measure::FULL,
    };
    if options.work {
        clock::count_work_only();
    }
    let (seed, runs, edits) = (options.seed, options.runs.max(1), options.edits.max(1));
    let mut table = Table::new(options.only);
    // Memory first: its peak is that of the whole process so far.
    measure::large(&mut table, scale, seed, runs.min(3));
    measure::parse(&mut table, scale, seed, runs);
    measure::cold(&mut table, scale, seed, runs);
    measure::back_ends(&mut table, scale, seed, runs);
    measure::decisions(&mut table, scale, seed, runs);
    measure::edits(&mut table, scale, seed, edits);
    measure::edits_in_one_file(&mut table, scale, seed, edits);
    measure::fragile(&mut table, scale, runs);
    measure::templates(&mut table, scale, seed, runs, edits);
    print!("{}", table.finish());
}
