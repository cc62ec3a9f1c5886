//! Suites in Markdown: policies with what must be found written beside it.
//!
//! A block fenced as `rbp` is a policy (or several files, after lines `// file: sites/ams.rbp`). A
//! comment `// error: [slug] "part of the message"` expects a finding whose primary place begins on
//! its line; several are written one after the other. `// help: "part of it"` behind one expects
//! that of its help. Whatever is found must be expected, except that the
//! fence may say `only:slug,slug` (`only:failure-logic` for all that is said of losses). `as-of:2027-01-31` judges it on another day.
//!
//! Files that do not end in `.rbp` are test records, with what is expected of them written the same way.
//!
//! A block fenced as `obligations` holds for the policy before it: lines `slug function/subject: verdict`
//! where the verdict is the worst of `proved`, `accepted`, `unknown`, `refuted`, or `not owed`.
//!
//! A block fenced as `scenarios` names every scenario of the policy before it: lines `name: verdict "part"`,
//! where the part, which may be left out, stands in what is told of its expectations and its timelines.
//!
//! A block with `file:NAME` after the fence belongs to a transcript of the command line and is none of this.

use std::fmt::Write;

use rbp_compiler::db::Day;
use rbp_compiler::diagnostic::{Level, Places};
use rbp_compiler::model::{element, facts};
use rbp_compiler::names::ItemId;
use rbp_compiler::quantity::duration_words;
use rbp_compiler::rules::{Outcome, Verdict};
use rbp_compiler::scenario::{Played, play};

use crate::markdown::{Block, blocks};
use crate::policy::{AS_OF, Policy};

/// The rules that say what losses do.
const FAILURE_LOGIC: &str = "single-point-of-failure,cut-set-within-tolerance,circular-start-up,\
shared-dependency,shared-credential,shared-activation-path,recovery-loop,corruption-propagates,\
single-controller";

/// What happened in a suite.
#[derive(Debug, Default)]
pub struct Run {
    /// Policies checked.
    pub policies: usize,
    /// Findings that were expected and found.
    pub findings: usize,
    /// Verdicts that were stated and held.
    pub verdicts: usize,
    /// Scenarios that ended as stated.
    pub scenarios: usize,
    /// What went wrong, to be read.
    pub trouble: String,
}

/// A finding: where, how grave, which rule, its message and its help or parts of them.
struct Said {
    path: String,
    line: usize,
    level: String,
    slug: String,
    text: String,
    help: String,
}

/// The blocks that are no files of a transcript.
fn suite_blocks(page: &str) -> impl Iterator<Item = Block> {
    blocks(page).into_iter().filter(|block| !block.words.iter().any(|w| w.starts_with("file:")))
}

/// Runs every block of a page.
pub fn run(path: &str, page: &str) -> Run {
    let mut run = Run::default();
    let mut policy: Option<Policy> = None;
    for block in suite_blocks(page) {
        let trouble = match block.words.first().map(String::as_str) {
            Some("rbp") => {
                let checked = Policy::check_on(&block.text, as_of(&block));
                let trouble = findings(&block, &checked, &mut run);
                policy = Some(checked);
                trouble
            }
            Some("obligations") => obligations(&block, policy.as_ref(), &mut run),
            Some("scenarios") => scenarios(&block, policy.as_ref(), &mut run),
            _ => continue,
        };
        if !trouble.is_empty() {
            let heading = block.headings.join(" / ");
            let _ = write!(run.trouble, "\n== {path}:{} {heading}\n{trouble}", block.line);
            if let Some(policy) = &policy {
                let _ =
                    write!(run.trouble, "--- policy\n{}--- found\n{}", block.text, policy.report());
            }
        }
    }
    run
}

fn word<'a>(block: &'a Block, start: &str) -> Option<&'a str> {
    block.words.iter().find_map(|word| word.strip_prefix(start))
}

