//! What some entries rest on by needs alone, before any backup is called on, and what of it falls with a loss.

use std::collections::BTreeSet;

use crate::Need;
use crate::logic::model::{Id, Item, Model};

/// Entries with everything that they rest on.
pub(crate) struct Rests<'m, 'a> {
    model: &'m Model<'a>,
    pub items: Vec<Item<'a>>,
    inside: BTreeSet<Id>,
}

impl<'m, 'a> Rests<'m, 'a> {
    /// Through entries that pass `through`. Linear in it.
    pub fn of<'s>(
        model: &'m Model<'a>,
        start: impl IntoIterator<Item = &'s str>,
        through: impl Fn(&Item<'a>) -> bool,
    ) -> Self {
        let mut rests = Rests { model, items: Vec::new(), inside: BTreeSet::new() };
        start.into_iter().for_each(|name| rests.add(name, |_| true));
        let mut next = 0;
        while let Some(item) = rests.items.get(next).copied() {
            next += 1;
            item.rests_on()
                .flat_map(|(need, _)| &need.of)
                .for_each(|name| rests.add(name, &through));
        }
        rests
    }

    fn add(&mut self, name: &str, through: impl Fn(&Item<'a>) -> bool) {
        if let Some(id) = self.model.find(name).filter(|id| through(&self.model.items[*id]))
            && self.inside.insert(id)
        {
            self.items.push(self.model.items[id]);
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.model.find(name).is_some_and(|id| self.inside.contains(&id))
    }

    /// What falls with the loss of some entries: they, and whatever is left with too little of what it needs.
    pub fn falls_with(&self, lost: &[&'a str]) -> BTreeSet<&'a str> {
        let lost = lost.iter().copied().filter(|name| self.has(name));
        let mut down: BTreeSet<&str> = lost.collect();
        loop {
            let standing = self.items.iter().filter(|item| !down.contains(item.name));
            let falls = standing.filter(|item| item.rests_on().any(|(need, _)| unmet(need, &down)));
            let falls: Vec<&str> = falls.map(|item| item.name).collect();
            if falls.is_empty() {
                return down;
            }
            down.extend(falls);
        }
    }

    /// The people of it who are not gone.
    pub fn people(&self, gone: &BTreeSet<&str>) -> impl Iterator<Item = &'a str> {
        let people = self.items.iter().filter(|item| item.acts_as("person"));
        people.map(|item| item.name).filter(|name| !gone.contains(name))
    }

    /// Who can destroy something of it.
    pub fn controllers(&self) -> impl Iterator<Item = &'a str> {
        let open = self.items.iter().filter(|item| !item.immutable());
        open.flat_map(|item| item.controlled_by()).map(String::as_str)
    }
}

/// Whether too few of what a need names are left.
pub(crate) fn unmet(need: &Need, down: &BTreeSet<&str>) -> bool {
    let left = need.of.iter().filter(|name| !down.contains(name.as_str())).count();
    left < need.count as usize
}
