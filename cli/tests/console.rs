//! Transcripts are true to the letter: every ```console block of the README and of `console/*.md`
//! is run with the real binary.
//!
//! A block's lines that begin with `$ rbp` are commands, with `? 1` after them where the exit code is
//! not 0; the other lines are what they print, standard error after standard output. A block with
//! `file:NAME` after the fence is written to that file first. Each page has a folder of its own,
//! with a copy of `examples/`. `RBP_BLESS=1` writes what was printed into the pages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Words as a shell splits them: spaces apart, quotes together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if c == q => quote = None,
            (None, ' ') => words.push(String::new()),
            (_, c) => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn run(folder: &Path, line: &str) -> String {
    let (line, input) = match line.split_once(" < ") {
        Some((line, input)) => (line, Some(folder.join(input))),
        None => (line, None),
    };
    let words = words(line);
    assert_eq!(words[0], "rbp", "only rbp is run: {line}");
    let stdin = input.map_or(Stdio::null(), |path| Stdio::from(fs::File::open(path).unwrap()));
    let output = Command::new(env!("CARGO_BIN_EXE_rbp"))
        .args(&words[1..])
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .env("NO_COLOR", "1")
        .stdin(stdin)
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text += &String::from_utf8(output.stderr).unwrap();
    match output.status.code() {
        Some(0) => {}
        code => text += &format!("? {}\n", code.unwrap()),
    }
    text
}

/// The page as it should be, and how many commands it runs.
fn told(page: &str, folder: &Path) -> (String, usize) {
    let (mut told, mut count) = (String::new(), 0);
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        told += &format!("{line}\n");
        let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else {
            continue;
        };
        let mut body = Vec::new();
        for line in lines.by_ref().take_while(|line| *line != "```") {
            body.push(line);
        }
        if let Some(name) = fence.split(' ').find_map(|word| word.strip_prefix("file:")) {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, body.join("\n") + "\n").unwrap();
        }
        if fence.starts_with("console") {
            for command in body.iter().filter_map(|line| line.strip_prefix("$ ")) {
                count += 1;
                told += &format!("$ {command}\n{}", run(folder, command));
            }
        } else {
            body.iter().for_each(|line| told += &format!("{line}\n"));
        }
        told += "```\n";
    }
    (told, count)
}

#[test]
fn every_transcript_is_true() {
    let mut pages: Vec<PathBuf> =
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/console"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
    pages.push(root().join("README.md"));
    pages.sort();
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages {
        let stem = page.file_stem().unwrap().to_string_lossy().into_owned();
        let folder =
            std::env::temp_dir().join(format!("rbp-console-{}-{stem}", std::process::id()));
        copy(&root().join("examples"), &folder.join("examples"));
        let text = fs::read_to_string(&page).unwrap();
        let (told, commands) = told(&text, &folder);
        count += commands;
        fs::remove_dir_all(&folder).unwrap();
        if told == text {
            continue;
        }
        if std::env::var_os("RBP_BLESS").is_some() {
            fs::write(&page, told).unwrap();
        } else {
            let differs = told.lines().zip(text.lines()).position(|(a, b)| a != b).unwrap_or(0);
            let now = told.lines().nth(differs).unwrap_or("");
            wrong.push(format!("{}:{}: now prints `{now}`", page.display(), differs + 1));
        }
    }
    println!("{count} commands run");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
