//! What the tests share: a seeded generator of numbers, the repository's files, Markdown suites.
#![allow(dead_code, clippy::unwrap_used)]

pub mod sample;

use std::fs;
use std::path::{Path, PathBuf};

/// A xorshift generator: the same seed, the same numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// Below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { self.next() as usize % end }
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    pub fn pick<'a, X: ?Sized>(&mut self, from: &[&'a X]) -> &'a X {
        from[self.below(from.len())]
    }
}

/// Every `.rbp` file of the standard library and the examples, with its path.
pub fn repository() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["stdlib", "examples"] {
        rbp_files(&root.join(folder), &mut files);
    }
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    };
    files.into_iter().map(read).collect()
}

fn rbp_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rbp_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rbp") {
            found.push(path);
        }
    }
}

/// Runs a Markdown suite: in each section the first fenced block is the input and the second what
/// `run` must make of it. With `RBP_BLESS=1` in the environment the second blocks are rewritten.
/// Returns the number of cases.
pub fn suite(name: &str, run: impl Fn(&str) -> String) -> usize {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let document = fs::read_to_string(&path).unwrap();
    let mut updated = String::new();
    let mut wrong = String::new();
    let (mut heading, mut input, mut cases) = (String::new(), None, 0);
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        updated += &format!("{line}\n");
        if line.starts_with('#') {
            line.clone_into(&mut heading);
        }
        if !line.starts_with("```") {
            continue;
        }
        let block: String =
            lines.by_ref().take_while(|l| *l != "```").map(|l| format!("{l}\n")).collect();
        let block = match input.take() {
            None => {
                input = Some(block.clone());
                block
            }
            Some(given) => {
                cases += 1;
                let mut found = run(&given);
                if !found.is_empty() && !found.ends_with('\n') {
                    found.push('\n');
                }
                if found != block {
                    wrong += &format!("{heading}\n--- expected\n{block}--- found\n{found}\n");
                }
                found
            }
        };
        updated += &format!("{block}```\n");
    }
    assert!(input.is_none(), "{heading}: a block without its second");
    if std::env::var("RBP_BLESS").is_ok_and(|v| v == "1") {
        fs::write(&path, updated).unwrap();
    } else {
        assert!(wrong.is_empty(), "{wrong}\nRBP_BLESS=1 writes what is found into {name}");
    }
    cases
}
