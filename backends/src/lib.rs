//! What a rule set becomes elsewhere: a policy bundle, monitoring rules, a calendar, pages for people.
//!
//! A back end reads the rule set and nothing else, and answers with files as texts. It does no I/O
//! and knows no clock: the same rule set gives the same bytes. Whatever an author wrote goes through
//! [`escape`] on its way out.

mod csv;
mod days;
pub mod diff;
pub mod escape;
mod falls;
pub mod graph;
mod held;
mod ics;
mod markdown;
mod opa;
mod procedure;
mod prometheus;
mod report;
mod view;
mod words;

pub use report::report;

use rbp_ruleset::RuleSet;

/// A file that a back end makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path below the target's folder, with `/` between parts, none of which is `.` or `..`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl File {
    /// A file of this path and text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> File {
        File { path: path.into(), text: text.into() }
    }
}

/// A form in which `rbp build` can hand out a rule set.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What it is called on the command line; also the name of the folder that it fills.
    pub name: &'static str,
    /// What it is, in a line.
    pub summary: &'static str,
    /// Makes its files.
    make: fn(&RuleSet) -> Result<Vec<File>, serde_json::Error>,
}

impl Target {
    /// The files of a rule set, sorted by path. Costs about what the rule set's size is.
    ///
    /// # Errors
    ///
    /// None in practice: every part of a rule set can be written.
    pub fn files(&self, rules: &RuleSet) -> Result<Vec<File>, serde_json::Error> {
        let mut files = (self.make)(rules)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }
}

/// Every target, in the order of the help. The command line, its help and the documentation are made
/// from this list.
pub const TARGETS: &[Target] = &[
    Target {
        name: "prometheus",
        summary: "alerting and recording rules with their tests, and a route for each owner",
        make: |rules| Ok(prometheus::files(rules)),
    },
    Target {
        name: "ics",
        summary: "the drill calendar: when each test is due, and what else ends on a day",
        make: |rules| Ok(ics::files(rules)),
    },
    Target {
        name: "markdown",
        summary: "switchover playbooks, a page for each function",
        make: |rules| Ok(markdown::files(rules)),
    },
    Target {
        name: "csv",
        summary: "the business impact analysis as a table for a spreadsheet",
        make: |rules| Ok(csv::files(rules)),
    },
    Target {
        name: "opa",
        summary: "a bundle for Open Policy Agent, which answers what `rbp decide` answers",
        make: opa::files,
    },
];

/// The target of that name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
