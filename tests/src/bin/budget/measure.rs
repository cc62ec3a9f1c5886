//! The measurements.

use std::hint::black_box;
use std::time::Duration;

use rbp_compiler::diagnostic::{FileId, Places};
use rbp_compiler::emit::rule_set;
use rbp_compiler::session::Session;
use rbp_ruleset::LossSort;
use rbp_ruleset::decide::{Decider, Facts, Lost};
use rbp_tests::edits::Edit;
use rbp_tests::generate::{Shape, generate, session};
use rbp_tests::policy::AS_OF;
use rbp_tests::random::Random;
use rbp_tests::templated::shared;

use crate::clock::Clock;
use crate::table::{Amount, Table};

/// The sizes of the workspaces: files and declarations in each.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    workspace: (usize, usize),
    large: (usize, usize),
    one_file: usize,
    back_ends: (usize, usize),
    fragile: usize,
}

/// What the budgets speak of.
pub const FULL: Scale = Scale {
    workspace: (1_000, 100),
    large: (10_000, 100),
    one_file: 10_000,
    back_ends: (70, 100),
    fragile: 20_000,
};

/// Enough to see that everything runs.
pub const SMALL: Scale =
    Scale { workspace: (20, 50), large: (40, 50), one_file: 300, back_ends: (4, 50), fragile: 100 };

type Files = Vec<(String, String)>;

fn made((files, declarations): (usize, usize), seed: u64) -> Files {
    generate(Shape { files, declarations, seed })
}

fn ms(ms: u64) -> Option<Amount> {
    Some(Amount::Time(Duration::from_millis(ms)))
}

fn us(us: u64) -> Option<Amount> {
    Some(Amount::Time(Duration::from_micros(us)))
}

/// The time of one cold check: a new session, every file, every finding.
fn check(files: &Files) -> (Duration, Session) {
    let start = Clock::start();
    let (session, _) = session(files, AS_OF);
    black_box(session.check_all());
    (start.elapsed(), session)
}

fn times(runs: usize, mut run: impl FnMut() -> Duration) -> Times {
    let mut times: Vec<Duration> = (0..runs).map(|_| run()).collect();
    times.sort();
    Times(times)
}

struct Times(Vec<Duration>);

impl Times {
    fn at(&self, share: f64) -> Amount {
        let last = self.0.len().saturating_sub(1);
        let place = (last as f64 * share).round() as usize;
        Amount::Time(self.0.get(place).copied().unwrap_or_default())
    }

    fn median(&self) -> Amount {
        self.at(0.5)
    }
}

/// Parsing alone, on one core.
pub fn parse(table: &mut Table, scale: Scale, seed: u64, runs: usize) {
    let what = "parse, one core";
    if !table.wants(&[what]) {
        return;
    }
    let files = made(scale.workspace, seed);
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let times = times(runs, || {
        let start = Clock::start();
        for (_, text) in &files {
            black_box(rbp_grammar::parse(text));
        }
        start.elapsed()
    });
    if let Amount::Time(time) = times.median() {
        let speed = bytes as f64 / 1e6 / time.as_secs_f64();
        table.row(what, Some(Amount::Speed(60.0)), Amount::Speed(speed));
    }
}

/// The workspace of the budget, from nothing.
pub fn cold(table: &mut Table, scale: Scale, seed: u64, runs: usize) {
    let what = named("cold check", scale.workspace);
    if !table.wants(&[&what]) {
        return;
    }
    let files = made(scale.workspace, seed);
    table.row(&what, ms(700), times(runs, || check(&files).0).median());
}

/// One function that falls with each of very many elements, from nothing.
pub fn fragile(table: &mut Table, scale: Scale, runs: usize) {
    let what = format!("cold check of a function with {} single points of failure", scale.fragile);
    if !table.wants(&[&what]) {
        return;
    }
    let names: Vec<String> = (0..scale.fragile).map(|at| format!("part-{at}")).collect();
    let mut text: String = names.iter().map(|name| format!("dependency {name}\n")).collect();
    text += &format!("function all {{ rto 1h  depends on {} }}\n", names.join(", "));
    let files = vec![("fragile.rbp".to_owned(), text)];
    table.row(&what, None, times(runs, || check(&files).0).median());
}

