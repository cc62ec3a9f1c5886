//! What a rule set says, in words: durations, loads, losses, needs.

use rbp_ruleset::{
    Activation, Authority, Condition, Exercise, FailSafe, Function, Load, Loss, LossSort, Need,
    Objective, Test, Verdict,
};

use crate::procedure;
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
    of_sort(loss.sort, view.name(&loss.element))
}

/// The same with the title: "losing City grid (city-grid)".
pub(crate) fn loss_called(view: &View<'_>, loss: &Loss) -> String {
    of_sort(loss.sort, &view.called(&loss.element))
}

fn of_sort(sort: LossSort, what: &str) -> String {
    match sort {
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

/// The backups of a function, with commas.
pub(crate) fn backups(view: &View<'_>, f: &Function) -> String {
    let names = view.protectors(&f.id).iter().map(|b| view.name(&b.id));
    names.collect::<Vec<_>>().join(", ")
}

/// What a function promises, in a sentence.
pub(crate) fn promise(view: &View<'_>, f: &Function) -> String {
    let mut parts = Vec::new();
    if let Some(owner) = &f.owner {
        parts.push(format!("{owner} answers for it"));
    }
    if !f.rto.is_empty() {
        parts.push(format!("it must be back within {}", objectives(&f.rto)));
    }
    if !f.rpo.is_empty() {
        parts.push(format!("with data no older than {}", objectives(&f.rpo)));
    }
    if let Some(ms) = f.mtpd_ms {
        parts.push(format!("more than {} away is not bearable", duration(ms)));
    }
    if let Some(demand) = &f.demand {
        parts.push(format!("it needs {}", load(view, demand)));
    }
    if let Some(minimum) = &f.minimum {
        parts.push(format!("at the least {}", load(view, minimum)));
    }
    let mut text = parts.join("; ");
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    if text.is_empty() { text } else { text + "." }
}

/// A condition: "a and b", "2 of [a, b, c]", "not a".
pub(crate) fn condition(view: &View<'_>, of: &Condition) -> String {
    match of {
        Condition::Signal(id) if id.is_empty() => "a signal that is not known".to_owned(),
        Condition::Signal(id) => view.name(id).to_owned(),
        Condition::Not(inner) => match **inner {
            Condition::Signal(_) => format!("not {}", condition(view, inner)),
            _ => format!("not ({})", condition(view, inner)),
        },
        Condition::AtLeast { count, of } => {
            let all: Vec<String> = of
                .iter()
                .map(|one| match one {
                    Condition::AtLeast { .. } => format!("({})", condition(view, one)),
                    _ => condition(view, one),
                })
                .collect();
            match *count as usize {
                n if n == all.len() => all.join(" and "),
                1 => all.join(" or "),
                n => format!("{n} of [{}]", all.join(", ")),
            }
        }
    }
}

/// When a backup is put to work: "feeder-dead for 1 s".
pub(crate) fn trigger(view: &View<'_>, a: &Activation) -> String {
    let Some(when) = &a.when else { return "nothing says when".into() };
    let hold = a.hold_ms.map_or(String::new(), |ms| format!(" for {}", duration(ms)));
    condition(view, when) + &hold
}

/// Who decides, a line for each step of the succession.
pub(crate) fn succession(view: &View<'_>, a: &Activation) -> Vec<String> {
    let line = |by: &Authority| {
        let who = need(view, &by.who);
        let who = if by.automatic { format!("automatic, on {who}") } else { who };
        who + &by.within_ms.map_or(String::new(), |ms| format!(", within {}", duration(ms)))
    };
    a.by.iter().map(line).collect()
}

/// What is needed to get at a backup, a line each: keys, ways, money, what is fenced first.
pub(crate) fn access(view: &View<'_>, a: &Activation) -> Vec<String> {
    procedure::access(view, a).into_iter().map(|step| step.text).collect()
}

/// When not to go on: "when earth-fault: open the breaker".
pub(crate) fn fail_safe(view: &View<'_>, f: &FailSafe) -> String {
    let when = condition(view, &f.when);
    f.action.as_ref().map_or(when.clone(), |action| format!("{when}: {action}"))
}

/// A level of exercise.
pub(crate) fn exercise(exercise: Exercise) -> &'static str {
    match exercise {
        Exercise::Tabletop => "tabletop",
        Exercise::Drill => "drill",
        Exercise::Functional => "functional",
        Exercise::FullScale => "full scale",
    }
}

/// What a test shows: "functional, from cold, activation, 300 kW for 30 min".
pub(crate) fn shows(view: &View<'_>, test: &Test) -> String {
    let exercise = test.exercise.map(exercise);
    let cold = test.from_cold.then_some("from cold");
    let parts = exercise.into_iter().chain(cold).map(str::to_owned);
    let loads = test.loads.iter().map(|shown| load(view, shown));
    parts.chain(test.proves.iter().cloned()).chain(loads).collect::<Vec<_>>().join(", ")
}
