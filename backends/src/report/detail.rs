//! One function after the other: what it rests on, what ends it, what brings it back and how soon.

use std::collections::BTreeMap;

use rbp_ruleset::{Function, Loss, Restoration, Verdict};

use super::bars::bars;
use super::functions::named;
use super::html::{Html, list, raw, section, text, within};
use crate::falls::called_too;
use crate::graph::Graph;
use crate::held::is_known;
use crate::view::View;
use crate::words;

/// How many nodes all graphs have together at most, lest the page grow too large to be sent; each function,
/// which takes space as well, leaves so many fewer.
const NODES: (usize, usize) = (2_500, 2);
/// How many lines a list of a function has at most.
const MOST: usize = 25;

/// Every function. Those with something open come first to be drawn.
pub fn all(view: &View<'_>) -> Html {
    let mut order: Vec<usize> = (0..view.rules.functions.len()).collect();
    let calm =
        |f: &Function| view.ended(f, Verdict::Refuted) + view.ended(f, Verdict::Unknown) == 0;
    order.sort_by_key(|at| calm(&view.rules.functions[*at]));
    let mut drawings = vec![None; view.rules.functions.len()];
    let mut left = NODES.0.saturating_sub(NODES.1 * view.rules.functions.len());
    for at in order {
        let Some(graph) = Graph::in_view(view, Some(&view.rules.functions[at].id)) else {
            continue;
        };
        if graph.size() > left {
            break;
        }
        left -= graph.size();
        drawings[at] = Some(graph.drawing(at));
    }
    let mut html = Html::default();
    for (f, drawing) in view.rules.functions.iter().zip(drawings) {
        html.add(function(view, f, drawing));
    }
    let lead = "Graphs: arrows lead to what something rests on; dotted is what puts a backup to work. Red and dashed \
        is a backup, red and filled is shared with what it stands in for, red and thick ends the function alone. \
        Bars: what takes time from the loss until a backup serves; the line is the time that it may take.";
    section("detail", "Functions in detail", lead, html)
}

fn function(view: &View<'_>, f: &Function, drawing: Option<String>) -> Html {
    let mut html = raw("<article>\n<h3>");
    html.add(named(view, &f.id)).raw("</h3>\n");
    match drawing {
        Some(svg) => {
            let scroll = "<div class=\"scroll graph\" tabindex=\"0\" role=\"region\" aria-label=\"Dependency graph\">";
            html.raw(scroll).raw(&svg).raw("</div>\n");
        }
        None => {
            html.raw("<p class=\"lead\">Its graph: <code>rbp graph ");
            html.add(text(view.name(&f.id))).raw("</code></p>\n");
        }
    }
    html.add(ends(view, f));
    if !f.time_budgets.is_empty() {
        html.raw("<h4>Time budgets</h4>\n").add(bars(view, f));
    }
    html.add(restorations(view, f)).raw("</article>\n");
    html
}

fn ends(view: &View<'_>, f: &Function) -> Html {
    let mut html = raw("<h4>What ends it</h4>\n");
    if f.cut_sets.is_empty() {
        let known = match f.cut_sets_to {
            0 => {
                "It is not known what ends it: something that it rests on was not read.".to_owned()
            }
            1 => "No single loss.".to_owned(),
            n => format!("No loss of up to {n} things at once."),
        };
        html.add(within("p", "", raw(known)));
        return html;
    }
    let accepted = |set: &[_]| {
        let obligations = view.obligations(&f.id).iter();
        let mut named = obligations.filter(|o| o.verdict == Verdict::Accepted && o.losses == set);
        named.find_map(|o| o.acceptance)
    };
    let sets = f.cut_sets.iter().take(MOST).map(|set| {
        let mut item = text(&words::losses(view, set));
        if let Some(number) = accepted(set) {
            item.raw(&format!(" <span class=\"v accepted\">~ accepted, risk {number}</span>"));
        }
        item
    });
    html.add(list(sets));
    if let Some(rest) = f.cut_sets.len().checked_sub(MOST).filter(|rest| *rest > 0) {
        html.raw(&format!("<p class=\"lead\">and {rest} more sets of losses</p>\n"));
    }
    html
}

/// What answers some losses, and how soon the function must be back after them.
struct Row<'a> {
    back: &'a Restoration,
    bound: Option<u64>,
    after: Vec<&'a Loss>,
}

fn restorations(view: &View<'_>, f: &Function) -> Html {
    if f.restorations.is_empty() {
        return Html::default();
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    for back in &f.restorations {
        let mut by_bound: BTreeMap<Option<u64>, Vec<&Loss>> = BTreeMap::new();
        for loss in &back.after {
            by_bound.entry(view.objective(&f.rto, loss)).or_default().push(loss);
        }
        rows.extend(by_bound.into_iter().map(|(bound, after)| Row { back, bound, after }));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.back.within_ms));
    let items = rows.iter().take(MOST).map(|row| {
        let mut after: Vec<String> =
            row.after.iter().take(6).map(|l| words::loss(view, l)).collect();
        let rest = row.after.len().saturating_sub(6);
        if rest > 0 {
            after.push(format!("one of {rest} others"));
        }
        let takes = words::duration(row.back.within_ms);
        let takes = match is_known(f, row.back) {
            true => format!("within {takes}"),
            false => format!("not before {takes}, and a step of that nobody states"),
        };
        let late = row.bound.is_some_and(|bound| row.back.within_ms > bound);
        let mut item = within("b", if late { "late" } else { "" }, text(&takes));
        if let Some(bound) = row.bound {
            item.raw(&format!(" (allowed: {})", words::duration(bound)));
        }
        item.raw(" by ").add(text(&view.names(&row.back.by))).raw(", after ");
        item.add(text(&after.join(", or ")));
        let too = called_too(view, f, row.back, &row.after);
        if !too.is_empty() {
            let names: Vec<&str> = too.into_iter().map(|id| view.name(id)).collect();
            item.raw("; ").add(text(&names.join(", "))).raw(" can be called on then too");
        }
        item
    });
    let mut html = raw("<h4>What brings it back</h4>\n");
    html.add(list(items));
    html
}
