//! Every Markdown suite says what is so. `RBP_SUITE=logic` runs those whose path contains `logic`.

#![allow(clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use rbp_tests::markdown::blocks;
use rbp_tests::suite::{Run, run, run_as_windows_saves};

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the suites can be listed");
    for entry in entries {
        let path = entry.expect("the suites can be listed").path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|e| e == "md") {
            found.push(path);
        }
    }
}

/// The suites with their names: those of `suites/`, the incidents, and what the documentation shows. The reference's examples are
/// excerpts, which `cli/tests/reference.rs` reads.
fn suites() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let only = std::env::var("RBP_SUITE").unwrap_or_default();
    let mut found = Vec::new();
    pages(&folder.join("suites"), &mut found);
    pages(&folder.join("incidents"), &mut found);
    pages(&folder.join("../docs"), &mut found);
    // The policy of the page on decisions is decided upon by `decisions.rs`, findings and all.
    found.retain(|path| {
        !path.ends_with("docs/reference.md") && !path.ends_with("docs/decisions.md")
    });
    found.sort();
    let named = found.into_iter().map(|path| {
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        (name, fs::read_to_string(&path).expect("a suite can be read"))
    });
    named.filter(|(name, _)| name.contains(&only)).collect()
}

#[test]
fn every_suite_holds() {
    let mut trouble = String::new();
    for (name, page) in suites() {
        let Run { policies, findings, verdicts, scenarios, trouble: more } = run(&name, &page);
        println!(
            "{name}: {policies} policies, {findings} findings, {verdicts} verdicts, {scenarios} scenarios"
        );
        trouble += &more;
    }
    assert!(trouble.is_empty(), "{trouble}");
}

#[test]
fn every_suite_holds_as_windows_saves_it() {
    let (mut count, mut trouble) = (0, String::new());
    for (name, page) in suites() {
        let (policies, more) = run_as_windows_saves(&name, &page);
        count += policies;
        trouble += &more;
    }
    println!("{count} policies");
    assert!(count > 0 && trouble.is_empty(), "{trouble}");
}

/// What is fenced as a policy or a transcript in the documentation is run: policies here or, with `file:`, by the transcripts after them;
/// transcripts by `cli/tests/console.rs`. What is fenced otherwise shows no command of ours that nobody runs.
#[test]
fn every_block_of_the_documentation_is_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let mut found = Vec::new();
    pages(&folder, &mut found);
    let (mut run, mut trouble) = (0, String::new());
    for path in found {
        let page = fs::read_to_string(&path).expect("a page can be read");
        let reference = path.ends_with("docs/reference.md");
        let blocks = blocks(&page);
        for (number, block) in blocks.iter().enumerate() {
            let file = block.words.iter().any(|word| word.starts_with("file:"));
            let used = blocks[number..].iter().any(|b| b.words == ["console"]);
            let command = block.text.lines().any(|line| line.starts_with("$ rbp"));
            let first = block.words.first().map(String::as_str).unwrap_or_default();
            let is_run = match first {
                "rbp" | "toml" | "csv" if file => used,
                "rbp" | "console" | "obligations" | "scenarios" => true,
                "toml" => reference,
                // The help of every command is made from it.
                "text" => !command || reference,
                _ => !command,
            };
            run += usize::from(["rbp", "console"].contains(&first));
            if !is_run || (first == "console" && block.words.len() > 1) {
                trouble += &format!("{}:{}: nobody runs this\n", path.display(), block.line);
            }
        }
    }
    assert!(run > 40 && trouble.is_empty(), "{run} blocks are run\n{trouble}");
}

/// The harness notices what it must notice.
#[test]
fn a_suite_that_lies_is_caught() {
    let policy = "dependency a : machine // warning: [orphan-dependency] \"rests on `a`\"\n";
    let page = |text: &str| format!("# T\n```rbp\n{text}```\n");
    let right = run("t", &page(policy));
    assert_eq!((right.findings, right.trouble.as_str()), (1, ""));
    let helped = policy.replace('\n', " // help: \"name it where it is needed\"\n");
    assert_eq!(run("t", &page(&helped)).trouble, "");
    for wrong in [
        helped.replace("name it", "drop it"),
        format!("// help: \"name it\"\n{policy}"),
        policy.replace("warning", "error"),
        policy.replace("`a`", "`b`"),
        policy.replace("orphan-dependency", "orphan-backup"),
        policy.replace("dependency a", "\ndependency a").replace(" // ", "\n// "),
        policy.replace(" // warning: [orphan-dependency] \"rests on `a`\"", ""),
    ] {
        assert!(!run("t", &page(&wrong)).trouble.is_empty(), "{wrong}");
    }
    let verdict = |line: &str| {
        let policy = "function f { depends on a }\ndependency a : machine\n";
        run("t", &format!("```rbp only:none\n{policy}```\n```obligations\n{line}\n```\n")).trouble
    };
    assert_eq!(verdict("function-without-owner f/f: refuted"), "");
    assert_eq!(verdict("function-without-dependency f/f: proved"), "");
    assert_eq!(verdict("orphan-backup f/f: not owed"), "");
    assert_ne!(verdict("function-without-owner f/f: proved"), "");
    assert_ne!(verdict("function-without-owner g/f: refuted"), "");
    assert_ne!(verdict("nonsense"), "");
    let played = |line: &str| {
        let policy = "dependency a : machine\nfunction f { depends on a }\n\
            scenario s { lose a  expect f fails }\n";
        run("t", &format!("```rbp only:none\n{policy}```\n```scenarios\n{line}\n```\n")).trouble
    };
    assert_eq!(played("s: passed \"a → f\""), "");
    for wrong in ["s: failed", "s: passed \"b\"", "t: passed", "nonsense", ""] {
        assert_ne!(played(wrong), "", "{wrong}");
    }
    let on = |date: &str| {
        let accept = format!("accept loss of a for f {{ because \"x\" by b until {date} }}\n");
        let policy = "function f { depends on a }\ndependency a : machine\n".to_owned() + &accept;
        let fence = "```rbp only:expired-acceptance as-of:2027-03-01\n";
        run("t", &format!("{fence}{policy}```\n")).trouble.is_empty()
    };
    assert!(on("2027-03-01") && !on("2027-02-28"));
}
