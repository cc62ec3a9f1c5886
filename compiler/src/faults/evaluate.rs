//! What runs, and what is up, after a set of losses.

use super::bits::Bits;
use super::structure::{EventId, Met, NodeId, Structure};
use super::time::Times;

/// The outcome of one set of losses. Nodes that neither stopped nor could be touched by the losses are as
/// they are without any loss; the others are listed, so that later questions visit only those.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) losses: Vec<EventId>,
    pub(super) running: Bits,
    pub(super) up: Bits,
    /// Nodes, up without running, whose being up had to be worked out anew; each after the members its
    /// start needs rest on.
    pub(super) started: Vec<u32>,
    /// Per started node, where in that list its stage begins.
    stages: Vec<u32>,
}

/// When a node that does not run has started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rank {
    /// Of which stage it is.
    stage: u32,
    /// After which others it has started.
    place: u32,
}

impl Rank {
    const NEVER: Rank = Rank { stage: u32::MAX, place: u32::MAX };

    /// Whether a need of a node of this other rank may be met by the node, so that none is up by virtue of itself.
    pub(super) fn serves(self, user: Rank, met: Met) -> bool {
        match met {
            Met::ToStart => self.place < user.place,
            Met::ToRun => self.stage <= user.stage,
            Met::Before => self.stage < user.stage,
        }
    }
}

impl State {
    /// The losses this is the outcome of.
    #[must_use]
    pub fn losses(&self) -> &[EventId] {
        &self.losses
    }

    /// Whether the node went on running throughout (step 1).
    #[must_use]
    pub fn is_running(&self, node: NodeId) -> bool {
        self.running.contains(node.index())
    }

    /// Whether the node is up in the end (step 2). A top fails when it is not.
    #[must_use]
    pub fn is_up(&self, node: NodeId) -> bool {
        self.up.contains(node.index())
    }

    /// All nodes of step 1.
    #[must_use]
    pub fn running(&self) -> &Bits {
        &self.running
    }

    /// All nodes of step 2.
    #[must_use]
    pub fn up(&self) -> &Bits {
        &self.up
    }
}

/// Answers questions about one [`Structure`], loss set by loss set. It keeps the outcome of no loss at all,
/// and works out from there only what the losses touch: one evaluation costs as much as the needs around
/// the nodes that stop, plus one copy of two bit sets. Building it is linear. Not shared between threads;
/// each takes its own.
#[derive(Clone, Debug)]
pub struct Evaluator<'s> {
    pub(super) structure: &'s Structure,
    pub(super) base_running: Bits,
    pub(super) base_up: Bits,
    /// Place of each node in the order of starting; nodes affected by a state come after all others while
    /// it is looked at.
    rank: Vec<Rank>,
    pub(super) base_times: Option<Times>,
    /// Per need, how many members run. Restored after each evaluation.
    running_members: Vec<u32>,
    /// Scratch of the times: where each node is in the list at hand.
    pub(super) slots: Vec<u32>,
    scratch: Scratch,
}

#[derive(Clone, Debug)]
struct Scratch {
    affected: Bits,
    hit: Bits,
    /// Needs.
    touched: Bits,
    promised: Bits,
    /// Per need, how many members count as up so far; valid for affected nodes only.
    have: Vec<u32>,
    /// Per node, how many needs are not met yet; valid for affected nodes only.
    missing: Vec<u32>,
}

impl<'s> Evaluator<'s> {
    /// Works out the outcome of no loss at all. Linear, apart from loops over to-run needs.
    #[must_use]
    pub fn new(structure: &'s Structure) -> Self {
        let nodes = structure.node_count();
        let needs = structure.need_count();
        let mut result = Self {
            structure,
            base_running: Bits::new(nodes),
            base_up: Bits::new(nodes),
            rank: vec![Rank::NEVER; nodes],
            base_times: None,
            running_members: vec![0; needs],
            slots: vec![u32::MAX; nodes],
            scratch: Scratch {
                affected: Bits::new(nodes),
                hit: Bits::new(nodes),
                touched: Bits::new(needs),
                promised: Bits::new(nodes),
                have: vec![0; needs],
                missing: vec![0; nodes],
            },
        };
        result.settle_base();
        result
    }

