//! Whether a backup is put to work: seen, decided and opened, by more than one, and not by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::Case;
use super::rests::{Rests, unmet};
use crate::logic::model::{Item, Model, signals};
use crate::{Activation, Condition, Need};

/// Up to so many signals every state of them is tried.
const MAX_SIGNALS: usize = 12;

/// Up to so many actors are followed from a decision to the people whom it takes.
const MAX_TEAMS: usize = 1000;

/// Whether some state of the signals meets all conditions; `None` where there are too many.
pub(crate) fn meetable(all: &[&Condition]) -> Option<bool> {
    let names: BTreeSet<&str> = all.iter().flat_map(|condition| signals(condition)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let state = |state: u32| {
        let on = |name: &str| names.binary_search(&name).is_ok_and(|at| state & 1 << at != 0);
        all.iter().all(|condition| holds(condition, &on))
    };
    (names.len() <= MAX_SIGNALS).then(|| (0..1u32 << names.len()).any(state))
}

fn holds(condition: &Condition, on: &dyn Fn(&str) -> bool) -> bool {
    match condition {
        Condition::Signal(name) => on(name),
        Condition::Not(of) => !holds(of, on),
        Condition::AtLeast { count, of } => {
            of.iter().filter(|of| holds(of, on)).count() >= *count as usize
        }
    }
}

/// What putting a backup to work takes by itself.
pub(crate) fn put_to_work_by(activation: &Activation) -> Vec<&str> {
    let mut found: Vec<&str> = activation.when.iter().flat_map(signals).collect();
    let needs = activation.by.iter().map(|step| &step.who);
    let needs = needs.chain(&activation.with).chain(&activation.funded_by);
    let ways = activation.fences.iter().map(|f| &f.via);
    let ways = ways.chain(activation.reach.iter().map(|r| &r.via));
    found.extend(needs.map(|need| &need.of).chain(ways).flatten().map(String::as_str));
    found
}

/// The people without each of whom nobody may put a backup to work once some others are gone. None where a
/// controller may.
pub(crate) fn sole_deciders<'a>(
    model: &Model<'a>,
    activation: &'a Activation,
    gone: &[&'a str],
) -> Vec<&'a str> {
    let named = activation.by.iter().flat_map(|step| &step.who.of).map(String::as_str);
    let rests = Rests::of(model, named, |item| item.is("actor"));
    let left = rests.falls_with(gone);
    let acts =
        |automatic| activation.by.iter().any(|s| s.automatic == automatic && !unmet(&s.who, &left));
    if acts(true) || !acts(false) {
        return Vec::new();
    }
    let shut = |fallen: &BTreeSet<&str>| activation.by.iter().all(|step| unmet(&step.who, fallen));
    rests.people(&left).filter(|one| shut(&rests.falls_with(&[gone, &[*one]].concat()))).collect()
}

