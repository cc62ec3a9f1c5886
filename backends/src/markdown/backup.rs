//! How a backup is put to work.

use std::fmt::Write;

use rbp_ruleset::{Activation, Authority, Backup, Function, HandBack, Loss, LossSort, Verdict};

use super::page::{Row, some_of};
use crate::escape::markdown;
use crate::held::total;
use crate::procedure::{capital, deciders, meant, signals, steps};
use crate::view::View;
use crate::words;

/// The section of a backup on the page of a function.
pub(super) fn section(view: &View<'_>, f: &Function, backup: &Backup, rows: &[Row<'_>]) -> String {
    let calls = view.calls(f, &backup.id);
    let mut text = heading(view, backup, &calls);
    let said = |loss: &&Loss| {
        loss.sort == LossSort::Lost && Some(&loss.element) == backup.primary.as_ref()
    };
    if !calls.iter().all(said) {
        let _ = writeln!(text, "**For** {}.\n", markdown(&some_of(view, &calls)));
    }
    for Row { back, .. } in rows.iter().filter(|row| row.too.contains(&backup.id.as_str())) {
        let after = some_of(view, &back.after.iter().collect::<Vec<_>>());
        let first = view.names(&back.by);
        let _ =
            writeln!(text, "**If {} fails**, also for {}.\n", markdown(&first), markdown(&after));
    }
    text += &instead(view, f, backup, &calls);
    text += &stops(view, backup);
    text += &list(view, backup);
    text += &expect(view, f, backup);
    text += &accepted(view, f, backup);
    if let Some(back) = backup.activation.as_ref().and_then(|a| a.hand_back.as_ref()) {
        text += &hand_back(view, back);
    }
    let owner = view.owner(&backup.id).unwrap_or("nobody is named");
    text + &format!("Answers for it: {}.\n\n", markdown(owner))
}

/// What became of the primary, and what is put to work.
fn heading(view: &View<'_>, backup: &Backup, calls: &[&Loss]) -> String {
    let after = |sort| calls.iter().any(|loss| loss.sort == sort);
    let lost = after(LossSort::Lost) || calls.is_empty();
    let states = [
        (lost, "lost"),
        (after(LossSort::Corrupted), "corrupted"),
        (after(LossSort::Compromised), "in other hands"),
    ];
    let states: Vec<&str> =
        states.into_iter().filter(|(so, _)| *so).map(|(_, word)| word).collect();
    let state = match states.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    };
    let primary = backup.primary.as_deref().map_or(String::new(), |id| view.called(id));
    let put = format!("put {} to work", view.called(&backup.id));
    format!("## {} is {}: {}\n\n", markdown(&primary), state, markdown(&put))
}

/// After which losses it is the wrong one, and which others are wrong where it is right.
fn instead(view: &View<'_>, f: &Function, backup: &Backup, calls: &[&Loss]) -> String {
    let mut text = String::new();
    let others = view.protectors(&f.id).iter().filter(|other| {
        other.id != backup.id && other.primary.is_some() && other.primary == backup.primary
    });
    let wrong = |sort: LossSort| sort != LossSort::Lost;
    let follows = |id: &str| view.element(id).is_some_and(|e| e.lag_ms.is_some() && !e.immutable);
    for other in others {
        let their = view.calls(f, &other.id);
        let only_they: Vec<&Loss> =
            their.iter().filter(|l| wrong(l.sort) && !calls.contains(l)).copied().collect();
        let only_this: Vec<&Loss> =
            calls.iter().filter(|l| wrong(l.sort) && !their.contains(l)).copied().collect();
        let name = markdown(view.name(&other.id));
        if !only_they.is_empty() && follows(&backup.id) {
            let after = markdown(&some_of(view, &only_they));
            let _ = writeln!(
                text,
                "> **NOT for {after}:** it may be as wrong as what it follows. Put {name} to work then.\n"
            );
        }
        if !only_this.is_empty() && follows(&other.id) {
            let after = markdown(&some_of(view, &only_this));
            let _ = writeln!(
                text,
                "> **After {after} do NOT use {name}:** it may be as wrong as what it follows.\n"
            );
        }
    }
    text
}

/// When not to go on.
fn stops(view: &View<'_>, backup: &Backup) -> String {
    let mut text = String::new();
    for fail_safe in backup.activation.iter().flat_map(|a| &a.fail_safe) {
        let when = markdown(&words::condition(view, &fail_safe.when));
        let action = fail_safe.action.as_deref().unwrap_or("do not activate it");
        let _ = writeln!(text, "> **STOP if {when}:** {}", markdown(action));
        let lines = meant(view, &signals(&fail_safe.when));
        if !lines.is_empty() {
            text += ">\n";
        }
        for line in lines {
            let _ = writeln!(text, "> - {}", markdown(&line));
        }
        text += "\n";
    }
    text
}

