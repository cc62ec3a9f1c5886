//! How many people a step takes: of a team as many as it needs, teams within teams as well, and everybody once.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::Serialize;

use super::rules::{Seat, seat};
use super::{Names, Number};
use crate::logic::model::Item;
use crate::{Authority, NeedSort};

/// The most ways in which one step may be taken.
const MAX_WAYS: usize = 1000;
/// So deep teams may be nested.
const MAX_DEPTH: usize = 100;

/// A way in which a step can be taken: all of these together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// How many different people that is.
    pub need: u32,
    /// Whom it takes.
    pub pools: Vec<Pool>,
}

/// At least `k` of these places, each taken by somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pool {
    /// How many.
    pub k: u32,
    /// Of which.
    pub places: Vec<Seat>,
}

/// Somebody who is named.
enum Party {
    /// A person; or a group that is there as soon as one of it is, such as a rota.
    One(Seat),
    /// A team that takes several: so many of these, and so many of those.
    Team(Vec<(u32, Vec<Rc<Party>>)>),
}

/// Every way in which a step can be taken.
///
/// # Errors
///
/// When there are too many, or teams are nested too deep.
pub(super) fn ways(names: &Names<'_>, step: &Authority) -> Result<Vec<Way>, String> {
    let mut gather = Gather { names, known: BTreeMap::new(), above: Vec::new() };
    let mut parties = Vec::new();
    for id in &step.who.of {
        parties.push(gather.party(names.number(id)?)?);
    }
    let ways = of_parties(step.who.count, &parties).ok_or_else(|| {
        let who = step.who.of.join("`, `");
        format!("the teams of `{who}` can decide in more than {MAX_WAYS} ways")
    })?;
    let way = |pools: Vec<Pool>| Way { need: pools.iter().map(|pool| pool.k).sum(), pools };
    Ok(ways.into_iter().map(way).collect())
}

struct Gather<'a, 'n> {
    names: &'n Names<'a>,
    known: BTreeMap<Number, Rc<Party>>,
    /// The teams in which we are: nobody is a part of themselves.
    above: Vec<Number>,
}

impl Gather<'_, '_> {
    fn party(&mut self, actor: Number) -> Result<Rc<Party>, String> {
        if let Some(party) = self.known.get(&actor) {
            return Ok(party.clone());
        }
        let item = self.names.model.items.get(actor as usize).copied().unwrap_or_default();
        if self.above.len() == MAX_DEPTH {
            return Err(format!("`{}` is in more than {MAX_DEPTH} teams within teams", item.name));
        }
        self.above.push(actor);
        let mut teams = Vec::new();
        for (k, of) in actors(self.names, &item) {
            let mut members = Vec::new();
            for one in of {
                if !self.above.contains(&one) {
                    members.push(self.party(one)?);
                }
            }
            teams.push((k, members));
        }
        self.above.pop();
        let party = Rc::new(self.join(actor, teams)?);
        self.known.insert(actor, party.clone());
        Ok(party)
    }

    /// A group of which any one suffices is one place, for all of them and for itself.
    fn join(&self, actor: Number, teams: Vec<(u32, Vec<Rc<Party>>)>) -> Result<Party, String> {
        let mut own = seat(self.names, actor, BTreeSet::from([actor]))?;
        if let [(1, members)] = teams.as_slice() {
            let one = |party: &Rc<Party>| match &**party {
                Party::One(seat) => Some(seat.clone()),
                Party::Team(_) => None,
            };
            let Some(all) = members.iter().map(one).collect::<Option<Vec<Seat>>>() else {
                return Ok(Party::Team(teams));
            };
            for seat in all {
                own.members.extend(seat.members);
                own.deputies.extend(seat.deputies);
            }
            own.members.sort_unstable();
            own.members.dedup();
            own.deputies.sort_unstable();
            own.deputies.dedup();
            return Ok(Party::One(own));
        }
        Ok(if teams.is_empty() { Party::One(own) } else { Party::Team(teams) })
    }
}

/// The actors that an actor needs: how many of which. Where others than actors would do as well, as many
/// actors as there are.
fn actors(names: &Names<'_>, item: &Item<'_>) -> Vec<(u32, Vec<Number>)> {
    let needs = item.needs().iter().filter(|need| item.is("actor") && need.sort == NeedSort::Needs);
    let people = needs.map(|need| {
        let of = need.of.iter().filter(|id| names.model.item(id).is("actor"));
        let of: BTreeSet<Number> = of.filter_map(|id| names.number(id).ok()).collect();
        (need.count.min(of.len() as u32), of.into_iter().collect())
    });
    people.filter(|(k, _)| *k > 0).collect()
}

/// The ways to have so many of them. `None` where there are too many.
fn of_parties(k: u32, parties: &[Rc<Party>]) -> Option<Vec<Vec<Pool>>> {
    let mut ones = Vec::new();
    // By teams that were asked so far: how many take part, and whom that takes.
    let mut partial: Vec<(u32, Vec<Pool>)> = vec![(0, Vec::new())];
    for party in parties {
        match &**party {
            Party::One(seat) => ones.push(seat.clone()),
            Party::Team(needs) => {
                let mut more = partial.clone();
                let team = of_team(needs)?;
                let room = partial.iter().filter(|(taken, _)| *taken < k);
                for ((taken, pools), way) in room.flat_map(|p| team.iter().map(move |w| (p, w))) {
                    more.push((taken + 1, [pools.as_slice(), way].concat()));
                    if more.len() > MAX_WAYS {
                        return None;
                    }
                }
                partial = more;
            }
        }
    }
    let enough = partial.into_iter().filter_map(|(taken, mut pools)| {
        let left = k - taken;
        if left > ones.len() as u32 {
            return None;
        }
        if left > 0 {
            pools.push(Pool { k: left, places: ones.clone() });
        }
        Some(pools)
    });
    Some(enough.collect())
}

/// The ways in which a team has all that it needs.
fn of_team(needs: &[(u32, Vec<Rc<Party>>)]) -> Option<Vec<Vec<Pool>>> {
    let mut ways = vec![Vec::new()];
    for (k, parties) in needs {
        let own = of_parties(*k, parties)?;
        let both = ways.iter().flat_map(|way| own.iter().map(move |more| (way, more)));
        let both: Vec<Vec<Pool>> = both
            .map(|(way, more): (&Vec<Pool>, &Vec<Pool>)| [way.as_slice(), more].concat())
            .take(MAX_WAYS + 1)
            .collect();
        if both.len() > MAX_WAYS {
            return None;
        }
        ways = both;
    }
    Some(ways)
}
