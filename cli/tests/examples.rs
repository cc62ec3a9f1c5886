//! The examples under `examples/`: the clean ones have no finding and build; in each flawed sibling
//! every planted fault of its `expected.md` is found, and nothing that the page does not name.

#![allow(clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const AS_OF: &str = "2026-11-23";

fn rbp(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rbp"));
    command.args(arguments).args(["--as-of", AS_OF]).output().expect("rbp runs")
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let entries = std::fs::read_dir(folder).expect("there are examples");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an example can be listed").path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn findings(example: &str) -> Vec<Value> {
    let output = rbp(&["check", example, "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    report["diagnostics"].as_array().expect("it lists findings").clone()
}

fn slug(finding: &Value) -> &str {
    finding["rule"].as_str().expect("a finding names its rule")
}

/// The rows of the table: slug and the first element named.
fn planted(page: &str) -> Vec<(String, String)> {
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let quoted = |cell: &str| {
        let mut parts = cell.split('`');
        parts.nth(1).unwrap_or_default().to_owned()
    };
    rows.map(|row| {
        let mut cells = row.split('|').skip(1);
        let mut cell = || quoted(cells.next().unwrap_or_default());
        (cell(), cell())
    })
    .collect()
}

#[test]
fn clean_examples_are_clean_and_build() {
    let (mut count, mut wrong) = (0, String::new());
    for path in examples() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.join("expected.md").exists() || name == "hospital" {
            continue;
        }
        let path = path.display().to_string();
        for finding in findings(&path) {
            wrong += &format!("{name}: {} {}\n", slug(&finding), finding["message"]);
        }
        let built = rbp(&["build", &path]);
        if !built.status.success() {
            wrong +=
                &format!("{name} does not build: {}\n", String::from_utf8_lossy(&built.stderr));
        }
        count += 1;
    }
    println!("{count} clean examples");
    assert!(wrong.is_empty() && count >= 6, "{wrong}");
}

#[test]
fn planted_faults_are_found_and_nothing_else() {
    let (mut count, mut wrong) = (0, String::new());
    for path in examples() {
        let Ok(page) = std::fs::read_to_string(path.join("expected.md")) else { continue };
        let path = path.display().to_string();
        let found = findings(&path);
        for (rule, element) in planted(&page) {
            count += 1;
            let named = format!("`{element}`");
            let here = |f: &Value| slug(f) == rule && f.to_string().contains(&named);
            if !found.iter().any(here) {
                wrong += &format!("{path}: `{rule}` on {named} is not found\n");
            }
        }
        let more: BTreeSet<&str> =
            found.iter().map(slug).filter(|s| !page.contains(&format!("`{s}`"))).collect();
        if !more.is_empty() {
            wrong += &format!("{path}: found and not expected: {more:?}\n");
        }
        if rbp(&["build", &path]).status.code() != Some(1) {
            wrong += &format!("{path}: it builds\n");
        }
    }
    println!("{count} planted faults");
    assert!(wrong.is_empty() && count >= 41, "{wrong}");
}

#[test]
fn examples_and_standard_library_stand_in_standard_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let of = |name: &str| folder.join(name).display().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_rbp"))
        .args(["fmt", "--check", &of("examples"), &of("stdlib")])
        .output()
        .expect("rbp runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
