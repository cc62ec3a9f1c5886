//! A circuit as a fault tree. Loops are unrolled: a fixpoint of monotone equations is reached after finitely
//! many rounds, whatever is lost, so a tree that spells out that many rounds says the same.
//!
//! How many rounds: put the nodes of a loop in an order. In each round every node is worked out from the
//! members before it in this round and from those behind it in the round before. A loss travels along a
//! path that visits no node twice, and has to wait for the next round only where it leaves a node that is read
//! from behind. So one round more than there are such nodes is enough.

use super::{FaultTree, Gate, Input};
use crate::faults::structure::{Met, NodeId, Structure};

/// Most gates that a tree may have for each node and each need of its circuit.
pub const GATES_PER_NODE: usize = 64;
/// As many more it may have whatever its circuit.
pub const GATES_ALWAYS: usize = 1 << 16;

impl Structure {
    /// The tree of what makes `top` fail: a node fails when it is hit, or when too few members of a need are
    /// left. Linear without loops; a loop is written as many times as a loss can travel around it. `None`
    /// where that makes too many gates.
    #[must_use]
    pub fn fault_tree(&self, top: NodeId) -> Option<FaultTree> {
        let nodes = self.node_count();
        let mut unrolled = Unrolled {
            structure: self,
            gates: Vec::with_capacity(2 * nodes),
            most: (nodes + self.need_count()) * GATES_PER_NODE + GATES_ALWAYS,
            stopped: vec![Input::Constant(false); nodes],
            down: vec![Input::Constant(false); nodes],
            latent_below: vec![false; nodes],
        };
        for (number, component) in self.components().iter().enumerate() {
            if self.is_straight(number) {
                unrolled.straight(component[0])?;
            } else {
                unrolled.around(component)?;
            }
        }
        let (gates, top) = (unrolled.gates, unrolled.down[top.index()]);
        Some(FaultTree { gates, events: self.event_count() as u32, top })
    }

    fn has_latent_below(&self, node: u32, known: &[bool]) -> bool {
        self.is_latent(node) || self.all_members(node).iter().any(|&member| known[member as usize])
    }
}

struct Unrolled<'s> {
    structure: &'s Structure,
    gates: Vec<Gate>,
    most: usize,
    /// What says that a node does not go on running by itself, and that it cannot be brought back either; of the
    /// nodes so far.
    stopped: Vec<Input>,
    down: Vec<Input>,
    /// Nodes that rest on a latent one. For the others both are the same.
    latent_below: Vec<bool>,
}

