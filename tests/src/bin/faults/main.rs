//! How long the fault engine takes, beside SCRAM on the same trees in the same run. Prints Markdown tables; fails
//! nothing.

mod run;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use rbp_compiler::faults::tree::FaultTree;
use rbp_compiler::open_psa::{BasicEvent, Tree, write};
use rbp_tests::random::Random;
use rbp_tests::trees::{Replicas, Shape, fat_tree, layered, random_tree};
use run::{Outcome, rbp, scram, timed};

/// Measures fault trees and prints Markdown tables.
///
/// Each time is that of a whole process, the least of several. Run it on a machine with nothing else to do.
#[derive(Debug, Parser)]
struct Options {
    /// The `rbp` to measure; the one beside this program where none is named
    #[arg(long)]
    rbp: Option<PathBuf>,
    /// A folder with the Aralia trees (`NAME.xml`) and their known counts (`counts.tsv`)
    #[arg(long)]
    aralia: Option<PathBuf>,
    /// Leave SCRAM out
    #[arg(long)]
    alone: bool,
    /// Seconds after which a process is ended
    #[arg(long, default_value_t = 60)]
    patience: u64,
    /// How often each process is run
    #[arg(long, default_value_t = 3)]
    runs: usize,
}

/// One run of the benchmark.
struct Bench {
    rbp: PathBuf,
    with_scram: bool,
    patience: Duration,
    runs: usize,
    folder: PathBuf,
}