    /// The structure asked about.
    #[must_use]
    pub fn structure(&self) -> &'s Structure {
        self.structure
    }

    fn settle_base(&mut self) {
        let structure = self.structure;
        let mut running = Bits::new(structure.node_count());
        for node in 0..structure.node_count() as u32 {
            if !structure.is_latent(node) {
                running.insert(node as usize);
            }
        }
        let mut stopped = Vec::new();
        for need in 0..structure.need_count() {
            let members = structure.members(need).iter();
            let head = structure.head(need);
            self.running_members[need] =
                members.filter(|&&member| running.contains(member as usize)).count() as u32;
            if self.running_members[need] < head.k && !structure.is_latent(head.node) {
                stopped.push(head.node);
            }
        }
        stopped.retain(|&node| running.remove(node as usize));
        stop_all(structure, &mut running, &mut self.running_members, &mut stopped, |_| ());

        let resting: Vec<u32> = (0..structure.node_count() as u32)
            .filter(|&node| !running.contains(node as usize))
            .collect();
        for &node in &resting {
            self.scratch.affected.insert(node as usize);
        }
        let mut up = running.clone();
        let needs: Vec<u32> = resting
            .iter()
            .flat_map(|&node| structure.needs(node))
            .map(|need| need as u32)
            .collect();
        let (started, stages) = self.start_all(&resting, &needs, &mut up);
        for &node in &resting {
            self.scratch.affected.remove(node as usize);
        }
        for (place, (&node, &stage)) in started.iter().zip(&stages).enumerate() {
            self.rank[node as usize] = Rank { stage, place: place as u32 };
        }
        self.base_running = running;
        self.base_up = up;
    }

    /// The outcome of these losses. Duplicates do no harm.
    ///
    /// Step 1 starts from what runs without losses and takes away, node by node, what can no longer run.
    /// Step 2 then looks only at the nodes from which a stopped or hit node can be reached without passing
    /// a running one: all others have the same needs, on the same nodes, as without losses. Of the needs of
    /// those nodes only the ones that list such a node can end otherwise than without losses.
    pub fn evaluate(&mut self, losses: &[EventId]) -> State {
        let structure = self.structure;
        let mut running = self.base_running.clone();
        let mut up = self.base_up.clone();
        let mut stopped = Vec::new();
        let mut affected = Vec::new();
        for &event in losses {
            for &node in structure.hits(event) {
                if self.scratch.hit.insert(node as usize) {
                    if running.remove(node as usize) {
                        stopped.push(node);
                    } else if up.contains(node as usize) {
                        affected.push(node);
                    }
                }
            }
        }
        let mut undo = Vec::new();
        stop_all(structure, &mut running, &mut self.running_members, &mut stopped, |need| {
            undo.push(need)
        });
        for need in undo {
            self.running_members[need as usize] += 1;
        }

        affected.append(&mut stopped);
        for &node in &affected {
            self.scratch.affected.insert(node as usize);
        }
        let mut next = 0;
        let mut touched = Vec::new();
        while let Some(&node) = affected.get(next) {
            next += 1;
            up.remove(node as usize);
            for &need in structure.uses(node) {
                let user = structure.head(need as usize).node;
                let index = user as usize;
                // A node that is not up without losses cannot be up with them.
                if running.contains(index) || !self.base_up.contains(index) {
                    continue;
                }
                if self.scratch.affected.insert(index) {
                    affected.push(user);
                }
                if self.scratch.touched.insert(need as usize) {
                    touched.push(need);
                }
            }
        }
        for &need in &touched {
            self.scratch.touched.remove(need as usize);
        }
        let (started, stages) = self.start_all(&affected, &touched, &mut up);
        for &node in &affected {
            self.scratch.affected.remove(node as usize);
        }
        for &event in losses {
            for &node in structure.hits(event) {
                self.scratch.hit.remove(node as usize);
            }
        }
        State { losses: losses.to_vec(), running, up, started, stages }
    }

    /// Step 2 over the affected nodes, `up` holding what is up among the others and growing by what starts;
    /// `needs` are those of their needs that may not be met, each once. Stage by stage, until one starts
    /// nothing. Returns the nodes started, in order, and for each where its stage begins.
    pub(super) fn start_all(
        &mut self,
        affected: &[u32],
        needs: &[u32],
        up: &mut Bits,
    ) -> (Vec<u32>, Vec<u32>) {
        let met = |need: &u32| self.structure.head(*need as usize).met;
        // Where nothing is promised, a node that has started is there for good: each is a stage of its own.
        let staged = needs.iter().any(|need| met(need) == Met::ToRun);
        let (mut started, mut stages) = (Vec::new(), Vec::new());
        loop {
            let more = self.start_stage(affected, needs, up, staged);
            more.iter().for_each(|&node| {
                up.insert(node as usize);
            });
            if !staged {
                let places = 0..more.len() as u32;
                return (more, places.collect());
            }
            if more.is_empty() {
                return (started, stages);
            }
            stages.resize(started.len() + more.len(), started.len() as u32);
            started.extend(more);
        }
    }

    /// One stage: to-run needs are first promised to be met by every affected node that is not hit; what
    /// starts under these promises becomes the next promise, until all are kept.
    fn start_stage(
        &mut self,
        affected: &[u32],
        needs: &[u32],
        up: &Bits,
        staged: bool,
    ) -> Vec<u32> {
        let structure = self.structure;
        let scratch = &mut self.scratch;
        let open =
            |&node: &u32| !scratch.hit.contains(node as usize) && !up.contains(node as usize);
        let mut promised: Vec<u32> = affected.iter().copied().filter(open).collect();
        loop {
            for &node in &promised {
                scratch.promised.insert(node as usize);
                scratch.missing[node as usize] = 0;
            }
            for need in needs.iter().map(|&need| need as usize) {
                let head = structure.head(need);
                if !scratch.promised.contains(head.node as usize) {
                    continue;
                }
                let counts = |member: usize| {
                    up.contains(member)
                        || head.met == Met::ToRun && scratch.promised.contains(member)
                };
                let members = structure.members(need).iter();
                let have = members.filter(|&&member| counts(member as usize)).count() as u32;
                scratch.have[need] = have;
                scratch.missing[head.node as usize] += u32::from(have < head.k);
            }
            let missing = |node: &u32| scratch.missing[*node as usize];
            let mut started: Vec<u32> =
                promised.iter().copied().filter(|node| missing(node) == 0).collect();
            let mut next = 0;
            while let Some(&node) = started.get(next) {
                next += 1;
                for &need in structure.uses(node) {
                    let head = structure.head(need as usize);
                    let user = head.node as usize;
                    let waits = head.met == Met::ToStart || !staged;
                    if !waits || !scratch.promised.contains(user) {
                        continue;
                    }
                    scratch.have[need as usize] += 1;
                    if scratch.have[need as usize] == head.k {
                        scratch.missing[user] -= 1;
                        if scratch.missing[user] == 0 {
                            started.push(head.node);
                        }
                    }
                }
            }
            for &node in &promised {
                scratch.promised.remove(node as usize);
            }
            if !staged || started.len() == promised.len() {
                return started;
            }
            promised.clone_from(&started);
        }
    }

    /// Runs `ask` with every started node of the state ranked after all untouched ones, in the order of
    /// starting.
    pub(super) fn with_ranks<R>(&mut self, state: &State, ask: impl FnOnce(&[Rank]) -> R) -> R {
        let first = self.rank.len() as u32;
        let before: Vec<Rank> = state
            .started
            .iter()
            .zip(&state.stages)
            .enumerate()
            .map(|(place, (&node, &stage))| {
                let rank = Rank { stage: first + stage, place: first + place as u32 };
                std::mem::replace(&mut self.rank[node as usize], rank)
            })
            .collect();
        let answer = ask(&self.rank);
        for (&node, rank) in state.started.iter().zip(before) {
            self.rank[node as usize] = rank;
        }
        answer
    }
}

/// Takes away from `running` all that rests on the `stopped` nodes, which it completes; `note` hears of
/// each need whose count of running members went down.
fn stop_all(
    structure: &Structure,
    running: &mut Bits,
    running_members: &mut [u32],
    stopped: &mut Vec<u32>,
    mut note: impl FnMut(u32),
) {
    let mut next = 0;
    while let Some(&node) = stopped.get(next) {
        next += 1;
        for &need in structure.uses(node) {
            let head = structure.head(need as usize);
            let count = &mut running_members[need as usize];
            *count -= 1;
            note(need);
            if *count < head.k && running.remove(head.node as usize) {
                stopped.push(head.node);
            }
        }
    }
}
