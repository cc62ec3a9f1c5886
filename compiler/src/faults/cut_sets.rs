//! All minimal cut sets of a top, up to an order.

use super::bits::Bits;
use super::evaluate::Evaluator;
use super::lanes::{LANES, Lanes, Mask};
use super::structure::{EventId, NodeId, Structure};
use super::support::{Pick, Supports};
use super::tree::{Effort, Solution};

/// Circuits of so many nodes are turned into diagrams first, with next to no memory: that takes no time worth speaking of,
/// and often answers at once what would take a long search.
const SMALL: usize = 20_000;

/// Of so many events every pair is tried.
const FEW: usize = 64;

/// When to give up a search for cut sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most cut sets to return.
    pub max_sets: usize,
    /// Most evaluations of the circuit; a pass over 256 loss sets counts as one.
    pub max_steps: u64,
}

impl Default for Limits {
    /// A hundred thousand sets, a million evaluations.
    fn default() -> Self {
        Self { max_sets: 100_000, max_steps: 1_000_000 }
    }
}

/// Why a search ended before its order was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// There are more cut sets than [`Limits::max_sets`].
    Sets,
    /// [`Limits::max_steps`] were not enough.
    Steps,
    /// The caller asked to stop.
    Cancelled,
}

/// How much of the answer a list of cut sets is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Every minimal cut set of the order asked for, or a lower one, is listed.
    Full,
    /// Every minimal cut set of this order or a lower one is listed; of the next order some may be listed,
    /// of higher ones none is.
    UpTo {
        /// The order; 0 when not even the single losses are complete.
        order: usize,
        /// What ended the search.
        stop: Stop,
    },
}

/// Minimal cut sets: sets of losses that make a top fail, while no proper subset does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutSets {
    /// The sets, each rising, smaller ones first, without duplicates. Whatever the completeness, each one
    /// listed is a minimal cut set.
    pub sets: Vec<Vec<EventId>>,
    /// How much of the answer this is.
    pub complete: Completeness,
}

impl CutSets {
    /// Of a top that is down with nothing lost.
    fn of_nothing() -> CutSets {
        CutSets { sets: vec![Vec::new()], complete: Completeness::Full }
    }
}

impl Structure {
    /// The minimal cut sets of `top` with at most `max_order` events, as [`Structure::search_cut_sets`] finds them:
    /// by trying pairs where these are few, from diagrams where those are small, else by that search.
    #[must_use]
    pub fn minimal_cut_sets(
        &self,
        top: NodeId,
        max_order: usize,
        limits: &Limits,
        cancel: &dyn Fn() -> bool,
    ) -> CutSets {
        if max_order == 2 && self.event_count() <= FEW && limits.max_sets >= FEW * FEW {
            return self.singles_and_pairs(top);
        }
        match self.solved_in_passing(top).filter(|_| max_order > 1) {
            Some(solution) => listed(&solution, max_order, limits),
            None => self.search_cut_sets(top, max_order, limits, cancel),
        }
    }

    /// The minimal cut sets of `top` with one or two events: each event is tried, then each pair of those that are
    /// none by themselves. A pass over the circuit for 256 of them.
    fn singles_and_pairs(&self, top: NodeId) -> CutSets {
        let Some((_, mut lanes)) = self.without_losses(top) else { return CutSets::of_nothing() };
        let events = (0..self.event_count() as u32).map(EventId);
        let alone =
            ending(&mut lanes, top, &events.clone().map(|event| [event]).collect::<Vec<_>>());
        let others: Vec<EventId> = events.filter(|event| !alone.contains(&[*event])).collect();
        let pairs: Vec<[EventId; 2]> = others
            .iter()
            .enumerate()
            .flat_map(|(at, second)| others[..at].iter().map(|first| [*first, *second]))
            .collect();
        let pairs = ending(&mut lanes, top, &pairs);
        let sets = alone.iter().map(|set| set.to_vec()).chain(pairs.iter().map(|set| set.to_vec()));
        CutSets { sets: in_order(sets.collect()), complete: Completeness::Full }
    }

    /// What tries losses, from what is so without any; `None` where the top is down even then.
    fn without_losses(&self, top: NodeId) -> Option<(Evaluator<'_>, Lanes<'_>)> {
        let mut evaluator = Evaluator::new(self);
        let base = evaluator.evaluate(&[]);
        let mut lanes = Lanes::new(self, &base.running, &base.up);
        lanes.restrict(&[top]);
        base.is_up(top).then_some((evaluator, lanes))
    }

