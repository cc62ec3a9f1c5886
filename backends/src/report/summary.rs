//! What stands at the top: the state, what is open, what ends soon; and at the end the terms.

use std::collections::{BTreeMap, BTreeSet};

use rbp_ruleset::{Obligation, Verdict};

use super::functions::WHOLE;
use super::html::{Html, message, raw, section, text, within};
use crate::days::{Day, deadlines};
use crate::view::View;
use crate::words;

/// How far ahead is soon.
const SOON: i32 = 90;
/// How many lines a list has at most.
const MOST: usize = 200;

/// Title, state and numbers.
pub fn head(view: &View<'_>, title: &str) -> Html {
    let rules = view.rules;
    let mut html = raw("<header>\n<h1>");
    html.add(text(title)).raw("</h1>\n<p class=\"lead\">Judged as of ");
    html.add(text(&rules.as_of)).raw(". ");
    if !rules.package.version.is_empty() {
        html.raw("Version ").add(text(&rules.package.version)).raw(". ");
    }
    html.raw(match (rules.verified, is_any_open(view)) {
        (true, _) => "<strong>Verified:</strong> every obligation is proved, or accepted by somebody until a day.",
        (false, true) => "<strong>Not verified:</strong> at least one obligation is refuted or unknown.",
        (false, false) => "<strong>Not verified:</strong> its files have errors.",
    });
    html.raw("</p>\n<ul class=\"numbers\">\n");
    let verdicts = [Verdict::Proved, Verdict::Accepted, Verdict::Unknown, Verdict::Refuted];
    let count = |verdict| rules.obligations.iter().filter(|o| o.verdict == verdict).count();
    let plural = |one, many, count| (if count == 1 { one } else { many }, count, "");
    let numbers = [
        plural("function", "functions", rules.functions.len()),
        plural("backup", "backups", rules.backups.len()),
    ];
    let ended = verdicts.map(|v| (words::verdict(v), count(v), words::verdict(v)));
    for (what, number, class) in numbers.into_iter().chain(ended) {
        let class = if number == 0 { "" } else { class };
        html.raw(&format!("<li class=\"{class}\"><b>{number}</b> {what}</li>\n"));
    }
    html.raw("</ul>\n<nav aria-label=\"Contents\"><ul>");
    let parts = [
        ("open", "Open and soon"),
        ("map", "Function map"),
        ("matrix", "Obligations"),
        ("detail", "Functions in detail"),
        ("authority", "Who may activate"),
        ("calendar", "Tests"),
        ("risks", "Accepted risks"),
        ("costs", "Costs"),
        ("terms", "Terms"),
    ];
    for (id, words) in parts {
        html.raw(&format!("<li><a href=\"#{id}\">{words}</a></li>"));
    }
    html.raw("</ul></nav>\n</header>\n");
    html
}

/// What is refuted or unknown, and what ends within three months.
pub fn open(view: &View<'_>) -> Html {
    let mut html = Html::default();
    html.add(findings(view));
    html.raw("<h3>Ends within three months</h3>\n");
    let until = Day::read(&view.rules.as_of).and_then(|day| day.plus(SOON));
    let soon: Vec<_> = deadlines(view).into_iter().filter(|d| Some(d.day) <= until).collect();
    if soon.is_empty() {
        html.raw("<p>Nothing ends within three months.</p>\n");
    } else {
        html.raw("<ul class=\"soon\">\n");
        for deadline in soon.iter().take(MOST) {
            html.raw(&format!("<li><time>{}</time> ", deadline.day));
            html.add(text(&deadline.what));
            if let Some(owner) = &deadline.owner {
                html.raw(" <span class=\"owner\">").add(text(owner)).raw("</span>");
            }
            html.raw("</li>\n");
        }
        html.raw("</ul>\n").add(more(soon.len()));
    }
    section("open", "Open and soon", "", html)
}

fn is_open(o: &Obligation) -> bool {
    matches!(o.verdict, Verdict::Refuted | Verdict::Unknown)
}

/// Whether an obligation is refuted or unknown. Where none is, an error in a file keeps a rule set from being verified.
pub fn is_any_open(view: &View<'_>) -> bool {
    view.rules.obligations.iter().any(is_open)
}

/// What is open: each finding, and for each element the rules that could not decide.
fn findings(view: &View<'_>) -> Html {
    let open = view.rules.obligations.iter().filter(|o| is_open(o));
    let (mut told, untold): (Vec<&Obligation>, Vec<_>) = open.partition(|o| o.message.is_some());
    told.sort_by_key(|o| o.verdict != Verdict::Refuted);
    let mut undecided: BTreeMap<(Verdict, &str), BTreeSet<&str>> = BTreeMap::new();
    for o in untold {
        undecided.entry((o.verdict, &o.subject)).or_default().insert(&o.rule);
    }
    if told.is_empty() && undecided.is_empty() {
        return raw(match view.rules.verified {
            true => "<p>Nothing is open.</p>\n",
            false => {
                "<p>No obligation is open, but its files have errors: <code>rbp check</code> tells which.</p>\n"
            }
        });
    }
    let mut html = raw("<ul class=\"findings\">\n");
    for o in told.iter().take(MOST) {
        html.raw(&format!("<li class=\"{0}\"><b>{0}</b> ", words::verdict(o.verdict)));
        html.add(message(o.message.as_deref().unwrap_or_default()));
        html.raw(" <span class=\"rule\">").add(text(&o.rule)).raw("</span></li>\n");
    }
    for ((verdict, subject), rules) in undecided.iter().take(MOST) {
        let rules: Vec<&str> = rules.iter().copied().collect();
        html.raw(&format!("<li class=\"{0}\"><b>{0}</b> <code>", words::verdict(*verdict)));
        html.add(text(if subject.is_empty() { WHOLE } else { view.name(subject) }));
        html.raw("</code>: not decided, because something else must be mended first");
        html.raw(" <span class=\"rule\">").add(text(&rules.join(", "))).raw("</span></li>\n");
    }
    html.raw("</ul>\n").add(more(told.len().max(undecided.len())));
    html
}

fn more(count: usize) -> Html {
    match count.checked_sub(MOST) {
        Some(rest) if rest > 0 => {
            within("p", "lead", raw(format!("{rest} more are in the rule set itself.")))
        }
        _ => Html::default(),
    }
}

const TERMS: [(&str, &str); 10] = [
    ("Function", "what must not disappear, whatever is lost"),
    ("RTO", "recovery time objective: how soon it must serve again, at its minimum at least"),
    ("RPO", "recovery point objective: how old the data may be with which it goes on"),
    ("MTPD", "maximum tolerable period of disruption: after that the harm is no longer bearable"),
    ("MBCO", "minimum business continuity objective: the least level that is acceptable"),
    ("Ends it alone", "a single point of failure: no backup answers its loss"),
    ("Proved", "it was worked out from what is written here, and holds"),
    ("Accepted", "it does not hold; somebody took the risk, with a reason, until a day"),
    ("Unknown", "something that would decide it is not written down"),
    ("Refuted", "it does not hold"),
];

/// What the words mean.
pub fn terms() -> Html {
    let mut html = raw("<dl>\n");
    for (term, meaning) in TERMS {
        html.raw(&format!("<dt>{term}</dt><dd>{meaning}</dd>\n"));
    }
    html.raw("</dl>\n");
    section("terms", "Terms", "", html)
}
