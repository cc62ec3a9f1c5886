//! The checker stays small enough to be read, and stands alone: what it must not grow beyond, and what it may rest on.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// So many lines of code a reader takes in: the document, what is owed, certificates, the failure logic.
const MOST: usize = 1500;

fn folder(of: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(of);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

/// Lines that are neither empty nor comments, tests aside.
fn lines_of_code(file: &Path) -> usize {
    let text = fs::read_to_string(file).unwrap();
    let own = text.split("#[cfg(test)]").next().unwrap();
    own.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

#[test]
fn the_checker_can_be_read() {
    let lines = |of: &str| folder(of).iter().map(|file| lines_of_code(file)).sum::<usize>();
    let (checker, rules, logic) =
        (lines("src/verify"), lines("src/verify/rules"), lines("src/logic"));
    println!("{checker} lines, {rules} for the other rules, on {logic} of logic");
    assert!(checker > 1000 && checker < MOST, "{checker} lines");
    assert!(rules < MOST * 2 / 3, "{rules} lines");
}

#[test]
fn it_rests_on_the_document_alone() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let needs = manifest.split("\n[dependencies]\n").nth(1).unwrap();
    let needs = needs.split("\n[").next().unwrap().lines().filter(|line| !line.is_empty());
    let needs: Vec<&str> = needs.map(|line| line.split(['.', ' ', '=']).next().unwrap()).collect();
    assert_eq!(needs, ["serde", "serde_json"]);
    for file in ["src/verify", "src/verify/rules", "src/logic"].iter().flat_map(|of| folder(of)) {
        let text = fs::read_to_string(&file).unwrap();
        let found = ["crate::decide", "crate::certify", "std::fs", "std::time", "std::env"];
        let found = found.into_iter().find(|foreign| text.contains(foreign));
        assert_eq!(found, None, "{}", file.display());
    }
}
