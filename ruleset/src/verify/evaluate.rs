//! What keeps running, what can be started, and how soon it is there.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use super::net::{Need, Net};
use crate::logic::model::Met;

/// Never, as a time.
pub(crate) const NEVER: u64 = u64::MAX;

/// What becomes of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fate {
    /// It goes on throughout.
    pub running: bool,
    /// It is there in the end.
    pub up: bool,
    /// How soon: 0 where it keeps running, `NEVER` where it does not come back.
    pub ms: u64,
}

/// What becomes of each node of a net.
pub(crate) type State = Vec<Fate>;

impl Net<'_, '_> {
    /// What becomes of the nodes where these are hit. Near linear, loops aside; only what is not as it is without losses
    /// is looked at.
    pub fn after(&self, hits: impl IntoIterator<Item = usize>) -> State {
        let mut hit = vec![false; self.nodes.len()];
        let base = self.base.get_or_init(|| self.evaluate(&hit, None, false));
        hits.into_iter().for_each(|at| hit[at] = true);
        self.evaluate(&hit, Some(base), false)
    }

    /// What is left where these are hit, with times that are never less than after any losses that leave all of it up:
    /// in a succession whoever is asked before the first who is surely there counts as well.
    pub fn at_most(&self, hit: &[bool]) -> State {
        self.evaluate(hit, None, true)
    }

    fn evaluate(&self, hit: &[bool], base: Option<&State>, at_most: bool) -> State {
        let gone = Fate { running: false, up: false, ms: NEVER };
        let mut state = base.cloned().unwrap_or(vec![gone; self.nodes.len()]);
        let mut open = hit.to_vec();
        for group in &self.groups {
            if base.is_some() && !group.iter().any(|at| open[*at]) {
                continue;
            }
            self.run(group, hit, &mut state);
            self.start(group, hit, &mut state);
            self.time(group, &mut state, at_most);
            for at in group.iter().filter(|at| base.is_none_or(|b| b[**at] != state[**at])) {
                self.uses[*at].iter().for_each(|user| open[*user] = true);
            }
        }
        state
    }

    fn met(&self, at: usize, there: impl Fn(&Need, usize) -> bool) -> bool {
        let there = |need: &Need| need.members.iter().filter(|m| there(need, **m)).count();
        self.nodes[at].needs.iter().all(|need| there(need) >= need.k as usize)
    }

    /// What keeps running is the greatest set of nodes that are not latent, not hit, and whose needs are met inside it.
    fn run(&self, group: &[usize], hit: &[bool], state: &mut State) {
        group.iter().for_each(|at| state[*at].running = !self.nodes[*at].latent && !hit[*at]);
        self.until_still(group, |at| {
            let stops = state[at].running && !self.met(at, |_, m| state[m].running);
            state[at].running &= !stops;
            stops
        });
    }

    /// Looks at each node of a group, and again at those that need one that changed, until nothing changes any more.
    fn until_still(&self, group: &[usize], mut changes: impl FnMut(usize) -> bool) {
        if let [alone] = group {
            while changes(*alone) {}
            return;
        }
        let among: HashSet<usize> = group.iter().copied().collect();
        let (mut open, mut waits) = (VecDeque::from_iter(group.iter().copied()), among.clone());
        while let Some(at) = open.pop_front() {
            waits.remove(&at);
            if changes(at) {
                let users = self.uses[at].iter().copied().filter(|user| among.contains(user));
                open.extend(users.filter(|user| waits.insert(*user)));
            }
        }
    }

    /// From there is started what can be, stage by stage: what is needed before must be up after the stage before. Where
    /// nothing of a group is needed to run, one stage says the same.
    fn start(&self, group: &[usize], hit: &[bool], state: &mut State) {
        let inside: BTreeSet<usize> = group.iter().copied().collect();
        let mut late = if self.is_staged(group, &inside) { inside } else { BTreeSet::new() };
        let mut before = usize::MAX;
        while late.len() < before {
            before = late.len();
            self.stage(group, hit, state, &late);
            late.retain(|at| !state[*at].up);
        }
    }

    fn is_staged(&self, group: &[usize], inside: &BTreeSet<usize>) -> bool {
        let mut needs = group.iter().flat_map(|at| &self.nodes[*at].needs);
        needs.any(|n| n.met == Met::ToRun && n.members.iter().any(|m| inside.contains(m)))
    }

    /// The least closure: a node is up once its needs are met by what is up already; a need to run may be met by what
    /// comes back as well, which is the greatest such promise kept.
    fn stage(&self, group: &[usize], hit: &[bool], state: &mut State, late: &BTreeSet<usize>) {
        let mut promised: BTreeSet<usize> = group.iter().copied().filter(|at| !hit[*at]).collect();
        let mut before = usize::MAX;
        while promised.len() < before {
            group.iter().for_each(|at| state[*at].up = state[*at].running);
            self.until_still(group, |at| {
                let there = |need: &Need, m: usize| match need.met {
                    Met::ToStart => state[m].up,
                    Met::ToRun => state[m].up || promised.contains(&m),
                    Met::Before => state[m].up && !late.contains(&m),
                };
                let starts = !state[at].up && !hit[at] && self.met(at, there);
                state[at].up |= starts;
                starts
            });
            before = promised.len();
            promised.retain(|at| state[*at].up);
        }
    }

