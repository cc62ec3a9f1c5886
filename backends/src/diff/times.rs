//! How soon a function is back after each loss, and how long each backup takes.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rbp_ruleset::{Function, Loss, TimeBudget};

use super::{About, Line, Sort};
use crate::held::{is_known, total};
use crate::view::View;
use crate::words;

/// A time, and whether every step of it is stated; else it takes no less.
type Time = (u64, bool);

pub(super) fn times(view: &View<'_>, before: &Function, after: &Function) -> Vec<Line> {
    let mut lines = restored(view, before, after);
    for budget in &after.time_budgets {
        let old = before.time_budgets.iter().find(|b| b.backup == budget.backup);
        lines.extend(old.and_then(|old| budgets(view, old, budget)));
    }
    lines
}

/// How soon it is back after losses that backups answered before and answer now.
fn restored(view: &View<'_>, before: &Function, after: &Function) -> Vec<Line> {
    let back = |f: &Function| -> BTreeMap<Loss, Time> {
        let each = f.restorations.iter().map(|r| (&r.after, (r.within_ms, is_known(f, r))));
        each.flat_map(|(after, time)| after.iter().map(move |loss| (loss.clone(), time))).collect()
    };
    let (was, is) = (back(before), back(after));
    let mut by_change: BTreeMap<(Time, Time), Vec<String>> = BTreeMap::new();
    for (loss, after) in &is {
        if let Some(before) = was.get(loss).filter(|before| *before != after) {
            by_change.entry((*before, *after)).or_default().push(words::loss(view, loss));
        }
    }
    let line = |((before, after), losses): ((Time, Time), Vec<String>)| {
        let (first, rest) = (losses.first().cloned().unwrap_or_default(), losses.len() - 1);
        let also = match rest {
            0 => String::new(),
            1 => " (and one other loss)".to_owned(),
            _ => format!(" (and {rest} other losses)"),
        };
        let time = |(ms, known): Time| match known {
            true => words::duration(ms),
            false => format!("a time that is not stated, at least {}", words::duration(ms)),
        };
        let words = format!(
            "after {first}{also} it is back within {}, before {}",
            time(after),
            time(before)
        );
        Line { sort: longer(before, after), about: About::Time, words }
    };
    by_change.into_iter().map(line).collect()
}

fn budgets(view: &View<'_>, old: &TimeBudget, new: &TimeBudget) -> Option<Line> {
    if (&old.steps, old.complete) == (&new.steps, new.complete) {
        return None;
    }
    let time = |b: &TimeBudget| (total(b), b.complete);
    let takes = |b: &TimeBudget| {
        let steps: Vec<String> =
            b.steps.iter().map(|s| format!("{} {}", s.step, words::duration(s.ms))).collect();
        let sum = match steps.len() {
            0 => words::duration(total(b)),
            _ => format!("{} ({})", words::duration(total(b)), steps.join(" + ")),
        };
        if b.complete { sum } else { format!("a time that is not stated, at least {sum}") }
    };
    let words = format!("{} takes {}, before {}", view.name(&new.backup), takes(new), takes(old));
    Some(Line { sort: longer(time(old), time(new)), about: About::Time, words })
}

/// A time that is no longer known is worse than any; of two that are not, nobody knows which is longer.
fn longer((before, was_known): Time, (after, is_known): Time) -> Sort {
    match (was_known, is_known) {
        (true, false) => Sort::Worse,
        (false, true) => Sort::Better,
        (false, false) => Sort::Other,
        (true, true) => match after.cmp(&before) {
            Ordering::Greater => Sort::Worse,
            Ordering::Less => Sort::Better,
            Ordering::Equal => Sort::Other,
        },
    }
}
