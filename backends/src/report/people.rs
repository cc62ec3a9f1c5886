//! What people must know and do: who may activate what, which tests are due, which risks were taken.

use rbp_ruleset::{Activation, Backup};

use super::html::{Html, Table, list, raw, section, steps, text, within};
use crate::days::Day;
use crate::view::View;
use crate::words;

fn code(view: &View<'_>, id: &str) -> Html {
    within("code", "", text(view.name(id)))
}

/// Who may put each backup to work, when, and with what.
pub fn authority(view: &View<'_>) -> Html {
    let heads = [
        "Backup",
        "Stands in for",
        "When",
        "Who decides, in order",
        "How to get at it",
        "Never when",
    ];
    let mut table = Table::new("t-authority", "Who may activate", &heads);
    for backup in &view.rules.backups {
        let primary = backup.primary.as_deref().map_or(raw(""), |id| code(view, id));
        let Some(a) = &backup.activation else {
            let none = raw("<b class=\"late\">no activation rule</b>");
            table.row(vec![code(view, &backup.id), primary, none, raw(""), raw(""), raw("")]);
            continue;
        };
        table.row(vec![
            code(view, &backup.id),
            primary,
            text(&words::trigger(view, a)),
            steps(words::succession(view, a).iter().map(|line| text(line))),
            access(view, a),
            list(a.fail_safe.iter().map(|f| text(&words::fail_safe(view, f)))),
        ]);
    }
    if table.is_empty() {
        return section("authority", "Who may activate", "There is no backup.", raw(""));
    }
    section("authority", "Who may activate", "", table.html())
}

fn access(view: &View<'_>, a: &Activation) -> Html {
    list(words::access(view, a).iter().map(|line| text(line)))
}

/// Every test with the day by which it must be held again.
pub fn calendar(view: &View<'_>) -> Html {
    let mut rows: Vec<(Option<Day>, &Backup, &rbp_ruleset::Test)> = Vec::new();
    for backup in &view.rules.backups {
        for test in &backup.tests {
            rows.push((test.due.as_deref().and_then(Day::read), backup, test));
        }
    }
    if rows.is_empty() {
        return section("calendar", "Tests", "No test is written down.", raw(""));
    }
    rows.sort_by(|a, b| (a.0, &a.1.id, &a.2.name).cmp(&(b.0, &b.1.id, &b.2.name)));
    let as_of = Day::read(&view.rules.as_of);
    let heads = ["Test", "Due", "Every", "Shows", "Last held", "Who"];
    let mut table = Table::new("t-tests", "Tests by the day on which they are due", &heads);
    for (due, backup, test) in rows {
        let mut name = text(&test.name);
        name.raw(" of ").add(code(view, &backup.id));
        let due_words = match due {
            None => raw("<b class=\"late\">never held</b>"),
            Some(day) if Some(day) < as_of => raw(format!("<b class=\"late\">{day}, overdue</b>")),
            Some(day) => raw(format!("<time>{day}</time>")),
        };
        let last = test.last.as_ref().map_or(String::new(), |last| {
            format!("{} {}", last.day, if last.passed { "passed" } else { "FAILED" })
        });
        table.row(vec![
            name,
            due_words,
            text(&words::maybe(test.every_ms)),
            text(&words::shows(view, test)),
            text(&last),
            text(test.owner.as_deref().unwrap_or_default()),
        ]);
    }
    section("calendar", "Tests", "A backup that is not tested decays unseen.", table.html())
}

/// What somebody accepted, until when and why.
pub fn acceptances(view: &View<'_>) -> Html {
    if view.rules.acceptances.is_empty() {
        return section("risks", "Accepted risks", "No risk is accepted.", raw(""));
    }
    let heads = ["Risk", "What", "For", "Because", "By", "Until"];
    let mut table = Table::new("t-risks", "Accepted risks", &heads);
    for a in &view.rules.acceptances {
        let functions = match a.functions.is_empty() {
            true => "every function".to_owned(),
            false => view.names(&a.functions),
        };
        table.row(vec![
            raw(a.id.to_string()),
            text(&view.accepted(a)),
            text(&functions),
            text(&a.because),
            text(&a.by),
            text(&a.until),
        ]);
    }
    let lead =
        "After its last day an acceptance counts as absent, and what it covers is open again.";
    section("risks", "Accepted risks", lead, table.html())
}
