//! What the rule set fixes, as series: which signals are on, which triggers are met, what ends when,
//! how old data may be, how much may be lent.

use std::collections::BTreeMap;

use rbp_ruleset::{Amount, Backup, Test};

use super::promql::{met, query};
use super::yaml::{Pairs, Rule, labels};
use crate::days::{Day, Deadline, DeadlineSort, deadlines};
use crate::escape::promql;
use crate::view::View;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The recording rules.
pub fn facts(view: &View<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    rules.extend(signals(view));
    for backup in &view.rules.backups {
        rules.extend(trigger(view, backup));
        rules.extend(freshness(view, backup));
        rules.extend(lent(view, backup));
        rules.extend(backup.tests.iter().map(|test| due(view, backup, test)));
        rules.extend(backup.tests.iter().filter_map(|test| interval(backup, test)));
    }
    rules.extend(ends(view));
    rules
}

/// Signals whose query is a comparison in PromQL: 1 where it finds something, 0 where it finds nothing
/// and everything that it asks for is there and was compared, else nothing.
fn signals(view: &View<'_>) -> Vec<Rule> {
    let readable = view.rules.signals.iter().filter_map(|s| Some((s, query(s.query.as_deref()?)?)));
    let rule = readable.map(|(signal, query)| Rule::Record {
        name: "rbp_signal",
        labels: labels([("signal", signal.id.clone())]),
        expr: format!("(count({}) > bool 0) or (0 * {})", query.text, query.known.join(" * ")),
    });
    rule.collect()
}

/// Who and what a backup's series and alerts are about.
pub fn about(view: &View<'_>, backup: &Backup) -> Pairs {
    labels([
        ("backup", backup.id.clone()),
        ("owner", view.owner(&backup.id).unwrap_or_default().to_owned()),
    ])
}

fn trigger(view: &View<'_>, backup: &Backup) -> Option<Rule> {
    let when = backup.activation.as_ref()?.when.as_ref()?;
    Some(Rule::Record { name: "rbp:trigger", labels: about(view, backup), expr: met(when) })
}

fn freshness(view: &View<'_>, backup: &Backup) -> Vec<Rule> {
    let mut rules = Vec::new();
    if let Some(ms) = view.behind(backup) {
        let expr = format!("vector({})", seconds(ms));
        rules.push(Rule::Record {
            name: "rbp:lag_promised:seconds",
            labels: about(view, backup),
            expr,
        });
    }
    for id in &backup.protects {
        let Some(function) = view.function(id) else { continue };
        let Some(ms) = view.rpo(function, &backup.id) else { continue };
        let mut labels = about(view, backup);
        labels.extend(super::yaml::labels([("function", function.id.clone())]));
        let expr = format!("vector({})", seconds(ms));
        rules.push(Rule::Record { name: "rbp:rpo:seconds", labels, expr });
    }
    rules
}

fn seconds(ms: u64) -> String {
    (ms as f64 / 1000.0).to_string()
}

/// How much of a backup may be lent: nothing of one that is reserved.
fn lent(view: &View<'_>, backup: &Backup) -> Option<Rule> {
    let share = match &backup.lends {
        Some(lending) => fraction(&lending.share)?,
        None if backup.reserved => 0.0,
        None => return None,
    };
    let expr = format!("vector({share})");
    Some(Rule::Record { name: "rbp:lent_allowed:ratio", labels: about(view, backup), expr })
}

fn fraction(amount: &Amount) -> Option<f64> {
    let (above, below) = amount.number.split_once('/').unwrap_or((&amount.number, "1"));
    let share = above.parse::<f64>().ok()? / below.parse::<f64>().ok()?;
    Some(share).filter(|share| share.is_finite())
}

/// Who and what a test's deadline is about.
pub fn of_test(subject: &str, owner: Option<&str>) -> Pairs {
    labels([
        ("sort", DeadlineSort::Test.word().to_owned()),
        ("subject", subject.to_owned()),
        ("owner", owner.unwrap_or_default().to_owned()),
    ])
}