/// The same workspace by hand and with templates, three packs of policies applied to both.
pub fn templates(table: &mut Table, scale: Scale, seed: u64, runs: usize, edits: usize) {
    let by_hand = named("cold check, three packs, by hand,", scale.workspace);
    let what = named("cold check, three packs, templates,", scale.workspace);
    let edit = named("an edit, three packs, templates,", scale.workspace);
    if !table.wants(&[&by_hand, &what, &edit]) {
        return;
    }
    let files = made(scale.workspace, seed);
    let (mut shared, uses) = shared(&files);
    let mut plain = files;
    for files in [&mut plain, &mut shared] {
        files.push(("rules.rbp".into(), PACKS.into()));
    }
    eprintln!("{uses} uses of templates");
    let hand = times(runs, || check(&plain).0).median();
    table.row(&by_hand, None, hand);
    let Amount::Time(time) = hand else { return };
    let used = times(runs, || check(&shared).0).median();
    table.row(&what, Some(Amount::Time(2 * time)), used);
    let (mut session, ids) = session(&shared, AS_OF);
    session.check_all();
    let (file, all) = type_in(&mut session, &ids[..ids.len() - 2], seed, edits);
    rows_of_edits(table, &edit, &file, &all);
}

/// What applies three packs of the standard library to a workspace.
const PACKS: &str =
    "apply std.packs.n-minus-one\napply std.packs.three-two-one\napply std.packs.nist-800-53\n";

/// The large workspace from nothing, and the memory that it takes.
pub fn large(table: &mut Table, scale: Scale, seed: u64, runs: usize) {
    let what = named("cold check", scale.large);
    let memory = format!("{what}, memory");
    if !table.wants(&[&memory]) {
        return;
    }
    let files = made(scale.large, seed);
    let before = memory_now();
    let (first, session) = check(&files);
    let peak = peak_memory().saturating_sub(before);
    drop(session);
    let mut first = Some(first);
    let times = times(runs, || first.take().unwrap_or_else(|| check(&files).0));
    table.row(&what, ms(6_000), times.median());
    table.row(&memory, Some(Amount::Memory(2 << 30)), Amount::Memory(peak));
}

/// Every target and the report, from the rule set on.
pub fn back_ends(table: &mut Table, scale: Scale, seed: u64, runs: usize) {
    let what = "back ends";
    if !table.wants(&[what]) {
        return;
    }
    let (session, ids) = session(&made(scale.back_ends, seed), AS_OF);
    let package = ids.first().map_or(0, |id| session.package(*id));
    let rules = rule_set(session.db(), package);
    let what = format!("{what}, {} functions", rules.functions.len());
    let all = times(runs, || {
        let start = Clock::start();
        for target in rbp_backends::TARGETS {
            let _ = black_box(target.files(&rules));
        }
        start.elapsed()
    });
    table.row(&format!("{what}: every target"), ms(3_000), all.median());
    let report = times(runs, || {
        let start = Clock::start();
        black_box(rbp_backends::report(&rules));
        start.elapsed()
    });
    table.row(&format!("{what}: report"), ms(2_000), report.median());
    let size = rbp_backends::report(&rules).len() as u64;
    table.row(
        &format!("{what}: size of the report"),
        Some(Amount::Memory(5_000_000)),
        Amount::Memory(size),
    );
}

/// Single decisions in the process: after a loss, on every function; and whether one backup may be activated.
pub fn decisions(table: &mut Table, scale: Scale, seed: u64, runs: usize) {
    let what = "decide";
    if !table.wants(&[what]) {
        return;
    }
    let (session, ids) = session(&made(scale.back_ends, seed), AS_OF);
    let package = ids.first().map_or(0, |id| session.package(*id));
    let rules = rule_set(session.db(), package);
    let Ok(decider) = Decider::new(&rules) else { return };
    let mut random = Random::new(seed);
    let mut lost = || {
        let of = rules.elements.get(random.below(rules.elements.len().max(1)))?;
        Some(Lost { element: of.id.clone(), sort: LossSort::Lost, since: None })
    };
    let facts =
        Facts { now: "2026-11-23T12:00:00Z".into(), allow_unverified: true, ..Facts::default() };
    let decided = |facts: &Facts| {
        let start = Clock::start();
        let _ = black_box(decider.decide(black_box(facts)));
        start.elapsed()
    };
    let what = format!("decide, {} functions", rules.functions.len());
    let after = |lost: Option<Lost>| Facts { losses: lost.into_iter().collect(), ..facts.clone() };
    let all = times(500 * runs, || decided(&after(lost())));
    table.row(&format!("{what}: after a loss, median"), us(50), all.median());
    table.row(&format!("{what}: after a loss, 99 of 100"), None, all.at(0.99));
    let asked = |number: usize| {
        let backup = rules.backups.get(number % rules.backups.len().max(1));
        let losses = backup.and_then(|b| b.primary.clone()).map(|element| Lost {
            element,
            sort: LossSort::Lost,
            since: None,
        });
        let by = backup.and_then(|b| b.activation.as_ref()?.by.first());
        Facts {
            losses: losses.into_iter().collect(),
            actor: by.and_then(|step| step.who.of.first().cloned()),
            backups: backup.map(|b| b.id.clone()).into_iter().collect(),
            functions: backup.map(|b| b.protects.clone()).unwrap_or_default(),
            ..facts.clone()
        }
    };
    let mut number = 0;
    let all = times(500 * runs, || {
        number += 1;
        decided(&asked(number))
    });
    table.row(&format!("{what}: may one backup be activated, median"), us(50), all.median());
    table.row(&format!("{what}: may one backup be activated, 99 of 100"), None, all.at(0.99));
}

