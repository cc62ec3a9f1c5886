//! The alerts. Those on series that the facts record are written once for all backups.

use rbp_ruleset::{Activation, Backup, Condition, Signal};

use super::facts::about;
use super::promql::{met, query};
use super::yaml::{Alert, Pairs, Rule, Words, labels};
use crate::days::OFTEN;
use crate::escape::{file_name, line, promql};
use crate::procedure::{capital, meant, signals, steps};
use crate::view::View;
use crate::words;

/// How long a signal may be silent.
const SILENT_MS: u64 = 300_000;
/// How far ahead the end of something is said: 30 days, and of a test 7.
pub const AHEAD: i64 = 30 * 86_400;
/// See [`AHEAD`].
pub const AHEAD_TEST: i64 = 7 * 86_400;

/// The alerts.
pub fn alerts(view: &View<'_>) -> Vec<Rule> {
    let mut alerts: Vec<Alert> = Vec::new();
    if !view.rules.verified {
        alerts.push(unverified(view));
    }
    for backup in &view.rules.backups {
        if let Some(activation) = &backup.activation {
            alerts.extend(trigger_met(view, backup, activation));
            alerts.extend(fail_safes(view, backup, activation));
        }
    }
    alerts.extend(view.rules.signals.iter().map(|s| silent(view, s)));
    alerts.extend(freshness());
    alerts.push(lent());
    alerts.extend(deadlines());
    alerts.into_iter().map(Rule::Alert).collect()
}

fn plain(text: &str) -> Words {
    Words::Plain(line(text))
}

fn severity(mut labels: Pairs, severity: &str) -> Pairs {
    labels.push(("severity", severity.to_owned()));
    labels
}

fn unverified(view: &View<'_>) -> Alert {
    Alert {
        name: "RbpNotVerified",
        expr: "vector(1)".into(),
        hold_ms: 0,
        labels: severity(labels([("package", view.rules.package.name.clone())]), "warning"),
        annotations: vec![(
            "summary",
            plain(
                "The rule set behind these alerts is not verified: something in it is refuted or unknown",
            ),
        )],
    }
}

/// The page that says what to do, beside these rules where all targets are built.
fn runbook(backup: &Backup) -> Words {
    let page = backup.protects.first().map(|function| file_name(function));
    plain(&page.map_or(String::new(), |page| format!("markdown/{page}.md")))
}

/// The alert that a backup must be put to work.
pub fn trigger_met(view: &View<'_>, backup: &Backup, activation: &Activation) -> Option<Alert> {
    activation.when.as_ref()?;
    let primary = backup.primary.as_deref().map_or("its primary", |id| view.name(id));
    let functions = view.names(&backup.protects);
    let mut labels = about(view, backup);
    labels.extend(super::yaml::labels([("functions", backup.protects.join(","))]));
    let mut annotations = vec![
        (
            "summary",
            plain(&format!(
                "Activate {} for {primary}, to keep {functions}",
                view.name(&backup.id)
            )),
        ),
        ("when", plain(&words::trigger(view, activation))),
        ("who", plain(&words::succession(view, activation).join("; then "))),
        ("runbook", runbook(backup)),
    ];
    let fail_safe: Vec<String> =
        activation.fail_safe.iter().map(|f| words::fail_safe(view, f)).collect();
    if !fail_safe.is_empty() {
        annotations.push(("not_when", plain(&fail_safe.join("; "))));
    }
    annotations.extend(activation.when.as_ref().and_then(|when| seen(view, when)));
    let steps: Vec<String> = steps(view, backup)
        .iter()
        .zip(1..)
        .map(|(step, number)| format!("{number}. {}", capital(&step.text)))
        .collect();
    if !steps.is_empty() {
        annotations.push(("steps", plain(&steps.join(" "))));
    }
    Some(Alert {
        name: "RbpTriggerMet",
        expr: format!("rbp:trigger{{backup={}}} == 1", promql(&line(&backup.id))),
        hold_ms: activation.hold_ms.unwrap_or(0),
        labels: severity(labels, "critical"),
        annotations,
    })
}

