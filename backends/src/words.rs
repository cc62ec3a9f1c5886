//! What a rule set says, in words: durations, loads, losses, needs.

use rbp_ruleset::{Load, Loss, LossSort, Need, Objective, Verdict};

use crate::view::View;

/// A duration: "1 h 30 min".
pub(crate) fn duration(ms: u64) -> String {
    if ms == 0 {
        return "0 s".into();
    }
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")];
    let mut rest = ms;
    let mut parts = Vec::new();
    for (size, unit) in units {
        if rest >= size {
            parts.push(format!("{} {unit}", rest / size));
            rest %= size;
        }
    }
    parts.join(" ")
}

/// A duration that may not be stated.
pub(crate) fn maybe(ms: Option<u64>) -> String {
    ms.map_or(String::new(), duration)
}

/// A load: "900 kW for 1 d, resupplied by fuel-firm within 12 h".
pub(crate) fn load(view: &View<'_>, load: &Load) -> String {
    let mut text = load.amount.written.clone();
    if let Some(ms) = load.for_ms {
        text += &format!(" for {}", duration(ms));
    }
    if let (Some(by), Some(ms)) = (&load.resupplied_by, load.resupplied_within_ms) {
        text += &format!(", resupplied by {} within {}", view.name(by), duration(ms));
    }
    text
}

/// A loss: "losing a", "corruption of a", "a compromise of a".
pub(crate) fn loss(view: &View<'_>, loss: &Loss) -> String {
    let what = view.name(&loss.element);
    match loss.sort {
        LossSort::Lost => format!("losing {what}"),
        LossSort::Corrupted => format!("corruption of {what}"),
        LossSort::Compromised => format!("a compromise of {what}"),
    }
}

/// Several losses at once: "losing a and corruption of b".
pub(crate) fn losses(view: &View<'_>, losses: &[Loss]) -> String {
    losses.iter().map(|l| loss(view, l)).collect::<Vec<_>>().join(" and ")
}

/// An objective: "15 s", "1 h on corruption", "4 h on loss of kind zone".
pub(crate) fn objective(objective: &Objective) -> String {
    let within = duration(objective.within_ms);
    match (&objective.of_kind, objective.on) {
        (Some(kind), _) => format!("{within} on loss of kind {kind}"),
        (None, Some(LossSort::Corrupted)) => format!("{within} on corruption"),
        (None, Some(LossSort::Compromised)) => format!("{within} on compromise"),
        (None, Some(LossSort::Lost)) => format!("{within} on loss"),
        (None, None) => within,
    }
}

/// Several objectives, with commas.
pub(crate) fn objectives(all: &[Objective]) -> String {
    all.iter().map(objective).collect::<Vec<_>>().join(", ")
}

/// The objective for a loss of no special sort, else the longest that is stated.
pub(crate) fn general(all: &[Objective]) -> Option<u64> {
    let general = all.iter().find(|o| o.on.is_none() && o.of_kind.is_none());
    general.map(|o| o.within_ms).or_else(|| all.iter().map(|o| o.within_ms).max())
}

/// A need: "a", "1 of a, b".
pub(crate) fn need(view: &View<'_>, need: &Need) -> String {
    let all = need.of.len();
    if all == 1 || need.count as usize == all {
        return view.names(&need.of);
    }
    format!("{} of [{}]", need.count, view.names(&need.of))
}

/// Several needs, all of them wanted.
pub(crate) fn needs(view: &View<'_>, all: &[Need]) -> String {
    all.iter().map(|n| need(view, n)).collect::<Vec<_>>().join(", ")
}

/// A verdict's word.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => "proved",
        Verdict::Accepted => "accepted",
        Verdict::Unknown => "unknown",
        Verdict::Refuted => "refuted",
    }
}