/// Edits of every sort at random places of the workspace.
pub fn edits(table: &mut Table, scale: Scale, seed: u64, edits: usize) {
    let what = named("an edit", scale.workspace);
    if !table.wants(&[&what]) {
        return;
    }
    let (mut session, ids) = session(&made(scale.workspace, seed), AS_OF);
    session.check_all();
    let (file, all) = type_in(&mut session, &ids, seed, edits);
    rows_of_edits(table, &what, &file, &all);
}

fn rows_of_edits(table: &mut Table, what: &str, file: &Times, all: &Times) {
    table.row(&format!("{what}: the file, median"), ms(1), file.median());
    table.row(&format!("{what}: the file, 99 of 100"), None, file.at(0.99));
    table.row(&format!("{what}: every file, median"), ms(5), all.median());
    table.row(&format!("{what}: every file, 99 of 100"), ms(15), all.at(0.99));
}

/// The same in one file with everything.
pub fn edits_in_one_file(table: &mut Table, scale: Scale, seed: u64, edits: usize) {
    let what = named("an edit", (1, scale.one_file));
    if !table.wants(&[&what]) {
        return;
    }
    let (mut session, ids) = session(&made((1, scale.one_file), seed), AS_OF);
    session.check_all();
    let (file, _) = type_in(&mut session, &ids, seed, edits);
    table.row(&format!("{what}, median"), ms(5), file.median());
    table.row(&format!("{what}, 99 of 100"), None, file.at(0.99));
}

/// So many files are open in an editor.
const OPEN: usize = 8;

/// Makes edits in open files and takes each back, which is an edit as well. Returns, sorted, how long it took
/// until the findings of the edited file were there, and until those of every file were.
fn type_in(session: &mut Session, ids: &[FileId], seed: u64, edits: usize) -> (Times, Times) {
    let mut random = Random::new(seed);
    // An editor opens a file before anybody types in it, and somebody who works has a few open.
    let open: Vec<FileId> =
        (0..OPEN.min(ids.len())).map(|_| ids[random.below(ids.len())]).collect();
    open.iter().for_each(|id| session.open(*id));
    session.check_all();
    let (mut file, mut all) = (Vec::new(), Vec::new());
    for number in 0..edits.div_ceil(2) {
        let id = open[random.below(open.len())];
        let old = session.text(id).to_owned();
        let new = Edit::ALL[number % Edit::ALL.len()].apply(&old, &mut random);
        for text in [new, old] {
            let start = Clock::start();
            session.edit(id, text.into());
            black_box(session.check(id));
            file.push(start.elapsed());
            black_box(session.check_all());
            all.push(start.elapsed());
        }
    }
    file.sort();
    all.sort();
    (Times(file), Times(all))
}

fn named(what: &str, (files, declarations): (usize, usize)) -> String {
    match files {
        1 => format!("{what} in one file of {declarations}"),
        _ => format!("{what} in {files} files × {declarations}"),
    }
}

/// The most memory that this process has held so far.
fn peak_memory() -> u64 {
    status("VmHWM:")
}

/// The memory that this process holds.
fn memory_now() -> u64 {
    status("VmRSS:")
}

/// A line of what Linux says of this process, in bytes; 0 elsewhere.
fn status(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|l| l.strip_prefix(line));
    let kib = found.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
