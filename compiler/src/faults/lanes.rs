//! The circuit for 256 sets of losses at once, one bit ("lane") each.

use super::bits::Bits;
use super::structure::{EventId, Met, NodeId, Structure};
use std::collections::VecDeque;

/// Words per mask: one cache line holds both masks of a node. Twice and four times as many were measured,
/// and are slower.
const WIDTH: usize = 4;

/// Number of loss sets evaluated at once.
pub(super) const LANES: usize = 64 * WIDTH;

/// One bit per lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mask([u64; WIDTH]);

impl Mask {
    pub(super) const NONE: Self = Self([0; WIDTH]);
    pub(super) const ALL: Self = Self([u64::MAX; WIDTH]);

    /// Exactly one lane.
    pub(super) fn lane(lane: usize) -> Self {
        let mut mask = Self::NONE;
        mask.insert(lane);
        mask
    }

    pub(super) fn insert(&mut self, lane: usize) {
        self.0[lane / 64] |= 1 << (lane % 64);
    }

    pub(super) fn remove(&mut self, lane: usize) {
        self.0[lane / 64] &= !(1 << (lane % 64));
    }

    pub(super) fn contains(&self, lane: usize) -> bool {
        self.0[lane / 64] >> (lane % 64) & 1 == 1
    }

    /// The lanes in rising order.
    pub(super) fn lanes(self) -> impl Iterator<Item = usize> {
        (0..WIDTH).flat_map(move |word| {
            let mut rest = self.0[word];
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    word * 64 + bit
                })
            })
        })
    }

    fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }

    fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }

    fn xor(self, other: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] ^ other.0[word]))
    }
}

/// The two masks of a node: lanes in which it does not go on running, and lanes in which it is not up in
/// the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fate {
    stopped: Mask,
    down: Mask,
}

/// The outcome of no loss: bits, not fates, since looking up a second cache line for each node is what
/// would cost most.
#[derive(Clone, Debug)]
struct Base {
    running: Bits,
    up: Bits,
}

impl Base {
    fn fate(&self, node: u32) -> Fate {
        let all_unless = |fine: bool| if fine { Mask::NONE } else { Mask::ALL };
        Fate {
            stopped: all_unless(self.running.contains(node as usize)),
            down: all_unless(self.up.contains(node as usize)),
        }
    }
}

/// A bit-parallel evaluator. Components are visited members first; one whose members and events are
/// untouched keeps what it is without losses and is not looked at, so a run costs as much as the needs
/// around the nodes that any lane touches.
#[derive(Clone, Debug)]
pub(super) struct Lanes<'s> {
    structure: &'s Structure,
    fates: Vec<Fate>,
    base: Base,
    /// Nodes that rest on no latent node: for them both masks are the same, and only one is worked out.
    plain: Bits,
    /// Nodes that may be visited: all that the tops reach, so either all or none of a component.
    allowed: Bits,
    allowed_nodes: Vec<u32>,
    pending: Bits,
    touched: Vec<u32>,
    /// Where in `hits` the directly hit lanes of a node are, `NO_HIT` for most.
    hit_place: Vec<u32>,
    hits: Vec<(u32, Mask)>,
    /// In which lanes members inside the loop at hand count as down for to-run needs, and for before needs; see
    /// [`Lanes::start_loop`].
    promised_down: Vec<Mask>,
    down_before: Vec<Mask>,
    queue: VecDeque<u32>,
    queued: Bits,
}

const NO_HIT: u32 = u32::MAX;

impl<'s> Lanes<'s> {
    /// Prepares for runs; `running` and `up` are the outcome of no loss. Nothing may be visited before
    /// [`Lanes::restrict`] says what. Linear.
    pub(super) fn new(structure: &'s Structure, running: &Bits, up: &Bits) -> Self {
        let nodes = structure.node_count();
        let components = structure.components();
        let mut plain = Bits::new(nodes);
        for (component, members) in components.iter().enumerate() {
            let rests_on_plain = members.iter().all(|&node| {
                !structure.is_latent(node)
                    && structure.all_members(node).iter().all(|&member| {
                        plain.contains(member as usize)
                            || structure.component_of(member) as usize == component
                    })
            });
            if rests_on_plain {
                for &node in members {
                    plain.insert(node as usize);
                }
            }
        }
        let base = Base { running: running.clone(), up: up.clone() };
        Self {
            structure,
            fates: (0..nodes as u32).map(|node| base.fate(node)).collect(),
            base,
            plain,
            allowed: Bits::new(nodes),
            allowed_nodes: Vec::new(),
            pending: Bits::new(components.len()),
            touched: Vec::new(),
            hit_place: vec![NO_HIT; nodes],
            hits: Vec::new(),
            promised_down: vec![Mask::NONE; nodes],
            down_before: vec![Mask::ALL; nodes],
            queue: VecDeque::new(),
            queued: Bits::new(nodes),
        }
    }

