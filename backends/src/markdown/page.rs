//! The page of a function.

use std::fmt::Write;

use rbp_ruleset::{Activation, Backup, Function, HandBack, Verdict};

use super::state;
use crate::escape::markdown;
use crate::view::View;
use crate::words;

/// How many losses a line names at most.
const MOST: usize = 8;

/// What to do when the function is gone.
pub(super) fn page(view: &View<'_>, f: &Function) -> String {
    let mut text = format!("# {}\n\n{}", markdown(&view.called(&f.id)), state(view));
    text += &format!("{}\n\n", markdown(&words::promise(view, f)));
    let backups = view.protectors(&f.id);
    text += &which(view, f);
    for backup in backups {
        text += &steps(view, f, backup);
    }
    if backups.is_empty() {
        text += "No backup is kept for this function.\n\n";
    }
    text + &helpless(view, f)
}

/// From what is lost to what is called on.
fn which(view: &View<'_>, f: &Function) -> String {
    if f.restorations.is_empty() {
        return String::new();
    }
    let mut text =
        "## What is lost?\n\n| Lost | Call on | Serves within |\n|---|---|---|\n".to_owned();
    for r in &f.restorations {
        let mut lost: Vec<String> =
            r.after.iter().take(MOST).map(|l| words::loss(view, l)).collect();
        if let Some(rest) = r.after.len().checked_sub(MOST).filter(|rest| *rest > 0) {
            lost.push(format!("{rest} others"));
        }
        let _ = writeln!(
            text,
            "| {} | **{}** | {} |",
            markdown(&lost.join(", or ")),
            markdown(&view.names(&r.by)),
            words::duration(r.within_ms)
        );
    }
    text + "\n"
}

/// How a backup is put to work.
fn steps(view: &View<'_>, f: &Function, backup: &Backup) -> String {
    let primary = backup.primary.as_deref().map_or(String::new(), |id| view.called(id));
    let mut text = format!(
        "## {} is lost: {}\n\n",
        markdown(&primary),
        markdown(&format!("put {} to work", view.called(&backup.id)))
    );
    let Some(a) = &backup.activation else {
        return text + "**No activation rule is written down.** Ask whoever answers for it.\n\n";
    };
    for fail_safe in &a.fail_safe {
        let when = markdown(&words::condition(view, &fail_safe.when));
        let action = fail_safe.action.as_deref().unwrap_or("do not activate it");
        let _ = writeln!(text, "> **STOP if {when}:** {}\n", markdown(action));
    }
    let mut number = 0;
    let mut step = |text: &mut String, head: &str, what: &str| {
        number += 1;
        let head = if head.is_empty() { String::new() } else { format!("**{head}** ") };
        let _ = writeln!(text, "{number}. [ ] {head}{what}");
    };
    step(&mut text, "Look:", &format!("{} must be so.", markdown(&words::trigger(view, a))));
    step(&mut text, "Decide:", &decide(view, a));
    for line in words::access(view, a) {
        let mut line = markdown(&line);
        if let Some(first) = line.get(..1).map(str::to_uppercase) {
            line.replace_range(..1, &first);
        }
        step(&mut text, "", &line);
    }
    for action in a.steps.iter().chain(&backup.instructions) {
        step(&mut text, "", &markdown(action));
    }
    if !backup.installed_by.is_empty() {
        let who = words::needs(view, &backup.installed_by);
        step(&mut text, "Installed by", &markdown(&who));
    }
    text += "\n";
    text += &expect(view, f, backup);
    if let Some(back) = &a.hand_back {
        let _ = writeln!(text, "**Hand back:** {}\n", hand_back(view, back));
    }
    let owner = view.owner(&backup.id).unwrap_or("nobody is named");
    text + &format!("Answers for it: {}.\n\n", markdown(owner))
}

fn decide(view: &View<'_>, a: &Activation) -> String {
    let lines: Vec<String> = words::succession(view, a).iter().map(|l| markdown(l)).collect();
    match lines.as_slice() {
        [] => "nobody is named.".to_owned(),
        [one] => format!("{one}."),
        [first, rest @ ..] => format!("{first}; if that fails, {}.", rest.join("; then ")),
    }
}

/// What should be seen, and for how long it lasts.
fn expect(view: &View<'_>, f: &Function, backup: &Backup) -> String {
    let mut text = String::new();
    if let Some(budget) = f.time_budgets.iter().find(|b| b.backup == backup.id) {
        let total: u64 = budget.steps.iter().fold(0, |sum, step| sum.saturating_add(step.ms));
        let parts = budget.steps.iter().map(|s| format!("{} {}", s.step, words::duration(s.ms)));
        let parts = markdown(&parts.collect::<Vec<_>>().join(", "));
        let at_least = if budget.complete { "" } else { " at least; not every step has a bound" };
        let _ =
            writeln!(text, "**It serves after** {}{at_least} ({parts}).\n", words::duration(total));
    }
    if let Some(covers) = &backup.covers {
        let _ = writeln!(text, "**It carries** {}.\n", markdown(&words::load(view, covers)));
    }
    if let Some(degraded) = &backup.degraded {
        let _ = writeln!(text, "**Less than usual:** {}\n", markdown(degraded));
    }
    text
}

fn hand_back(view: &View<'_>, back: &HandBack) -> String {
    match back {
        HandBack::How(how) => markdown(how),
        HandBack::When { condition, hold_ms } => {
            let hold = hold_ms.map_or(String::new(), |ms| format!(" for {}", words::duration(ms)));
            markdown(&format!("when {}{hold}", words::condition(view, condition)))
        }
    }
}

/// What no backup helps against, and what was said about it.
fn helpless(view: &View<'_>, f: &Function) -> String {
    if f.cut_sets.is_empty() {
        return String::new();
    }
    let mut text = "## No backup helps against\n\n".to_owned();
    for set in f.cut_sets.iter().take(4 * MOST) {
        let owed = view.obligations(&f.id).iter();
        let number = owed
            .filter(|o| o.verdict == Verdict::Accepted && o.losses == *set)
            .find_map(|o| o.acceptance);
        let accepted = view.rules.acceptances.iter().find(|a| Some(a.id) == number);
        let said = accepted.map_or("nothing is planned".to_owned(), |a| a.because.clone());
        let lost = markdown(&words::losses(view, set));
        let _ = writeln!(text, "- **{lost}:** {}", markdown(&said));
    }
    if let Some(rest) = f.cut_sets.len().checked_sub(4 * MOST).filter(|rest| *rest > 0) {
        let _ = writeln!(text, "- {rest} more sets of losses; the rule set lists them");
    }
    text
}
