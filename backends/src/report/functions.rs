//! The function map, and how each function's obligations ended.

use std::collections::BTreeMap;

use rbp_ruleset::{Function, Obligation, Verdict};

use super::html::{Html, Table, raw, section, text, within};
use crate::view::View;
use crate::words;

/// The components of a credible backup, and what heads their column.
const COMPONENTS: [(&str, &str); 11] = [
    ("Critical Function Map", "Map"),
    ("Single Point of Failure Assessment", "Single points"),
    ("Backup Component", "Backup"),
    ("Capacity Coverage Requirement", "Coverage"),
    ("Activation Rule", "Activation"),
    ("Independence Check", "Independence"),
    ("Maintenance Test", "Tests"),
    ("Access and Authority Plan", "Access"),
    ("Synchronization or Readiness State", "Readiness"),
    ("Invariants", "Invariants"),
    ("Acceptance and Cost", "Governance"),
];

/// What is said of obligations that no function is owed.
pub const WHOLE: &str = "the package";

/// A function's title over its name.
pub fn named(view: &View<'_>, id: &str) -> Html {
    let name = within("code", "", text(view.name(id)));
    match view.title(id) {
        None => name,
        Some(title) => {
            let mut html = text(title);
            html.raw("<br>").add(name);
            html
        }
    }
}

/// What there is, how soon it must be back, and what it rests on.
pub fn map(view: &View<'_>) -> Html {
    let heads =
        ["Function", "Owner", "RTO", "RPO", "MTPD", "Demand, and minimum", "Depends on", "Backups"];
    let mut table = Table::new("t-map", "Critical functions", &heads);
    for f in &view.rules.functions {
        table.row(vec![
            named(view, &f.id),
            text(f.owner.as_deref().unwrap_or_default()),
            text(&words::objectives(&f.rto)),
            text(&words::objectives(&f.rpo)),
            text(&words::maybe(f.mtpd_ms)),
            levels(view, f),
            text(&words::needs(view, &f.depends_on)),
            text(&words::backups(view, f)),
        ]);
    }
    section("map", "Function map", "What must not disappear, whatever is lost.", table.html())
}

fn levels(view: &View<'_>, f: &Function) -> Html {
    let demand = f.demand.as_ref().map(|load| words::load(view, load));
    let minimum = f.minimum.as_ref().map(|load| format!("at least {}", words::load(view, load)));
    text(&demand.into_iter().chain(minimum).collect::<Vec<_>>().join("; "))
}

/// For each function and component the worst verdict.
pub fn matrix(view: &View<'_>) -> Html {
    let heads: Vec<&str> =
        ["Function"].into_iter().chain(COMPONENTS.map(|(_, short)| short)).collect();
    let mut table = Table::new("t-matrix", "Obligations by component", &heads).wide();
    let mut row = |head: Html, owed: Vec<&Obligation>| {
        let mut ended: BTreeMap<&str, BTreeMap<Verdict, usize>> = BTreeMap::new();
        for o in owed {
            *ended.entry(&o.component).or_default().entry(o.verdict).or_default() += 1;
        }
        let cells = COMPONENTS.map(|(component, _)| ended.get(component).map_or(raw(""), cell));
        table.row([head].into_iter().chain(cells).collect());
    };
    for f in &view.rules.functions {
        row(within("code", "", text(view.name(&f.id))), view.obligations(&f.id).to_vec());
    }
    let of_whole: Vec<&Obligation> = view.of_whole().collect();
    if !of_whole.is_empty() {
        row(raw(WHOLE), of_whole);
    }
    let lead = "For each function the worst verdict of a component, and how many of its obligations ended so: \
        ✓ proved, ~ accepted, ? unknown, ✗ refuted.";
    section("matrix", "Obligations", lead, table.html())
}

fn cell(ended: &BTreeMap<Verdict, usize>) -> Html {
    let all: usize = ended.values().sum();
    let Some((worst, count)) = ended.last_key_value() else { return raw("") };
    let sign = match worst {
        Verdict::Proved => "✓",
        Verdict::Accepted => "~",
        Verdict::Unknown => "?",
        Verdict::Refuted => "✗",
    };
    let of = if *count == all { String::new() } else { format!(" of {all}") };
    let word = words::verdict(*worst);
    // Most are proved, and the sign says it.
    let said = match worst {
        Verdict::Proved => String::new(),
        _ => format!("<span class=\"said\">{word}</span> "),
    };
    raw(format!("<span class=\"v {word}\">{sign} {said}{count}{of}</span>"))
}