/// Who and what a deadline is about.
pub fn of_deadline(d: &Deadline) -> Pairs {
    labels([
        ("sort", d.sort.word().to_owned()),
        ("subject", d.subject.clone()),
        ("what", d.about.clone()),
        ("owner", d.owner.clone().unwrap_or_default()),
    ])
}

/// Who holds a test.
pub fn holder<'a>(view: &View<'a>, backup: &Backup, test: &'a Test) -> Option<&'a str> {
    test.owner.as_deref().or_else(|| view.owner(&backup.id))
}

/// The first second at which a test is overdue: by the last result that the rule set knows, or by a
/// later one that somebody delivers. A test that was not passed is overdue since 1970.
fn due(view: &View<'_>, backup: &Backup, test: &Test) -> Rule {
    let subject = format!("{}/{}", backup.id, test.name);
    let labels = of_test(&subject, holder(view, backup, test));
    let known = overdue_from(test);
    let series = passed(backup, test);
    let days = i64::try_from(test.every_ms.unwrap_or(0) / 86_400_000).unwrap_or(0) + 1;
    let expr = match test.every_ms {
        // Without an interval the result counts until it expires.
        None => format!("(0 * max({series}) + {NEVER}) or vector({known})"),
        Some(_) => format!(
            "(floor(max({series}) / {DAY}) * {DAY} + {} > {known}) or vector({known})",
            days.saturating_mul(DAY)
        ),
    };
    Rule::Record { name: "rbp:deadline:timestamp_seconds", labels, expr }
}

/// How often a test is held.
fn interval(backup: &Backup, test: &Test) -> Option<Rule> {
    let labels = labels([("subject", format!("{}/{}", backup.id, test.name))]);
    let expr = format!("vector({})", seconds(test.every_ms?));
    Some(Rule::Record { name: "rbp:test_interval:seconds", labels, expr })
}

/// When a test was last passed, as somebody delivers it.
pub fn passed(backup: &Backup, test: &Test) -> String {
    let (backup, test) = (promql(&backup.id), promql(&test.name));
    format!("rbp_test_passed_timestamp_seconds{{backup={backup},test={test}}}")
}

/// The first second of the day after the one on which a test was last held.
pub fn later_than_last(test: &Test) -> i64 {
    let last = test.last.as_ref().and_then(|last| Day::read(&last.day));
    last.map_or(0, |day| day.seconds() + DAY)
}

/// The year 9999, as good as never.
const NEVER: i64 = 253_370_764_800;

/// The first second at which a test is overdue by what the rule set knows.
pub fn overdue_from(test: &Test) -> i64 {
    let passed = test.last.as_ref().is_some_and(|last| last.passed);
    match (&test.due, test.every_ms) {
        (Some(due), _) if passed => Day::read(due).map_or(0, |day| day.seconds() + DAY),
        (None, None) if passed => NEVER,
        _ => 0,
    }
}

/// What ends on a day that nothing but a new rule set changes; or of a result of a test, a pass on a later day.
fn ends(view: &View<'_>) -> Vec<Rule> {
    let tests = view.rules.backups.iter().flat_map(|b| b.tests.iter().map(move |test| (b, test)));
    let subject = |(b, test): (&Backup, &Test)| format!("{}/{}", b.id, test.name);
    let tests: BTreeMap<String, (&Backup, &Test)> =
        tests.map(|(b, test)| (subject((b, test)), (b, test))).collect();
    let fixed = deadlines(view).into_iter().filter(|d| d.sort != DeadlineSort::Test);
    let rule = fixed.map(|d| {
        let end = format!("vector({})", d.day.seconds() + DAY);
        let test = tests.get(&d.subject).filter(|_| d.sort == DeadlineSort::Result);
        let expr = match test {
            None => end,
            Some((backup, test)) => {
                format!("{end} unless (max({}) >= {})", passed(backup, test), later_than_last(test))
            }
        };
        let labels = of_deadline(&d);
        Rule::Record { name: "rbp:deadline:timestamp_seconds", labels, expr }
    });
    rule.collect()
}
