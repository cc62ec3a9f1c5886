//! What is wrong in a record is soon wrong in every copy that follows it, and in their copies.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Item, Model, signals};

/// Whether a copy takes over what happens to its primary before anybody can stop it.
pub(crate) fn follows_blindly(model: &Model<'_>, copy: &Item<'_>) -> bool {
    if !copy.follows() {
        return false;
    }
    let Some(delay) = copy.element.and_then(|e| e.delayed_ms) else { return true };
    let rule = copy.activation().and_then(|a| Some((a.when.as_ref()?, a.hold_ms.unwrap_or(0))));
    let Some((when, hold)) = rule else { return true };
    let latency = |name: &&str| model.item(name).signal.and_then(|s| s.within_ms);
    let all: Option<Vec<u64>> = signals(when).iter().map(latency).collect();
    let slowest = all.and_then(|all| all.into_iter().max());
    slowest.is_none_or(|slowest| delay <= slowest.saturating_add(hold))
}

/// Everything that is wrong once these are, in rising order, by the copies that follow each blindly.
pub(crate) fn spread<T: Copy + Ord>(
    start: impl IntoIterator<Item = T>,
    followers: &BTreeMap<T, Vec<T>>,
) -> Vec<T> {
    let mut wrong: BTreeSet<T> = start.into_iter().collect();
    let mut open: Vec<T> = wrong.iter().copied().collect();
    while let Some(at) = open.pop() {
        let copies = followers.get(&at).into_iter().flatten();
        open.extend(copies.copied().filter(|copy| wrong.insert(*copy)));
    }
    wrong.into_iter().collect()
}
