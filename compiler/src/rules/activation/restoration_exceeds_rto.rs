//! `restoration-exceeds-rto`: Seeing, deciding and restoring take longer than the function may be away.

use std::collections::BTreeMap;
use std::sync::Arc;

use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;

use super::longer::longer_than;
use crate::analysis::{
    Budget, Fall, LatePairs, Loss, Part, Restored, Together, Unstated, budget, held_by,
    protectors_from, recall_needed,
};
use crate::diagnostic::Diagnostic;
use crate::model::{Element, Timed};
use crate::quantity::duration_words;
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "restoration-exceeds-rto",
    Error,
    Activation,
    "Seeing, deciding and restoring take longer than the function may be away.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    let function = case.function;
    let mut sound = true;
    for call in calls(case).values() {
        sound &= called(case, call, out);
    }
    for id in protectors_from(case.db, case.here, function.id) {
        if let Some(backup) = case.element(*id) {
            sound &= by_itself(case, &backup, out);
            sound &= catches_up(case, &backup, out);
        }
    }
    sound &= together(case, out);
    sound &= within_mtpd(case, out);
    if sound {
        out.proved();
    }
}

/// Single losses that are answered by the same backups and held to the same bound.
struct Call<'a> {
    bound: Timed,
    losses: Vec<&'a Restored>,
}

fn calls<'a>(case: &'a FunctionCase<'_>) -> BTreeMap<(Vec<usize>, u64), Call<'a>> {
    let mut calls: BTreeMap<(Vec<usize>, u64), Call<'a>> = BTreeMap::new();
    for restored in &case.analysis.restored {
        let lost = case.analysis.cone.lost(restored.loss);
        let bound = case.function.objective(Head::Rto, restored.loss.sort, lost);
        if let Some(bound) = bound {
            let call = calls.entry((restored.by.clone(), bound.ms));
            call.or_insert(Call { bound, losses: Vec::new() }).losses.push(restored);
        }
    }
    calls
}

/// Whether what answers some losses is there in time, whichever of them it is.
fn called(case: &FunctionCase<'_>, call: &Call<'_>, out: &mut Outcomes<'_>) -> bool {
    let cone = &case.analysis.cone;
    let late: Vec<&&Restored> = call.losses.iter().filter(|r| r.ms > call.bound.ms).collect();
    let Some(worst) = late.iter().max_by_key(|r| r.ms) else {
        let by = call.losses.first().map_or(&[][..], |r| r.by.as_slice());
        let backups = by.iter().filter_map(|at| cone.elements.get(*at));
        let unstated = backups.filter(|backup| !stated(case, backup, out));
        return unstated.count() == 0;
    };
    let function = case.function.name();
    let message = format!(
        "after {}, `{function}` is back within {}, and must be within {}",
        cone.loss_words(worst.loss),
        duration_words(worst.ms),
        duration_words(call.bound.ms)
    );
    let mut finding = Diagnostic::new(&RULE, call.bound.at, message).here("this is exceeded");
    finding = with_times(finding, case, &[worst.loss], &worst.by, worst.ms);
    for fall in &worst.fallen {
        finding = with_fall(finding, case, fall);
    }
    let also: Vec<String> =
        late.iter().filter(|r| r.loss != worst.loss).map(|r| cone.loss_words(r.loss)).collect();
    if !also.is_empty() {
        finding = finding.note(format!("the same is so after {}", also.join(", ")));
    }
    let losses = late.iter().map(|r| case.loss(r.loss)).collect();
    out.refuted_by(losses, finding.help(CURE));
    false
}

/// Says why a backup that may be quicker is no help.
fn with_fall(finding: Diagnostic, case: &FunctionCase<'_>, fall: &Fall) -> Diagnostic {
    let Some(backup) = case.analysis.cone.elements.get(fall.backup) else { return finding };
    let name = backup.name();
    let why = match fall.part {
        Part::Itself => "it falls as well".to_owned(),
        part => format!("{} it falls as well", part.words()),
    };
    let finding =
        finding.also(backup.name_at(), format!("`{name}` cannot be called on then: {why}"));
    if fall.way.len() > 1 { finding.path(case.analysis.cone.names(&fall.way)) } else { finding }
}