    fn solved_in_passing(&self, top: NodeId) -> Option<Solution> {
        let tree = (self.node_count() <= SMALL).then(|| self.fault_tree(top))??;
        tree.solve(&Effort { memory: 0, weigh: false, orders: 1, ..Effort::default() }).ok()
    }

    /// The minimal cut sets of `top` with at most `max_order` events. Exact; where a limit or `cancel` ends
    /// the search early, the answer says up to which order it is complete. `cancel` is asked at every step.
    /// A top that is down with nothing lost has the empty set as its only minimal cut set.
    ///
    /// A hitting-set tree, order by order: a set of losses that is no cut leaves the top a support, and
    /// every cut set that contains the losses contains an event of the support. Branching over its events
    /// in turn, each branch forbidding the events before, meets every minimal cut set exactly once. Where
    /// more disjoint supports can be found than losses are left to choose, the branch holds no cut set and
    /// ends. The last level, and the test for minimality, take 256 loss sets a pass. At worst `s^(max_order
    /// - 1)` evaluations of what the losses touch, `s` the size of the smaller supports.
    #[must_use]
    pub fn search_cut_sets(
        &self,
        top: NodeId,
        max_order: usize,
        limits: &Limits,
        cancel: &dyn Fn() -> bool,
    ) -> CutSets {
        let Some((evaluator, lanes)) = self.without_losses(top) else {
            return CutSets::of_nothing();
        };
        let mut search = Search {
            lanes,
            supports: Supports::new(self),
            evaluator,
            top,
            limits,
            cancel,
            steps: 0,
            losses: Vec::new(),
            forbidden: Bits::new(self.event_count()),
            sets: Vec::new(),
        };
        let mut complete = Completeness::Full;
        for order in 1..=max_order {
            if let Err(stop) = search.branch(order) {
                complete = Completeness::UpTo { order: order - 1, stop };
                break;
            }
        }
        CutSets { sets: in_order(search.sets), complete }
    }
}

/// The sets of a solution up to an order.
fn listed(solution: &Solution, max_order: usize, limits: &Limits) -> CutSets {
    let mut sets = Vec::new();
    let mut complete = Completeness::Full;
    for set in solution.smallest().take_while(|set| set.len() <= max_order) {
        if sets.len() >= limits.max_sets {
            complete = Completeness::UpTo { order: set.len() - 1, stop: Stop::Sets };
            break;
        }
        sets.push(set.into_iter().map(EventId).collect());
    }
    CutSets { sets: in_order(sets), complete }
}

/// Those of the sets after which the top is down.
fn ending<const N: usize>(
    lanes: &mut Lanes<'_>,
    top: NodeId,
    sets: &[[EventId; N]],
) -> Vec<[EventId; N]> {
    let last = sets.iter().flatten().max().map_or(0, |event| event.index() + 1);
    let (mut found, mut masks) = (Vec::new(), vec![Mask::NONE; last]);
    for some in sets.chunks(LANES) {
        masks.fill(Mask::NONE);
        for (lane, set) in some.iter().enumerate() {
            set.iter().for_each(|event| masks[event.index()].insert(lane));
        }
        let tried = masks.iter().enumerate().filter(|(_, mask)| **mask != Mask::NONE);
        lanes.run(tried.map(|(event, mask)| (EventId(event as u32), *mask)));
        let down = lanes.down(top);
        let ending = some.iter().enumerate().filter(|(lane, _)| down.contains(*lane));
        found.extend(ending.map(|(_, set)| *set));
    }
    found
}

fn in_order(mut sets: Vec<Vec<EventId>>) -> Vec<Vec<EventId>> {
    sets.sort_unstable_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    sets
}

struct Search<'s, 'c> {
    evaluator: Evaluator<'s>,
    lanes: Lanes<'s>,
    supports: Supports,
    top: NodeId,
    limits: &'c Limits,
    cancel: &'c dyn Fn() -> bool,
    steps: u64,
    /// The losses chosen so far: no cut, unless the branch ends at once.
    losses: Vec<EventId>,
    /// Events that earlier branches have dealt with.
    forbidden: Bits,
    sets: Vec<Vec<EventId>>,
}

impl Search<'_, '_> {
    fn step(&mut self) -> Result<(), Stop> {
        if (self.cancel)() {
            return Err(Stop::Cancelled);
        }
        if self.steps >= self.limits.max_steps {
            return Err(Stop::Steps);
        }
        self.steps += 1;
        Ok(())
    }

