//! `missing-evidence`: No file of test records fits a pattern.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::{Check, rule};

rule!(
    "missing-evidence",
    Error,
    Maintenance,
    "No file of test records fits a pattern.",
    Check::Text
);

/// The pattern as written.
pub fn found(at: Anchor, pattern: &str) -> Diagnostic {
    let outside = pattern.starts_with('/') || pattern.split('/').any(|part| part == "..");
    let finding = Diagnostic::new(&RULE, at, format!("no file of test records fits `{pattern}`"))
        .note("what a missing record would have told is not known, so nothing is proved by tests here");
    if outside {
        return finding.help("name files of this package, from the folder of its `rbp.toml` down");
    }
    if pattern.contains('\\') {
        return finding
            .help(format!("between folders stands `/`: \"{}\"", pattern.replace('\\', "/")));
    }
    finding.help(
        "a pattern begins at the folder of `rbp.toml` and ends in `.csv` or `.jsonl`: `evidence from \"drills/*.csv\"`; \
         `*` is any name, `**` any folders",
    )
}
