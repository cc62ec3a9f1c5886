//! Transcripts are true to the letter: every ```console block of the README, of `docs/*.md` and of `console/*.md`
//! is run with the real binary.
//!
//! A block's lines that begin with `$ rbp` are commands, with `? 1` after them where the exit code is
//! not 0; the other lines are what they print, standard error after standard output. A block with
//! `file:NAME` after the fence is written to that file first. Each page has a folder of its own,
//! with a copy of `examples/`. A block with `made:NAME` shows what a command wrote to that file. `RBP_BLESS=1` writes what was printed into the pages; `RBP_PAGE=usage`
//! runs that page alone.
//!
//! What cannot stand in a page is made by the lines of a ```setup block: `bytes FILE HEX…`, `repeat
//! FILE COUNT TEXT` (adds to the file), `size FILE BYTES` (holes, no text), `link FILE TARGET`, and
//! `forbid FILE`, which may be read by nobody. After that a page's commands run without the powers
//! of a superuser.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
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

/// Makes what a line of a ```setup block says. In a text, `\\n` is the end of a line.
fn set_up(folder: &Path, line: &str) {
    let words: Vec<&str> = line.splitn(4, ' ').collect();
    let path = folder.join(words[1]);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = fs::OpenOptions::new();
    match words[0] {
        "bytes" => {
            let hex = words[2..].join(" ");
            let bytes = hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap());
            fs::write(path, bytes.collect::<Vec<u8>>()).unwrap();
        }
        "repeat" => {
            let text = words[3].replace("\\n", "\n").repeat(words[2].parse().unwrap());
            let mut file = file.create(true).append(true).open(path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
        }
        "size" => {
            let file = file.create(true).append(true).open(path).unwrap();
            file.set_len(words[2].parse().unwrap()).unwrap();
        }
        "link" => symlink(words[2], path).unwrap(),
        "forbid" => fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap(),
        other => panic!("`{other}` sets nothing up"),
    }
}

/// The program; without the powers of a superuser, who may read everything.
fn program(folder: &Path, powers: bool) -> Command {
    let rbp = env!("CARGO_BIN_EXE_rbp");
    if powers || fs::metadata(folder).unwrap().uid() != 0 {
        return Command::new(rbp);
    }
    let mut command = Command::new("setpriv");
    command.args(["--bounding-set=-all", "--inh-caps=-all", rbp]);
    command
}

fn run(folder: &Path, line: &str, powers: bool) -> String {
    let (line, input) = match line.split_once(" < ") {
        Some((line, input)) => (line, Some(folder.join(input))),
        None => (line, None),
    };
    let words = words(line);
    assert_eq!(words[0], "rbp", "only rbp is run: {line}");
    let stdin = input.map_or(Stdio::null(), |path| Stdio::from(fs::File::open(path).unwrap()));
    let output = program(folder, powers)
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
    let (mut told, mut count, mut powers) = (String::new(), 0, true);
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
        if fence == "setup" {
            body.iter().for_each(|line| set_up(folder, line));
            powers &= !body.iter().any(|line| line.starts_with("forbid "));
        }
        if fence.starts_with("console") {
            for command in body.iter().filter_map(|line| line.strip_prefix("$ ")) {
                count += 1;
                told += &format!("$ {command}\n{}", run(folder, command, powers));
            }
        } else if let Some(name) = fence.split(' ').find_map(|word| word.strip_prefix("made:")) {
            told += &fs::read_to_string(folder.join(name)).unwrap();
        } else {
            body.iter().for_each(|line| told += &format!("{line}\n"));
        }
        told += "```\n";
    }
    (told, count)
}

#[test]
fn every_transcript_is_true() {
    let folders =
        [Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/console"), root().join("docs")];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|page| page.extension().is_some_and(|e| e == "md"));
    pages.push(root().join("README.md"));
    if let Some(only) = std::env::var_os("RBP_PAGE") {
        pages.retain(|page| page.file_stem() == Some(&only));
    }
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
