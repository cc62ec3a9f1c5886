//! The page of a function.

use std::fmt::Write;

use rbp_ruleset::{Function, Loss, Verdict};

use super::backup;
use super::state;
use crate::escape::markdown;
use crate::view::View;
use crate::words;

/// How many sets of losses without an answer are listed at most.
const MOST: usize = 32;

/// What to do when the function is gone.
pub(super) fn page(view: &View<'_>, f: &Function) -> String {
    let mut text = format!("# {}\n\n{}", markdown(&view.called(&f.id)), state(view));
    text += &format!("{}\n\n", markdown(&words::promise(view, f)));
    let backups = view.protectors(&f.id);
    text += &which(view, f);
    for backup in backups {
        text += &backup::section(view, f, backup);
    }
    if backups.is_empty() {
        text += "No backup is kept for this function.\n\n";
    }
    text + &helpless(view, f)
}

/// Losses, any one of which: "losing the grid (grid), or corruption of ledger".
pub(super) fn any_of(view: &View<'_>, losses: &[&Loss]) -> String {
    let words: Vec<String> = losses.iter().map(|l| words::loss_called(view, l)).collect();
    words.join(", or ")
}

/// From what is lost to what is called on. Every loss is named: whoever looks for one must find it.
fn which(view: &View<'_>, f: &Function) -> String {
    if f.restorations.is_empty() {
        return String::new();
    }
    let mut text =
        "## What is lost?\n\n| Lost | Call on | Serves within |\n|---|---|---|\n".to_owned();
    for r in &f.restorations {
        let _ = writeln!(
            text,
            "| {} | **{}** | {} |",
            markdown(&any_of(view, &r.after.iter().collect::<Vec<_>>())),
            markdown(&view.names(&r.by)),
            words::duration(r.within_ms)
        );
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
