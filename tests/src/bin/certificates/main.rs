//! How long certificates take to find and rule sets to check, and how large they are, on documents of up to 100,000
//! elements: `cargo run --release -p rbp-tests --bin certificates`. Prints the table of `docs/performance.md`.

mod document;

use std::time::{Duration, Instant};

use rbp_ruleset::verify::verify;
use rbp_ruleset::{RuleSet, certify, read, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("| rule set | elements | find ways | check | ways | document | of it certificates |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for (functions, pairs) in
        [(1, 25), (10, 25), (100, 25), (1000, 25), (1, 250), (1, 2500), (1, 25_000)]
    {
        row(document::document(functions, pairs)?)?;
    }
    Ok(())
}

fn row(mut rules: RuleSet) -> Result<(), Box<dyn std::error::Error>> {
    let (found, result) = timed(|| certify(&mut rules));
    result?;
    let text = write(&rules)?;
    let read = read(&text)?;
    let (checked, report) = timed(|| verify(&read, None));
    let bare = write(&RuleSet { certificates: Vec::new(), ..rules.clone() })?.len();
    let open = report.findings.len();
    println!(
        "| {} of {} each | {} | {} | {} | {}{} | {} | {} |",
        counted(rules.functions.len(), "function"),
        counted(rules.backups.len() / rules.functions.len(), "backup"),
        rules.elements.len(),
        words(found),
        words(checked),
        report.ways,
        if open > 0 { format!(", {open} findings") } else { String::new() },
        megabytes(text.len()),
        megabytes(text.len() - bare),
    );
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

fn words(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{seconds:.2} s"),
    }
}

fn megabytes(bytes: usize) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
