//! What keeps running, what can be started, and how soon it is there.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::net::{Need, Net};

/// Never, as a time.
pub(crate) const NEVER: u64 = u64::MAX;

/// What becomes of the nodes of a net.
#[derive(Clone)]
pub(crate) struct State {
    /// They go on throughout.
    pub running: Vec<bool>,
    /// They are there in the end.
    pub up: Vec<bool>,
    /// How soon: 0 where it keeps running, `NEVER` where it does not come back.
    pub times: Vec<u64>,
}

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
        let size = self.nodes.len();
        let never = || State {
            running: vec![false; size],
            up: vec![false; size],
            times: vec![NEVER; size],
        };
        let mut state = base.cloned().unwrap_or_else(never);
        let mut open = hit.to_vec();
        for group in &self.groups {
            if base.is_some() && !group.iter().any(|at| open[*at]) {
                continue;
            }
            self.run(group, hit, &mut state);
            self.start(group, hit, &mut state);
            self.time(group, &mut state, at_most);
            let same = |at: &&usize| {
                base.is_some_and(|base| {
                    (base.running[**at], base.up[**at], base.times[**at])
                        == (state.running[**at], state.up[**at], state.times[**at])
                })
            };
            for at in group.iter().filter(|at| !same(at)) {
                self.uses[*at].iter().for_each(|number| open[self.needs[*number].of] = true);
            }
        }
        state
    }

    fn met(&self, at: usize, there: impl Fn(&Need, usize) -> bool) -> bool {
        self.needs_of(at)
            .all(|need| need.members.iter().filter(|m| there(need, **m)).count() >= need.k as usize)
    }

    /// What keeps running is the greatest set of nodes that are not latent, not hit, and whose needs are met inside it.
    fn run(&self, group: &[usize], hit: &[bool], state: &mut State) {
        for at in group {
            state.running[*at] = !self.nodes[*at].latent && !hit[*at];
        }
        let mut more = true;
        while std::mem::take(&mut more) {
            for at in group {
                if state.running[*at] && !self.met(*at, |_, m| state.running[m]) {
                    state.running[*at] = false;
                    more = true;
                }
            }
        }
    }

    /// From there the least closure is started: a node is up once its needs are met by what is up already; a need to run
    /// may be met by what comes back as well, which is the greatest such promise kept.
    fn start(&self, group: &[usize], hit: &[bool], state: &mut State) {
        let mut promised: BTreeSet<usize> = group.iter().copied().filter(|at| !hit[*at]).collect();
        loop {
            group.iter().for_each(|at| state.up[*at] = state.running[*at]);
            let mut more = true;
            while std::mem::take(&mut more) {
                for at in group {
                    let there =
                        |need: &Need, m| state.up[m] || need.to_run && promised.contains(&m);
                    if !state.up[*at] && !hit[*at] && self.met(*at, there) {
                        state.up[*at] = true;
                        more = true;
                    }
                }
            }
            let before = promised.len();
            promised.retain(|at| state.up[*at]);
            if promised.len() == before {
                return;
            }
        }
    }

    /// The strongly connected components of some nodes over some needs, members before those that need them. Linear
    /// (Kosaraju's algorithm).
    pub fn components(&self, nodes: &[usize], counts: impl Fn(&Need) -> bool) -> Vec<Vec<usize>> {
        let among: BTreeSet<usize> = nodes.iter().copied().collect();
        let (mut met, mut left) = (BTreeSet::new(), Vec::new());
        let mut open: Vec<(usize, bool)> = nodes.iter().map(|at| (*at, false)).collect();
        while let Some((at, done)) = open.pop() {
            if done {
                left.push(at);
            } else if met.insert(at) {
                open.push((at, true));
                let users = self.uses[at].iter().map(|number| &self.needs[*number]);
                let users = users.filter(|need| counts(need) && among.contains(&need.of));
                open.extend(users.map(|need| (need.of, false)));
            }
        }
        let mut groups = Vec::new();
        for last in left.into_iter().rev() {
            let (mut group, mut open) = (Vec::new(), vec![last]);
            while let Some(at) = open.pop() {
                if met.remove(&at) {
                    group.push(at);
                    let members = self.needs_of(at).filter(|need| counts(need));
                    open.extend(members.flat_map(|need| &need.members));
                }
            }
            // What is needed first comes first where that can be.
            group.reverse();
            groups.push(group);
        }
        groups.retain(|group| !group.is_empty());
        groups
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
                    let unbounded =
                        self.nodes[*at].sum && self.needs_of(*at).filter(|n| inside(n)).count() > 1;
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
        for need in self.needs_of(at) {
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
            state.times[*at] = if state.running[*at] { 0 } else { NEVER };
        }
        let back = group.iter().copied().filter(|at| state.up[*at] && !state.running[*at]);
        let back: Vec<usize> = back.collect();
        let sets = match at_most || back.len() < 2 {
            true => vec![back],
            false => self.components(&back, |_| true),
        };
        for set in sets {
            let inside: BTreeSet<usize> = match at_most {
                true => group.iter().copied().collect(),
                false => set.iter().copied().collect(),
            };
            Clock { net: self, state, at_most, inside, set: BTreeSet::new() }.come_back(set);
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
    set: BTreeSet<usize>,
}

impl Clock<'_, '_, '_> {
    /// Needs to run inside a group come back together: a node is back by a time when it belongs to a set of
    /// which each has begun by then with the help of the set alone. So the latest are set aside, again and
    /// again.
    fn come_back(&mut self, mut set: Vec<usize>) {
        let runs =
            |need: &Need| need.to_run && need.members.iter().any(|m| self.inside.contains(m));
        let together = !self.at_most && set.iter().any(|at| self.net.needs_of(*at).any(runs));
        self.begin(&set);
        let mut back: Vec<(usize, u64)> = Vec::new();
        while let Some(latest) =
            set.iter().map(|at| self.state.times[*at]).max().filter(|_| together)
        {
            loop {
                let (late, early): (Vec<usize>, Vec<usize>) =
                    set.iter().partition(|at| self.state.times[**at] >= latest);
                if late.is_empty() {
                    break;
                }
                late.iter().for_each(|at| self.state.times[*at] = NEVER);
                back.extend(late.into_iter().map(|at| (at, latest)));
                set = early;
                self.begin(&set);
            }
        }
        back.into_iter().for_each(|(at, time)| self.state.times[at] = time);
    }

    /// When each of a set has begun, with the help of the set only: the earliest first.
    fn begin(&mut self, set: &[usize]) {
        set.iter().for_each(|at| self.state.times[*at] = NEVER);
        self.set = set.iter().copied().collect();
        let mut open: BinaryHeap<Reverse<(u64, usize)>> =
            set.iter().map(|at| Reverse((self.formula(*at), *at))).collect();
        while let Some(Reverse((time, at))) = open.pop() {
            if time >= self.state.times[at] {
                continue;
            }
            self.state.times[at] = time;
            for user in self.net.uses[at].iter().map(|number| self.net.needs[*number].of) {
                if self.set.contains(&user) && self.state.times[user] == NEVER {
                    open.push(Reverse((self.formula(user), user)));
                }
            }
        }
    }

    fn formula(&self, at: usize) -> u64 {
        let looped = |need: &Need| need.members.iter().any(|m| self.inside.contains(m));
        self.net.together(at, |need| (self.need(need, looped(need)), looped(need)))
    }

    /// When a need is met: by the k-th of its members; of a succession by the first who is there.
    fn need(&self, need: &Need, looped: bool) -> u64 {
        let up = |m: &usize| self.state.up[*m];
        let there = |m: usize| match need.to_run && !self.at_most && self.set.contains(&m) {
            true => 0,
            false => self.state.times[m],
        };
        if need.ordered && self.at_most {
            // Whoever is asked before the first who is surely there may be there as well.
            let Some(first) = need.members.iter().position(up) else { return NEVER };
            let before = if looped { &need.members[..] } else { &need.members[..first] };
            let slowest = self.net.slowest();
            let worst = before.iter().map(|m| slowest[*m]).max().unwrap_or(0);
            return there(need.members[first]).max(worst);
        }
        let first = need.members.iter().find(|m| up(m) && !self.inside.contains(m));
        if let Some(first) = first.filter(|_| need.ordered) {
            return there(*first);
        }
        let mut times: Vec<u64> = need.members.iter().map(|m| there(*m)).collect();
        times.sort_unstable();
        (need.k as usize).checked_sub(1).map_or(0, |k| times.get(k).copied().unwrap_or(NEVER))
    }
}
