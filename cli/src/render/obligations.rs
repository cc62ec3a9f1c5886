//! The matrix: how each function's obligations end, by component.

use std::collections::BTreeMap;

use rbp_compiler::model::element;
use rbp_compiler::names::ItemId;
use rbp_compiler::rules::{Component, Outcome, Verdict};
use rbp_compiler::session::Session;

use super::Report;
use crate::terminal::shown;

/// The components in short, in the order of [`Component::ALL`] without the language's own.
const HEADS: [&str; 11] = [
    "map",
    "SPOF",
    "backup",
    "coverage",
    "activation",
    "independence",
    "tests",
    "access",
    "readiness",
    "invariants",
    "governance",
];

/// A line for each function: per component its worst verdict and how many obligations ended so.
pub fn matrix(session: &Session, report: &Report<'_>) -> String {
    let outcomes = report.checked.iter().flat_map(|(_, checked)| checked.obligations.iter());
    let mut cells: BTreeMap<ItemId, BTreeMap<Component, Vec<&Outcome>>> = BTreeMap::new();
    for outcome in outcomes {
        for function in outcome.functions.iter() {
            let row = cells.entry(*function).or_default();
            row.entry(outcome.rule.component).or_default().push(outcome);
        }
    }
    let mut rows: Vec<Vec<String>> =
        vec![std::iter::once("function").chain(HEADS).map(str::to_owned).collect()];
    for (function, row) in &cells {
        let name = element(session.db(), *function).map_or(String::new(), |e| shown(e.name()));
        let components = Component::ALL.iter().filter(|c| **c != Component::Language);
        let cells = components.map(|c| row.get(c).map_or("-".to_owned(), |all| cell(all)));
        rows.push(std::iter::once(name).chain(cells).collect());
    }
    let legend = "each cell: the worst verdict, and how many obligations ended so of how many\n";
    if rows.len() == 1 { "no functions\n".into() } else { table(&rows) + legend }
}

fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Proved => 0,
        Verdict::Accepted(_) => 1,
        Verdict::Unknown => 2,
        Verdict::Refuted => 3,
    }
}

fn cell(outcomes: &[&Outcome]) -> String {
    let worst = outcomes.iter().map(|o| rank(o.verdict)).max().unwrap_or(0);
    let same: Vec<_> = outcomes.iter().filter(|o| rank(o.verdict) == worst).collect();
    let word = same.first().map_or("", |o| o.verdict.word());
    match same.len() == outcomes.len() {
        true => format!("{word} {}", outcomes.len()),
        false => format!("{word} {}/{}", same.len(), outcomes.len()),
    }
}

fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}
