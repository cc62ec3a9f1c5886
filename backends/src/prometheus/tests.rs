//! Tests of the rules, for `promtool test rules`. What must fire is worked out here from the rule set,
//! not from the rules.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use rbp_ruleset::Condition;

use super::alerts::{self, AHEAD, AHEAD_TEST, trigger_met};
use super::facts::{holder, later_than_last, of_deadline, of_test, overdue_from, passed};
use super::promql::signal;
use super::yaml::{Alert, Pairs, map};
use crate::days::{Day, DeadlineSort, is_announced};
use crate::escape::{label, yaml};
use crate::view::View;

/// What is known of signals.
type World<'a> = BTreeMap<&'a str, bool>;

/// How many worlds are played at most: triggers that exclude one another need several.
const WORLDS: usize = 8;

/// On the day of judgement, and after as long again as since 1970, what is overdue, ended and near.
pub fn deadlines(view: &View<'_>) -> String {
    let Some(now) = Day::read(&view.rules.as_of).map(Day::seconds).filter(|now| *now > 0) else {
        return String::from("rule_files: [../rules.yml]\ntests: []\n");
    };
    let mut ends: Vec<(Pairs, DeadlineSort, i64)> = Vec::new();
    // Of these nobody is told that they are near.
    let mut often: HashSet<String> = HashSet::new();
    let mut delivered = String::new();
    for backup in &view.rules.backups {
        for test in &backup.tests {
            let subject = format!("{}/{}", backup.id, test.name);
            let labels = of_test(&subject, holder(view, backup, test));
            if !is_announced(test) {
                often.insert(label(&subject));
            }
            ends.push((labels, DeadlineSort::Test, overdue_from(test)));
            if test.expires.is_some() {
                let (series, day) = (yaml(&passed(backup, test)), later_than_last(test));
                let _ = writeln!(
                    delivered,
                    "      - series: {series}\n        values: \"{day} {day} {day}\""
                );
            }
        }
    }
    for d in crate::days::deadlines(view).into_iter().filter(|d| d.sort != DeadlineSort::Test) {
        ends.push((of_deadline(&d), d.sort, d.day.seconds() + 86_400));
    }
    let mut text = format!(
        "rule_files: [../rules.yml]\nevaluation_interval: {now}s\ntests:\n  - interval: {now}s\n    alert_rule_test:\n"
    );
    for at in [now, now.saturating_mul(2)] {
        for alert in alerts::deadlines() {
            let fires = |(labels, sort, end): &&(Pairs, DeadlineSort, i64)| {
                let is_test = *sort == DeadlineSort::Test;
                let near = *end > at && *end < at + AHEAD_TEST;
                let told = || !labels.iter().any(|(k, v)| *k == "subject" && often.contains(v));
                match alert.name {
                    "RbpTestOverdue" => is_test && *end <= at,
                    "RbpTestDueSoon" => is_test && near && told(),
                    "RbpEnded" => !is_test && *end <= at,
                    _ => !is_test && *end > at && *end < at + AHEAD,
                }
            };
            let firing = ends.iter().filter(fires).map(|(labels, ..)| labels.clone());
            text += &expected(&alert, at, firing);
        }
    }
    // Once every test whose result ends on a day was passed anew, that day is nothing any more.
    if !delivered.is_empty() {
        let at = now.saturating_mul(2);
        text +=
            &format!("  - interval: {now}s\n    input_series:\n{delivered}    alert_rule_test:\n");
        for alert in alerts::deadlines().iter().filter(|alert| alert.name == "RbpEnded") {
            let kept = |sort| !matches!(sort, DeadlineSort::Test | DeadlineSort::Result);
            let ended = ends.iter().filter(|(_, sort, end)| kept(*sort) && *end <= at);
            text += &expected(alert, at, ended.map(|(labels, ..)| labels.clone()));
        }
    }
    text
}

