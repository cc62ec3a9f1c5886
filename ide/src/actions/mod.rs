//! What can be done about a finding.
//!
//! A change that only mends the text (a misspelt word, a missing import, a clause said twice) is a *fix*, and
//! may be made for a whole file at once. One that says something about the world (a test, an owner, a risk
//! that is accepted) is a *proposal*: its words are the author's to fill in, so it is never made unasked.

mod acceptance;
mod additions;
mod alternatives;
mod places;
mod removals;

use std::ops::Range;

use rbp_compiler::db::Db;
use rbp_compiler::diagnostic::{Diagnostic, FileId};
use rbp_compiler::names::{Space, homes};

use crate::imports::import;
use crate::source::{Place, Source, place};

/// Replaces the bytes of a place by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is replaced.
    pub at: Place,
    /// The new text.
    pub text: String,
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// It in words.
    pub title: String,
    /// It mends the text and claims nothing: it may be done for a whole file at once.
    pub safe: bool,
    /// What it changes.
    pub changes: Vec<Change>,
}

impl Action {
    fn fix(title: impl Into<String>, changes: Vec<Change>) -> Action {
        Action { title: title.into(), safe: true, changes }
    }

    fn proposal(title: impl Into<String>, changes: Vec<Change>) -> Action {
        Action { title: title.into(), safe: false, changes }
    }
}

/// What can be done about a finding, what mends it best first.
pub fn actions(db: &dyn Db, finding: &Diagnostic) -> Vec<Action> {
    let Some(source) = Source::of(db, finding.primary.at.file) else { return Vec::new() };
    if source.is_read_only() {
        return Vec::new();
    }
    let mut actions: Vec<Action> = Vec::new();
    actions.extend(own(db, finding));
    actions.extend(imports(&source, finding));
    actions.extend(removals::actions(&source, finding));
    actions.extend(additions::actions(&source, finding));
    actions.extend(alternatives::actions(&source, finding));
    actions.extend(acceptance::actions(&source, finding));
    actions
}

/// Every safe change to a file, none over another. `findings` are those of the file.
pub fn fix_all(db: &dyn Db, id: FileId, findings: &[&Diagnostic]) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.primary.at.file == id) {
        let Some(action) = actions(db, finding).into_iter().find(|action| action.safe) else {
            continue;
        };
        let free = |change: &Change| {
            let of = &change.at.bytes;
            all.iter().all(|other| {
                let is = &other.at.bytes;
                of.end < is.start || is.end < of.start
            })
        };
        if action.changes.iter().all(|change| change.at.file == id && free(change)) {
            all.extend(action.changes);
        }
    }
    all.sort_by(|a, b| a.at.cmp(&b.at));
    all
}

/// Whether a finding touches a run of bytes of a file.
pub fn touches(db: &dyn Db, finding: &Diagnostic, id: FileId, bytes: &Range<usize>) -> bool {
    finding.primary.at.file == id
        && place(db, finding.primary.at)
            .is_some_and(|at| at.bytes.start <= bytes.end && bytes.start <= at.bytes.end)
}

/// The cure that the finding itself brings.
fn own(db: &dyn Db, finding: &Diagnostic) -> Option<Action> {
    let changes: Vec<Change> = finding
        .edits
        .iter()
        .filter_map(|edit| Some(Change { at: place(db, edit.at)?, text: edit.text.clone() }))
        .collect();
    let first = changes.first()?;
    let added = first.text.trim().to_owned();
    Some(match first.at.bytes.is_empty() {
        true => {
            let changes = finding.edits.iter().filter_map(|edit| {
                let source = Source::of(db, edit.at.file)?;
                places::clause(&source, edit.at.item, edit.text.trim())
            });
            Action::proposal(format!("Add `{added}`"), changes.collect())
        }
        false => Action::fix(format!("Write `{added}`"), changes),
    })
}

/// An import of a name that another module has.
fn imports(source: &Source<'_>, finding: &Diagnostic) -> Vec<Action> {
    if finding.rule.slug != "unknown-name" {
        return Vec::new();
    }
    let Some(at) = place(source.db, finding.primary.at) else { return Vec::new() };
    let written = source.text.get(at.bytes).unwrap_or("");
    let unit = written.trim_start_matches(|c: char| !c.is_alphabetic());
    let mut actions: Vec<Action> = Vec::new();
    for space in Space::ALL {
        let name = if space == Space::Unit { unit } else { written };
        for home in homes(source.db, source.at, space, name) {
            let title = format!("Import `{name}` from `{home}`");
            if let Some(change) = import(source, &home, name)
                && !actions.iter().any(|action| action.title == title)
            {
                actions.push(Action::fix(title, vec![change]));
            }
        }
    }
    // Where several modules have it, the author chooses.
    if actions.len() > 1 {
        actions.iter_mut().for_each(|action| action.safe = false);
    }
    actions
}
