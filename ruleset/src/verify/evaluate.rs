//! What keeps running, what can be started, and how soon it is there.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::circuit::{Circuit, Need, Node};

/// Never, as a time.
pub(crate) const NEVER: u64 = u64::MAX;

/// Nodes in groups, one after the other.
pub(crate) struct Groups {
    nodes: Vec<usize>,
    ends: Vec<usize>,
}

impl Groups {
    pub fn iter(&self) -> impl Iterator<Item = &[usize]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| &self.nodes[*start..*end])
    }
}

/// What becomes of the nodes of a circuit.
pub(crate) struct State {
    /// They go on throughout.
    pub running: Vec<bool>,
    /// They are there in the end.
    pub up: Vec<bool>,
    /// The nodes that were looked at; the others are as they are without losses.
    region: Vec<usize>,
}

/// What is so without losses, and how soon.
pub(crate) struct Base {
    state: State,
    times: Vec<u64>,
}

impl Circuit {
    /// What becomes of the nodes where these are hit. Linear, unless needs to run form loops.
    pub fn evaluate(&self, hit: &[bool]) -> State {
        self.settle((0..self.nodes.len()).collect(), hit, None)
    }

    /// The same, for few hits: only what rests on them is looked at.
    pub fn after(&self, hits: impl IntoIterator<Item = usize>) -> State {
        let (mut hit, mut inside) = (vec![false; self.nodes.len()], vec![false; self.nodes.len()]);
        let mut region: Vec<usize> = Vec::new();
        for at in hits {
            hit[at] = true;
            if !std::mem::replace(&mut inside[at], true) {
                region.push(at);
            }
        }
        let mut next = 0;
        while let Some(at) = region.get(next) {
            next += 1;
            for number in &self.uses[*at] {
                let user = self.needs[*number].of;
                if !std::mem::replace(&mut inside[user], true) {
                    region.push(user);
                }
            }
        }
        self.settle(region, &hit, Some(&self.base().state))
    }

    fn base(&self) -> &Base {
        self.base.get_or_init(|| {
            let state = self.evaluate(&vec![false; self.nodes.len()]);
            let times = self.within(&state, vec![NEVER; self.nodes.len()]);
            Base { state, times }
        })
    }

    /// What keeps running is the greatest set of nodes that are not latent, not hit, and whose needs are met inside it.
    /// From there the least closure is started: a node is up once its needs are met by what is up already; a need to run
    /// may be met by what comes back as well, which is the greatest such promise kept.
    fn settle(&self, region: Vec<usize>, hit: &[bool], base: Option<&State>) -> State {
        let outside = |of: fn(&State) -> &Vec<bool>| {
            base.map_or(vec![false; self.nodes.len()], |base| of(base).clone())
        };
        let mut running = outside(|state| &state.running);
        let mut promised = outside(|state| &state.up);
        for at in &region {
            running[*at] = !self.nodes[*at].latent && !hit[*at];
            promised[*at] = !hit[*at];
        }
        self.stop(&region, &mut running);
        loop {
            let up = self.start(&region, &running, &promised, hit);
            if !self.any_to_run || up == promised {
                return State { running, up, region };
            }
            promised = up;
        }
    }

    /// Takes away whatever can no longer run, until nothing more stops. Linear.
    fn stop(&self, region: &[usize], running: &mut [bool]) {
        let mut left = vec![0; self.needs.len()];
        let mut stopped: Vec<usize> = Vec::new();
        for number in region.iter().flat_map(|at| &self.nodes[*at].needs) {
            let need = &self.needs[*number];
            left[*number] = need.members.iter().filter(|m| running[**m]).count() as u32;
            if left[*number] < need.k && running[need.of] {
                stopped.push(need.of);
            }
        }
        stopped.retain(|at| std::mem::replace(&mut running[*at], false));
        while let Some(gone) = stopped.pop() {
            for number in &self.uses[gone] {
                let need = &self.needs[*number];
                left[*number] -= 1;
                if left[*number] < need.k && std::mem::replace(&mut running[need.of], false) {
                    stopped.push(need.of);
                }
            }
        }
    }

