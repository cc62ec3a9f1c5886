//! What becomes of a function after one loss or two: whether it is back in time, by what is fresh enough, and whether
//! that is what the document tells.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{NEVER, State};
use super::ledger::Ledger;
use super::rules::duties::Calls;
use super::survive::{Set, Survival, Way};
use crate::logic::times::{behind, best, general_rto, is_called};
use crate::report::loss_words;
use crate::{Backup, LossSort, Objective};

const LATE: &str = "restoration-exceeds-rto";
const STALE: &str = "data-loss-exceeds-rpo";

/// Pairs of losses are tried one by one up to so many.
const MAX_PAIRS: usize = 40_000;

/// What the document tells of a loss: how soon the function is back, where it is, and by which backups.
type Told<'a> = (Option<u64>, &'a [String]);

impl<'a> Survival<'_, 'a> {
    /// Holds each loss against the objectives and against what is told of it, notes what it calls on, and says what is
    /// told and is not so. Where the function is large, only what no way answers is looked at.
    pub fn one_by_one(&self, calls: &mut Calls<'a>, out: &mut Ledger<'a>) -> Vec<String> {
        let (told, mut wrong) = self.told();
        for loss in 0..self.net.losses.len() {
            let told = told.get(&loss).map_or(&[][..], Vec::as_slice);
            let bound = self.held_to(&self.function.rto, loss);
            let ways: Vec<&Way> = self.avoiding(&[loss]).collect();
            let in_time = |way: &&&Way| bound.is_none_or(|bound| way.ms <= bound);
            let in_time: Vec<&Way> = ways.iter().filter(in_time).copied().collect();
            let known = bound.is_none() || !in_time.is_empty();
            let limit = self.may_lose(loss);
            let fresh = if known { &in_time } else { &ways };
            if bound.is_some() && !ways.is_empty() && fresh.iter().all(|way| way.behind > limit) {
                let why = "no way in time is as fresh as it must be";
                out.open(STALE, why, self.named([loss]));
            }
            let runs = told.is_empty() && ways.iter().any(|way| way.running);
            if runs || self.is_large() && known {
                continue;
            }
            let state = self.after(&[loss]);
            if !known && state[0].up && bound.is_some_and(|bound| state[0].ms > bound) {
                out.open(LATE, "it is back too late", self.named([loss]));
                self.takes_backups(loss, &state, out);
            }
            if self.is_large() {
                continue;
            }
            if bound.is_some() && self.calls_on_stale(&[loss], &state) {
                out.open(STALE, "what serves then may be too far behind", self.named([loss]));
            }
            if !self.is_so(loss, &state, told) {
                let words = loss_words(&self.named([loss])[0]);
                wrong.push(format!("what it tells of {words} is not so"));
            }
            calls.add(self, loss, &state);
        }
        self.pairs(out);
        self.by_its_fields(out);
        out.unless_open(LATE);
        wrong
    }

    /// A loss from which the function is back too late takes no backup that might be quicker.
    fn takes_backups(&self, loss: usize, state: &State, out: &mut Ledger<'a>) {
        let rule = match self.net.losses[loss].sort {
            LossSort::Lost => "shared-dependency",
            LossSort::Corrupted => "corruption-propagates",
            LossSort::Compromised => "single-controller",
        };
        let named = self.named([loss]);
        let mut gates = self.net.gates.values();
        let falls = gates.any(|gate| !state[gate.primary].running && !state[gate.node].up);
        if falls && !self.is_accepted_alone(&named[0]) {
            out.open(rule, "a backup cannot be called on then", named);
        }
    }

    /// Whether what brings the function back soonest is a copy that is further behind than the widest of the objectives
    /// for these losses allows.
    fn calls_on_stale(&self, set: &[usize], state: &State) -> bool {
        let limit = set.iter().map(|loss| self.may_lose(*loss)).max().unwrap_or(0);
        let stale = self.copies(set).filter(|(_, behind)| *behind > limit).map(|(gate, _)| gate);
        let stale: Vec<usize> = stale.collect();
        let hits = set.iter().flat_map(|l| self.net.losses[*l].hits.iter().copied());
        let back = state[0].up && !state[0].running && !stale.is_empty();
        back && self.net.after(hits.chain(stale))[0].ms != state[0].ms
    }

    /// The gates of the copies that stand in for something, and how far each may be behind, in milliseconds. Those of
    /// which that is accepted after these losses are left aside.
    fn copies(&self, set: &[usize]) -> impl Iterator<Item = (usize, u64)> {
        self.net.gates.iter().filter_map(move |(at, gate)| {
            let backup = self.net.nodes[*at].item.backup?;
            let behind = || behind(self.model, backup).unwrap_or(NEVER);
            (!self.forgiven(backup, &[]) && !self.forgiven(backup, set))
                .then(|| (gate.node, behind()))
        })
    }

    /// After two losses it is back within the wider of their objectives, by what is no further behind.
    fn pairs(&self, out: &mut Ledger<'a>) {
        let least = |all: &[Objective]| all.iter().map(|o| o.within_ms).min();
        let (tightest, limit) =
            (least(&self.function.rto), least(&self.function.rpo).unwrap_or(NEVER));
        let late = tightest.is_some_and(|bound| self.net.slowest()[0] > bound);
        let stale = self.copies(&[]).any(|(_, behind)| behind > limit);
        let losses = self.net.losses.len();
        if self.order() < 2 || !(late || stale) {
            return;
        }
        if self.order() > 2 || losses.saturating_mul(losses) / 2 > MAX_PAIRS {
            let late = late.then_some((LATE, "several losses at once may take too long"));
            let stale = stale.then_some((STALE, "several losses may call on what is far behind"));
            late.into_iter().chain(stale).for_each(|(rule, why)| out.open(rule, why, Vec::new()));
            return;
        }
        let pairs = (0..losses).flat_map(|a| (a + 1..losses).map(move |b| [a, b]));
        for pair in pairs.filter(|pair| self.claimed(&Set::from(*pair))) {
            if self.avoiding(&pair).any(|way| way.running) {
                continue;
            }
            let state = self.after(&pair);
            let bounds = pair.map(|loss| self.held_to(&self.function.rto, loss));
            let bound = bounds[0].zip(bounds[1]).map(|(a, b)| a.max(b));
            if late && state[0].up && bound.is_some_and(|bound| state[0].ms > bound) {
                out.open(LATE, "they delay it too long", self.named(pair));
            }
            if stale && self.calls_on_stale(&pair, &state) {
                out.open(STALE, "what serves then may be too far behind", self.named(pair));
            }
        }
    }

    /// Whatever is lost: no backup takes longer than is ever allowed, and nothing is away for longer than is bearable.
    fn by_its_fields(&self, out: &mut Ledger<'a>) {
        let (function, model) = (self.function, self.model);
        let widest = function.rto.iter().map(|o| o.within_ms).max();
        let beyond = |ms: u64| function.mtpd_ms.is_some_and(|mtpd| ms > mtpd);
        let own = model.protectors(&function.id).iter().filter_map(|id| model.items[*id].backup);
        for backup in own {
            let best = best(model, backup);
            let held = model.held_for(backup, &function.id);
            let late = best > widest && held.is_none_or(|held| best > Some(held));
            if widest.is_some() && (best.is_none() || late && !self.is_called_late(backup)) {
                let why = format!("`{}` takes longer, or does not say how long", backup.id);
                out.open(LATE, why, Vec::new());
            }
            let caught_up = general_rto(function).zip(backup.catches_up_ms);
            if caught_up.is_some_and(|(rto, more)| !beyond(rto) && beyond(rto.saturating_add(more)))
            {
                out.open(LATE, format!("`{}` catches up too late", backup.id), Vec::new());
            }
        }
        if widest.is_some_and(beyond) {
            out.open(LATE, "it may be away for longer than is bearable", Vec::new());
        }
    }

    /// Whether a loss calls on a backup from which the function is back too late: then that loss shows it.
    fn is_called_late(&self, backup: &Backup) -> bool {
        let gate = self.net.at(&backup.id).and_then(|at| self.net.gates.get(&at));
        let told = self.function.restorations.iter().filter(|told| told.by.contains(&backup.id));
        let mut losses = told.flat_map(|told| &told.after).filter_map(|loss| self.number(loss));
        gate.is_some_and(|gate| {
            losses.any(|loss| {
                let state = self.after(&[loss]);
                let bound = self.held_to(&self.function.rto, loss);
                let late = state[0].up && bound.is_some_and(|bound| state[0].ms > bound);
                late && state[gate.node].up && !state[gate.primary].running
            })
        })
    }

    /// What is told of each loss, and what of all that is told is not so whatever becomes of them.
    fn told(&self) -> (BTreeMap<usize, Vec<Told<'a>>>, Vec<String>) {
        let (function, model, mut wrong) = (self.function, self.model, Vec::new());
        let mut must = |holds: bool, why: &str| {
            if !holds {
                wrong.push(why.to_owned());
            }
        };
        let budgets = function.time_budgets.iter().map(|budget| {
            let sum = budget.steps.iter().fold(0u64, |sum, step| sum.saturating_add(step.ms));
            (budget.backup.as_str(), budget.complete.then_some(sum))
        });
        let budgets: BTreeSet<(&str, Option<u64>)> = budgets.collect();
        let own = model.protectors(&function.id).iter().filter_map(|id| model.items[*id].backup);
        let stated = |b: &&Backup| b.activation.as_ref().is_some_and(is_called);
        let own = own.map(|b| (b.id.as_str(), best(model, b).filter(|_| stated(&b))));
        let own = own.collect();
        let right = budgets.len() == function.time_budgets.len() && budgets == own;
        must(right, "its time budgets are not what the steps add up to");
        let told_to = function.cut_sets_to as usize <= self.order().max(1);
        must(told_to, "its cut sets are told further than it claims to survive");
        let ends = |set: &[usize]| self.exactly(set).is_none();
        for set in function.cut_sets.iter().filter(|set| set.len() > 1) {
            let numbers: Option<Vec<usize>> = set.iter().map(|loss| self.number(loss)).collect();
            let least = |set: Vec<usize>| {
                let mut fewer = (0..set.len()).map(|at| [&set[..at], &set[at + 1..]].concat());
                ends(&set) && !fewer.any(|set| ends(&set))
            };
            must(numbers.is_some_and(least), "one of its cut sets is none, or not minimal");
        }
        let mut told: BTreeMap<usize, Vec<Told<'a>>> = BTreeMap::new();
        let single = function.cut_sets.iter().filter(|set| set.len() == 1).flatten();
        let ended = single.map(|loss| (loss, None, &[][..]));
        let back = function
            .restorations
            .iter()
            .flat_map(|r| r.after.iter().map(|loss| (loss, Some(r.within_ms), &r.by[..])));
        for (loss, ms, by) in ended.chain(back).filter(|_| !self.is_large()) {
            match self.number(loss) {
                Some(number) => told.entry(number).or_default().push((ms, by)),
                None => must(false, "a loss that it tells of does not concern it"),
            }
        }
        (told, wrong)
    }

    /// Whether what is told of a loss is so: nothing where the function keeps running; else how soon it is back, by backups
    /// that can be called on and bring it back by then were they the only ones.
    fn is_so(&self, loss: usize, state: &State, told: &[Told<'a>]) -> bool {
        let [(ms, by)] = told else { return told.is_empty() && state[0].running };
        let gate = |name: &String| self.net.gates.get(&self.net.at(name)?).copied();
        let called = |name: &String| gate(name).is_some_and(|gate| state[gate.node].up);
        let these: BTreeSet<usize> = by.iter().filter_map(gate).map(|gate| gate.stands).collect();
        let others = self.net.gates.values().map(|gate| gate.stands);
        let others = others.filter(|stands| !these.contains(stands));
        let hits = self.net.losses[loss].hits.iter().copied();
        let alone = || self.net.after(hits.chain(others))[0].ms;
        !state[0].running
            && ms.is_some() == state[0].up
            && by.is_empty() == ms.is_none()
            && ms.is_none_or(|ms| state[0].ms == ms && alone() == ms)
            && by.iter().all(called)
    }
}
