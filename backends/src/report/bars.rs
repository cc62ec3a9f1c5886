//! Time budgets as bars: the steps of a backup on one scale, against the objective.

use std::fmt::Write;

use rbp_ruleset::TimeBudget;

use super::html::{Html, raw, text};
use crate::view::View;
use crate::words;

/// The width of the drawing, in which the longest time is full.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 22.0;

/// The budgets of a function's backups. `rto` is what each is held against.
pub fn bars(view: &View<'_>, budgets: &[TimeBudget], rto: Option<u64>) -> Html {
    let mut html = Html::default();
    let total = |b: &TimeBudget| b.steps.iter().fold(0_u64, |sum, s| sum.saturating_add(s.ms));
    let longest = budgets.iter().map(total).chain(rto).max().unwrap_or(0).max(1);
    for budget in budgets {
        let total = total(budget);
        html.raw("<figure class=\"bar\"><figcaption><code>").add(text(view.name(&budget.backup)));
        html.raw("</code>: ").add(text(&sum(budget, total)));
        if let Some(rto) = rto {
            let (class, words) = match total.checked_sub(rto) {
                Some(late) if late > 0 => ("late", format!("{} too long", words::duration(late))),
                _ => ("left", format!("{} to spare", words::duration(rto.saturating_sub(total)))),
            };
            html.raw(&format!(" <b class=\"{class}\">{words}</b>"));
        }
        html.raw("</figcaption>").add(drawn(budget, rto, longest)).raw("</figure>\n");
    }
    html
}

fn sum(budget: &TimeBudget, total: u64) -> String {
    let steps: Vec<String> =
        budget.steps.iter().map(|s| format!("{} {}", s.step, words::duration(s.ms))).collect();
    let sum = match steps.len() {
        0 => "at once".to_owned(),
        1 => steps.join(""),
        _ => format!("{} = {}", steps.join(" + "), words::duration(total)),
    };
    if budget.complete { sum } else { sum + ", and a step whose bound nobody states" }
}

/// The picture says what the words beside it say, so it is hidden from those who listen.
fn drawn(budget: &TimeBudget, rto: Option<u64>, longest: u64) -> Html {
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
    if let Some(rto) = rto {
        let x = scale(rto).max(1.0);
        let _ = write!(svg, "<path class=\"rto\" d=\"M{x:.0} 0v{HEIGHT}\"/>");
    }
    raw(svg + "</svg>")
}