/// The steps to tick off, each with what the names in it stand for.
fn list(view: &View<'_>, backup: &Backup) -> String {
    let mut text = String::new();
    let mut number = 0;
    let mut step = |text: &mut String, what: &str, names: &[&str]| {
        number += 1;
        let _ = writeln!(text, "{number}. [ ] {what}");
        for line in meant(view, names) {
            let _ = writeln!(text, "    - {}", markdown(&line));
        }
    };
    match &backup.activation {
        None => {
            let who = match view.owner(&backup.id) {
                Some(owner) => format!("Ask {owner}, who answers for it."),
                None => "Nobody is named whom one could ask.".to_owned(),
            };
            let _ = writeln!(text, "**No activation rule is written down.** {}\n", markdown(&who));
        }
        Some(a) => {
            let when = markdown(&words::trigger(view, a));
            let seen = a.when.as_ref().map_or(Vec::new(), signals);
            step(&mut text, &format!("**Look:** {when} must be so."), &seen);
            step(&mut text, &format!("**Decide:** {}", decide(view, a)), &deciders(a));
        }
    }
    for one in steps(view, backup) {
        step(&mut text, &markdown(&capital(&one.text)), &one.names);
    }
    if text.is_empty() { text } else { text + "\n" }
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
    let mut text = serves_after(view, f, backup);
    if let Some(covers) = &backup.covers {
        let _ = writeln!(text, "**It carries** {}.\n", markdown(&words::load(view, covers)));
    }
    if let Some(degraded) = &backup.degraded {
        let _ = writeln!(text, "**Less than usual:** {}\n", markdown(degraded));
    }
    text
}

/// How long it takes, and how long where not the first but a later one decides.
fn serves_after(view: &View<'_>, f: &Function, backup: &Backup) -> String {
    let Some(budget) = f.time_budgets.iter().find(|b| b.backup == backup.id) else {
        return String::new();
    };
    let total = total(budget);
    let parts = budget.steps.iter().map(|s| format!("{} {}", s.step, words::duration(s.ms)));
    let parts = markdown(&parts.collect::<Vec<_>>().join(", "));
    let at_least = if budget.complete { "" } else { " at least; not every step has a bound" };
    let mut text = format!("**It serves after** {}{at_least} ({parts})", words::duration(total));
    let decided = budget.steps.iter().filter(|s| s.step == "decide").map(|s| s.ms).sum::<u64>();
    let by = backup.activation.as_ref().map_or(&[][..], |a| &a.by);
    let bound = |one: &Authority| one.within_ms.or(one.automatic.then_some(0));
    if by.len() > 1 {
        let soonest = by.iter().find(|one| bound(one) == Some(decided));
        let who = soonest.map(|one| markdown(&words::need(view, &one.who)));
        text += &format!(" where {} decides", who.as_deref().unwrap_or("the quickest of them"));
    }
    for one in by {
        let later = one.within_ms.filter(|ms| *ms > decided && by.len() > 1);
        if let Some(ms) = later {
            let after = total.saturating_sub(decided).saturating_add(ms);
            let who = markdown(&words::need(view, &one.who));
            text += &format!("; after {}{at_least} where {who} does", words::duration(after));
        }
    }
    text + ".\n\n"
}

/// What is known to fall short of it, and who took that upon themselves.
fn accepted(view: &View<'_>, f: &Function, backup: &Backup) -> String {
    let mut text = String::new();
    let own = view
        .obligations(&f.id)
        .iter()
        .filter(|o| o.verdict == Verdict::Accepted && o.subject == backup.id);
    for owed in own {
        let Some(a) = view.rules.acceptances.iter().find(|a| Some(a.id) == owed.acceptance) else {
            continue;
        };
        let what = owed.message.as_deref().unwrap_or(&owed.rule).replace('`', "");
        let _ = writeln!(
            text,
            "**Accepted risk:** {}. Taken by {} until {}: {}\n",
            markdown(&what),
            markdown(&a.by),
            markdown(&a.until),
            markdown(&a.because)
        );
    }
    text
}

fn hand_back(view: &View<'_>, back: &HandBack) -> String {
    let (how, names) = match back {
        HandBack::How(how) => (markdown(how), Vec::new()),
        HandBack::When { condition, hold_ms } => {
            let hold = hold_ms.map_or(String::new(), |ms| format!(" for {}", words::duration(ms)));
            let when = markdown(&format!("when {}{hold}", words::condition(view, condition)));
            (when, signals(condition))
        }
    };
    let mut text = format!("**Hand back:** {how}\n\n");
    let lines = meant(view, &names);
    for line in &lines {
        let _ = writeln!(text, "- {}", markdown(line));
    }
    if lines.is_empty() { text } else { text + "\n" }
}
