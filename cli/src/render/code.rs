//! For code hosts: workflow commands of GitHub, Code Quality reports of GitLab.

use rbp_compiler::diagnostic::Level;
use serde_json::{Value, json};

use super::{Report, details, fingerprints};
use crate::Failure;
use crate::terminal::shown;

pub(super) fn github(report: &Report<'_>) -> String {
    let lines = report.diagnostics().map(|d| {
        let span = report.span(d.primary.at);
        let command = match d.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Hint => "notice",
        };
        let mut text = d.message.clone();
        for line in details(d) {
            text += &format!("\n{line}");
        }
        format!(
            "::{command} file={},line={},col={},endLine={},endColumn={},title={}::{}\n",
            property(report.places.path(d.primary.at.file)),
            span.line,
            span.column,
            span.end_line,
            span.end_column,
            property(d.rule.slug),
            data(&text)
        )
    });
    lines.collect()
}

/// The message of a workflow command: what would end it is escaped.
fn data(text: &str) -> String {
    shown(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// A property of a workflow command: what would end it or begin another is escaped as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

pub(super) fn gitlab(report: &Report<'_>) -> Result<String, Failure> {
    let findings: Vec<Value> = fingerprints(report)
        .iter()
        .map(|(d, fingerprint)| {
            let span = report.span(d.primary.at);
            json!({
                "description": d.message,
                "check_name": d.rule.slug,
                "fingerprint": fingerprint,
                "severity": match d.level {
                    Level::Error => "major",
                    Level::Warning => "minor",
                    Level::Hint => "info",
                },
                "location": {
                    "path": report.places.path(d.primary.at.file),
                    "lines": { "begin": span.line, "end": span.end_line },
                },
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&findings);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))
}
