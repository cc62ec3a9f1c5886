//! SARIF 2.1.0.

use rbp_compiler::diagnostic::{Anchor, Diagnostic, Level};
use rbp_compiler::rules::{Rule, all};
use serde_json::{Value, json};

use super::{Report, details, fingerprints};
use crate::Failure;

pub(super) fn render(report: &Report<'_>) -> Result<String, Failure> {
    let rules: Vec<&Rule> = all().collect();
    let results: Vec<Value> =
        fingerprints(report).iter().map(|(d, print)| result(report, &rules, d, print)).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "rbp",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|r| rule(r)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let text = serde_json::to_string_pretty(&document);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::new(format!("cannot write SARIF: {error}")))
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.slug,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.level) },
        "properties": { "component": rule.component.title() },
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "note",
    }
}

fn result(report: &Report<'_>, rules: &[&Rule], d: &Diagnostic, fingerprint: &str) -> Value {
    let mut text = d.message.clone();
    for line in details(d) {
        text += &format!("\n{line}");
    }
    let related: Vec<Value> = d
        .related
        .iter()
        .map(|label| {
            let mut location = location(report, label.at);
            location["message"] = json!({ "text": label.text });
            location
        })
        .collect();
    let mut result = json!({
        "ruleId": d.rule.slug,
        "ruleIndex": rules.iter().position(|r| *r == d.rule),
        "level": level(d.level),
        "message": { "text": text },
        "locations": [location(report, d.primary.at)],
        "relatedLocations": related,
        "partialFingerprints": { "rbp/v1": fingerprint },
    });
    if !d.edits.is_empty() {
        result["fixes"] = json!([fix(report, d)]);
    }
    result
}

fn fix(report: &Report<'_>, d: &Diagnostic) -> Value {
    let changes: Vec<Value> = d
        .edits
        .iter()
        .map(|edit| {
            json!({
                "artifactLocation": { "uri": uri(report.places.path(edit.at.file)) },
                "replacements": [{
                    "deletedRegion": region(report, edit.at),
                    "insertedContent": { "text": edit.text },
                }],
            })
        })
        .collect();
    json!({ "description": { "text": d.help.clone().unwrap_or_default() }, "artifactChanges": changes })
}

fn location(report: &Report<'_>, at: Anchor) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(report.places.path(at.file)) },
        "region": region(report, at),
    }})
}

fn region(report: &Report<'_>, at: Anchor) -> Value {
    let span = report.span(at);
    json!({
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    })
}

/// A relative reference: every byte that is not plainly allowed is escaped.
fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    let escaped = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    path.replace('\\', "/").bytes().map(escaped).collect()
}
