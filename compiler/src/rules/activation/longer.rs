//! Why a backup takes longer after losses than its steps do at best: somebody else decides, or it waits for others.

use crate::analysis::{After, Loss, Moments, World};
use crate::quantity::duration_words;
use crate::rules::FunctionCase;

/// What each backup takes after losses step by step, and for whom it waits, where that is more than the time given
/// with it. Builds the circuit of the function, where there is such a backup.
pub(super) fn longer_than(
    case: &FunctionCase<'_>,
    losses: &[Loss],
    at_best: &[(usize, u64)],
    whole: u64,
) -> Vec<String> {
    if at_best.iter().any(|(_, ms)| *ms >= whole) {
        // Its steps add up to what is told.
        return Vec::new();
    }
    let Some(world) = World::of(case.db, case.function, None) else { return Vec::new() };
    let losses: Vec<_> = losses.iter().map(|loss| case.loss(*loss)).collect();
    let mut after = world.after(world.evaluator(), &world.events(&losses));
    let longer = at_best.iter().filter_map(|(backup, at_best)| {
        let id = case.analysis.cone.elements.get(*backup)?.id;
        let at = *world.cone.index.get(&id)?;
        let moments = after.moments(at, None);
        let more = moments.serving.is_some_and(|ms| ms > *at_best);
        more.then(|| words(&world, &mut after, at, moments))
    });
    longer.collect()
}

fn words(world: &World, after: &mut After<'_>, backup: usize, moments: Moments) -> String {
    let name = |at: usize| world.cone.elements.get(at).map_or("…", |element| element.name());
    let last = match moments.together {
        true => "take over together with what it rests on",
        false => "take over",
    };
    let steps = [
        ("detect", moments.detected),
        ("decide", moments.decided),
        ("reach", moments.reached),
        ("wait", moments.ready),
        (last, moments.serving),
    ];
    let (mut done, mut sum) = (0, Vec::new());
    for (word, ms) in steps {
        let ms = ms.unwrap_or(done);
        if ms > done {
            sum.push(format!("{word} {}", duration_words(ms - done)));
        }
        done = ms;
    }
    let waits_for: Vec<String> =
        after.waits_for(backup).into_iter().map(|at| format!("`{}`", name(at))).collect();
    let waits = match waits_for.is_empty() {
        true => String::new(),
        false => format!("; it rests on what {} brings back", waits_for.join(", ")),
    };
    let (name, sum) = (name(backup), sum.join(" + "));
    format!("`{name}` takes longer then: {sum} = {}{waits}", duration_words(done))
}