    /// Adds whatever can be started, until nothing more can. Linear.
    fn start(
        &self,
        region: &[usize],
        running: &[bool],
        promised: &[bool],
        hit: &[bool],
    ) -> Vec<bool> {
        // What is up outside of the region is so whatever happens inside.
        let mut up = promised.to_vec();
        region.iter().for_each(|at| up[*at] = running[*at]);
        let mut there = vec![0; self.needs.len()];
        let mut missing = vec![0; self.nodes.len()];
        for number in region.iter().flat_map(|at| &self.nodes[*at].needs) {
            let need = &self.needs[*number];
            let met = |m: &&usize| if need.to_run { promised[**m] } else { up[**m] };
            there[*number] = need.members.iter().filter(met).count() as u32;
            missing[need.of] += usize::from(there[*number] < need.k);
        }
        let ready = |at: &usize| !up[*at] && !hit[*at] && missing[*at] == 0;
        let mut open: Vec<usize> = region.iter().copied().filter(ready).collect();
        while let Some(at) = open.pop() {
            up[at] = true;
            for number in &self.uses[at] {
                let need = &self.needs[*number];
                if need.to_run {
                    continue;
                }
                there[*number] += 1;
                if there[*number] == need.k {
                    missing[need.of] -= 1;
                    if missing[need.of] == 0 && !up[need.of] && !hit[need.of] {
                        open.push(need.of);
                    }
                }
            }
        }
        up
    }

    /// The strongly connected components of the nodes that count, over the needs that do, members before
    /// those that need them. Linear (Tarjan's algorithm).
    pub fn components(
        &self,
        roots: &[usize],
        counts: impl Fn(usize) -> bool,
        need: impl Fn(&Need) -> bool,
    ) -> Groups {
        let size = self.nodes.len();
        let (mut index, mut low, mut open) = (vec![size; size], vec![0; size], vec![false; size]);
        let (mut pending, mut next) = (Vec::new(), 0);
        let mut found = Groups { nodes: Vec::new(), ends: Vec::new() };
        // A node with the need and the member that come next.
        let mut calls: Vec<(usize, usize, usize)> = Vec::new();
        for root in roots.iter().copied().filter(|at| counts(*at)) {
            if index[root] == size {
                calls.push((root, 0, 0));
            }
            while let Some((at, of, edge)) = calls.last_mut() {
                let at = *at;
                if index[at] == size {
                    (index[at], low[at], open[at]) = (next, next, true);
                    next += 1;
                    pending.push(at);
                }
                if let Some(number) = self.nodes[at].needs.get(*of) {
                    let members = &self.needs[*number].members;
                    match members.get(*edge).filter(|_| need(&self.needs[*number])) {
                        None => (*of, *edge) = (*of + 1, 0),
                        Some(target) if !counts(*target) => *edge += 1,
                        Some(target) if index[*target] == size => calls.push((*target, 0, 0)),
                        Some(target) => {
                            if open[*target] {
                                low[at] = low[at].min(low[*target]);
                            }
                            *edge += 1;
                        }
                    }
                    continue;
                }
                if low[at] == index[at] {
                    let start = pending.iter().rposition(|node| *node == at).unwrap_or(0);
                    found.nodes.extend(pending.drain(start..).inspect(|node| open[*node] = false));
                    found.ends.push(found.nodes.len());
                }
                calls.pop();
            }
        }
        found
    }

    /// Per node a time within which it is there again whatever is lost, if it is at all. Sound, not tight:
    /// every need is met by its slowest member; a restoration passes each node of a loop at most once, so
    /// their delays add up, and one that adds up several needs of its own loop has no bound.
    pub fn slowest(&self, groups: &Groups) -> (Vec<u64>, Vec<usize>) {
        let (mut bounds, mut group_of) = (vec![NEVER; self.nodes.len()], vec![0; self.nodes.len()]);
        for (number, group) in groups.iter().enumerate() {
            group.iter().for_each(|at| group_of[*at] = number);
        }
        for (number, group) in groups.iter().enumerate() {
            let mut sum = 0u64;
            for node in group.iter().map(|at| &self.nodes[*at]) {
                let mut inside = 0;
                let time = |need: &Need| {
                    let outside = need.members.iter().filter(|m| group_of[**m] != number);
                    let own = need.members.iter().any(|m| group_of[*m] == number);
                    inside += usize::from(own);
                    (outside.map(|m| bounds[*m]).max().unwrap_or(0), own)
                };
                let together = self.together(node, time);
                let bounded = !(node.sum && inside > 1);
                sum = sum.saturating_add(if bounded { together } else { NEVER });
            }
            group.iter().for_each(|at| bounds[*at] = sum);
        }
        (bounds, group_of)
    }

