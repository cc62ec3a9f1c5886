//! How soon a node is back, and by which stand-ins.
//!
//! # Definition
//!
//! A node that went on running has time 0, a node that is not up has none. Any other node `n` has
//!
//! ```text
//! time(n) = delay(n) + max or sum over its needs of need-time        (0 without needs)
//! need-time = the k-th smallest time of its members that are up
//!           = the latest of the first k members that are up, for an ordered need
//! ```
//!
//! A need that is held out for is no part of that sum: where its time is within the time held out it costs
//! nothing, else the node is not back before it is met.
//!
//! Times are reached from "never": a time counts only once it follows from times already reached, so a node
//! cannot be early by virtue of itself. Additions saturate.
//!
//! **Loops.** Take the nodes that are up but did not run, and join two of them when each needs the other,
//! directly or not: a *group*. Outside groups, and in groups without to-run needs, the formula stands as it
//! is. In a group:
//!
//! - To-run members of the same group are no bar to starting, and come back together: `time(n)` is the
//!   least `t` such that `n` belongs to a set of nodes of the group each of which, with the help of the set
//!   only, has *begun* by `t`, and has its to-run needs met. To have begun is the formula with a to-run
//!   member in the set counting 0 and a start member in the set counting the time it has begun. So of two
//!   nodes that need each other to run, both are back when the slower has begun; and a further, slower
//!   member never makes a need later.
//! - A before member of the same group counts the time at which it is back, whether it belongs to the set
//!   or not. In groups without to-run needs it is as a start member.
//! - Who is first in an order of succession may be up only thanks to those behind. So an ordered need with
//!   members in the group counts the first k that would be up without the node that has the need. When there
//!   are not so many, or those wait for the node in turn, it counts the fastest ones.
//! - A node does not hold out for what waits for it. A need with members in the group is waited for, unless it is
//!   met without the node within the time held out, by the same formula where everything else is waited for.

use super::bits::Bits;
use super::components::Components;
use super::evaluate::{Evaluator, State};
use super::structure::{Combine, Met, NodeId, Structure};
use super::without::Without;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Restoration times of the nodes that are up again without having run, and by which members each was
/// served.
#[derive(Clone, Debug, Default)]
pub struct Times {
    places: FxHashMap<u32, u32>,
    times: Vec<u64>,
    served_by: Vec<Vec<u32>>,
}

impl Times {
    /// Milliseconds until the node is up, if it is among those timed.
    #[must_use]
    pub fn get(&self, node: NodeId) -> Option<u64> {
        self.places.get(&node.0).map(|&place| self.times[place as usize])
    }

    /// All timed nodes with their times, in rising order of nodes.
    #[must_use]
    pub fn to_vec(&self) -> Vec<(NodeId, u64)> {
        let mut all: Vec<(NodeId, u64)> = self
            .places
            .iter()
            .map(|(&node, &place)| (NodeId(node), self.times[place as usize]))
            .collect();
        all.sort_unstable();
        all
    }

    fn served_by(&self, node: u32) -> Option<&[u32]> {
        self.places.get(&node).map(|&place| self.served_by[place as usize].as_slice())
    }
}

