//! What was found, in the format that was asked for. Each format escapes what authors wrote in its
//! own way.

mod code;
mod human;
mod json;
mod junit;
mod obligations;
mod sarif;
pub mod scenarios;
mod short;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use clap::ValueEnum;
use rbp_compiler::check::Checked;
use rbp_compiler::diagnostic::{Anchor, Diagnostic, FileId, Level, Places};

pub use obligations::matrix;

use crate::Failure;

/// A format for findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: the text, the places, the way a loss travels, the cure
    Human,
    /// A line for each finding
    Short,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports: a case for each obligation
    Junit,
    /// Workflow commands, for annotations on GitHub
    Github,
    /// Code Quality JSON, for merge requests on GitLab
    Gitlab,
}

/// What was found in a run.
pub struct Report<'a> {
    /// Where anchors stand.
    pub places: &'a dyn Places,
    /// The findings by file.
    pub checked: &'a [(FileId, Arc<Checked>)],
    /// The day on which everything was judged.
    pub as_of: &'a str,
    /// Whether colours may be used.
    pub color: bool,
    /// Per file the bytes at which its lines begin; filled as they are asked for.
    pub lines: Lines,
}

/// The bytes at which the lines of each file begin.
pub type Lines = RefCell<HashMap<FileId, Rc<[usize]>>>;

impl Report<'_> {
    /// Every finding.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.checked.iter().flat_map(|(_, checked)| checked.findings())
    }

    /// How many findings have a level.
    pub fn count(&self, level: Level) -> usize {
        self.diagnostics().filter(|d| d.level == level).count()
    }

    /// Where a place begins and ends.
    pub fn span(&self, at: Anchor) -> Span {
        let text = self.places.text(at.file);
        let bytes = clamp(text, self.places.bytes(at));
        let starts = self.line_starts(at.file, text);
        let (line, column) = line_column(text, &starts, bytes.start);
        let (end_line, end_column) = line_column(text, &starts, bytes.end);
        Span { bytes, line, column, end_line, end_column }
    }

    fn line_starts(&self, file: FileId, text: &str) -> Rc<[usize]> {
        let starts = || {
            let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(breaks).collect()
        };
        self.lines.borrow_mut().entry(file).or_insert_with(starts).clone()
    }
}

/// Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The bytes.
    pub bytes: std::ops::Range<usize>,
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The line of the character after the last.
    pub end_line: usize,
    /// Its column.
    pub end_column: usize,
}

/// The report as text.
///
/// # Errors
///
/// When a format's library cannot write it.
pub fn render(report: &Report<'_>, format: Format) -> Result<String, Failure> {
    match format {
        Format::Human => human::render(report),
        Format::Short => Ok(short::render(report)),
        Format::Json => json::render(report),
        Format::Sarif => sarif::render(report),
        Format::Junit => junit::render(report),
        Format::Github => Ok(code::github(report)),
        Format::Gitlab => code::gitlab(report),
    }
}

/// What some editors write at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A range within the text, on character boundaries.
fn clamp(text: &str, bytes: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let down = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = down(bytes.start);
    start..down(bytes.end).max(start)
}

fn line_column(text: &str, starts: &[usize], at: usize) -> (usize, usize) {
    let line = starts.partition_point(|start| *start <= at);
    let start = line.checked_sub(1).and_then(|line| starts.get(line)).copied().unwrap_or(0);
    let before = text.get(start..at).unwrap_or("");
    (line, shown_characters(before).count() + 1)
}

/// The characters that an editor shows: a byte order mark is none.
fn shown_characters(text: &str) -> impl Iterator<Item = char> {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).chars()
}

/// Gives each finding an identity over time: its rule, file and words, not its place. Equal ones in one
/// file are told apart by number.
#[derive(Debug, Default)]
pub struct Fingerprints(HashMap<(String, String, String), usize>);

impl Fingerprints {
    /// The fingerprint of the next finding.
    pub fn of(&mut self, rule: &str, path: &str, message: &str) -> String {
        let key = (rule.to_owned(), path.to_owned(), message.to_owned());
        let number = self.0.entry(key).or_insert(0);
        *number += 1;
        // FNV-1a, 64 bits: short, and the same on every machine.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in [rule, path, message, &number.to_string()].join("\u{0}").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        format!("{hash:016x}")
    }
}

/// Every finding with its fingerprint.
fn fingerprints<'a>(report: &'a Report<'_>) -> Vec<(&'a Diagnostic, String)> {
    let mut prints = Fingerprints::default();
    let each = report.diagnostics().map(|d| {
        let path = report.places.path(d.primary.at.file);
        (d, prints.of(d.rule.slug, path, &d.message))
    });
    each.collect()
}

/// The paths, notes and cure of a finding as lines.
fn details(d: &Diagnostic) -> Vec<String> {
    let paths = d.paths.iter().map(|path| path.join(" → "));
    let notes = d.notes.iter().map(|note| format!("note: {note}"));
    let help = d.help.iter().map(|help| format!("help: {help}"));
    paths.chain(notes).chain(help).collect()
}
