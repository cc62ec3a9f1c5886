//! What became of scenarios, in the format that was asked for.

mod human;
mod json;
mod junit;
mod short;

use clap::ValueEnum;
use rbp_compiler::diagnostic::{Anchor, Places};
use rbp_compiler::scenario::{Judged, Played, Unexercised, Verdict};
use rbp_compiler::session::Session;

use crate::Failure;

/// A format for what became of scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: each scenario with its timeline, and what was expected where it failed
    Human,
    /// A line for each scenario, and one for each expectation that is not met
    Short,
    /// One JSON document
    Json,
    /// JUnit XML, for test reports: a case for each scenario
    Junit,
}

/// What became of scenarios.
pub struct Run<'a> {
    /// Where anchors stand.
    pub session: &'a Session,
    /// The scenarios, in the order of files and declarations.
    pub played: &'a [Played],
    /// Declarations that could not be read and may be scenarios.
    pub unread: &'a [Anchor],
    /// What no scenario exercises, of how many backups; where it was asked for.
    pub coverage: Option<(&'a [Unexercised], usize)>,
    /// The day on which those that name none were judged.
    pub as_of: &'a str,
    /// Whether colours may be used.
    pub color: bool,
    /// Say nothing of those that passed.
    pub quiet: bool,
}

impl Run<'_> {
    /// The path and the line of a place.
    fn place(&self, at: Anchor) -> (String, usize) {
        let text = self.session.text(at.file);
        let start = self.session.bytes(at).start.min(text.len());
        let before = text.get(..start).unwrap_or("");
        (self.session.path(at.file).to_owned(), before.matches('\n').count() + 1)
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.played.iter().filter(|played| played.verdict() == verdict).count()
    }

    /// How many scenarios ended how.
    fn summary(&self) -> String {
        let all = self.played.len();
        let counts = [Verdict::Passed, Verdict::Failed, Verdict::Open].map(|verdict| {
            let count = self.count(verdict);
            (count > 0).then(|| format!("{count} {}", verdict.word()))
        });
        let unread = self.unread.len();
        let unread = (unread > 0).then(|| format!("{unread} that could not be read"));
        let counts: Vec<String> = counts.into_iter().flatten().chain(unread).collect();
        let scenarios = if all == 1 { "scenario" } else { "scenarios" };
        format!("played {all} {scenarios} as of {}: {}", self.as_of, counts.join(", "))
    }
}

/// What a scenario says besides its expectations: that it could not be read.
fn unread(played: &Played) -> Option<&'static str> {
    played
        .scenario
        .is_partial()
        .then_some("something in it could not be read; `rbp check` says what")
}

/// What is said of a declaration that could not be read and may be a scenario.
const UNREAD: &str =
    "this could not be read and may be a scenario, so it was not played; `rbp check` says why";

/// Everything that is to be said of an expectation, as lines: what happens, how it comes about, why.
fn told(judged: &Judged) -> Vec<String> {
    let mut lines = vec![judged.got.clone()];
    if let Some(example) = judged.example.as_ref().filter(|_| judged.verdict == Verdict::Failed) {
        lines.push(format!("for example after losing {}", example.join(" and ")));
    }
    lines.extend(judged.paths.iter().map(|path| path.join(" → ")));
    lines.extend(judged.notes.iter().cloned());
    lines
}

/// How much of the choices was tried, where losses were chosen.
fn tried(judged: &Judged) -> Option<String> {
    let tried = judged.tried?;
    let choices = if tried.of == 1 { "choice" } else { "choices" };
    Some(match tried.tried == tried.of {
        true => format!("all {} {choices} tried", tried.of),
        false => format!("{} of {} {choices} tried", tried.tried, tried.of),
    })
}

/// What of a backup no scenario exercises, in words.
fn missing(one: &Unexercised) -> Vec<String> {
    let mut words = Vec::new();
    if one.idle {
        words.push("is never called on".to_owned());
    }
    if one.unasked {
        words.push("has an activation rule that never has to act".to_owned());
    }
    if !one.silent.is_empty() {
        words.push(format!("is never decided about by {}", one.silent.join(", nor by ")));
    }
    words
}

/// What became of scenarios, as text.
///
/// # Errors
///
/// When a format's library cannot write it.
pub fn render(run: &Run<'_>, format: Format) -> Result<String, Failure> {
    match format {
        Format::Human => Ok(human::render(run)),
        Format::Short => Ok(short::render(run)),
        Format::Json => json::render(run),
        Format::Junit => junit::render(run),
    }
}
