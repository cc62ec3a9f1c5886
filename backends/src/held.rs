//! What the time of a backup is held to: the objective for the losses that call on it, or the time for which
//! another backup holds out until it is there.

use rbp_ruleset::{Backup, Function, Loss, Restoration, TimeBudget};

use crate::view::View;
use crate::words;

/// A bound on the time of a backup, and how it stands to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held<'a> {
    /// What it may take, in milliseconds.
    pub bound: u64,
    /// What it takes, in milliseconds; no less than that where something is not stated.
    pub takes: u64,
    /// Whether every step that counts here is stated.
    pub known: bool,
    why: Why<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why<'a> {
    /// The objective for a loss that calls on it.
    After(&'a Loss),
    /// Another one holds out no longer.
    Waits(&'a str),
    /// No single loss calls on it.
    Uncalled,
}

impl Held<'_> {
    /// By how much it is too late.
    pub fn late(&self) -> Option<u64> {
        self.takes.checked_sub(self.bound).filter(|late| *late > 0)
    }

    /// What it is held to, in words, where it takes `own` by itself.
    pub fn words(&self, view: &View<'_>, f: &Function, own: u64) -> String {
        let (name, bound) = (view.name(&f.id), words::duration(self.bound));
        match self.why {
            Why::After(loss) if own == self.takes => {
                format!("after {}, {name} must be back within {bound}", words::loss(view, loss))
            }
            Why::After(loss) => format!(
                "after {}, {name} is back within {}, and must be within {bound}",
                words::loss(view, loss),
                words::duration(self.takes)
            ),
            Why::Waits(bridge) => format!("{} holds out for {bound}", view.name(bridge)),
            Why::Uncalled => {
                format!(
                    "no single loss calls on it; {name} may never be away for longer than {bound}"
                )
            }
        }
    }
}

/// The bound to which a backup of a function is held most closely; nothing where none is stated.
pub(crate) fn held<'a>(
    view: &View<'a>,
    f: &'a Function,
    budget: &'a TimeBudget,
) -> Option<Held<'a>> {
    let takes = total(budget);
    let waiting = bridge(view, f, &budget.backup).filter(|(_, within)| takes <= *within);
    let mut all = Vec::new();
    for r in f.restorations.iter().filter(|r| r.by.contains(&budget.backup)) {
        if waiting.is_some_and(|(bridge, _)| r.by.iter().any(|by| by == bridge)) {
            continue;
        }
        let (takes, known) = (r.within_ms, budget.complete && is_known(f, r));
        let bounds = r.after.iter().filter_map(|loss| Some((loss, view.objective(&f.rto, loss)?)));
        all.extend(bounds.map(|(loss, bound)| Held { bound, takes, known, why: Why::After(loss) }));
    }
    let known = budget.complete;
    all.extend(waiting.map(|(id, bound)| Held { bound, takes, known, why: Why::Waits(id) }));
    if all.is_empty() {
        let widest = f.rto.iter().map(|o| o.within_ms).max()?;
        return Some(Held { bound: widest, takes, known, why: Why::Uncalled });
    }
    let known = all.iter().all(|held| held.known);
    let room = |held: &Held<'_>| i128::from(held.bound) - i128::from(held.takes);
    let closest = all.into_iter().min_by_key(room)?;
    Some(Held { known, ..closest })
}

/// All steps together, in milliseconds.
pub(crate) fn total(budget: &TimeBudget) -> u64 {
    budget.steps.iter().fold(0, |sum, step| sum.saturating_add(step.ms))
}

/// Whether every step is stated of all backups that bring a function back.
pub(crate) fn is_known(f: &Function, r: &Restoration) -> bool {
    !f.time_budgets.iter().any(|b| !b.complete && r.by.contains(&b.backup))
}

/// The backup of the same primary that holds out until this one is there, and for how long; of several, the
/// shortest time.
fn bridge<'a>(view: &View<'a>, f: &Function, id: &str) -> Option<(&'a str, u64)> {
    let primary = view.backup(id)?.primary.as_deref()?;
    let waits = |other: &&'a Backup| {
        let until = other.covers.as_ref()?;
        let until =
            until.resupplied_within_ms.filter(|_| until.resupplied_by.as_deref() == Some(id));
        until
            .filter(|_| other.primary.as_deref() == Some(primary))
            .map(|ms| (other.id.as_str(), ms))
    };
    view.protectors(&f.id).iter().filter_map(waits).min_by_key(|(_, ms)| *ms)
}
