//! How long until the function serves again: the formula of the semantics, from "never" downwards.

use super::super::model::{Activation, Expr, Model, Need};
use super::{Loss, Oracle, State, met};

/// Seconds; `None` for never.
type Time = Option<u64>;

/// Times of the things and the function, and of the backups called on.
struct Times<'a> {
    oracle: &'a Oracle<'a>,
    lost: u32,
    running: u32,
    state: State,
    own: Vec<Time>,
    called: Vec<Time>,
}

impl Oracle<'_> {
    /// Seconds until the function serves again after a loss that does not end it; `None` where it went on
    /// running.
    pub(super) fn restoration(&self, loss: Loss) -> Option<Time> {
        let lost = self.taken(loss);
        let (running, state) = self.settled(lost);
        if running & 1 << self.function != 0 {
            return None;
        }
        let many = self.function + 1;
        let never = || vec![None; many];
        let mut times = Times { oracle: self, lost, running, state, own: never(), called: never() };
        for at in 0..many {
            times.own[at] = (running & 1 << at != 0).then_some(0);
        }
        while times.turn() {}
        let doubtful = self.loops_to_run(running, state) || self.loops_held_out(running, state);
        Some(if doubtful { None } else { times.own[self.function] })
    }

    /// Whether a need to run of something that came back leads round to it again: then the bare formula
    /// does not say when its members are back.
    fn loops_to_run(&self, running: u32, state: State) -> bool {
        let came_back = |at: usize| state.up & 1 << at != 0 && running & 1 << at == 0;
        (0..self.function).any(|at| {
            let to_run = self.needs[at].iter().filter(|need| need.to_run);
            let to_run = to_run.flat_map(|need| need.of.clone()).collect();
            came_back(at) && leads_to(self.model, running, to_run, at)
        })
    }

    /// Whether what a backup holds out for rests on what that backup may bring back: then the formula does not say
    /// which of the two waits for the other.
    fn loops_held_out(&self, running: u32, state: State) -> bool {
        let backups = (0..self.function).filter(|at| state.usable & 1 << at != 0);
        let mut held = backups.filter_map(|at| Some((at, self.held_by[at]?)));
        held.any(|(backup, by)| {
            let mut seen = 0u32;
            let mut open = self.called_with(by);
            while let Some(at) = open.pop() {
                if at == backup {
                    return true;
                }
                if (running | seen) & 1 << at == 0 {
                    seen |= 1 << at;
                    open.extend(self.called_with(at));
                    for other in &self.backups[at] {
                        open.push(*other);
                        open.extend(self.called_with(*other));
                    }
                }
            }
            false
        })
    }

    /// What a thing rests on, and what its activation does.
    fn called_with(&self, at: usize) -> Vec<usize> {
        let mut all: Vec<usize> = self.needs[at].iter().flat_map(|need| need.of.clone()).collect();
        let rule = self.model.things[at].backup().and_then(|b| b.activation.as_ref());
        if let Some(rule) = rule {
            all.extend(rule.when.signals());
            all.extend(rule.by.iter().flat_map(|authority| authority.who.of.clone()));
            all.extend(rule.with.iter().flat_map(|need| need.of.clone()));
            all.extend(rule.funded.iter().chain(&rule.fence));
            all.extend(rule.reach.iter().flat_map(|(via, _)| via.clone()));
        }
        all
    }
}

/// Whether one leads to the other by anything that declarations name, or from a primary to its backups
/// and all that their activation names, without passing what went on running.
fn leads_to(model: &Model, running: u32, from: Vec<usize>, to: usize) -> bool {
    let mut seen = vec![false; model.things.len()];
    let mut open = from;
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if running & 1 << at != 0 || std::mem::replace(&mut seen[at], true) {
            continue;
        }
        open.extend(model.mentions(at));
        let things = model.things.iter().enumerate();
        for (backup, _) in things.filter(|(_, t)| t.backup().is_some_and(|b| b.primary == at)) {
            open.push(backup);
            open.extend(model.mentions(backup));
        }
    }
    false
}

