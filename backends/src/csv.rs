//! The business impact analysis as a table: a line for each function.

use rbp_ruleset::{Function, Obligation, RuleSet, Verdict};

use crate::escape::csv;
use crate::view::View;
use crate::{File, words};

const HEADS: [&str; 21] = [
    "function",
    "title",
    "owner",
    "RTO",
    "RTO (s)",
    "RPO",
    "RPO (s)",
    "MTPD",
    "MTPD (s)",
    "demand",
    "minimum (MBCO)",
    "depends on",
    "backups",
    "budget",
    "tags",
    "proved",
    "accepted",
    "unknown",
    "refuted",
    "open elsewhere",
    "verified",
];

/// The files of the target.
pub(crate) fn files(rules: &RuleSet) -> Vec<File> {
    let view = View::new(rules);
    let mut table = row(HEADS.map(str::to_owned));
    for function in &rules.functions {
        table += &row(cells(&view, function));
    }
    vec![File::new("bia.csv", table)]
}

fn cells(view: &View<'_>, f: &Function) -> [String; HEADS.len()] {
    let seconds = |ms: Option<u64>| ms.map_or(String::new(), |ms| (ms as f64 / 1e3).to_string());
    let (rto, rpo) = (words::general(&f.rto), words::general(&f.rpo));
    let load = |load: &Option<_>| load.as_ref().map_or(String::new(), |l| words::load(view, l));
    let ended = |verdict| view.ended(f, verdict).to_string();
    [
        f.id.clone(),
        f.title.clone(),
        f.owner.clone().unwrap_or_default(),
        words::objectives(&f.rto),
        seconds(rto),
        words::objectives(&f.rpo),
        seconds(rpo),
        words::maybe(f.mtpd_ms),
        seconds(f.mtpd_ms),
        load(&f.demand),
        load(&f.minimum),
        words::needs(view, &f.depends_on),
        words::backups(view, f),
        f.budget.as_ref().map_or(String::new(), |b| b.written.clone()),
        f.tags.join(", "),
        ended(Verdict::Proved),
        ended(Verdict::Accepted),
        ended(Verdict::Unknown),
        ended(Verdict::Refuted),
        // What keeps the rule set from being verified and is not counted before.
        open_elsewhere(view, f).to_string(),
        if view.rules.verified { "yes" } else { "NO" }.to_owned(),
    ]
}

/// How many obligations are refuted or unknown that are owed to other functions alone, or by the package as a whole.
fn open_elsewhere(view: &View<'_>, f: &Function) -> usize {
    let open = |o: &&Obligation| matches!(o.verdict, Verdict::Refuted | Verdict::Unknown);
    let all = view.rules.obligations.iter().filter(open);
    all.filter(|o| !o.functions.contains(&f.id)).count()
}

/// Lines end as RFC 4180 says.
fn row(cells: [String; HEADS.len()]) -> String {
    cells.map(|cell| csv(&cell)).join(",") + "\r\n"
}
