//! Time budgets as bars: the steps of a backup on one scale, against what they are held to.

use std::fmt::Write;

use rbp_ruleset::{Function, TimeBudget};

use super::html::{Html, raw, text};
use crate::held::{Held, held, total};
use crate::view::View;
use crate::words;

/// The width of the drawing, in which the longest time is full.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 22.0;

/// The budgets of a function's backups.
pub fn bars(view: &View<'_>, f: &Function) -> Html {
    let mut html = Html::default();
    let all: Vec<(&TimeBudget, Option<Held<'_>>)> =
        f.time_budgets.iter().map(|budget| (budget, held(view, f, budget))).collect();
    let times = all.iter().map(|(b, held)| total(b).max(held.map_or(0, |h| h.bound)));
    let longest = times.max().unwrap_or(0).max(1);
    for (budget, held) in &all {
        let total = total(budget);
        html.raw("<figure class=\"bar\"><figcaption><code>").add(text(view.name(&budget.backup)));
        html.raw("</code>: ").add(text(&sum(budget, total)));
        if let Some(held) = held {
            let (class, words) = room(held);
            html.raw(&format!(" <b class=\"{class}\">{words}</b>: "));
            html.add(text(&held.words(view, f, total)));
        }
        html.raw("</figcaption>").add(drawn(budget, held.map(|h| h.bound), longest));
        html.raw("</figure>\n");
    }
    html
}

/// What is left of the time, or by how much it is too long. Where something is not stated, only what is too long
/// all the same is known.
fn room(held: &Held<'_>) -> (&'static str, String) {
    match (held.late(), held.known) {
        (Some(late), true) => ("late", format!("{} too long", words::duration(late))),
        (Some(late), false) => ("late", format!("at least {} too long", words::duration(late))),
        (None, true) => ("left", format!("{} to spare", words::duration(held.bound - held.takes))),
        (None, false) => ("open", "not known whether in time".to_owned()),
    }
}

fn sum(budget: &TimeBudget, total: u64) -> String {
    let steps: Vec<String> =
        budget.steps.iter().map(|s| format!("{} {}", s.step, words::duration(s.ms))).collect();
    let steps = steps.join(" + ");
    match (budget.complete, budget.steps.len()) {
        (true, 0) => "at once".to_owned(),
        (true, 1) => steps,
        (true, _) => format!("{steps} = {}", words::duration(total)),
        (false, 0) => "nobody states how long it takes".to_owned(),
        (false, _) => {
            format!("{steps} + a step that nobody states = at least {}", words::duration(total))
        }
    }
}

/// The picture says what the words beside it say, so it is hidden from those who listen.
fn drawn(budget: &TimeBudget, bound: Option<u64>, longest: u64) -> Html {
    let scale = |ms: u64| ms as f64 / longest as f64 * WIDTH;
    let mut svg = format!(
        "<svg class=\"bar\" viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
        WIDTH + 4.0
    );
    let mut left = 0.0;
    for step in &budget.steps {
        let width = scale(step.ms);
        // The steps are known words, but a document may say anything.
        let class: String = step.step.chars().filter(char::is_ascii_lowercase).collect();
        let _ = write!(
            svg,
            "<path class=\"s-{class}\" d=\"M{left:.0} 4h{width:.0}v14h-{width:.0}z\"/>"
        );
        left += width;
    }
    if let Some(bound) = bound {
        let x = scale(bound).max(1.0);
        let _ = write!(svg, "<path class=\"rto\" d=\"M{x:.0} 0v{HEIGHT}\"/>");
    }
    raw(svg + "</svg>")
}