impl Times<'_> {
    /// Works every time out once more from those known; whether any changed.
    fn turn(&mut self) -> bool {
        let mut changed = false;
        for at in 0..self.own.len() {
            let bit = 1 << at;
            if self.state.up & bit != 0 && self.running & bit == 0 {
                let time = all(self.oracle.needs[at].iter().map(|need| self.need(need)));
                changed |= time != self.own[at];
                self.own[at] = time;
            }
            let thing = self.oracle.model.things.get(at);
            if let Some(backup) = thing.and_then(|t| t.backup())
                && self.oracle.model.counts(at)
                && self.state.usable & bit != 0
                && let Some(rule) = &backup.activation
            {
                let work = backup.restores.unwrap_or(0) + backup.verified.unwrap_or(0);
                let steps =
                    [self.detect(rule), self.decide(at, rule), self.access(rule), self.own[at]];
                let time = steps.into_iter().sum::<Time>().map(|time| time + work);
                // It holds out for so long; a second that comes later is what brings the function back for good.
                let second = self.oracle.held_by[at].map_or(Some(0), |by| self.called[by]);
                let until = backup.until.map_or(0, |(_, seconds)| seconds);
                let time = time.zip(second).map(|(time, second)| match second <= until {
                    true => time,
                    false => time.max(second),
                });
                changed |= time != self.called[at];
                self.called[at] = time;
            }
        }
        changed
    }

    /// The thing itself or the fastest of its backups.
    fn served(&self, at: usize) -> Time {
        let backups = self.oracle.backups[at].iter().filter_map(|b| self.called[*b]);
        backups.chain(self.own[at]).min()
    }

    fn need(&self, need: &Need) -> Time {
        fastest(need.k, need.of.iter().map(|at| self.served(*at)))
    }

    fn detect(&self, rule: &Activation) -> Time {
        Some(self.seen(&rule.when)? + rule.hold.unwrap_or(0))
    }

    fn seen(&self, expr: &Expr) -> Time {
        match expr {
            Expr::Signal(at) => Some(self.own[*at]? + self.oracle.latency(*at).unwrap_or(0)),
            Expr::Not(inner) => self.seen(inner),
            Expr::And(left, right) => all([self.seen(left), self.seen(right)].into_iter()),
            Expr::Or(left, right) => fastest(1, [self.seen(left), self.seen(right)].into_iter()),
            Expr::Some(k, all) => fastest(*k, all.iter().map(|e| self.seen(e))),
        }
    }

    /// The bound on the first in the order who can act, from the moment of the trigger. One without a
    /// bound has until the next bound in the order; what runs by itself without a bound is at once.
    fn decide(&self, backup: usize, rule: &Activation) -> Time {
        // Who is there by virtue of this very backup cannot decide about it.
        let (_, without) = self.oracle.settled_without(self.lost, Some(backup));
        let served = self.oracle.served(without);
        let first = rule.by.iter().position(|a| met(&a.who, served))?;
        let who = &rule.by[first];
        let next = || rule.by[first..].iter().find_map(|a| a.within);
        let bound = who.within.or_else(|| if who.automatic { Some(0) } else { next() });
        Some(self.need(&who.who)? + bound.unwrap_or(0))
    }

    /// Credentials, money, fences and ways in, side by side.
    fn access(&self, rule: &Activation) -> Time {
        let with = rule.with.iter().map(|need| self.need(need));
        let funded = rule.funded.iter().chain(&rule.fence).map(|at| self.served(*at));
        let ways = rule.reach.iter().map(|(via, within)| {
            let there = all(via.iter().map(|at| self.served(*at)))?;
            Some(there + within.unwrap_or(0))
        });
        all(with.chain(funded).chain(ways))
    }
}

/// The latest; never where one is never.
fn all(times: impl Iterator<Item = Time>) -> Time {
    times.collect::<Option<Vec<u64>>>().map(|all| all.into_iter().max().unwrap_or(0))
}

/// The `k`-th fastest.
fn fastest(k: usize, times: impl Iterator<Item = Time>) -> Time {
    let mut there: Vec<u64> = times.flatten().collect();
    there.sort_unstable();
    k.checked_sub(1).map_or(Some(0), |at| there.get(at).copied())
}