    /// When a node is there, from the time of each of its needs and whether that rests on the node in turn: then
    /// it cannot hold out for it.
    fn together(&self, node: &Node, mut time: impl FnMut(&Need) -> (u64, bool)) -> u64 {
        let (mut total, mut awaited) = (0u64, 0);
        for need in node.needs.iter().map(|n| &self.needs[*n]) {
            let (time, looped) = time(need);
            match need.held_out {
                Some(until) if time <= until && !looped => {}
                Some(_) => awaited = time.max(awaited),
                None if node.sum => total = total.saturating_add(time),
                None => total = total.max(time),
            }
        }
        total.saturating_add(node.delay).max(awaited)
    }

    /// Per node how soon it is there: 0 where it keeps running, `NEVER` where it does not come back. Near
    /// linear in what was looked at, apart from loops over needs to run.
    pub fn times(&self, state: &State) -> Vec<u64> {
        match state.region.len() == self.nodes.len() {
            true => self.within(state, vec![NEVER; self.nodes.len()]),
            false => self.within(state, self.base().times.clone()),
        }
    }

    fn within(&self, state: &State, mut times: Vec<u64>) -> Vec<u64> {
        let mut back = vec![false; self.nodes.len()];
        for at in &state.region {
            times[*at] = if state.running[*at] { 0 } else { NEVER };
            back[*at] = state.up[*at] && !state.running[*at];
        }
        let groups = self.components(&state.region, |at| back[at], |_| true);
        self.timed(state, times, &groups, None)
    }

    /// The same, never less than after any losses that leave all of what is up here up: for the latent
    /// steps of a succession whoever is asked before counts as well.
    pub fn times_at_most(
        &self,
        state: &State,
        slowest: &(Vec<u64>, Vec<usize>),
        groups: &Groups,
    ) -> Vec<u64> {
        let times = state.running.iter().map(|running| if *running { 0 } else { NEVER }).collect();
        self.timed(state, times, groups, Some(slowest))
    }

    fn timed(
        &self,
        state: &State,
        times: Vec<u64>,
        groups: &Groups,
        bounds: Option<&(Vec<u64>, Vec<usize>)>,
    ) -> Vec<u64> {
        let size = self.nodes.len();
        let (group_of, helps, begun) = (vec![size; size], vec![false; size], vec![NEVER; size]);
        let mut clock = Clock { circuit: self, state, bounds, times, group_of, helps, begun };
        for (number, group) in groups.iter().enumerate() {
            let back = group.iter().copied().filter(|at| state.up[*at] && !state.running[*at]);
            if let [at] = group {
                if back.count() == 1 {
                    clock.group_of[*at] = number;
                    clock.helps[*at] = true;
                    clock.times[*at] = clock.formula(*at);
                    clock.helps[*at] = false;
                }
                continue;
            }
            let back: Vec<usize> = back.collect();
            back.iter().for_each(|at| clock.group_of[*at] = number);
            clock.group(back);
        }
        clock.times
    }
}

/// Works out times, group by group of nodes that rest on one another.
struct Clock<'c> {
    circuit: &'c Circuit,
    state: &'c State,
    bounds: Option<&'c (Vec<u64>, Vec<usize>)>,
    times: Vec<u64>,
    group_of: Vec<usize>,
    /// Whether a node belongs to the set that is looked at.
    helps: Vec<bool>,
    begun: Vec<u64>,
}