impl Evaluator<'_> {
    /// The times of all nodes whose being up had to be worked out anew after the losses: those that stopped
    /// and are up again, and latent nodes near them. Costs about the needs of those nodes (times a
    /// logarithm); groups with to-run needs cost more, at worst that again for each different time in the
    /// group.
    pub fn times(&mut self, state: &State) -> Times {
        self.with_base_times(|evaluator, base| {
            evaluator.time(&state.running, &state.up, &state.started, Some(base))
        })
    }

    /// Milliseconds until `node` is up after the losses: 0 when it went on running, `None` when it does not
    /// come back. Costs what the affected nodes cost that it rests on.
    pub fn restoration(&mut self, state: &State, node: NodeId) -> Option<u64> {
        if state.is_running(node) {
            return Some(0);
        }
        if !state.is_up(node) {
            return None;
        }
        self.with_base_times(|evaluator, base| {
            let times = evaluator.times_towards(state, node, base);
            times.get(node).or_else(|| base.get(node))
        })
    }

    /// The latent nodes that serve `top` after the losses: those that its restoration time goes through,
    /// member by member as chosen there (the fastest, or the first in an order of succession; ties go to
    /// the one listed first). Empty when the top went on running or is not up. In the order met from the
    /// top. Costs as [`Evaluator::restoration`].
    pub fn stand_ins(&mut self, state: &State, top: NodeId) -> Vec<NodeId> {
        if state.is_running(top) || !state.is_up(top) {
            return Vec::new();
        }
        let structure = self.structure;
        self.with_base_times(|evaluator, base| {
            let times = evaluator.times_towards(state, top, base);
            let mut seen = vec![top.0];
            let mut met = rustc_hash::FxHashSet::from_iter([top.0]);
            let mut next = 0;
            while let Some(&node) = seen.get(next) {
                next += 1;
                let members =
                    times.served_by(node).or_else(|| base.served_by(node)).unwrap_or_default();
                seen.extend(members.iter().copied().filter(|&member| {
                    !state.running.contains(member as usize) && met.insert(member)
                }));
            }
            seen.into_iter().filter(|&node| structure.is_latent(node)).map(NodeId).collect()
        })
    }

    /// The times of those affected nodes that `node` rests on.
    fn times_towards(&mut self, state: &State, node: NodeId, base: &Times) -> Times {
        for &started in &state.started {
            self.slots[started as usize] = 0;
        }
        let mut nodes = Vec::new();
        let mut open = vec![node.0];
        while let Some(node) = open.pop() {
            if std::mem::replace(&mut self.slots[node as usize], NO_SLOT) != NO_SLOT {
                nodes.push(node);
                open.extend(self.structure.all_members(node));
            }
        }
        for &started in &state.started {
            self.slots[started as usize] = NO_SLOT;
        }
        self.time(&state.running, &state.up, &nodes, Some(base))
    }

    /// Hands out the times without losses, which hold for every node that a state does not list as
    /// affected.
    fn with_base_times<R>(&mut self, ask: impl FnOnce(&mut Self, &Times) -> R) -> R {
        let base = match self.base_times.take() {
            Some(base) => base,
            None => {
                let (running, up) = (self.base_running.clone(), self.base_up.clone());
                let nodes: Vec<u32> = up
                    .iter()
                    .filter(|&node| !running.contains(node))
                    .map(|node| node as u32)
                    .collect();
                self.time(&running, &up, &nodes, None)
            }
        };
        let answer = ask(self, &base);
        self.base_times = Some(base);
        answer
    }

    /// Times `nodes`, which are up without running, and hold all such nodes they rest on, apart from those
    /// timed in `base`.
    fn time(&mut self, running: &Bits, up: &Bits, nodes: &[u32], base: Option<&Times>) -> Times {
        for (slot, &node) in nodes.iter().enumerate() {
            self.slots[node as usize] = slot as u32;
        }
        let groups = self.groups(nodes);
        let without = self.without(&groups, nodes, up);
        let mut clock = Clock::new(self.structure, running, up, nodes, &self.slots, base);
        clock.run(&groups, without);
        let times = Times {
            places: nodes.iter().enumerate().map(|(slot, &node)| (node, slot as u32)).collect(),
            times: clock.times,
            served_by: clock.served_by,
        };
        for &node in nodes {
            self.slots[node as usize] = NO_SLOT;
        }
        times
    }
}

pub(super) const NO_SLOT: u32 = u32::MAX;
const NEVER: u64 = u64::MAX;

/// What a member offers to a need: when, and a place among equals that keeps choices free of circles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Offer {
    time: u64,
    /// 0 outside the group; inside, in the order in which nodes have begun.
    turn: u32,
    place: u32,
    member: u32,
}

/// Works out the times of some nodes ("slots" are their places in the list), group by group.
struct Clock<'a> {
    structure: &'a Structure,
    running: &'a Bits,
    up: &'a Bits,
    base: Option<&'a Times>,
    nodes: &'a [u32],
    slots: &'a [u32],
    group_of: Vec<u32>,
    without: Without,
    /// Needs in loops that are met within the time held out for them, and by which members.
    held: FxHashMap<usize, Vec<u32>>,
    times: Vec<u64>,
    served_by: Vec<Vec<u32>>,
    /// Whether a slot belongs to the set of helpers at hand.
    helps: Vec<bool>,
    /// For helpers: when they have begun, and in which turn, from 1.
    begun: Vec<Option<(u64, u32)>>,
    /// In a group with to-run and before needs: when each is back as far as is known, which before needs count.
    back: Option<FxHashMap<u32, u64>>,
}

impl<'a> Clock<'a> {
    fn new(
        structure: &'a Structure,
        running: &'a Bits,
        up: &'a Bits,
        nodes: &'a [u32],
        slots: &'a [u32],
        base: Option<&'a Times>,
    ) -> Self {
        Self {
            structure,
            running,
            up,
            base,
            nodes,
            slots,
            group_of: Vec::new(),
            without: Without::default(),
            held: FxHashMap::default(),
            times: vec![0; nodes.len()],
            served_by: vec![Vec::new(); nodes.len()],
            helps: vec![false; nodes.len()],
            begun: vec![None; nodes.len()],
            back: None,
        }
    }

