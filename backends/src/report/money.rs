//! What continuity costs.

use std::collections::{BTreeMap, BTreeSet};

use rbp_ruleset::Amount;

use super::html::{Html, Table, raw, section, text, within};
use crate::view::View;

/// A year as the language counts it: 365 days.
const YEAR_SECONDS: f64 = 365.0 * 86_400.0;

/// For each function its backups' costs against its budget. A backup that is kept for several
/// functions stands in each; the sum over all counts it once.
pub fn costs(view: &View<'_>) -> Html {
    let mut table = Table::new("t-costs", "Costs", &["Function", "Backups", "Together", "Budget"]);
    let mut counted: BTreeSet<&str> = BTreeSet::new();
    let mut all: BTreeMap<String, f64> = BTreeMap::new();
    for f in &view.rules.functions {
        let mut lines = Vec::new();
        let mut sums: BTreeMap<String, f64> = BTreeMap::new();
        for backup in view.protectors(&f.id) {
            let cost = view.element(&backup.id).and_then(|e| e.cost.as_ref());
            let words = cost.map_or("not stated", |cost| cost.written.as_str());
            lines.push(format!("{}: {words}", view.name(&backup.id)));
            let Some((unit, amount)) = cost.and_then(yearly) else { continue };
            *sums.entry(unit.clone()).or_default() += amount;
            if counted.insert(&backup.id) {
                *all.entry(unit).or_default() += amount;
            }
        }
        if lines.is_empty() && f.budget.is_none() {
            continue;
        }
        table.row(vec![
            within("code", "", text(view.name(&f.id))),
            text(&lines.join("; ")),
            text(&said(&sums)),
            text(f.budget.as_ref().map_or("not stated", |b| b.written.as_str())),
        ]);
    }
    if table.is_empty() {
        return section("costs", "Costs", "No cost is written down.", raw(""));
    }
    let mut html = table.html();
    if !all.is_empty() {
        html.raw("<p>All backups together: <strong>").add(text(&said(&all))).raw("</strong></p>\n");
    }
    section("costs", "Costs", "What is kept for the day of need, each year.", html)
}

/// A cost by the unit in which it is added up: "EUR a year" for a rate, "EUR" for what is paid once.
fn yearly(cost: &Amount) -> Option<(String, f64)> {
    let (above, below) = cost.number.split_once('/').unwrap_or((&cost.number, "1"));
    let number = above.parse::<f64>().ok()? / below.parse::<f64>().ok()?;
    let number = Some(number).filter(|n| n.is_finite())?;
    match cost.unit.strip_suffix(" per time") {
        Some(money) => Some((format!("{money} a year"), number * YEAR_SECONDS)),
        None => Some((cost.unit.clone(), number)),
    }
}

fn said(sums: &BTreeMap<String, f64>) -> String {
    let each = sums.iter().map(|(unit, sum)| format!("{} {unit}", grouped(sum.round())));
    each.collect::<Vec<_>>().join(", ")
}

/// "92 000": digits in threes, with narrow spaces.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && left % 3 == 0 && !text.ends_with('-') {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}