/// What the signals of a condition are.
fn seen(view: &View<'_>, of: &Condition) -> Option<(&'static str, Words)> {
    let lines = meant(view, &signals(of));
    (!lines.is_empty()).then(|| ("signals", plain(&lines.join(". "))))
}

fn fail_safes(view: &View<'_>, backup: &Backup, activation: &Activation) -> Vec<Alert> {
    let each = activation.fail_safe.iter().zip(1..).map(|(fail_safe, number): (_, u32)| Alert {
        name: "RbpFailSafe",
        expr: format!("{} == 1", met(&fail_safe.when)),
        hold_ms: 0,
        labels: severity(
            about(view, backup).into_iter().chain([("number", number.to_string())]).collect(),
            "critical",
        ),
        annotations: [
            ("summary", plain(&format!("Do not activate {}", view.name(&backup.id)))),
            ("instead", plain(&words::fail_safe(view, fail_safe))),
            ("runbook", runbook(backup)),
        ]
        .into_iter()
        .chain(seen(view, &fail_safe.when))
        .collect(),
    });
    each.collect()
}

fn silent(view: &View<'_>, signal: &Signal) -> Alert {
    let summary =
        format!("Nothing is heard of {}: no trigger can count on it", view.called(&signal.id));
    let mut annotations = vec![("summary", plain(&summary))];
    annotations.extend(signal.query.as_ref().map(|query| ("query", plain(query))));
    if signal.query.as_deref().and_then(query).is_none() {
        let must =
            "These rules do not ask its query themselves: whoever observes it delivers rbp_signal";
        annotations.push(("delivered_by", plain(must)));
    }
    Alert {
        name: "RbpSignalSilent",
        expr: format!("absent({})", super::promql::signal(&signal.id)),
        hold_ms: SILENT_MS,
        labels: severity(labels([("signal", signal.id.clone())]), "warning"),
        annotations,
    }
}

fn general(name: &'static str, expr: String, level: &str, summary: &'static str) -> Alert {
    Alert {
        name,
        expr,
        hold_ms: 0,
        labels: severity(Vec::new(), level),
        annotations: vec![("summary", Words::Template(summary))],
    }
}

fn freshness() -> Vec<Alert> {
    let worse =
        |than: &str| format!("{than} < on(backup) group_left() max by (backup) (rbp_lag_seconds)");
    vec![
        general(
            "RbpDataTooOld",
            worse("rbp:rpo:seconds"),
            "critical",
            "{{ $labels.backup }} is further behind than the RPO of {{ $labels.function }} allows",
        ),
        general(
            "RbpLagWorseThanPromised",
            worse("rbp:lag_promised:seconds"),
            "warning",
            "{{ $labels.backup }} is further behind than it may be",
        ),
    ]
}

fn lent() -> Alert {
    general(
        "RbpReserveLent",
        "rbp:lent_allowed:ratio < on(backup) group_left() max by (backup) (rbp_lent_ratio)".into(),
        "critical",
        "More of {{ $labels.backup }} is lent than may be: it is not there on the day of need",
    )
}

/// The alerts on deadlines, with the part of them that each is about.
pub fn deadlines() -> Vec<Alert> {
    let ends = "rbp:deadline:timestamp_seconds";
    vec![
        general(
            "RbpTestOverdue",
            format!("{ends}{{sort=\"test\"}} <= time()"),
            "warning",
            "The test {{ $labels.subject }} is overdue; until it is passed nobody knows whether the backup works",
        ),
        general(
            "RbpTestDueSoon",
            format!(
                "{ends}{{sort=\"test\"}} > time() < time() + {AHEAD_TEST} unless on(subject) \
                 rbp:test_interval:seconds <= {}",
                OFTEN * 86_400
            ),
            "info",
            "The test {{ $labels.subject }} is due within a week",
        ),
        general(
            "RbpEnded",
            format!("{ends}{{sort!=\"test\"}} <= time()"),
            "critical",
            "Past its last day: {{ $labels.what }}",
        ),
        general(
            "RbpEndsSoon",
            format!("{ends}{{sort!=\"test\"}} > time() < time() + {AHEAD}"),
            "warning",
            "Its last day is within 30 days: {{ $labels.what }}",
        ),
    ]
}
