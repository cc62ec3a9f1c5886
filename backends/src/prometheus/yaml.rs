//! Rules, and how they are written.

use std::fmt::Write;

use crate::escape::{go_template, label, yaml};

/// Labels or annotations, in order.
pub type Pairs = Vec<(&'static str, String)>;

/// A rule of Prometheus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// A series that is worked out.
    Record { name: &'static str, labels: Pairs, expr: String },
    /// Something that somebody must know.
    Alert(Alert),
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub name: &'static str,
    pub expr: String,
    pub hold_ms: u64,
    pub labels: Pairs,
    /// What it says.
    pub annotations: Vec<(&'static str, Words)>,
}

/// What an annotation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// An author's words: nothing in them is expanded.
    Plain(String),
    /// Ours, in which labels are filled in.
    Template(&'static str),
}

impl Words {
    fn template(&self) -> String {
        match self {
            Words::Plain(text) => go_template(text),
            Words::Template(text) => (*text).to_owned(),
        }
    }

    /// What is shown for these labels.
    pub fn shown(&self, labels: &Pairs) -> String {
        match self {
            Words::Plain(text) => text.clone(),
            Words::Template(text) => {
                labels.iter().fold((*text).to_owned(), |text, (name, value)| {
                    text.replace(&format!("{{{{ $labels.{name} }}}}"), value)
                })
            }
        }
    }
}

/// Labels with a value; an empty one is none.
pub fn labels(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Pairs {
    let mut pairs: Pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    pairs.iter_mut().for_each(|(_, value)| *value = label(value));
    pairs
}

/// A rule file with one group: rules further down see what rules further up record.
pub fn group(package: &str, rules: &[Rule]) -> String {
    let mut text =
        format!("groups:\n  - name: {}\n    rules:\n", yaml(format!("rbp {package}").trim_end()));
    for rule in rules {
        match rule {
            // Only the labels of alerts are templates.
            Rule::Record { name, labels, expr } => {
                let _ = writeln!(text, "      - record: {name}\n        expr: {}", yaml(expr));
                text += &map("        ", "labels", labels.iter().cloned());
            }
            Rule::Alert(alert) => {
                let Alert { name, expr, hold_ms, labels, annotations } = alert;
                let _ = writeln!(text, "      - alert: {name}\n        expr: {}", yaml(expr));
                if *hold_ms > 0 {
                    let _ = writeln!(text, "        for: {}", duration(*hold_ms));
                }
                text +=
                    &map("        ", "labels", labels.iter().map(|(k, v)| (*k, go_template(v))));
                let words = annotations.iter().map(|(k, words)| (*k, words.template()));
                text += &map("        ", "annotations", words);
            }
        }
    }
    text
}

/// A mapping, or nothing where it is empty.
pub fn map<'a>(indent: &str, key: &str, pairs: impl Iterator<Item = (&'a str, String)>) -> String {
    let lines: String =
        pairs.map(|(name, value)| format!("{indent}  {name}: {}\n", yaml(&value))).collect();
    if lines.is_empty() { lines } else { format!("{indent}{key}:\n{lines}") }
}

/// A duration as Prometheus writes it.
pub fn duration(ms: u64) -> String {
    if ms.is_multiple_of(1000) { format!("{}s", ms / 1000) } else { format!("{ms}ms") }
}