    /// Finds the minimal cut sets that are the losses so far and exactly `left` more.
    fn branch(&mut self, left: usize) -> Result<(), Stop> {
        let Some(choices) = self.choices(left)? else {
            return Ok(());
        };
        if left == 1 {
            return choices.chunks(LANES).try_for_each(|block| self.last(block));
        }
        let mut outcome = Ok(());
        let mut done = 0;
        for &event in &choices {
            self.losses.push(event);
            outcome = self.branch(left - 1);
            self.losses.pop();
            if outcome.is_err() {
                break;
            }
            self.forbidden.insert(event.index());
            done += 1;
        }
        for event in &choices[..done] {
            self.forbidden.remove(event.index());
        }
        outcome
    }

    /// The events to branch over: the smallest of as many disjoint supports as can be found. `None` where
    /// no further loss can matter: the losses are a cut already, or the top withstands `left` more.
    fn choices(&mut self, left: usize) -> Result<Option<Vec<EventId>>, Stop> {
        let mut losses = self.losses.clone();
        let mut best: Option<Vec<EventId>> = None;
        let mut support = Vec::new();
        // Each support needs a loss of its own, so the top withstands `left` losses if it has more supports
        // than that.
        for _ in 0..=left {
            self.step()?;
            let state = self.evaluator.evaluate(&losses);
            if !state.is_up(self.top) {
                return Ok(best);
            }
            self.supports.find(
                &mut self.evaluator,
                &state,
                self.top.0,
                Pick::Lightest,
                &mut support,
            );
            losses.extend(&support);
            support.retain(|event| !self.forbidden.contains(event.index()));
            if support.is_empty() {
                return Ok(None);
            }
            if best.as_ref().is_none_or(|best| support.len() < best.len()) {
                best = Some(std::mem::take(&mut support));
            }
        }
        Ok(None)
    }

    /// Tries each of the events as the last loss.
    fn last(&mut self, block: &[EventId]) -> Result<(), Stop> {
        self.step()?;
        let chosen = self.losses.iter().map(|&event| (event, Mask::ALL));
        let tried = block.iter().enumerate().map(|(lane, &event)| (event, Mask::lane(lane)));
        self.lanes.run(chosen.chain(tried));
        let failing = self.lanes.down(self.top);
        let found: Vec<EventId> = block
            .iter()
            .enumerate()
            .filter(|(lane, _)| failing.contains(*lane))
            .map(|(_, &event)| event)
            .collect();
        // One lane for each cut set found and each of its earlier losses left out; leaving out the last
        // gives no cut, as known.
        let lanes_each = self.losses.len().max(1);
        for some in found.chunks((LANES / lanes_each).max(1)) {
            for event in self.minimal(some)? {
                if self.sets.len() >= self.limits.max_sets {
                    return Err(Stop::Sets);
                }
                let mut set = self.losses.clone();
                set.push(event);
                set.sort_unstable();
                self.sets.push(set);
            }
        }
        Ok(())
    }

    /// Those of `found` that need every one of the losses so far to make the top fail.
    fn minimal(&mut self, found: &[EventId]) -> Result<Vec<EventId>, Stop> {
        let earlier = self.losses.len();
        let mut not_minimal = vec![false; found.len()];
        for first in (0..earlier).step_by(LANES) {
            self.step()?;
            let left_out = earlier.min(first + LANES) - first;
            let lane = |set: usize, loss: usize| set * left_out + loss - first;
            let mut masks = vec![Mask::ALL; earlier];
            let mut last = vec![Mask::NONE; found.len()];
            for (set, last) in last.iter_mut().enumerate() {
                for (loss, mask) in masks.iter_mut().enumerate().skip(first).take(left_out) {
                    mask.remove(lane(set, loss));
                    last.insert(lane(set, loss));
                }
            }
            let losses = self.losses.iter().copied().zip(masks);
            self.lanes.run(losses.chain(found.iter().copied().zip(last)));
            let failing = self.lanes.down(self.top);
            for (set, not_minimal) in not_minimal.iter_mut().enumerate() {
                *not_minimal |=
                    (first..first + left_out).any(|loss| failing.contains(lane(set, loss)));
            }
        }
        Ok(found.iter().zip(not_minimal).filter(|(_, bad)| !bad).map(|(&event, _)| event).collect())
    }
}