/// Whether several losses at once, where they are said to be survived, leave it in time.
fn together(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) -> bool {
    let name = case.function.name();
    match &case.analysis.together {
        Together::NotAsked | Together::InTime => true,
        Together::Late(late) => {
            late.iter().for_each(|late| out_of_time(case, late, out));
            false
        }
        Together::Unknown(bound) => {
            let order = case.analysis.order;
            let worst = match bound {
                Some(ms) => format!("it may take up to {}", duration_words(*ms)),
                None => "no bound on the time is known".to_owned(),
            };
            let message = format!(
                "after up to {order} losses at once, `{name}` may be back too late: {worst}"
            );
            let at = case.function.clause_at(Head::Survives);
            out.unknown(
                Diagnostic::new(&RULE, at, message)
                    .note("there are too many sets of losses to try each; the bound takes the slowest backup everywhere")
                    .help("shorten the slowest backups, or claim less"),
            );
            false
        }
    }
}

fn out_of_time(case: &FunctionCase<'_>, late: &LatePairs, out: &mut Outcomes<'_>) {
    let (cone, name) = (&case.analysis.cone, case.function.name());
    let Some((worst, others)) = late.pairs.split_first() else { return };
    let [first, second] = worst.map(|loss| cone.loss_words(loss));
    let message = format!(
        "after {first} and {second} together, `{name}` is back within {}, later than either allows",
        duration_words(late.ms)
    );
    let at = case.function.clause_at(Head::Survives);
    let mut finding = Diagnostic::new(&RULE, at, message).here("this claims both at once");
    finding = with_times(finding, case, worst, &late.by, late.ms);
    if let Some(also) = cone.pairs_words(others) {
        finding = finding.note(format!("the same is so after {also}"));
    }
    let losses = cone.lost_by(&late.pairs);
    out.refuted_by(losses, finding.help(CURE));
}

const CURE: &str =
    "shorten the longest step, or agree on a longer RTO with those who rest on the function";

/// Whether a backup is there before those have run out that hold out until then; and one that no single loss
/// calls on, because each takes it too, would be in time if it could be called on.
fn by_itself(case: &FunctionCase<'_>, backup: &Element, out: &mut Outcomes<'_>) -> bool {
    let all = case.function.objectives(Head::Rto).into_iter().map(|o| o.bound);
    let Some(bound) = all.max_by_key(|bound| bound.ms) else { return true };
    let budget = of(case, backup);
    let slow = budget.total() > bound.ms;
    let held = held_by(case.db, case.here, backup, case.function.id);
    let waited_for = !slow || waited_for(&held, backup, &budget, out);
    let at = case.analysis.cone.index.get(&backup.id);
    if at.is_some_and(|at| case.analysis.restored.iter().any(|r| r.by.contains(at))) {
        return waited_for;
    }
    if !slow || !held.is_empty() {
        return stated(case, backup, out) & waited_for;
    }
    let (name, function) = (backup.name(), case.function.name());
    let message = format!(
        "`{name}` takes {} at best, and `{function}` must be back within {}",
        duration_words(budget.total()),
        duration_words(bound.ms)
    );
    let finding = Diagnostic::new(&RULE, bound.at, message).here("this is exceeded");
    out.refuted(with_steps(finding, backup, &budget).help(CURE));
    false
}

/// Whether a backup is there before those have run out that hold out until then.
fn waited_for(
    held: &[(Arc<Element>, Timed)],
    backup: &Element,
    budget: &Budget,
    out: &mut Outcomes<'_>,
) -> bool {
    let late: Vec<_> = held.iter().filter(|(_, within)| budget.total() > within.ms).collect();
    for (bridge, within) in &late {
        let message = format!(
            "`{}` counts on `{}` within {}, and that takes {} at best",
            bridge.name(),
            backup.name(),
            duration_words(within.ms),
            duration_words(budget.total())
        );
        let finding = Diagnostic::new(&RULE, within.at, message).here("this is exceeded");
        out.refuted(with_steps(finding, backup, budget).help(
            "shorten the longest step, or let what holds out until then last longer and say so",
        ));
    }
    late.is_empty()
}