    /// From now on visits only what these tops reach, and answers for that only. Linear in it, and in what
    /// was reached before; returns the number of nodes.
    pub(super) fn restrict(&mut self, tops: &[NodeId]) -> usize {
        self.reset();
        for node in self.allowed_nodes.drain(..) {
            self.allowed.remove(node as usize);
        }
        self.allowed_nodes.extend(tops.iter().map(|top| top.0));
        self.allowed_nodes.retain(|&top| self.allowed.insert(top as usize));
        let mut next = 0;
        while let Some(&node) = self.allowed_nodes.get(next) {
            next += 1;
            let members = self.structure.all_members(node).iter();
            self.allowed_nodes
                .extend(members.filter(|&&member| self.allowed.insert(member as usize)));
        }
        next
    }

    /// Evaluates all lanes; an event is lost in the lanes of its mask.
    pub(super) fn run(&mut self, losses: impl Iterator<Item = (EventId, Mask)>) {
        self.reset();
        let structure = self.structure;
        for (event, mask) in losses {
            for &node in structure.hits(event) {
                if !self.allowed.contains(node as usize) {
                    continue;
                }
                let place = &mut self.hit_place[node as usize];
                if *place == NO_HIT {
                    *place = self.hits.len() as u32;
                    self.hits.push((node, mask));
                } else {
                    let hit = &mut self.hits[*place as usize].1;
                    *hit = hit.or(mask);
                }
                self.pending.insert(structure.component_of(node) as usize);
            }
        }
        let mut from = 0;
        while let Some(component) = self.pending.take_next(from) {
            from = component;
            self.touched.push(component as u32);
            if structure.is_straight(component) {
                self.straight(structure.components().nodes(component)[0]);
            } else {
                self.run_loop(component);
                self.start_loop(component);
            }
            for &node in structure.components().nodes(component) {
                if self.fates[node as usize] == self.base.fate(node) {
                    continue;
                }
                for &need in structure.uses(node) {
                    let user = structure.head(need as usize).node;
                    let user_component = structure.component_of(user) as usize;
                    if user_component != component && self.allowed.contains(user as usize) {
                        self.pending.insert(user_component);
                    }
                }
            }
        }
    }

    /// The lanes of the last run in which the node is not up. The node must be reachable from the tops.
    pub(super) fn down(&self, node: NodeId) -> Mask {
        self.fates[node.index()].down
    }

    fn reset(&mut self) {
        for component in self.touched.drain(..) {
            for &node in self.structure.components().nodes(component as usize) {
                self.fates[node as usize] = self.base.fate(node);
            }
        }
        for (node, _) in self.hits.drain(..) {
            self.hit_place[node as usize] = NO_HIT;
        }
    }

    fn hit(&self, node: u32) -> Mask {
        match self.hit_place[node as usize] {
            NO_HIT => Mask::NONE,
            place => self.hits[place as usize].1,
        }
    }

    /// A node in no loop: its members are final, so one look is enough.
    fn straight(&mut self, node: u32) {
        let structure = self.structure;
        let hit = self.hit(node);
        let fate = if self.plain.contains(node as usize) {
            let stopped = self.any_unmet(node, hit, |member| self.fates[member as usize].stopped);
            Fate { stopped, down: stopped }
        } else {
            let stopped = if structure.is_latent(node) {
                Mask::ALL
            } else {
                self.any_unmet(node, hit, |member| self.fates[member as usize].stopped)
            };
            let down = self.any_unmet(node, hit, |member| self.fates[member as usize].down);
            // Where the node runs its members are up, so the formula for being up covers it.
            Fate { stopped, down }
        };
        self.fates[node as usize] = fate;
    }

    /// Step 1 inside a loop: from nothing stopped, let stopping spread until nothing changes.
    fn run_loop(&mut self, component: usize) {
        let structure = self.structure;
        for &node in structure.components().nodes(component) {
            self.fates[node as usize].stopped =
                if structure.is_latent(node) { Mask::ALL } else { self.hit(node) };
        }
        self.spread(component, |lanes, node| {
            let before = lanes.fates[node as usize].stopped;
            let mut stopped = before;
            for need in structure.needs(node) {
                stopped =
                    stopped.or(lanes.unmet(need, |member| lanes.fates[member as usize].stopped));
            }
            lanes.fates[node as usize].stopped = stopped;
            stopped != before
        });
    }

    /// Step 2 inside a loop, stage by stage: before needs are met by what was up after the stage before.
    fn start_loop(&mut self, component: usize) {
        let structure = self.structure;
        let nodes = structure.components().nodes(component);
        for &node in nodes {
            self.down_before[node as usize] = Mask::ALL;
        }
        let staged = self.has_inside(component, Met::ToRun);
        while self.start_stage(component, staged) {}
    }