    /// The strongly connected components of some nodes over some needs, members before those that need them. Linear.
    pub fn components(&self, nodes: &[usize], counts: impl Fn(&Need) -> bool) -> Vec<Vec<usize>> {
        let among: HashSet<usize> = nodes.iter().copied().collect();
        self.loops.borrow_mut().of(nodes.iter().copied(), |at| {
            let needs = self.nodes[at].needs.iter().filter(|need| counts(need));
            needs.flat_map(|need| &need.members).copied().filter(|m| among.contains(m)).collect()
        })
    }

    /// Per node a time within which it is there again whatever is lost, if it is at all. Sound, not tight:
    /// every need is met by its slowest member; a restoration passes each node of a loop at most once, so
    /// their delays add up, and one that adds up several needs of its own loop has no bound.
    pub fn slowest(&self) -> &[u64] {
        self.slowest.get_or_init(|| {
            let mut bounds = vec![NEVER; self.nodes.len()];
            for group in &self.groups {
                let group_of: BTreeSet<usize> = group.iter().copied().collect();
                let inside = |need: &Need| need.members.iter().any(|m| group_of.contains(m));
                let time = |need: &Need| {
                    let outside = need.members.iter().filter(|m| !group_of.contains(m));
                    (outside.map(|m| bounds[*m]).max().unwrap_or(0), inside(need))
                };
                let bound = |at: &usize| {
                    let unbounded = self.nodes[*at].sum
                        && self.nodes[*at].needs.iter().filter(|n| inside(n)).count() > 1;
                    if unbounded { NEVER } else { self.together(*at, time) }
                };
                let sum = group.iter().map(bound).fold(0, u64::saturating_add);
                group.iter().for_each(|at| bounds[*at] = sum);
            }
            bounds
        })
    }

    /// When a node is there, from the time of each of its needs and whether that rests on the node in turn: then
    /// it cannot hold out for it.
    fn together(&self, at: usize, time: impl Fn(&Need) -> (u64, bool)) -> u64 {
        let (mut total, mut awaited) = (0u64, 0);
        for need in &self.nodes[at].needs {
            let (time, looped) = time(need);
            match need.held_out {
                Some(until) if time <= until && !looped => {}
                Some(_) => awaited = time.max(awaited),
                None if self.nodes[at].sum => total = total.saturating_add(time),
                None => total = total.max(time),
            }
        }
        total.saturating_add(self.nodes[at].delay).max(awaited)
    }

    fn time(&self, group: &[usize], state: &mut State, at_most: bool) {
        for at in group {
            state[*at].ms = if state[*at].running { 0 } else { NEVER };
        }
        let back = group.iter().copied().filter(|at| state[*at].up && !state[*at].running);
        let back: Vec<usize> = back.collect();
        let sets = match back.len() {
            0 => return,
            2.. if !at_most => self.components(&back, |_| true),
            _ => vec![back],
        };
        for set in sets {
            let inside = if at_most { group } else { &set };
            let inside = inside.iter().copied().collect();
            let (helpers, back, acting, held) = Default::default();
            Clock { net: self, state, at_most, inside, helpers, back, acting, held }
                .come_back(&set);
        }
    }
}

/// When nodes are back that rest on one another.
struct Clock<'c, 'm, 'a> {
    net: &'c Net<'m, 'a>,
    state: &'c mut State,
    at_most: bool,
    inside: BTreeSet<usize>,
    /// Those that help one another.
    helpers: BTreeSet<usize>,
    /// When each is back, as far as is known, where some are needed to run.
    back: Option<BTreeMap<usize, u64>>,
    /// Of a succession that rests on the group, who acts.
    acting: BTreeMap<usize, usize>,
    /// What holds out for what is there in time without it.
    held: BTreeSet<usize>,
}

impl<'c> Clock<'c, '_, '_> {
    /// Needs to run inside a group come back together: a node is back by a time when it belongs to a set of
    /// which each has begun by then with the help of the set alone. So the latest are set aside, again and
    /// again. What is needed before must be back by itself: its time is found in the turn before.
    fn come_back(&mut self, set: &[usize]) {
        if !self.at_most && set.len() > 1 {
            self.acting = set.iter().filter_map(|at| Some((*at, self.acts(*at, set)?))).collect();
            self.held = set.iter().copied().filter(|at| self.holds(*at, set)).collect();
        }
        self.settle(set);
    }