fn main() -> std::io::Result<()> {
    let options = Options::parse();
    let beside = std::env::current_exe()?.with_file_name("rbp");
    let folder = std::env::temp_dir().join(format!("rbp-faults-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let bench = Bench {
        rbp: options.rbp.unwrap_or(beside),
        with_scram: !options.alone,
        patience: Duration::from_secs(options.patience),
        runs: options.runs.max(1),
        folder,
    };
    if let Some(aralia) = options.aralia {
        bench.aralia(&aralia)?;
    }
    bench.random_trees()?;
    bench.fat_trees()?;
    single_losses(bench.runs);
    std::fs::remove_dir_all(&bench.folder)
}

impl Bench {
    /// The known trees: every minimal cut set counted.
    fn aralia(&self, folder: &Path) -> std::io::Result<()> {
        println!(
            "\n| tree | minimal cut sets | against the known count | rbp | SCRAM's best | SCRAM / rbp |"
        );
        println!("|---|---:|---|---:|---:|---:|");
        let known = std::fs::read_to_string(folder.join("counts.tsv"))?;
        let mut total = 0.0;
        for line in known.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let (Some(name), Some(count)) = (columns.first(), columns.get(1)) else { continue };
            if columns.last() != Some(&"yes") {
                continue;
            }
            let file = folder.join(format!("{name}.xml"));
            let ours = rbp(self, &file, &["--count"]);
            let same = match &ours.total {
                Some(total) if total == count => "same",
                Some(_) if *count == "unknown" => "unknown",
                Some(_) => "DIFFERENT",
                None => "",
            };
            if *count != "unknown" {
                total += ours.seconds();
            }
            let theirs = self.best_of_scram(&file, 200);
            println!(
                "| {name} | {} | {same} | {} | {} | {} |",
                ours.total.as_deref().unwrap_or("?"),
                ours.show(),
                theirs.as_ref().map_or(String::new(), Outcome::show),
                ratio(&ours, theirs.as_ref())
            );
        }
        println!("\nrbp, all trees with known counts: {total:.2} s");
        Ok(())
    }

    fn best_of_scram(&self, file: &Path, order: usize) -> Option<Outcome> {
        self.with_scram.then(|| {
            let ways = ["--bdd", "--zbdd", "--mocus"].map(|way| scram(self, file, way, order));
            let quicker = |a: &Outcome, b: &Outcome| a.seconds().total_cmp(&b.seconds());
            ways.into_iter().min_by(quicker).unwrap_or_default()
        })
    }

    /// Random trees up to an order.
    fn random_trees(&self) -> std::io::Result<()> {
        println!("\n| random tree | order | minimal cut sets | rbp | SCRAM zbdd | SCRAM / rbp |");
        println!("|---|---:|---:|---:|---:|---:|");
        for events in [1_000, 10_000, 100_000] {
            for seed in 1..=2 {
                let (tree, of) = random_tree(&mut Random::new(seed), Shape::large(events));
                let file = self.written(tree, &of)?;
                for order in [2, 4] {
                    let ours = rbp(self, &file, &["--count", "--order", &order.to_string()]);
                    let theirs = self.with_scram.then(|| scram(self, &file, "--zbdd", order));
                    println!(
                        "| {events} events, seed {seed} | {order} | {} | {} | {} | {} |",
                        ours.total.as_deref().unwrap_or("?"),
                        ours.show(),
                        theirs.as_ref().map_or(String::new(), Outcome::show),
                        ratio(&ours, theirs.as_ref())
                    );
                }
            }
        }
        Ok(())
    }

    fn fat_trees(&self) -> std::io::Result<()> {
        println!("\n| fat tree | question | answer | rbp | memory | SCRAM's best |");
        println!("|---|---|---|---:|---:|---:|");
        for k in [16, 48, 64] {
            let (tree, of) = fat_tree(k, Replicas::InPods(3));
            let file = self.written(tree, &of)?;
            let counted = rbp(self, &file, &["--count"]);
            let weighed = rbp(self, &file, &["--count", "--probability"]);
            let theirs = self.best_of_scram(&file, 200);
            let theirs = theirs.as_ref().map_or(String::new(), Outcome::show);
            let (count, times) = (counted.total.as_deref().unwrap_or("?"), counted.show());
            println!(
                "| k = {k}, 3 replicas | how many | {count} | {times} | {} | {theirs} |",
                counted.mib()
            );
            let probability = weighed.probability.map_or("?".into(), |p| format!("{p:.7e}"));
            println!(
                "| k = {k}, 3 replicas | how probable | {probability} | {} | {} | |",
                weighed.show(),
                weighed.mib()
            );
        }
        for k in [16, 48, 64] {
            let (tree, of) = fat_tree(k, Replicas::Everywhere);
            let devices = of.len();
            let file = self.written(tree, &of)?;
            let least = rbp(self, &file, &["--top", "20"]);
            let sizes = least.sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
            println!(
                "| k = {k}, {devices} devices, every server | the 20 smallest | {sizes} | {} | {} | |",
                least.show(),
                least.mib()
            );
        }
        Ok(())
    }

    fn written(&self, tree: FaultTree, of: &[f64]) -> std::io::Result<PathBuf> {
        let events: Vec<BasicEvent> = of
            .iter()
            .enumerate()
            .map(|(at, p)| BasicEvent {
                name: format!("e{at}"),
                label: String::new(),
                probability: Some(*p),
            })
            .collect();
        let text =
            write(&[Tree { name: "top".into(), tree }], &events).map_err(std::io::Error::other)?;
        let file = self.folder.join("tree.xml");
        std::fs::write(&file, text)?;
        Ok(file)
    }
}

/// Every single loss of every function of layered service graphs, in this process.
fn single_losses(runs: usize) {
    println!("\n| service graph | question | single points of failure | time |");
    println!("|---|---|---:|---:|");
    for elements in [1_000, 10_000, 100_000, 1_000_000] {
        let Ok((structure, tops)) = layered(&mut Random::new(1), elements, 1_000) else { continue };
        let mut found = 0;
        let times = (0..runs).map(|_| {
            let start = Instant::now();
            found = structure.single_losses(&tops).iter().map(Vec::len).sum();
            start.elapsed()
        });
        let least = times.min().unwrap_or_default();
        println!(
            "| {} elements | all single losses of 1,000 functions | {found} | {} |",
            structure.event_count(),
            timed(least)
        );
    }
}

/// How many times as long the other took.
fn ratio(ours: &Outcome, theirs: Option<&Outcome>) -> String {
    match theirs {
        Some(theirs) if ours.finished && theirs.finished => {
            format!("{:.1}", theirs.seconds() / ours.seconds())
        }
        Some(theirs) if ours.finished => {
            format!("more than {:.0}", theirs.seconds() / ours.seconds())
        }
        _ => String::new(),
    }
}