impl Clock<'_> {
    /// Needs to run inside a group come back together: a node is back by a time when it belongs to a set of
    /// which each has begun by then with the help of the set alone. So the latest are set aside, again and
    /// again.
    fn group(&mut self, mut set: Vec<usize>) {
        let inside = |m: &usize, at: usize| self.group_of[*m] == self.group_of[at];
        let runs = |at: usize| {
            let needs = self.circuit.nodes[at].needs.iter().map(|n| &self.circuit.needs[*n]);
            needs.filter(|need| need.to_run).any(|need| need.members.iter().any(|m| inside(m, at)))
        };
        let together = self.bounds.is_none() && set.iter().any(|at| runs(*at));
        self.begin(&set);
        while !set.is_empty() {
            let latest = match together {
                true => set.iter().map(|at| self.begun[*at]).max().unwrap_or(NEVER),
                false => 0,
            };
            loop {
                let (late, early): (Vec<usize>, Vec<usize>) =
                    set.iter().partition(|at| self.begun[**at] >= latest);
                if late.is_empty() {
                    break;
                }
                for at in late {
                    self.times[at] = if together { latest } else { self.begun[at] };
                    self.helps[at] = false;
                }
                set = early;
                self.begin(&set);
            }
        }
    }

    /// When each of a set has begun, with the help of the set only: the earliest first.
    fn begin(&mut self, set: &[usize]) {
        let mut open = BinaryHeap::new();
        for at in set {
            (self.helps[*at], self.begun[*at]) = (true, NEVER);
        }
        open.extend(set.iter().map(|at| Reverse((self.formula(*at), *at))));
        while let Some(Reverse((time, at))) = open.pop() {
            if time >= self.begun[at] {
                continue;
            }
            self.begun[at] = time;
            for user in self.circuit.uses[at].iter().map(|number| self.circuit.needs[*number].of) {
                let inside = self.helps[user] && self.group_of[user] == self.group_of[at];
                if inside && self.begun[user] == NEVER {
                    open.push(Reverse((self.formula(user), user)));
                }
            }
        }
    }

    fn formula(&self, at: usize) -> u64 {
        let inside = |m: &usize| self.group_of[*m] == self.group_of[at];
        let time = |need: &Need| (self.need(at, need), need.members.iter().any(inside));
        self.circuit.together(&self.circuit.nodes[at], time)
    }

    /// When a need is met: by the k-th of its members; of a succession by the first who is there.
    fn need(&self, at: usize, need: &Need) -> u64 {
        let inside = |m: usize| self.group_of[m] == self.group_of[at];
        let there = |m: usize| match (self.state.running[m], self.state.up[m]) {
            (true, _) => 0,
            (_, false) => NEVER,
            _ if !inside(m) => self.times[m],
            _ if !self.helps[m] => NEVER,
            _ if need.to_run && self.bounds.is_none() => 0,
            _ => self.begun[m],
        };
        if need.ordered {
            if let Some((slowest, group_of)) = self.bounds {
                return self.succession(at, need, slowest, group_of, there);
            }
            let first = need.members.iter().find(|m| self.state.up[**m] && !inside(**m));
            if let Some(first) = first {
                return there(*first);
            }
        }
        let mut times: Vec<u64> = need.members.iter().map(|m| there(*m)).collect();
        times.sort_unstable();
        (need.k as usize).checked_sub(1).map_or(0, |k| times.get(k).copied().unwrap_or(NEVER))
    }

    /// Whoever is asked before the first who is surely there may be there as well.
    fn succession(
        &self,
        at: usize,
        need: &Need,
        slowest: &[u64],
        group_of: &[usize],
        there: impl Fn(usize) -> u64,
    ) -> u64 {
        let looped = need.members.iter().any(|m| group_of[*m] == group_of[at]);
        let first = need.members.iter().position(|m| self.state.up[*m]);
        let Some(first) = first else { return NEVER };
        let before = if looped { &need.members[..] } else { &need.members[..first] };
        let worst = before.iter().map(|m| slowest[*m]).max().unwrap_or(0);
        there(need.members[first]).max(worst)
    }
}
