//! One JSON document. Lines and columns count from 1, columns in characters; `start` and `end` are
//! bytes.

use rbp_compiler::diagnostic::{Anchor, Diagnostic, Level};
use serde_json::{Value, json};

use super::{Report, fingerprints};
use crate::Failure;

/// The version of the document's form.
const VERSION: u32 = 1;

pub(super) fn render(report: &Report<'_>) -> Result<String, Failure> {
    let diagnostics: Vec<Value> =
        fingerprints(report).iter().map(|(d, print)| diagnostic(report, d, print)).collect();
    let document = json!({
        "version": VERSION,
        "as_of": report.as_of,
        "summary": {
            "files": report.checked.len(),
            "errors": report.count(Level::Error),
            "warnings": report.count(Level::Warning),
            "hints": report.count(Level::Hint),
        },
        "diagnostics": diagnostics,
    });
    let text = serde_json::to_string_pretty(&document);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))
}

fn diagnostic(report: &Report<'_>, d: &Diagnostic, fingerprint: &str) -> Value {
    let labels = |labels: &[rbp_compiler::diagnostic::Label]| -> Vec<Value> {
        labels.iter().map(|l| json!({ "place": place(report, l.at), "text": l.text })).collect()
    };
    let edits: Vec<Value> = d
        .edits
        .iter()
        .map(|edit| json!({ "place": place(report, edit.at), "text": edit.text }))
        .collect();
    json!({
        "rule": d.rule.slug,
        "component": d.rule.component.title(),
        "level": d.level.word(),
        "message": d.message,
        "place": place(report, d.primary.at),
        "text": d.primary.text,
        "related": labels(&d.related),
        "paths": d.paths,
        "notes": d.notes,
        "help": d.help,
        "edits": edits,
        "fingerprint": fingerprint,
    })
}

fn place(report: &Report<'_>, at: Anchor) -> Value {
    let span = report.span(at);
    json!({
        "file": report.places.path(at.file),
        "start": span.bytes.start,
        "end": span.bytes.end,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    })
}