/// The day on which a block is judged.
pub fn as_of(block: &Block) -> Day {
    word(block, "as-of:").and_then(day).unwrap_or(AS_OF)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
fn day(date: &str) -> Option<Day> {
    let parts: Option<Vec<i32>> = date.split('-').map(|part| part.parse().ok()).collect();
    let [year, month, day] = parts?[..] else { return None };
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some(Day(days - 719_468))
}

fn findings(block: &Block, policy: &Policy, run: &mut Run) -> String {
    run.policies += 1;
    let only = word(block, "only:").map(|words| match words {
        "failure-logic" => FAILURE_LOGIC,
        slugs => slugs,
    });
    let only: Option<Vec<&str>> = only.map(|slugs| slugs.split(',').collect());
    let concerns = |slug: &str| only.as_ref().is_none_or(|only| only.contains(&slug));
    let mut expected = expected(&block.text);
    let mut trouble = String::new();
    for said in expected.iter().filter(|said| !concerns(&said.slug)) {
        let _ = writeln!(trouble, "expects {} and restricts itself to others", said.slug);
    }
    for d in policy.diagnostics().filter(|d| concerns(d.rule.slug)) {
        let said = Said {
            path: policy.session.path(d.primary.at.file).to_owned(),
            line: policy.line(d.primary.at),
            level: Level::word(d.level).to_owned(),
            slug: d.rule.slug.to_owned(),
            text: d.message.clone(),
            help: d.help.clone().unwrap_or_default(),
        };
        let meant = |e: &Said| {
            (&e.path, e.line, &e.level, &e.slug) == (&said.path, said.line, &said.level, &said.slug)
                && said.text.contains(&e.text)
                && said.help.contains(&e.help)
        };
        match expected.iter().position(meant) {
            Some(at) => {
                expected.remove(at);
                run.findings += 1;
            }
            None => trouble += &line("not expected", &said),
        }
    }
    expected.iter().for_each(|said| trouble += &line("not found", said));
    trouble
}

fn line(what: &str, said: &Said) -> String {
    let Said { path, line, level, slug, text, help } = said;
    format!("{what}: {path}:{line} {level}: [{slug}] {text:?} help: {help:?}\n")
}

/// The comments that expect something.
fn expected(text: &str) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    let (mut path, mut number) = ("main.rbp".to_owned(), 0);
    for line in text.lines() {
        if let Some(file) = line.strip_prefix("// file: ") {
            (path, number) = (file.trim().to_owned(), 0);
            continue;
        }
        number += 1;
        for comment in line.split("// ").skip(1) {
            if let Some(help) = comment.strip_prefix("help: ") {
                match all.last_mut().filter(|said| said.line == number && said.path == path) {
                    Some(said) => said.help = quoted(help),
                    // The help of no finding is never found.
                    None => all.push(Said::of(&path, number, "help", "", help)),
                }
                continue;
            }
            let Some((level, rest)) = comment.split_once(": [") else { continue };
            let Some((slug, rest)) = rest.split_once(']') else { continue };
            all.push(Said::of(&path, number, level, slug, rest));
        }
    }
    all
}

impl Said {
    fn of(path: &str, line: usize, level: &str, slug: &str, rest: &str) -> Said {
        let (path, level, slug) = (path.to_owned(), level.to_owned(), slug.to_owned());
        Said { path, line, level, slug, text: quoted(rest), help: String::new() }
    }
}

/// What stands between the outer quotes.
fn quoted(text: &str) -> String {
    let inner = text.split_once('"').and_then(|(_, rest)| Some(rest.rsplit_once('"')?.0));
    inner.unwrap_or_default().to_owned()
}

/// Whether every policy of a page is told the same with a byte order mark and the line ends of
/// Windows; returns how many there are, and what is told otherwise.
pub fn run_as_windows_saves(path: &str, page: &str) -> (usize, String) {
    let (mut count, mut trouble) = (0, String::new());
    for block in suite_blocks(page).filter(|b| b.words.first().is_some_and(|w| w == "rbp")) {
        count += 1;
        let plain = Policy::check_on(&block.text, as_of(&block));
        let saved = Policy::check_changed(&block.text, as_of(&block), |text| {
            format!("\u{feff}{}", text.replace('\n', "\r\n"))
        });
        if plain.report() != saved.report() {
            let (plain, saved) = (plain.report(), saved.report());
            let _ = write!(trouble, "\n== {path}:{}\n{plain}--- saved\n{saved}", block.line);
        }
    }
    (count, trouble)
}