    fn run(&mut self, groups: &Components, without: Without) {
        self.group_of = groups.of_nodes();
        self.without = without;
        for slots in groups.iter() {
            let needs =
                slots.iter().flat_map(|&slot| self.structure.needs(self.nodes[slot as usize]));
            let held: Vec<(usize, Vec<u32>)> =
                needs.filter_map(|need| Some((need, self.met_without(need)?))).collect();
            self.held.extend(held);
            self.time_slots(slots);
        }
    }

    /// The members that meet a need within the time held out for it, without the node that holds out.
    fn met_without(&mut self, need: usize) -> Option<Vec<u32>> {
        let back = self.without.back.remove(&need)?;
        let acting = self.without.acting.clone();
        self.time_slots(&back);
        self.without.acting = acting;
        let head = self.structure.head(need);
        let user = self.slots[head.node as usize];
        let mut members: Vec<(u64, u32)> = Vec::new();
        for &member in self.structure.members(need) {
            let slot = self.slots[member as usize];
            let time = match self.in_group(slot, user) {
                true if back.contains(&slot) => self.times[slot as usize],
                true => NEVER,
                false => self.outside(member).unwrap_or(NEVER),
            };
            members.push((time, member));
        }
        back.iter().for_each(|&slot| self.helps[slot as usize] = false);
        members.sort_unstable();
        members.truncate(head.k as usize);
        let in_time = members.iter().all(|(time, _)| Some(*time) <= head.held_out);
        (in_time && members.len() == head.k as usize)
            .then(|| members.into_iter().map(|(_, member)| member).collect())
    }

    /// When a member outside the group is there.
    fn outside(&self, member: u32) -> Option<u64> {
        let slot = self.slots[member as usize];
        match () {
            () if self.running.contains(member as usize) => Some(0),
            () if !self.up.contains(member as usize) => None,
            () if slot != NO_SLOT => Some(self.times[slot as usize]),
            () => Some(self.base.and_then(|base| base.get(NodeId(member))).unwrap_or_default()),
        }
    }

    /// Times the nodes of a group, or some that need no others of it.
    fn time_slots(&mut self, slots: &[u32]) {
        let together = self.has_inside(slots, Met::ToRun);
        let staged = together && self.has_inside(slots, Met::Before);
        loop {
            match staged {
                true => self.time_stages(slots),
                false => self.time_group(slots.to_vec(), together),
            }
            let late = slots.iter().filter(|&&slot| self.times[slot as usize] == NEVER);
            let needs = late.flat_map(|&slot| self.structure.needs(self.nodes[slot as usize]));
            let acting = &mut self.without.acting;
            if needs.filter(|need| acting.remove(need).is_some()).count() == 0 {
                return;
            }
        }
    }

    /// Times a group again and again, each time with before needs met by what was found to be back before,
    /// from nothing, until no time gets any less. By whom a node is served is kept from when its time was
    /// found, so that none is served by virtue of itself.
    fn time_stages(&mut self, slots: &[u32]) {
        let mut found: FxHashMap<u32, (u64, Vec<u32>)> = FxHashMap::default();
        loop {
            self.back = Some(found.iter().map(|(&slot, (time, _))| (slot, *time)).collect());
            self.time_group(slots.to_vec(), true);
            let mut less = false;
            for &slot in slots {
                let time = self.times[slot as usize];
                if found.get(&slot).map_or(NEVER, |(time, _)| *time) > time {
                    let served_by = std::mem::take(&mut self.served_by[slot as usize]);
                    found.insert(slot, (time, served_by));
                    less = true;
                }
            }
            if !less {
                break;
            }
        }
        self.back = None;
        for (slot, (_, served_by)) in found {
            self.served_by[slot as usize] = served_by;
        }
    }

    /// Peels the group from its latest time down. With all nodes as helpers, the last to have begun gives a
    /// time by which the whole set is back; those that cannot be back any earlier have that time, the
    /// others are the next set.
    fn time_group(&mut self, mut set: Vec<u32>, together: bool) {
        while !set.is_empty() {
            self.begin(&set);
            for &slot in &set {
                let mut served_by = Vec::new();
                self.begin_time(slot, Some(&mut served_by));
                self.served_by[slot as usize] = served_by;
            }
            let begun = |clock: &Self, slot: u32| {
                clock.begun[slot as usize].map_or(NEVER, |(time, _)| time)
            };
            if !together {
                for &slot in &set {
                    self.times[slot as usize] = begun(self, slot);
                }
                return;
            }
            let latest = set.iter().map(|&slot| begun(self, slot)).max().unwrap_or_default();
            loop {
                let (late, early): (Vec<u32>, Vec<u32>) =
                    set.iter().partition(|&&slot| begun(self, slot) >= latest);
                if late.is_empty() {
                    break;
                }
                for slot in late {
                    self.times[slot as usize] = latest;
                    self.helps[slot as usize] = false;
                }
                set = early;
                self.begin(&set);
            }
        }
    }

