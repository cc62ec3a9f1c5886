//! What only the running program shows: colours, a reader that goes away, watching, and rule sets
//! that are the same byte for byte.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const FAULTY: &str = "dependency db\nfunction pay { owner ops  rto 5min  depends on db }\n";
const CURED: &str =
    "dependency a\ndependency b\nfunction pay { owner ops  rto 5min  depends on 1 of [a, b] }\n";

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("rbp-process-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn rbp(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rbp"));
        command.args(arguments).current_dir(&self.0);
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn colours_go_where_they_are_wanted() {
    let folder = Folder::new("colours");
    folder.write("pay.rbp", FAULTY);
    let coloured = |arguments: &[&str], set: &[(&str, &str)]| {
        let mut command = folder.rbp(&["check"]);
        command.args(arguments).envs(set.iter().copied());
        let Output { stdout, stderr, .. } = command.output().unwrap();
        (stdout.contains(&0x1b), stderr.contains(&0x1b))
    };
    assert_eq!(coloured(&["pay.rbp"], &[]), (false, false), "no terminal, no colours");
    assert_eq!(coloured(&["pay.rbp"], &[("CLICOLOR_FORCE", "1")]), (true, false));
    assert_eq!(coloured(&["none.rbp"], &[("CLICOLOR_FORCE", "1")]), (false, true));
    let both = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    assert_eq!(coloured(&["pay.rbp"], &both), (false, false), "NO_COLOR wins");
    assert_eq!(coloured(&["none.rbp"], &both), (false, false), "NO_COLOR wins");
    assert_eq!(coloured(&["pay.rbp", "--color", "always"], &both), (true, false), "asked for");
    let force = [("CLICOLOR_FORCE", "1")];
    assert_eq!(coloured(&["pay.rbp", "--color", "never"], &force), (false, false));
    assert_eq!(coloured(&["pay.rbp"], &[("NO_COLOR", "")]), (false, false));
    assert_eq!(coloured(&["pay.rbp", "--format", "json"], &force), (false, false), "for machines");
}

