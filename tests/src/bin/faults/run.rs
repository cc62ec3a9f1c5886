//! Processes, timed and ended when they take too long.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Bench;

/// What came of a process.
#[derive(Debug, Default)]
pub struct Outcome {
    /// It ended by itself, and well.
    pub finished: bool,
    /// It was ended because it took too long.
    late: bool,
    /// The least time of all runs.
    time: Duration,
    /// The most memory that was seen, in KiB.
    memory: u64,
    /// How many minimal cut sets it counted.
    pub total: Option<String>,
    /// The probability of the top.
    pub probability: Option<f64>,
    /// The sizes of the sets that it listed.
    pub sizes: Vec<usize>,
}

impl Outcome {
    pub fn seconds(&self) -> f64 {
        match self.finished || self.time > Duration::ZERO {
            true => self.time.as_secs_f64(),
            false => f64::INFINITY,
        }
    }

    pub fn show(&self) -> String {
        match self.finished {
            true => timed(self.time),
            false if self.late => format!("not in {:.0} s", self.time.as_secs_f64()),
            false => "failed".to_owned(),
        }
    }

    pub fn mib(&self) -> String {
        format!("{} MiB", self.memory / 1024)
    }
}

/// A time in words.
pub fn timed(time: Duration) -> String {
    match time.as_secs_f64() {
        long if long >= 1.0 => format!("{long:.2} s"),
        short => format!("{:.1} ms", short * 1e3),
    }
}

/// `rbp cut-sets` of a file.
pub fn rbp(bench: &Bench, file: &Path, arguments: &[&str]) -> Outcome {
    let answer = bench.folder.join("answer.json");
    let mut outcome = Outcome::default();
    for _ in 0..bench.runs {
        let mut command = Command::new(&bench.rbp);
        command.arg("cut-sets").arg(file).args(arguments).args(["--format", "json"]);
        if let Ok(output) = std::fs::File::create(&answer) {
            command.stdout(output);
        }
        if !once(bench, command, &mut outcome) {
            return outcome;
        }
    }
    let text = std::fs::read_to_string(&answer).unwrap_or_default();
    outcome.total =
        after(&text, "\"total\": \"").and_then(|t| t.split('"').next()).map(str::to_owned);
    let probability = after(&text, "\"probability\": ").and_then(|t| t.split([',', '\n']).next());
    outcome.probability = probability.and_then(|p| p.parse().ok());
    let sets = after(&text, "\"sets\": [").and_then(|t| t.split("\n  ]").next()).unwrap_or("");
    outcome.sizes =
        sets.split(']').map(|set| set.matches('"').count() / 2).filter(|n| *n > 0).collect();
    outcome
}

/// SCRAM on a file.
pub fn scram(bench: &Bench, file: &Path, way: &str, order: usize) -> Outcome {
    let mut outcome = Outcome::default();
    for _ in 0..bench.runs {
        let mut command = Command::new("scram");
        command.arg(way).args(["--limit-order", &order.to_string()]).arg(file);
        command.args(["-o", "/dev/null"]);
        if !once(bench, command, &mut outcome) {
            break;
        }
    }
    outcome
}

fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

/// Runs once; says whether it ended well.
fn once(bench: &Bench, mut command: Command, outcome: &mut Outcome) -> bool {
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = child.spawn() else { return false };
    let ended = wait(&mut child, start, bench.patience, &mut outcome.memory);
    let time = start.elapsed();
    outcome.time = match outcome.finished {
        true => outcome.time.min(time),
        false => time,
    };
    outcome.finished = ended;
    outcome.late = !ended && time > bench.patience;
    ended
}

fn wait(child: &mut Child, start: Instant, patience: Duration, memory: &mut u64) -> bool {
    let status = format!("/proc/{}/status", child.id());
    loop {
        if let Ok(Some(ended)) = child.try_wait() {
            return ended.success();
        }
        if start.elapsed() > patience {
            let _ = child.kill();
            let _ = child.wait();
            return false;
        }
        // Looking on at short processes would take longer than they do.
        if start.elapsed() > Duration::from_millis(50) {
            let peak = std::fs::read_to_string(&status).unwrap_or_default();
            let peak = peak.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let peak = peak.and_then(|line| line.split_whitespace().next()?.parse().ok());
            *memory = (*memory).max(peak.unwrap_or(0));
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}
