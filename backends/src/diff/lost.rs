//! What ends a function.

use std::collections::BTreeSet;

use rbp_ruleset::Loss;

use super::{About, Line, Sort};
use crate::view::View;
use crate::words;

/// The sets of losses that end it now and did not, or did and do not.
pub(super) fn cut_sets(old: &View<'_>, new: &View<'_>, id: &str) -> Vec<Line> {
    // Of larger sets one of the two says nothing.
    let to = |view: &View<'_>| view.function(id).map(|f| f.cut_sets_to as usize);
    let known = to(old).into_iter().chain(to(new)).min().unwrap_or(0);
    let sets = |view: &View<'_>| -> BTreeSet<Vec<Loss>> {
        let all = view.function(id).into_iter().flat_map(|f| &f.cut_sets);
        all.filter(|set| set.len() <= known).cloned().collect()
    };
    let (before, after) = (sets(old), sets(new));
    let line = |view: &View<'_>, set: &Vec<Loss>, sort, verb: &str| Line {
        sort,
        about: About::CutSet,
        words: format!("{} {verb} ends it", words::losses(view, set)),
    };
    let gained = after.difference(&before).map(|set| line(new, set, Sort::Worse, "now"));
    let lost = before.difference(&after).map(|set| line(old, set, Sort::Better, "no longer"));
    let mut lines: Vec<Line> = gained.chain(lost).collect();
    if let (Some(f), Some(g)) = (old.function(id), new.function(id))
        && f.cut_sets_to != g.cut_sets_to
    {
        let (was, is) = (f.cut_sets_to, g.cut_sets_to);
        let sort = if is < was { Sort::Worse } else { Sort::Better };
        let losses = if is == 1 { "loss" } else { "losses" };
        let words = format!("what ends it is known up to {is} {losses} at once, before {was}");
        lines.push(Line { sort, about: About::CutSet, words });
    }
    lines
}