#[test]
fn what_authors_write_does_not_steer_the_terminal() {
    let folder = Folder::new("steering");
    folder.write("pay.rbp", "dependency db \"\u{1b}[2J\u{202e}gniward\" { in \u{1b}]0;x\u{7} }\n");
    folder.write("\u{1b}[31m.rbp", "dependency db\n");
    for format in ["human", "short"] {
        let output = folder.rbp(&["check", ".", "--format", format]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("broken-declaration"), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{format}: {text:?}");
    }
    let output = folder.rbp(&["check", "\u{1b}[2J"]).output().unwrap();
    assert!(!output.stderr.contains(&0x1b));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new("reader");
    let mut child =
        folder.rbp(&["explain"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

/// The lines of a stream, as they come.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (send, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// Waits for a line that holds some words.
fn wait_for(lines: &Receiver<String>, words: &str) {
    let start = Instant::now();
    loop {
        let left = Duration::from_secs(60).saturating_sub(start.elapsed());
        let line = lines.recv_timeout(left).unwrap_or_else(|_| panic!("no line has `{words}`"));
        if line.contains(words) {
            return;
        }
    }
}

#[test]
fn watching_tells_each_change_until_it_is_stopped() {
    let folder = Folder::new("watching");
    folder.write("pay/rbp.toml", "[package]\nname = \"pay\"\n");
    folder.write("pay/main.rbp", FAULTY);
    let mut child = folder
        .rbp(&["check", "--watch", "pay/main.rbp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let out = lines(child.stdout.take().unwrap());
    let errors = lines(child.stderr.take().unwrap());
    wait_for(&out, "1 error");
    wait_for(&errors, "watching; interrupt to stop");

    folder.write("pay/main.rbp", CURED);
    wait_for(&out, "nothing found");
    wait_for(&errors, "watching");

    // An editor that writes beside and renames; twice, since the second is a file of its own too.
    for (text, words) in [(FAULTY, "1 error"), (CURED, "nothing found")] {
        folder.write("pay/main.rbp.new", text);
        fs::rename(folder.0.join("pay/main.rbp.new"), folder.0.join("pay/main.rbp")).unwrap();
        wait_for(&out, words);
        wait_for(&errors, "watching");
    }

    // What cannot be read is said, and waited for.
    folder.write("pay/rbp.toml", "[package]\nnome = \"pay\"\n");
    wait_for(&errors, "nothing is called `nome` here");
    wait_for(&errors, "watching");

    // Another package comes into play, and is watched as well.
    folder.write("sites/rbp.toml", "[package]\nname = \"sites\"\n");
    folder.write("sites/main.rbp", "dependency db\n");
    folder.write("pay/main.rbp", &FAULTY.replace("dependency db", "import sites.main.{db}"));
    let manifest = "[package]\nname = \"pay\"\n[dependencies]\nsites = { path = \"../sites\" }\n";
    folder.write("pay/rbp.toml", manifest);
    wait_for(&out, "`db` is declared here");
    wait_for(&errors, "watching");
    folder.write("sites/main.rbp", "dependency gone\n");
    wait_for(&out, "has nothing called `db`");
    wait_for(&out, "checked 1 file");
    wait_for(&errors, "watching");

    // A report written beside the policies changes nothing.
    folder.write("pay/report.txt", "anything");
    let more = out.recv_timeout(Duration::from_millis(500));
    assert!(more.is_err(), "{more:?}");

    // Not as a terminal would, by SIGINT: who starts the tests in the background has that ignored.
    let stopped = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    assert_eq!(child.wait().unwrap().signal(), Some(15));
}

#[test]
fn a_rule_set_is_the_same_byte_for_byte() {
    let folder = Folder::new("bytes");
    let examples =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").canonicalize().unwrap();
    let mut count = 0;
    for entry in fs::read_dir(&examples).unwrap() {
        let example = entry.unwrap().path();
        if !example.is_dir() {
            continue;
        }
        let build = |command: &mut Command| {
            let output = command.args(["--allow-unverified", "--as-of", "2026-11-23"]).output();
            let output = output.unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", example.display());
            output.stdout
        };
        let named = build(folder.rbp(&["build"]).arg(&example));
        // Named another way, from elsewhere, and on one thread.
        let inside = build(
            folder
                .rbp(&["build", "rbp.toml"])
                .current_dir(&example)
                .env("RAYON_NUM_THREADS", "1")
                .env("TZ", "Pacific/Kiritimati"),
        );
        assert!(named == inside, "{}", example.display());
        let text = String::from_utf8(named).unwrap();
        let here = examples.display().to_string();
        assert!(!text.contains(&here), "{} names this machine's folders", example.display());
        count += 1;
    }
    assert!(count > 6, "{count} examples");
}

#[test]
fn what_is_written_to_stays_what_it_is() {
    let folder = Folder::new("places");
    folder.write("pay.rbp", CURED);
    let (pipe, link) = (folder.0.join("pipe"), folder.0.join("link.rbp"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    let build = ["build", "pay.rbp", "--allow-unverified", "-o", "pipe"];
    assert!(folder.rbp(&build).status().unwrap().success());
    assert!(reader.join().unwrap().starts_with('{'));
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo(), "a pipe stays a pipe");

    folder.write("shared/real.rbp", "dependency   a\n");
    std::os::unix::fs::symlink("shared/real.rbp", &link).unwrap();
    assert!(folder.rbp(&["fmt", "link.rbp"]).status().unwrap().success());
    assert_eq!(fs::read_to_string(folder.0.join("shared/real.rbp")).unwrap(), "dependency a\n");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "a link stays a link");
}

#[test]
fn what_is_open_is_not_built_and_never_called_verified() {
    let folder = Folder::new("open");
    folder.write("pay/rbp.toml", "[package]\nname = \"pay\"\n");
    folder.write("pay/main.rbp", FAULTY);
    let refused = folder.rbp(&["build", "pay", "-o", "pay.json"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(!folder.0.join("pay.json").exists());

    let verified = |name: &str| -> bool {
        let text = fs::read_to_string(folder.0.join(name)).unwrap();
        let rules: serde_json::Value = serde_json::from_str(&text).unwrap();
        rules["verified"].as_bool().unwrap()
    };
    let marked =
        folder.rbp(&["build", "pay", "-o", "pay.json", "--allow-unverified"]).output().unwrap();
    assert_eq!(marked.status.code(), Some(0));
    assert!(!verified("pay.json"));

    // A file that is there is not touched by a build that is refused.
    folder.write("kept.json", "kept");
    folder.rbp(&["build", "pay", "-o", "kept.json"]).output().unwrap();
    assert_eq!(fs::read_to_string(folder.0.join("kept.json")).unwrap(), "kept");

    folder.write("pay/main.rbp", CURED);
    let built = folder.rbp(&["build", "pay", "-o", "pay.json"]).output().unwrap();
    assert_eq!(built.status.code(), Some(0), "{}", String::from_utf8_lossy(&built.stderr));
    assert!(verified("pay.json"));
    assert!(fs::read_dir(&folder.0).unwrap().count() == 3, "nothing else is left behind");
}
