//! What a node rests on: one derivation of its being up, and the events whose absence that derivation
//! needs.

use super::bits::Bits;
use super::evaluate::{Evaluator, Rank, State};
use super::structure::{EventId, Structure};

/// Which members a derivation prefers where more are up than needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// Those that rest on the fewest events, by a rough count.
    Lightest,
    /// Those that rest on the most: tends to share nothing with the derivation by the lightest.
    Heaviest,
}

/// Finds supports. A **support** of a node under some losses is a set of events, none of them lost, such
/// that the node is up whenever none of them is lost. So every cut set that contains the losses contains an
/// event of the support: this is what a hitting-set tree branches over.
#[derive(Clone, Debug)]
pub(super) struct Supports {
    /// Rough number of events that a node rests on, shared ones counted each time.
    weight: Vec<u32>,
    /// The round in which a node or event was last visited: one number instead of a set to be cleared.
    node_seen: Vec<u32>,
    event_seen: Vec<u32>,
    round: u32,
    open: Vec<u32>,
    eligible: Vec<(u32, u32, u32)>,
}

impl Supports {
    /// Weighs all nodes. Linear, apart from sorting the members of k-of-n needs.
    pub(super) fn new(structure: &Structure) -> Self {
        // Members in the same loop are not weighed yet when they are looked at; they count as one.
        let mut weight = vec![1u32; structure.node_count()];
        let mut lightest = Vec::new();
        for nodes in structure.components().iter() {
            for &node in nodes {
                let mut sum = structure.node_events(node).len() as u32;
                for need in structure.needs(node) {
                    lightest.clear();
                    lightest.extend(
                        structure.members(need).iter().map(|&member| weight[member as usize]),
                    );
                    lightest.sort_unstable();
                    let k = structure.head(need).k as usize;
                    sum = lightest
                        .iter()
                        .take(k)
                        .fold(sum, |sum, &weight| sum.saturating_add(weight));
                }
                weight[node as usize] = sum;
            }
        }
        Self {
            weight,
            node_seen: vec![0; structure.node_count()],
            event_seen: vec![0; structure.event_count()],
            round: 0,
            open: Vec::new(),
            eligible: Vec::new(),
        }
    }

    /// Puts a support of `top`, which is up in `state`, into `events`, in the order met from the top;
    /// returns the number of nodes visited. Linear in the part that the derivation uses.
    ///
    /// The nodes visited justify themselves under any losses that avoid the support: those running form a
    /// set whose needs are met inside it (so they go on running), those started have start needs met by
    /// members started earlier or running, to-run needs by members of the same stage or an earlier
    /// one that are visited as well, and before needs by members of an earlier stage.
    pub(super) fn find(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        state: &State,
        top: u32,
        pick: Pick,
        events: &mut Vec<EventId>,
    ) -> usize {
        let structure = evaluator.structure;
        evaluator.with_ranks(state, |rank| {
            self.walk(structure, &state.running, &state.up, rank, top, pick, events)
        })
    }

    #[allow(clippy::too_many_arguments)]
    fn walk(
        &mut self,
        structure: &Structure,
        running: &Bits,
        up: &Bits,
        rank: &[Rank],
        top: u32,
        pick: Pick,
        events: &mut Vec<EventId>,
    ) -> usize {
        self.round += 1;
        events.clear();
        self.visit(top);
        let mut visited = 0;
        while let Some(node) = self.open.pop() {
            visited += 1;
            for &event in structure.node_events(node) {
                if self.event_seen[event as usize] != self.round {
                    self.event_seen[event as usize] = self.round;
                    events.push(EventId(event));
                }
            }
            let runs = running.contains(node as usize);
            for need in structure.needs(node) {
                let head = structure.head(need);
                let members = structure.members(need);
                if head.k as usize == members.len() {
                    for &member in members {
                        self.visit(member);
                    }
                    continue;
                }
                let mut eligible = std::mem::take(&mut self.eligible);
                eligible.clear();
                for (place, &member) in members.iter().enumerate() {
                    let index = member as usize;
                    let fits = if runs {
                        running.contains(index)
                    } else {
                        up.contains(index)
                            && (running.contains(index)
                                || rank[index].serves(rank[node as usize], head.met))
                    };
                    if fits {
                        eligible.push((self.weight[index], place as u32, member));
                    }
                }
                match pick {
                    Pick::Lightest => eligible.sort_unstable(),
                    Pick::Heaviest => {
                        eligible.sort_unstable_by_key(|&choice| std::cmp::Reverse(choice))
                    }
                }
                for &(_, _, member) in eligible.iter().take(head.k as usize) {
                    self.visit(member);
                }
                self.eligible = eligible;
            }
        }
        visited
    }

    fn visit(&mut self, node: u32) {
        if self.node_seen[node as usize] != self.round {
            self.node_seen[node as usize] = self.round;
            self.open.push(node);
        }
    }
}