fn of(case: &FunctionCase<'_>, backup: &Element) -> Budget {
    budget(case.db, case.here, backup, recall_needed(case.db, case.here, backup))
}

/// Whether everything that takes time is stated.
fn stated(case: &FunctionCase<'_>, backup: &Element, out: &mut Outcomes<'_>) -> bool {
    let budget = of(case, backup);
    for Unstated { what, clause, at } in &budget.unstated {
        let message = format!(
            "nothing says {what}, so nobody knows whether `{}` is back in time",
            case.function.name()
        );
        out.unknown(Diagnostic::new(&RULE, *at, message).help(format!("state it: `{clause}`")));
    }
    if budget.undecided {
        // `decision-too-slow` tells.
        out.undecided();
    }
    budget.unstated.is_empty() && !budget.undecided
}

/// Shows what each backup takes at best, and what more it takes after these losses, so that it adds up to the whole.
fn with_times(
    mut finding: Diagnostic,
    case: &FunctionCase<'_>,
    losses: &[Loss],
    by: &[usize],
    whole: u64,
) -> Diagnostic {
    let backups = by.iter().filter_map(|at| Some((*at, case.analysis.cone.elements.get(*at)?)));
    let mut at_best = Vec::new();
    for (at, backup) in backups {
        let budget = of(case, backup);
        at_best.push((at, budget.total()));
        finding = with_steps(finding, backup, &budget);
    }
    longer_than(case, losses, &at_best, whole).into_iter().fold(finding, Diagnostic::note)
}

/// Shows each step at its place, and the sum.
fn with_steps(mut finding: Diagnostic, backup: &Element, budget: &Budget) -> Diagnostic {
    let mut words = Vec::new();
    for step in &budget.steps {
        let time = duration_words(step.ms);
        finding = finding.also(step.at, format!("{} {time}", step.word));
        words.push(format!("{} {time}", step.word));
    }
    match words.is_empty() {
        true => finding,
        false => finding.note(format!(
            "`{}`: {} = {} at best",
            backup.name(),
            words.join(" + "),
            duration_words(budget.total())
        )),
    }
}

/// The general objective: the one for a loss of no special sort.
fn general(case: &FunctionCase<'_>) -> Option<Timed> {
    case.function.objective(Head::Rto, LossSort::Lost, case.function)
}

/// RTO and catching up together must fit the longest time that is bearable.
fn catches_up(case: &FunctionCase<'_>, backup: &Element, out: &mut Outcomes<'_>) -> bool {
    let (Some(rto), Some(mtpd), Some(catches)) =
        (general(case), case.function.duration(Head::Mtpd), backup.duration(Head::CatchesUpWithin))
    else {
        return true;
    };
    let sum = rto.ms.saturating_add(catches.ms);
    if sum <= mtpd.ms || rto.ms > mtpd.ms {
        return true;
    }
    let message = format!(
        "with `{}`, `{}` has caught up {} after the loss, and no more than {} are bearable",
        backup.name(),
        case.function.name(),
        duration_words(sum),
        duration_words(mtpd.ms)
    );
    out.refuted(
        Diagnostic::new(&RULE, mtpd.at, message)
            .here("this is exceeded")
            .also(rto.at, format!("back within {}", duration_words(rto.ms)))
            .also(catches.at, format!("caught up {} later", duration_words(catches.ms)))
            .help("shorten one of the two"),
    );
    false
}

fn within_mtpd(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) -> bool {
    let Some(mtpd) = case.function.duration(Head::Mtpd) else { return true };
    let objectives = case.function.objectives(Head::Rto);
    let longer: Vec<_> = objectives.iter().filter(|o| o.bound.ms > mtpd.ms).collect();
    for objective in &longer {
        let message = format!(
            "`{}` may be away for {}, and no more than {} are bearable",
            case.function.name(),
            duration_words(objective.bound.ms),
            duration_words(mtpd.ms)
        );
        out.refuted(
            Diagnostic::new(&RULE, objective.bound.at, message)
                .here("this is longer")
                .also(mtpd.at, "than this")
                .help("the RTO must not be longer than the MTPD: correct one of the two"),
        );
    }
    longer.is_empty()
}