    fn settle(&mut self, set: &[usize]) {
        // Who waits for the decision in turn does not act.
        let mut before = usize::MAX;
        while self.acting.len() < before {
            before = self.acting.len();
            self.turn(set);
            self.acting.retain(|at, _| self.state[*at].ms < NEVER);
        }
    }

    fn turn(&mut self, set: &[usize]) {
        if self.at_most || !self.net.is_staged(set, &self.inside) {
            return self.begin(set);
        }
        let mut known = BTreeMap::new();
        self.back = None;
        while self.back.as_ref() != Some(&known) {
            self.back = Some(known);
            known = self.peel(set.to_vec());
        }
        known.into_iter().for_each(|(at, ms)| self.state[at].ms = ms);
    }

    /// A need that rests on the group, and what is up without who has it.
    fn without(&self, at: usize, set: &[usize], ordered: bool) -> Option<(&'c Need, State)> {
        let net = self.net;
        let sort = |need: &Need| if ordered { need.ordered } else { need.held_out.is_some() };
        let need = net.nodes[at].needs.iter().find(|need| sort(need) && self.is_looped(need))?;
        let (mut hit, mut without) = (vec![false; self.state.len()], self.state.clone());
        hit[at] = true;
        net.start(set, &hit, &mut without);
        Some((need, without))
    }

    /// The first in a succession who is there without what is decided about.
    fn acts(&self, at: usize, set: &[usize]) -> Option<usize> {
        let (need, without) = self.without(at, set, true)?;
        need.members.iter().copied().find(|m| without[*m].up)
    }

    /// Whether what it holds out for is there without it within that time.
    fn holds(&mut self, at: usize, set: &[usize]) -> bool {
        let Some((need, without)) = self.without(at, set, false) else { return false };
        let others: Vec<usize> = set.iter().copied().filter(|m| without[*m].up).collect();
        let acting = self.acting.clone();
        set.iter().for_each(|m| self.state[*m].ms = NEVER);
        self.settle(&others);
        self.acting = acting;
        need.held_out >= Some(self.need(at, need))
    }

    fn peel(&mut self, mut set: Vec<usize>) -> BTreeMap<usize, u64> {
        let mut back = BTreeMap::new();
        self.begin(&set);
        while let Some(latest) = set.iter().map(|at| self.state[*at].ms).max() {
            while set.iter().any(|at| self.state[*at].ms >= latest) {
                let (late, early): (Vec<usize>, Vec<usize>) =
                    set.into_iter().partition(|at| self.state[*at].ms >= latest);
                late.iter().for_each(|at| self.state[*at].ms = NEVER);
                back.extend(late.into_iter().map(|at| (at, latest)));
                set = early;
                self.begin(&set);
            }
        }
        back
    }

    /// When each of a set has begun, with the help of the set only: from never downwards.
    fn begin(&mut self, set: &[usize]) {
        set.iter().for_each(|at| self.state[*at].ms = NEVER);
        self.helpers = set.iter().copied().collect();
        self.net.until_still(set, |at| {
            let before = self.state[at].ms;
            let time = |need: &Need| (self.need(at, need), self.is_looped(need));
            self.state[at].ms = before.min(self.net.together(at, time));
            self.state[at].ms < before
        });
    }

    fn is_looped(&self, need: &Need) -> bool {
        need.members.iter().any(|m| self.inside.contains(m))
    }

    /// When a need is met: by the k-th of its members; of a succession by the first who is there.
    fn need(&self, at: usize, need: &Need) -> u64 {
        let up = |m: &usize| self.state[*m].up;
        let there = |m: usize| match (need.met, &self.back) {
            (Met::ToRun, Some(_)) if self.helpers.contains(&m) => 0,
            (Met::Before, Some(back)) if self.inside.contains(&m) => {
                *back.get(&m).unwrap_or(&NEVER)
            }
            _ => self.state[m].ms,
        };
        if need.ordered && self.at_most {
            // Whoever is asked before the first who is surely there may be there as well.
            let Some(first) = need.members.iter().position(up) else { return NEVER };
            let before =
                if self.is_looped(need) { &need.members[..] } else { &need.members[..first] };
            let slowest = self.net.slowest();
            let worst = before.iter().map(|m| slowest[*m]).max().unwrap_or(0);
            return there(need.members[first]).max(worst);
        }
        let first = need.members.iter().find(|m| up(m)).filter(|_| !self.is_looped(need));
        if let Some(first) = first.or(self.acting.get(&at)).filter(|_| need.ordered) {
            return there(*first);
        }
        let mut times: Vec<u64> = need.members.iter().map(|m| there(*m)).collect();
        times.sort_unstable();
        let k =
            if need.held_out.is_some() && self.held.contains(&at) { 0 } else { need.k as usize };
        k.checked_sub(1).map_or(0, |k| times.get(k).copied().unwrap_or(NEVER))
    }
}