    /// Whether a node of a group has a member in it that is needed like this.
    fn has_inside(&self, slots: &[u32], met: Met) -> bool {
        let structure = self.structure;
        slots.iter().any(|&slot| {
            let mut needs = structure.needs(self.nodes[slot as usize]);
            needs.any(|need| structure.head(need).met == met && self.rests_on_group(slot, need))
        })
    }

    fn in_group(&self, slot: u32, other: u32) -> bool {
        slot != NO_SLOT && self.group_of[slot as usize] == self.group_of[other as usize]
    }

    /// Works out when each node of the set has begun, with the help of the set only, or never: the earliest
    /// first, each turn making known to its users what it offers (Knuth's generalisation of Dijkstra's
    /// algorithm).
    fn begin(&mut self, set: &[u32]) {
        for &slot in set {
            self.helps[slot as usize] = true;
            self.begun[slot as usize] = None;
        }
        let mut open = BinaryHeap::new();
        for &slot in set {
            if let Some(time) = self.begin_time(slot, None) {
                open.push(Reverse((time, slot)));
            }
        }
        let mut turn = 0;
        while let Some(Reverse((time, slot))) = open.pop() {
            if self.begun[slot as usize].is_some() {
                continue;
            }
            turn += 1;
            self.begun[slot as usize] = Some((time, turn));
            for &need in self.structure.uses(self.nodes[slot as usize]) {
                let head = self.structure.head(need as usize);
                let user = self.slots[head.node as usize];
                if head.met != Met::ToRun
                    && self.in_group(user, slot)
                    && self.helps[user as usize]
                    && self.begun[user as usize].is_none()
                    && let Some(time) = self.begin_time(user, None)
                {
                    open.push(Reverse((time, user)));
                }
            }
        }
    }

    /// The formula for one node, from what is known so far; the members that serve it go to `served_by`.
    fn begin_time(&self, slot: u32, mut served_by: Option<&mut Vec<u32>>) -> Option<u64> {
        let node = self.nodes[slot as usize];
        let spec = self.structure.spec(NodeId(node));
        let (mut total, mut awaited) = (0u64, 0);
        for need in self.structure.needs(node) {
            if let Some(members) = self.held.get(&need) {
                served_by.iter_mut().for_each(|by| by.extend(members));
                continue;
            }
            let offers = self.offers(slot, need)?;
            let time = offers.iter().map(|offer| offer.time).max().unwrap_or_default();
            match (self.structure.head(need).held_out, spec.combine) {
                (Some(until), _) if time <= until && !self.rests_on_group(slot, need) => {}
                (Some(_), _) => awaited = time.max(awaited),
                (None, Combine::Max) => total = total.max(time),
                (None, Combine::Sum) => total = total.saturating_add(time),
            }
            if let Some(served_by) = served_by.as_deref_mut() {
                served_by.extend(offers.iter().map(|offer| offer.member));
            }
        }
        Some(total.saturating_add(spec.delay).max(awaited))
    }

    /// Whether a need has members in the node's own group.
    fn rests_on_group(&self, slot: u32, need: usize) -> bool {
        let members = self.structure.members(need);
        members.iter().any(|&member| self.in_group(self.slots[member as usize], slot))
    }

    /// The `k` offers that a need takes, or `None` where there are not so many yet.
    fn offers(&self, slot: u32, need: usize) -> Option<Vec<Offer>> {
        let head = self.structure.head(need);
        let k = head.k as usize;
        let mut offers = Vec::new();
        for (place, &member) in self.structure.members(need).iter().enumerate() {
            let of = self.slots[member as usize];
            let (time, turn) = if !self.in_group(of, slot) {
                let Some(time) = self.outside(member) else { continue };
                (time, 0)
            } else if let (Met::Before, Some(back)) = (head.met, &self.back) {
                let Some(&time) = back.get(&of) else { continue };
                (time, 0)
            } else if !self.helps[of as usize] {
                continue;
            } else {
                match self.begun[of as usize] {
                    Some((_, turn)) if head.met == Met::ToRun => (0, turn),
                    None if head.met == Met::ToRun => (0, u32::MAX),
                    Some((time, turn)) => (time, turn),
                    None => continue,
                }
            };
            offers.push(Offer { time, turn, place: place as u32, member });
        }
        match self.without.acting.get(&need) {
            Some(first) => offers.retain(|offer| first.contains(&offer.place)),
            None if head.ordered && !self.rests_on_group(slot, need) => {}
            None => offers.sort_unstable(),
        }
        offers.truncate(k);
        (offers.len() == k).then_some(offers)
    }
}
