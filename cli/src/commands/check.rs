//! `rbp check`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use notify::{RecursiveMode, Watcher};
use rbp_compiler::check::Checked;
use rbp_compiler::diagnostic::{FileId, Level, Places};
use rbp_compiler::model::day_words;

use super::{as_of, open};
use crate::args::Check;
use crate::baseline::Baseline;
use crate::files::{self, STDIN};
use crate::manifest;
use crate::packages::lock;
use crate::render::{Format, Lines, Report, matrix, render};
use crate::terminal::Terminal;
use crate::{Done, Failure};

/// How long files must be quiet before they are checked again.
const QUIET: Duration = Duration::from_millis(100);

pub fn run(args: &Check, terminal: &Terminal) -> Result<Done, Failure> {
    if args.watch {
        return watch(args, terminal);
    }
    once(args, terminal).map(|(done, _)| done)
}

/// Checks, and tells which folders were read.
fn once(args: &Check, terminal: &Terminal) -> Result<(Done, Vec<PathBuf>), Failure> {
    let as_of = as_of(args.as_of.as_deref())?;
    let (session, loaded, _) = open(&args.paths, as_of)?;
    if args.locked {
        loaded.must_be_locked()?;
    }
    let mut checked = session.check_all();
    checked.retain(|(id, _)| loaded.asked.contains(session.path(*id)));
    if let Some(path) = &args.baseline {
        if args.record {
            let before = path.exists().then(|| Baseline::read(path)).transpose()?;
            let baseline = Baseline::of(&session, &checked, path, before);
            baseline.write(path)?;
            terminal.note(&format!("wrote {}: {} known", path.display(), baseline.len()));
        }
        hold(&session, &mut checked, path, terminal)?;
    }
    let day = day_words(as_of);
    let report = Report {
        places: &session,
        checked: &checked,
        as_of: &day,
        color: terminal.color,
        lines: Lines::default(),
    };
    let mut text = render(&report, args.format)?;
    if args.obligations {
        if args.format != Format::Human {
            return Err(Failure::new("--obligations is for people").help("leave out --format"));
        }
        text.insert_str(0, &(matrix(&session, &report) + "\n"));
    }
    if !(terminal.quiet && report.diagnostics().next().is_none() && args.format == Format::Human) {
        terminal.print(&text)?;
    }
    let wrong = report.diagnostics().any(|d| d.level != Level::Hint);
    Ok((if wrong { Done::Findings } else { Done::Clean }, loaded.folders))
}

/// Takes what a baseline knows out of the findings, and says how much that is.
fn hold(
    places: &dyn Places,
    checked: &mut [(FileId, Arc<Checked>)],
    path: &Path,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let held = Baseline::read(path)?.hold(places, checked, path);
    if held.known > 0 {
        terminal.note(&format!("{} known from {} and not counted", held.known, path.display()));
    }
    for mended in &held.mended {
        terminal.note(&format!("no longer found: {mended}"));
    }
    if !held.mended.is_empty() {
        terminal.note("`--record` takes what is no longer found out of the baseline");
    }
    Ok(())
}

/// Checks again whenever a policy or a manifest changes, until interrupted. What cannot be read is
/// said and waited for.
fn watch(args: &Check, terminal: &Terminal) -> Result<Done, Failure> {
    if args.paths.iter().any(|path| path.as_os_str() == STDIN) {
        return Err(
            Failure::new("standard input cannot be watched").help("name a file or a folder")
        );
    }
    let trouble = |error: notify::Error| Failure::new(format!("cannot watch files: {error}"));
    let (changes, changed) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| matters(&event)) {
            let _ = changes.send(());
        }
    })
    .map_err(trouble)?;
    // Folders are watched, not files: an editor may put a new file in the place of the old one.
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
    let mut folders: Vec<PathBuf> = paths.iter().map(|path| folder_of(path).to_owned()).collect();
    let mut watched = HashSet::new();
    loop {
        let read = once(args, terminal);
        match read {
            Ok((_, more)) => folders.extend(more),
            Err(failure) => terminal.failure(&failure),
        }
        for folder in folders.drain(..) {
            if !watched.contains(&folder) {
                watcher.watch(&folder, RecursiveMode::Recursive).map_err(trouble)?;
                watched.insert(folder);
            }
        }
        terminal.note("watching; interrupt to stop");
        if changed.recv().is_err() {
            return Ok(Done::Clean);
        }
        while changed.recv_timeout(QUIET).is_ok() {}
    }
}

/// Whether a change may change the findings: one of a policy, a manifest, test records, or a folder. A report that
/// is written beside the policies is none.
fn matters(event: &notify::Event) -> bool {
    let one = |path: &PathBuf| {
        let policy = path.extension().is_some_and(|extension| extension == "rbp");
        let manifest =
            path.file_name().is_some_and(|name| name == manifest::NAME || name == lock::NAME);
        // A folder may be gone already.
        policy
            || manifest
            || files::may_hold_records(path)
            || (path.extension().is_none() && !path.is_file())
    };
    !event.kind.is_access() && event.paths.iter().any(one)
}

fn folder_of(path: &Path) -> &Path {
    if path.is_dir() { path } else { files::parent(path) }
}