/// Which triggers are met in worlds that are made to meet as many as possible, and in silence.
pub fn triggers(view: &View<'_>) -> String {
    let with = view.rules.backups.iter().filter_map(|b| Some((b, b.activation.as_ref()?)));
    let all: Vec<(&Condition, Alert)> =
        with.filter_map(|(b, a)| Some((a.when.as_ref()?, trigger_met(view, b, a)?))).collect();
    let longest = all.iter().map(|(_, alert)| alert.hold_ms).max().unwrap_or(0);
    // All that is played is whole seconds, so that every hold has passed at the first step.
    let step = longest.div_ceil(1000).max(1);
    let mut text = format!("rule_files: [../rules.yml]\nevaluation_interval: {step}s\ntests:\n");
    for world in worlds(all.iter().map(|(when, _)| *when)) {
        let _ = writeln!(text, "  - interval: {step}s");
        if !world.is_empty() {
            text += "    input_series:\n";
        }
        for (id, on) in &world {
            let _ = writeln!(
                text,
                "      - series: {}\n        values: \"{on} {on}\"",
                yaml(&signal(id)),
                on = u8::from(*on)
            );
        }
        text += "    alert_rule_test:\n";
        let at = i64::try_from(step).unwrap_or(i64::MAX);
        let firing = all.iter().filter(|(when, _)| value(when, &world) == Some(true));
        text += &several("RbpTriggerMet", at, firing.map(|(_, alert)| (alert, Pairs::new())));
    }
    text
}

/// Silence, and worlds each of which meets as many of the conditions not met before as fit together.
fn worlds<'a>(conditions: impl Iterator<Item = &'a Condition>) -> Vec<World<'a>> {
    let mut worlds = vec![World::new()];
    let mut left: Vec<&Condition> = conditions.collect();
    while !left.is_empty() && worlds.len() < WORLDS {
        let mut world = World::new();
        let before = left.len();
        left.retain(|condition| {
            let mut tried = world.clone();
            let fits =
                satisfy(condition, true, &mut tried) && value(condition, &tried) == Some(true);
            if fits {
                world = tried;
            }
            !fits
        });
        if left.len() == before {
            break;
        }
        worlds.push(world);
    }
    worlds
}

/// Sets signals so that a condition has a value; false where one is set otherwise already.
fn satisfy<'a>(condition: &'a Condition, wanted: bool, world: &mut World<'a>) -> bool {
    match condition {
        Condition::Signal(id) => *world.entry(id).or_insert(wanted) == wanted,
        Condition::Not(of) => satisfy(of, !wanted, world),
        Condition::AtLeast { of, .. } => of.iter().all(|one| satisfy(one, wanted, world)),
    }
}

/// What a condition amounts to; `None` where that is not known.
fn value(condition: &Condition, world: &World<'_>) -> Option<bool> {
    match condition {
        Condition::Signal(id) => world.get(id.as_str()).copied(),
        Condition::Not(of) => value(of, world).map(|on| !on),
        Condition::AtLeast { count, of } => {
            let values: Vec<Option<bool>> = of.iter().map(|one| value(one, world)).collect();
            let count = *count as usize;
            let on = values.iter().filter(|v| **v == Some(true)).count();
            let open = values.iter().filter(|v| v.is_none()).count();
            match (on >= count, on + open < count) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            }
        }
    }
}

fn expected(alert: &Alert, at: i64, firing: impl Iterator<Item = Pairs>) -> String {
    several(alert.name, at, firing.map(|labels| (alert, labels)))
}

/// What must fire, no more and no less; each alert with labels beside its own.
fn several<'a>(name: &str, at: i64, firing: impl Iterator<Item = (&'a Alert, Pairs)>) -> String {
    let mut text = format!("      - eval_time: {at}s\n        alertname: {name}\n");
    let mut any = false;
    for (alert, of_series) in firing {
        if !any {
            text += "        exp_alerts:\n";
            any = true;
        }
        let labels: Pairs = of_series.into_iter().chain(alert.labels.iter().cloned()).collect();
        let mut words =
            map("            ", "exp_labels", labels.iter().map(|(k, v)| (*k, v.clone())));
        let shown = alert.annotations.iter().map(|(k, words)| (*k, words.shown(&labels)));
        words += &map("            ", "exp_annotations", shown);
        // The first line begins the item of the list.
        text += &words.replacen("            ", "          - ", 1);
    }
    if !any {
        text += "        exp_alerts: []\n";
    }
    text
}
