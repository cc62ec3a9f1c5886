//! `data-loss-exceeds-rpo`: A copy may be further behind than the function may lose.

use std::sync::Arc;

use rbp_grammar::ast::Role;
use rbp_grammar::head::Head;

use crate::analysis::Stale;
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Element, Timed};
use crate::quantity::duration_words;
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "data-loss-exceeds-rpo",
    Error,
    Readiness,
    "A copy may be further behind than the function may lose.",
    Check::Pair(check)
);

pub(crate) fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, function) = (case.backup, &case.function);
    let Some(primary) = case.primary.as_ref().filter(|p| p.is("record")) else { return };
    let Some(lag) = backup.duration(Head::LagWithin) else {
        // `missing-freshness` tells.
        return out.undecided();
    };
    let name = backup.name();
    let Some(rpo) = case.objective(Head::Rpo) else {
        if function.is_partial() {
            return out.undecided();
        }
        return out.unknown(
            unstated(case, primary)
                .also(lag.at, format!("`{name}` may be {} behind", duration_words(lag.ms))),
        );
    };
    let Some(upstream) = upstream(case, primary) else {
        // `missing-freshness` tells, of the copy that it is a copy of.
        return out.undecided();
    };
    let delay = backup.duration(Head::DelayedBy);
    let own = lag.ms.saturating_add(delay.map_or(0, |delay| delay.ms));
    let behind = upstream.iter().fold(own, |sum, (_, ms, _)| sum.saturating_add(*ms));
    if behind <= rpo.ms {
        return together(case, behind, lag, out);
    }
    let message = format!(
        "`{name}` may be {} behind, and `{}` may lose no more than {}",
        duration_words(behind),
        function.name(),
        duration_words(rpo.ms)
    );
    let mut finding = Diagnostic::new(&RULE, lag.at, message)
        .here("this is too far")
        .also(rpo.at, "this is the limit");
    if let Some(delay) = delay {
        finding = finding.also(delay.at, "and it is kept behind by this on purpose");
    }
    for (copy, ms, at) in &upstream {
        let words =
            format!("and what it copies, `{}`, may be {} behind", copy.name(), duration_words(*ms));
        finding = finding.also(*at, words);
    }
    out.refuted(
        finding.help("copy more often, or agree on a longer RPO; `rpo … on corruption` may differ"),
    );
}

/// Several losses at once, where they are said to be survived, call on no copy that is too far behind.
fn together(case: &PairCase<'_>, behind: u64, lag: Timed, out: &mut Outcomes<'_>) {
    let (analysis, name, of) = (case.analysis, case.backup.name(), case.function.name());
    let may = format!("`{name}` may be {} behind", duration_words(behind));
    let tightest = case.function.objectives(Head::Rpo).into_iter().map(|o| o.bound.ms).min();
    let at = case.function.clause_at(Head::Survives);
    let index = analysis.cone.index.get(&case.backup.id);
    let finding = match &analysis.stale {
        Stale::Called(copies) => copies.iter().find(|stale| Some(&stale.copy) == index),
        Stale::Unknown if tightest.is_some_and(|tightest| behind > tightest) => {
            let message =
                format!("after several losses at once {may}, and `{of}` may lose less than that");
            return out.unknown(
                Diagnostic::new(&RULE, at, message)
                    .note("there are too many sets of losses to try each")
                    .help("copy more often, or claim less"),
            );
        }
        _ => None,
    };
    let Some(stale) = finding else { return out.proved() };
    let Some((pair, others)) = stale.pairs.split_first() else { return out.proved() };
    let [first, second] = pair.map(|loss| analysis.cone.loss_words(loss));
    let message = format!(
        "after {first} and {second} together `{name}` serves, which may be {} behind, and `{of}` may lose no more than {}",
        duration_words(behind),
        duration_words(stale.limit)
    );
    let mut finding = Diagnostic::new(&RULE, at, message)
        .here("this claims both at once")
        .also(lag.at, "this is too far")
        .help("keep another copy that is fresh enough, or claim less");
    if let Some(also) = analysis.cone.pairs_words(others) {
        finding = finding.note(format!("the same is so after {also}"));
    }
    out.refuted_by(analysis.cone.lost_by(&stale.pairs), finding);
}

fn unstated(case: &PairCase<'_>, primary: &Element) -> Diagnostic {
    let of = case.function.name();
    match case.unbounded(Head::Rpo).filter(|_| case.function.has(Head::Rpo)) {
        Some(loss) => {
            let lost = case.analysis.cone.loss_words(loss);
            let message = format!("the RPO of `{of}` says nothing of {lost}");
            Diagnostic::new(&RULE, case.function.clause_at(Head::Rpo), message)
                .here("this is about other losses")
                .help("state one without `on` for every other loss, for example `rpo 5min`")
        }
        None => {
            let message = format!(
                "nothing says how much of `{}` the function `{of}` may lose",
                primary.name()
            );
            Diagnostic::new(&RULE, case.function.name_at(), message)
                .help("state its recovery point objective, for example `rpo 5min`")
        }
    }
}

/// The copies that a copy of a copy follows, each with how far it may itself be behind, and where that stands.
/// `None` where one of them does not say.
fn upstream(
    case: &PairCase<'_>,
    primary: &Arc<Element>,
) -> Option<Vec<(Arc<Element>, u64, Anchor)>> {
    let mut found: Vec<(Arc<Element>, u64, Anchor)> = Vec::new();
    let mut next = Some(primary.clone());
    while let Some(copy) = next.take() {
        let original = copy.primary().and_then(|p| case.element(p.id));
        let follows = original.filter(|o| copy.role() == Role::Backup && o.is("record"));
        let Some(original) = follows.filter(|_| !found.iter().any(|(e, _, _)| e.id == copy.id))
        else {
            break;
        };
        if copy.is_partial() {
            return None;
        }
        let Timed { ms, at } = copy.duration(Head::LagWithin)?;
        let delay = copy.duration(Head::DelayedBy).map_or(0, |delay| delay.ms);
        found.push((copy, ms.saturating_add(delay), at));
        next = Some(original);
    }
    Some(found)
}
