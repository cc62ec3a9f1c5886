//! What is wrong in a record is soon wrong in every copy that follows it, and in their copies.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Id, Item, Model, signals};

/// What a loss takes beside what is lost.
#[derive(Default)]
pub(crate) struct Taken {
    /// Per record the copies that follow it blindly.
    copies: BTreeMap<Id, Vec<Id>>,
    /// Per record the copies that follow it so many milliseconds later, so that somebody may stop them.
    delayed: BTreeMap<Id, Vec<(Id, u64)>>,
    /// Per principal what it can alter or delete.
    controlled: BTreeMap<Id, Vec<Id>>,
}

impl Taken {
    /// Linear in the document.
    pub fn of(model: &Model<'_>) -> Taken {
        let mut taken = Taken::default();
        for (id, item) in model.items.iter().enumerate() {
            let primary = item.backup.and_then(|b| model.find(b.primary.as_deref()?));
            let primary = primary.filter(|primary| model.items[*primary].is("record"));
            if let Some(primary) = primary.filter(|_| follows_blindly(model, item)) {
                taken.copies.entry(primary).or_default().push(id);
            } else if let Some(primary) = primary.filter(|_| item.follows()) {
                let delay = item.element.and_then(|e| e.delayed_ms).unwrap_or(0);
                taken.delayed.entry(primary).or_default().push((id, delay));
            }
            let principals = item.controlled_by().iter().filter(|_| !item.immutable());
            for principal in principals.filter_map(|name| model.find(name)) {
                taken.controlled.entry(principal).or_default().push(id);
            }
        }
        taken
    }

    /// What is wrong when a record is.
    pub fn corrupted(&self, record: Id) -> Vec<Id> {
        spread([record], &self.copies)
    }

    /// What follows later once these are wrong, and after how many milliseconds, in rising order.
    pub fn later(&self, wrong: &[Id]) -> Vec<(Id, u64)> {
        if self.delayed.is_empty() {
            return Vec::new();
        }
        let mut after: BTreeMap<Id, u64> = wrong.iter().map(|id| (*id, 0)).collect();
        let mut open: Vec<Id> = wrong.to_vec();
        while let Some(at) = open.pop() {
            let so_far = after.get(&at).copied().unwrap_or(0);
            let blind = self.copies.get(&at).into_iter().flatten().map(|copy| (*copy, 0));
            let delayed = self.delayed.get(&at).into_iter().flatten().copied();
            for (copy, delay) in blind.chain(delayed) {
                let then = so_far.saturating_add(delay);
                if after.get(&copy).is_none_or(|known| then < *known) {
                    after.insert(copy, then);
                    open.push(copy);
                }
            }
        }
        after.into_iter().filter(|(_, ms)| *ms > 0).collect()
    }

    /// What is wrong when somebody is in other hands.
    pub fn compromised(&self, principal: Id) -> Vec<Id> {
        let held = self.controlled.get(&principal).into_iter().flatten().copied();
        spread(held.chain([principal]), &self.copies)
    }
}

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