impl Unrolled<'_> {
    fn gate(&mut self, k: u32, inputs: Vec<Input>) -> Option<Input> {
        if self.gates.len() >= self.most {
            return None;
        }
        self.gates.push(Gate { k, inputs });
        Some(Input::Gate(self.gates.len() as u32 - 1))
    }

    /// That a node is hit, or that a need is not met where `read` says which members fail.
    fn fails(&mut self, node: u32, read: impl Fn(&Self, Met, u32) -> Input) -> Option<Input> {
        let structure = self.structure;
        let mut inputs: Vec<Input> =
            structure.node_events(node).iter().map(|&event| Input::Event(event)).collect();
        for need in structure.needs(node) {
            let (head, members) = (structure.head(need), structure.members(need));
            let many = members.len() as u32;
            if head.k == 0 {
                continue;
            }
            if head.k > many {
                inputs.push(Input::Constant(true));
                continue;
            }
            let failing = members.iter().map(|&m| read(self, head.met, m)).collect();
            inputs.push(self.gate(many - head.k + 1, failing)?);
        }
        self.gate(1, inputs)
    }

    /// A node that is on no loop.
    fn straight(&mut self, node: u32) -> Option<()> {
        let at = node as usize;
        self.latent_below[at] = self.structure.has_latent_below(node, &self.latent_below);
        self.down[at] = self.fails(node, |all, _, member| all.down[member as usize])?;
        self.stopped[at] = match () {
            () if self.structure.is_latent(node) => Input::Constant(true),
            () if self.latent_below[at] => {
                self.fails(node, |all, _, member| all.stopped[member as usize])?
            }
            () => self.down[at],
        };
        Some(())
    }

    /// The nodes of a loop.
    fn around(&mut self, component: &[u32]) -> Option<()> {
        let order = self.order(component);
        let structure = self.structure;
        let latent = component.iter().any(|&n| structure.has_latent_below(n, &self.latent_below));
        // What goes on running: the least that stops, from nothing stopped.
        let (still, runs): (Vec<u32>, Vec<u32>) =
            order.iter().partition(|&&node| structure.is_latent(node));
        for node in still {
            self.stopped[node as usize] = Input::Constant(true);
        }
        for _ in 0..=self.read_from_behind(&order, |_| true) {
            for &node in &runs {
                self.stopped[node as usize] =
                    self.fails(node, |all, _, member| all.stopped[member as usize])?;
            }
        }
        if !latent {
            for &node in component {
                self.down[node as usize] = self.stopped[node as usize];
            }
            return Some(());
        }
        for &node in component {
            self.latent_below[node as usize] = true;
        }
        self.restarts(&order)
    }

    /// What cannot be brought back, stage by stage: over before needs the most, from everything down. Where nothing is
    /// needed to run, one stage that takes them as start needs says the same.
    fn restarts(&mut self, order: &[u32]) -> Option<()> {
        let together = self.listed(order, Met::ToRun);
        let earlier = match together.is_empty() {
            true => Vec::new(),
            false => self.listed(order, Met::Before),
        };
        let mut before: Vec<Input> = vec![Input::Constant(true); earlier.len()];
        for _ in 0..=earlier.len() {
            self.stage(order, &together, (&earlier, &before))?;
            before = earlier.iter().map(|&node| self.down[node as usize]).collect();
        }
        Some(())
    }

    /// One stage: over to-run needs the least that stays down, from nothing down; in each round of that, over start
    /// needs, the most, from everything down.
    fn stage(
        &mut self,
        order: &[u32],
        together: &[u32],
        (earlier, down_before): (&[u32], &[Input]),
    ) -> Option<()> {
        let waits = |met: Met| met == Met::ToStart || met == Met::Before && together.is_empty();
        let rounds = self.read_from_behind(order, waits) + 1;
        let mut promised: Vec<Input> = vec![Input::Constant(false); together.len()];
        for _ in 0..=together.len() {
            for &node in order {
                self.down[node as usize] = Input::Constant(true);
            }
            for _ in 0..rounds {
                for &node in order {
                    let fails = self.fails(node, |all, met, member| {
                        let (listed, known) = match met {
                            Met::ToRun => (together, promised.as_slice()),
                            Met::Before => (earlier, down_before),
                            Met::ToStart => (&[][..], &[][..]),
                        };
                        let place = listed.binary_search(&member).ok();
                        let known = place.and_then(|place| known.get(place).copied());
                        known.unwrap_or(all.down[member as usize])
                    })?;
                    let stopped = self.stopped[node as usize];
                    self.down[node as usize] = self.gate(2, vec![stopped, fails])?;
                }
            }
            promised = together.iter().map(|&node| self.down[node as usize]).collect();
        }
        Some(())
    }

    /// The nodes of a loop that needs to be met like this list, in rising order.
    fn listed(&self, order: &[u32], met: Met) -> Vec<u32> {
        let structure = self.structure;
        let mut inside = order.to_vec();
        inside.sort_unstable();
        let needs = order.iter().flat_map(|&node| structure.needs(node));
        let members = needs
            .filter(|&need| structure.head(need).met == met)
            .flat_map(|need| structure.members(need).iter().copied());
        let mut listed: Vec<u32> =
            members.filter(|member| inside.binary_search(member).is_ok()).collect();
        listed.sort_unstable();
        listed.dedup();
        listed
    }

    /// The nodes of a loop, members first as far as that goes.
    fn order(&self, component: &[u32]) -> Vec<u32> {
        let mut order = Vec::with_capacity(component.len());
        let mut inside = component.to_vec();
        inside.sort_unstable();
        let mut seen = vec![false; inside.len()];
        for &root in component {
            let mut open = vec![(root, false)];
            while let Some((node, done)) = open.pop() {
                let Ok(place) = inside.binary_search(&node) else { continue };
                if done {
                    order.push(node);
                } else if !std::mem::replace(&mut seen[place], true) {
                    open.push((node, true));
                    let members = self.structure.all_members(node);
                    open.extend(members.iter().map(|&member| (member, false)));
                }
            }
        }
        order
    }

    /// How many nodes are read by one that stands before them, or by themselves.
    fn read_from_behind(&self, order: &[u32], counts: impl Fn(Met) -> bool) -> usize {
        let mut places: Vec<(u32, usize)> =
            order.iter().enumerate().map(|(place, &node)| (node, place)).collect();
        places.sort_unstable();
        let place = |node: u32| {
            places.binary_search_by_key(&node, |(n, _)| *n).ok().map(|found| places[found].1)
        };
        let mut behind: Vec<u32> = Vec::new();
        for (at, &node) in order.iter().enumerate() {
            let needs = self.structure.needs(node);
            let counted = needs.filter(|&need| counts(self.structure.head(need).met));
            let members = counted.flat_map(|need| self.structure.members(need));
            behind.extend(members.filter(|&&member| place(member).is_some_and(|p| p >= at)));
        }
        behind.sort_unstable();
        behind.dedup();
        behind.len()
    }
}
