//! `rbp check`.

use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;

use notify::{RecursiveMode, Watcher};
use rbp_compiler::db::Day;
use rbp_compiler::diagnostic::{Level, Places};
use rbp_compiler::model::day_words;

use super::{as_of, open};
use crate::args::Check;
use crate::render::{Format, Lines, Report, matrix, render};
use crate::terminal::Terminal;
use crate::{Done, Failure};

/// How long files must be quiet before they are checked again.
const QUIET: Duration = Duration::from_millis(100);

pub fn run(args: &Check, terminal: &Terminal) -> Result<Done, Failure> {
    let as_of = as_of(args.as_of.as_deref())?;
    if args.watch {
        return watch(args, as_of, terminal);
    }
    once(args, as_of, terminal)
}

fn once(args: &Check, as_of: Day, terminal: &Terminal) -> Result<Done, Failure> {
    let (session, loaded, _) = open(&args.paths, as_of)?;
    let mut checked = session.check_all();
    checked.retain(|(id, _)| loaded.asked.contains(session.path(*id)));
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
    Ok(if wrong { Done::Findings } else { Done::Clean })
}

/// Checks again whenever something changes, until interrupted. What cannot be read is said and
/// waited for.
fn watch(args: &Check, as_of: Day, terminal: &Terminal) -> Result<Done, Failure> {
    let trouble = |error: notify::Error| Failure::new(format!("cannot watch files: {error}"));
    let (changes, changed) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = changes.send(());
        }
    })
    .map_err(trouble)?;
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
    for path in paths {
        watcher.watch(path, RecursiveMode::Recursive).map_err(trouble)?;
    }
    loop {
        if let Err(failure) = once(args, as_of, terminal) {
            terminal.failure(&failure);
        }
        terminal.note("watching; interrupt to stop");
        if changed.recv().is_err() {
            return Ok(Done::Clean);
        }
        while changed.recv_timeout(QUIET).is_ok() {}
    }
}