impl<'a> Case<'_, 'a> {
    /// Whether people, or a controller, may decide.
    pub fn is_decided(&self, automatic: bool) -> bool {
        self.activation().is_some_and(|a| a.by.iter().any(|step| step.automatic == automatic))
    }

    pub fn is_observable(&self, when: &Condition) -> bool {
        let seen = |name: &str| self.model.item(name).signal.is_some_and(|s| !s.from.is_empty());
        let fail_safes = self.activation().into_iter().flat_map(|a| &a.fail_safe);
        let of = fail_safes.map(|fail_safe| fail_safe.when.clone()).collect();
        let allowed = Condition::Not(Box::new(Condition::AtLeast { count: 1, of }));
        let all = signals(when).into_iter().all(seen);
        all && meetable(&[when]) != Some(false) && meetable(&[when, &allowed]) != Some(false)
    }

    pub fn is_reached(&self) -> bool {
        self.activation()
            .is_some_and(|a| !a.with.is_empty() || a.reach.iter().any(|way| !way.via.is_empty()))
    }

    pub fn sole_deciders(&self, gone: &[&'a str]) -> Vec<&'a str> {
        self.activation().map_or(Vec::new(), |a| sole_deciders(self.model, a, gone))
    }

    pub fn decides_alone_on_itself(&self) -> bool {
        let mut people = self.activation().into_iter().flat_map(|a| &a.by).filter(|s| !s.automatic);
        people.any(|step| self.alone(&step.who, &mut BTreeSet::new()))
    }

    /// Whether those who must act together have nobody in common; `None` where nobody must.
    pub fn nobody_counts_twice(&self) -> Option<bool> {
        let steps = self.activation()?.by.iter().filter(|step| !step.automatic);
        let together = steps.flat_map(|step| {
            let named = step.who.of.iter().map(String::as_str);
            let teams = Rests::of(self.model, named, |item| item.is("actor")).items;
            let teams = teams.into_iter().filter(|item| item.is("actor"));
            let of = teams.map(|team| team.needs().iter().map(|n| self.actors(n)).collect());
            let itself = vec![(step.who.count, step.who.of.iter().map(String::as_str).collect())];
            std::iter::once(itself).chain(of)
        });
        let several = |all: &Vec<(u32, Vec<&str>)>| {
            let mut asked = all.iter().filter(|(_, of)| !of.is_empty());
            asked.clone().count() > 1 || asked.any(|(count, _)| *count > 1)
        };
        let mut together = together.filter(several).peekable();
        together.peek()?;
        Some(together.all(|all| {
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            all.iter().enumerate().all(|(clause, (count, parties))| {
                let mut people = parties.iter().flat_map(|party| self.people(party));
                people.all(|person| match seen.insert(person, clause) {
                    Some(other) => other == clause && *count == 1,
                    None => true,
                })
            })
        }))
    }

    fn actors(&self, need: &'a Need) -> (u32, Vec<&'a str>) {
        let of = need.of.iter().map(String::as_str);
        (need.count, of.filter(|name| self.model.item(name).is("actor")).collect())
    }

    /// Everybody who can act for somebody who is named, deputies included. Linear in them.
    fn people(&self, party: &'a str) -> Vec<&'a str> {
        let (mut found, mut met, mut open) = (Vec::new(), BTreeSet::new(), vec![party]);
        while let Some(name) = open.pop() {
            if !met.insert(name) {
                continue;
            }
            let members = self.model.item(name).needs().iter().flat_map(|need| self.actors(need).1);
            let members: Vec<&str> = members.collect();
            found.extend(members.is_empty().then_some(name));
            open.extend(members);
            open.extend(self.model.stand_ins(name).iter().map(|id| self.model.items[*id].name));
        }
        found
    }

    /// Whether that one person suffices for a need.
    fn alone(&self, need: &'a Need, seen: &mut BTreeSet<&'a str>) -> bool {
        let can = need.of.iter().filter(|name| {
            name.as_str() == self.item.name || seen.insert(name) && self.made_up_of(name, seen)
        });
        can.count() >= need.count as usize
    }

    /// Whether a team or rota acts when that one person is there.
    fn made_up_of(&self, team: &str, seen: &mut BTreeSet<&'a str>) -> bool {
        if seen.len() > MAX_TEAMS {
            // Too many to follow: taken to be the same person.
            return true;
        }
        let team = self.model.item(team);
        let actors = |need: &&Need| need.of.iter().any(|name| self.model.item(name).is("actor"));
        let people: Vec<&'a Need> = team.needs().iter().filter(actors).collect();
        team.is("actor") && !people.is_empty() && people.into_iter().all(|n| self.alone(n, seen))
    }

    /// Whether whoever is left to decide when somebody is gone still gets in.
    pub fn stays_open(&self) -> Option<bool> {
        let activation = self.activation()?;
        let needs: Vec<&Need> = activation.with.iter().chain(&activation.funded_by).collect();
        let ways = activation.reach.iter().flat_map(|r| &r.via).map(String::as_str);
        let people = activation.by.iter().flat_map(|s| &s.who.of).map(String::as_str);
        if people.clone().count() < 2 || (ways.clone().next().is_none() && needs.is_empty()) {
            return None;
        }
        let keys = needs.iter().flat_map(|need| &need.of).map(String::as_str);
        let rests = Rests::of(self.model, people.chain(keys).chain(ways.clone()), |_| true);
        let shut = |lost: &Item<'a>| {
            let fallen = rests.falls_with(&[lost.name]);
            let left = activation.by.iter().any(|step| !unmet(&step.who, &fallen));
            let shut = needs.iter().any(|need| unmet(need, &fallen));
            left && (shut || ways.clone().any(|way| fallen.contains(way)))
        };
        Some(!rests.items.iter().any(|item| item.is("actor") && shut(item)))
    }
}
