//! The page of a function.

use std::fmt::Write;

use rbp_ruleset::{Function, Loss, Restoration, Verdict};

use super::backup;
use super::state;
use crate::escape::markdown;
use crate::falls::called_too;
use crate::held::is_known;
use crate::view::View;
use crate::words;

/// How many losses are named of those that the table above has.
const FIRST: usize = 8;
/// How many sets of losses without an answer are listed at most.
const MOST: usize = 32;

/// What brings a function back, and which backups can be called on then beside those that do.
pub(super) struct Row<'a> {
    pub back: &'a Restoration,
    pub too: Vec<&'a str>,
}

/// What to do when the function is gone.
pub(super) fn page<'a>(view: &View<'a>, f: &'a Function) -> String {
    let mut text = format!("# {}\n\n{}", markdown(&view.called(&f.id)), state(view));
    text += &format!("{}\n\n", markdown(&words::promise(view, f)));
    let rows: Vec<Row<'_>> = f.restorations.iter().map(|back| row(view, f, back)).collect();
    let backups = view.protectors(&f.id);
    text += &which(view, f, &rows);
    for backup in backups {
        text += &backup::section(view, f, backup, &rows);
    }
    if backups.is_empty() {
        text += "No backup is kept for this function.\n\n";
    }
    text + &helpless(view, f)
}

fn row<'a>(view: &View<'a>, f: &Function, back: &'a Restoration) -> Row<'a> {
    let after: Vec<&Loss> = back.after.iter().collect();
    Row { back, too: called_too(view, f, back, &after) }
}

/// Losses, any one of which: "losing the grid (grid), or corruption of ledger".
fn any_of(view: &View<'_>, losses: &[&Loss]) -> String {
    let words: Vec<String> = losses.iter().map(|l| words::loss_called(view, l)).collect();
    words.join(", or ")
}

/// The first of them: the table above names them all.
pub(super) fn some_of(view: &View<'_>, losses: &[&Loss]) -> String {
    match losses.split_at_checked(FIRST) {
        Some((first, rest)) if !rest.is_empty() => {
            format!("{}, or {} more of the table above", any_of(view, first), rest.len())
        }
        _ => any_of(view, losses),
    }
}

/// From what is lost to what is called on. Every loss is named: whoever looks for one must find it.
fn which(view: &View<'_>, f: &Function, rows: &[Row<'_>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text =
        "## What is lost?\n\n| Lost | Call on | Serves within |\n|---|---|---|\n".to_owned();
    for Row { back, too } in rows {
        let mut call = format!("**{}**", markdown(&view.names(&back.by)));
        if !too.is_empty() {
            let names: Vec<&str> = too.iter().map(|id| view.name(id)).collect();
            call += &format!("; if that fails, {}", markdown(&names.join(", ")));
        }
        let within = words::duration(back.within_ms);
        let at_least = if is_known(f, back) { "" } else { "at least " };
        let lost = markdown(&any_of(view, &back.after.iter().collect::<Vec<_>>()));
        let _ = writeln!(text, "| {lost} | {call} | {at_least}{within} |");
    }
    text + "\n"
}

/// What no backup helps against, and what was said about it.
fn helpless(view: &View<'_>, f: &Function) -> String {
    if f.cut_sets.is_empty() {
        return String::new();
    }
    let mut text = "## No backup helps against\n\n".to_owned();
    for set in f.cut_sets.iter().take(MOST) {
        let owed = view.obligations(&f.id).iter();
        let number = owed
            .filter(|o| o.verdict == Verdict::Accepted && o.losses == *set)
            .find_map(|o| o.acceptance);
        let accepted = view.rules.acceptances.iter().find(|a| Some(a.id) == number);
        let said = accepted.map_or("nothing is planned".to_owned(), |a| a.because.clone());
        let lost: Vec<String> = set.iter().map(|loss| words::loss_called(view, loss)).collect();
        let lost = markdown(&lost.join(" and "));
        let _ = writeln!(text, "- **{lost}:** {}", markdown(&said));
    }
    if let Some(rest) = f.cut_sets.len().checked_sub(MOST).filter(|rest| *rest > 0) {
        let _ = writeln!(text, "- {rest} more sets of losses; the rule set lists them");
    }
    text
}
