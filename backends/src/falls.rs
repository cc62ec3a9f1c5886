//! What falls with a loss before any backup is called on, and which backups can be called on because of it.

use std::collections::{HashMap, HashSet};

use rbp_ruleset::{Activation, Backup, Function, Loss, LossSort, Need, Restoration};

use crate::view::{View, signals_of};

/// After one of more losses than these, nothing is said of other backups.
const MANY: usize = 100;

/// The backups of a function that can be called on after any of these losses though it is back without them: what
/// they stand in for has fallen, and nothing that they take has. Costs for each of them and each loss what it
/// rests on.
pub(crate) fn called_too<'a>(
    view: &View<'a>,
    f: &Function,
    back: &Restoration,
    losses: &[&Loss],
) -> Vec<&'a str> {
    if losses.is_empty() || losses.len() > MANY {
        return Vec::new();
    }
    let others = view.protectors(&f.id).iter().filter(|b| !back.by.contains(&b.id));
    let is_called = |b: &&&Backup| {
        let mut all = losses.iter();
        all.all(|l| l.sort == LossSort::Lost && is_called(view, b, &l.element))
    };
    others.filter(is_called).map(|b| b.id.as_str()).collect()
}

fn is_called(view: &View<'_>, b: &Backup, lost: &str) -> bool {
    let (Some(primary), Some(activation)) = (&b.primary, &b.activation) else { return false };
    let mut takes = vec![b.id.as_str()];
    takes.extend(taken(view, activation));
    falls(view, lost, primary) && !takes.into_iter().any(|id| falls(view, lost, id))
}

/// Everything that an activation names.
fn taken<'a>(view: &View<'a>, a: &'a Activation) -> Vec<&'a str> {
    let mut signals = Vec::new();
    a.when.iter().for_each(|when| signals_of(when, &mut signals));
    let seen = signals.into_iter().filter_map(|id| view.signal(id)).flat_map(|s| &s.from);
    let needs = a.by.iter().map(|by| &by.who).chain(&a.with).chain(&a.funded_by).chain(seen);
    let ways = a.reach.iter().flat_map(|r| &r.via).chain(a.fences.iter().flat_map(|f| &f.via));
    needs.flat_map(|need: &Need| &need.of).chain(ways).map(String::as_str).collect()
}

/// Whether an element is lost with another one, no backup called on. Of a loop goes on running what nothing stops.
fn falls(view: &View<'_>, lost: &str, start: &str) -> bool {
    let mut rests: Vec<&str> = vec![start];
    let mut met: HashSet<&str> = rests.iter().copied().collect();
    let mut resting: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut at = 0;
    while let Some(id) = rests.get(at).copied() {
        at += 1;
        for need in view.element(id).into_iter().flat_map(|e| &e.needs).flat_map(|n| &n.of) {
            resting.entry(need).or_default().push(id);
            if met.insert(need) {
                rests.push(need);
            }
        }
    }
    let mut down: HashSet<&str> = HashSet::new();
    let mut todo = if met.contains(lost) { vec![lost] } else { Vec::new() };
    while let Some(id) = todo.pop() {
        if !down.insert(id) {
            continue;
        }
        let unserved = |need: &Need| {
            let gone = need.of.iter().filter(|of| down.contains(of.as_str())).count();
            need.of.len() - gone < need.count as usize
        };
        let above = resting.get(id).into_iter().flatten().copied();
        let stopped =
            |above: &&str| view.element(above).is_some_and(|e| e.needs.iter().any(unserved));
        todo.extend(above.filter(stopped).collect::<Vec<_>>());
    }
    down.contains(start)
}