fn obligations(block: &Block, policy: Option<&Policy>, run: &mut Run) -> String {
    let Some(policy) = policy else { return "stands before any policy\n".into() };
    let mut trouble = String::new();
    for line in block.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let parsed = line.split_once(' ').and_then(|(slug, rest)| {
            let (what, verdict) = rest.split_once(": ")?;
            let (function, subject) = what.split_once('/')?;
            Some((slug, function.trim(), subject.trim(), verdict.trim()))
        });
        let Some((slug, function, subject, wanted)) = parsed else {
            let _ = writeln!(trouble, "cannot be read: {line}");
            continue;
        };
        let found = verdict(policy, slug, function, subject);
        if found == wanted {
            run.verdicts += 1;
        } else {
            let _ = writeln!(trouble, "{slug} {function}/{subject}: {wanted}, and it is {found}");
        }
    }
    trouble
}

/// Every scenario is named once, and ends as stated.
fn scenarios(block: &Block, policy: Option<&Policy>, run: &mut Run) -> String {
    let Some(policy) = policy else { return "stands before any policy\n".into() };
    let db = policy.session.db();
    let all = policy.session.sources().into_iter().flat_map(|at| facts(db, at).scenarios.clone());
    let mut all: Vec<Played> = all.map(|scenario| play(db, &scenario)).collect();
    let mut trouble = String::new();
    for line in block.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some((name, rest)) = line.split_once(": ") else {
            let _ = writeln!(trouble, "cannot be read: {line}");
            continue;
        };
        let Some(at) = all.iter().position(|played| played.scenario.name() == name) else {
            let _ = writeln!(trouble, "no scenario is left that is called {name}");
            continue;
        };
        let played = all.remove(at);
        let (verdict, told) = (played.verdict().word(), told(&played));
        let wanted = rest.split(' ').next().unwrap_or_default();
        if verdict == wanted && told.contains(&quoted(rest)) {
            run.scenarios += 1;
        } else {
            let _ = writeln!(trouble, "{line}\n  it is {verdict}:\n{told}");
        }
    }
    for played in all {
        let _ = writeln!(trouble, "the scenario {} is not named", played.scenario.name());
    }
    trouble
}

/// What is told of a scenario, a fact a line.
fn told(played: &Played) -> String {
    let mut told = String::new();
    for timeline in &played.timelines {
        let _ = writeln!(told, "lost {}", timeline.lost.join(", "));
        for account in &timeline.accounts {
            for moment in &account.moments {
                let time = moment.ms.map_or("never".to_owned(), duration_words);
                let (word, words) = (moment.activity.word(), &moment.words);
                let rests = moment.rests_on.join(", ");
                let _ = writeln!(told, "{}: {word} {time}: {words} [{rests}]", account.backup);
            }
        }
        let serving = timeline.serving.map_or("never".to_owned(), duration_words);
        let _ = writeln!(told, "{} serves {serving}", timeline.function);
    }
    for judged in &played.expectations {
        let _ = writeln!(told, "{} {}: {}", judged.verdict.word(), judged.words, judged.got);
        if let Some(example) = &judged.example {
            let _ = writeln!(told, "after {}", example.join(" and "));
        }
        if let Some(tried) = judged.tried {
            let _ = writeln!(told, "{} of {} tried", tried.tried, tried.of);
        }
        for path in &judged.paths {
            let _ = writeln!(told, "{}", path.join(" → "));
        }
        judged.notes.iter().for_each(|note| {
            let _ = writeln!(told, "{note}");
        });
    }
    told
}

fn verdict(policy: &Policy, slug: &str, function: &str, subject: &str) -> &'static str {
    let name =
        |id: ItemId| element(policy.session.db(), id).map_or(String::new(), |e| e.name().into());
    let concerns = |o: &&Outcome| {
        let functions = || o.functions.iter().any(|f| name(*f) == function);
        o.rule.slug == slug && name(o.subject) == subject && (o.functions.is_empty() || functions())
    };
    let rank = |verdict: Verdict| match verdict {
        Verdict::Proved => 0,
        Verdict::Accepted(_) => 1,
        Verdict::Unknown => 2,
        Verdict::Refuted => 3,
    };
    let owed = policy.checked.iter().flat_map(|(_, checked)| checked.obligations.iter());
    let worst = owed.filter(concerns).map(|o| o.verdict).max_by_key(|verdict| rank(*verdict));
    worst.map_or("not owed", Verdict::word)
}
