//! Test records from files of the package: each counts like the `last` clause of the test that it
//! names.
//!
//! A file is read by itself (`read`); what its records mean is looked up once for all (`gathered`),
//! and each source is handed its own (`records_of`), so a new record concerns only the file that
//! declares its test. Where a record could not be read, nothing is proved of what it may be about.

mod csv;
mod found;
mod gathered;
mod json_lines;
mod measured;
mod pattern;
mod read;

pub use found::evidence_findings;
pub use gathered::{Records, evidence_items, records_of};
pub use measured::{Figure, Measured};
pub use pattern::matches;
pub use read::COLUMNS;

use smol_str::SmolStr;

use crate::db::Day;
use crate::diagnostic::Anchor;

/// The endings of the names of files that can be read.
pub const ENDINGS: [&str; 3] = ["csv", "jsonl", "ndjson"];

/// One test that was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The name of the test.
    pub test: SmolStr,
    /// When it was held.
    pub day: Day,
    /// How it went.
    pub passed: bool,
    /// How much was done, where the record says so.
    pub level: Option<Exercise>,
    /// Where more of it is recorded.
    pub evidence: Option<SmolStr>,
    /// What was measured, where the record says so.
    pub measured: Option<Box<Measured>>,
    /// The backup was changed on that day, after older tests of it.
    pub changes: bool,
    /// Where the record stands.
    pub at: Anchor,
}

/// How much is done in a test, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Exercise {
    Tabletop,
    Drill,
    Functional,
    FullScale,
}

impl Exercise {
    /// The words for them, from the least to the most.
    pub const WORDS: [&'static str; 4] = ["tabletop", "drill", "functional", "full-scale"];

    const ALL: [Exercise; 4] =
        [Exercise::Tabletop, Exercise::Drill, Exercise::Functional, Exercise::FullScale];

    /// The level of that name.
    pub fn of(word: &str) -> Option<Exercise> {
        let named = Exercise::WORDS.into_iter().zip(Exercise::ALL);
        named.into_iter().find(|(name, _)| *name == word).map(|(_, level)| level)
    }

    /// Its name.
    pub fn word(self) -> &'static str {
        Exercise::WORDS.get(self as usize).copied().unwrap_or_default()
    }
}