    /// One stage: to-run needs are first promised all members not hit; what starts under the promises becomes
    /// the next promise, until all are kept. Whether anything is up that was not before.
    fn start_stage(&mut self, component: usize, staged: bool) -> bool {
        let structure = self.structure;
        let nodes = structure.components().nodes(component);
        for &node in nodes {
            self.promised_down[node as usize] = self.hit(node);
        }
        loop {
            for &node in nodes {
                let fate = &mut self.fates[node as usize];
                fate.down = fate.stopped;
            }
            self.spread(component, |lanes, node| {
                let before = lanes.fates[node as usize].down;
                let mut unmet = lanes.hit(node);
                for need in structure.needs(node) {
                    let met = structure.head(need).met;
                    unmet = unmet.or(lanes.unmet(need, |member| {
                        let inside = structure.component_of(member) as usize == component;
                        match met {
                            Met::ToRun if inside => lanes.promised_down[member as usize],
                            Met::Before if inside && staged => lanes.down_before[member as usize],
                            _ => lanes.fates[member as usize].down,
                        }
                    }));
                }
                let down = before.and(unmet);
                lanes.fates[node as usize].down = down;
                down != before
            });
            if !staged {
                return false;
            }
            if !replaced(nodes, &self.fates, &mut self.promised_down) {
                return replaced(nodes, &self.fates, &mut self.down_before);
            }
        }
    }

    /// Whether some need of the component that is to be met like this lists a member of it.
    fn has_inside(&self, component: usize, met: Met) -> bool {
        let structure = self.structure;
        let inside = |member: &u32| structure.component_of(*member) as usize == component;
        let mut needs =
            structure.components().nodes(component).iter().flat_map(|&n| structure.needs(n));
        needs.any(|need| {
            structure.head(need).met == met && structure.members(need).iter().any(inside)
        })
    }

    /// Looks at every node of the component, and again at those with a member that changed, until nothing
    /// changes.
    fn spread(&mut self, component: usize, mut look: impl FnMut(&mut Self, u32) -> bool) {
        let structure = self.structure;
        for &node in structure.components().nodes(component) {
            self.queue.push_back(node);
            self.queued.insert(node as usize);
        }
        while let Some(node) = self.queue.pop_front() {
            self.queued.remove(node as usize);
            if !look(self, node) {
                continue;
            }
            for &need in structure.uses(node) {
                let user = structure.head(need as usize).node;
                if structure.component_of(user) as usize == component
                    && self.queued.insert(user as usize)
                {
                    self.queue.push_back(user);
                }
            }
        }
    }

    /// The lanes of `hit`, and those in which some need of the node is not met.
    fn any_unmet(&self, node: u32, hit: Mask, down: impl Fn(u32) -> Mask) -> Mask {
        self.structure.needs(node).fold(hit, |unmet, need| unmet.or(self.unmet(need, &down)))
    }

    /// The lanes in which a need is not met: fewer than `k` members up, that is, at least `m - k + 1` of
    /// the `m` down.
    fn unmet(&self, need: usize, down: impl Fn(u32) -> Mask) -> Mask {
        let members = self.structure.members(need);
        let k = self.structure.head(need).k as usize;
        if k == 0 {
            Mask::NONE
        } else if k > members.len() {
            Mask::ALL
        } else if k == members.len() {
            members.iter().fold(Mask::NONE, |any, &member| any.or(down(member)))
        } else {
            let mut all = Mask::ALL;
            if k == 1 {
                for &member in members {
                    all = all.and(down(member));
                    if all == Mask::NONE {
                        break;
                    }
                }
                return all;
            }
            let masks = members.iter().map(|&member| down(member));
            // Clearing the digits would cost more than adding up a few members.
            if members.len() < 8 {
                at_least::<3>(members.len() - k + 1, masks)
            } else {
                at_least::<32>(members.len() - k + 1, masks)
            }
        }
    }
}

/// Puts the lanes in which these nodes are down in the place of others; whether any differ.
fn replaced(nodes: &[u32], fates: &[Fate], others: &mut [Mask]) -> bool {
    let mut differ = false;
    for &node in nodes {
        let down = fates[node as usize].down;
        differ |= std::mem::replace(&mut others[node as usize], down) != down;
    }
    differ
}

/// The lanes that are in at least `threshold` of the masks, by a counter whose binary digits are masks;
/// there are fewer than `2^DIGITS` masks.
fn at_least<const DIGITS: usize>(threshold: usize, masks: impl Iterator<Item = Mask>) -> Mask {
    let mut digits = [Mask::NONE; DIGITS];
    let mut used = 0;
    for mask in masks {
        let mut carry = mask;
        let mut digit = 0;
        while carry != Mask::NONE {
            let sum = digits[digit].xor(carry);
            carry = digits[digit].and(carry);
            digits[digit] = sum;
            digit += 1;
        }
        used = used.max(digit);
    }
    if used < usize::BITS as usize - threshold.leading_zeros() as usize {
        return Mask::NONE;
    }
    // From the lowest digit up: is the count, read so far, at least the threshold, read so far?
    let mut enough = Mask::ALL;
    for (place, &digit) in digits[..used].iter().enumerate() {
        enough = if threshold >> place & 1 == 1 { digit.and(enough) } else { digit.or(enough) };
    }
    enough
}
