//! What runs and what is up, under one function or backup, in the two steps of the failure logic.

use super::plan::{Level, Met, Need, Number, Plan, Schedule};
use super::read::Known;

/// Gone, as the facts say.
const GONE: u8 = 1;
/// It went on running (step 1).
const RUNS: u8 = 2;
/// It is up in the end (step 2).
const UP: u8 = 4;
/// It may be up, as far as is promised to needs `to run`.
const PROMISED: u8 = 8;
/// It is up by what is active now.
const NOW: u8 = 16;
/// It is up before what is activated, in the stage at hand.
const BEFORE: u8 = 32;

/// Whether a backup stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// It does not.
    Not,
    /// It is active: it stands in while it is up itself.
    Active,
    /// It stands in where it is up and its activation has what it needs.
    IfActivated,
}

/// The nodes, looked at one schedule after the other.
pub(super) struct World<'a> {
    plan: &'a Plan,
    known: &'a Known,
    bits: Vec<u8>,
}

impl<'a> World<'a> {
    pub fn new(plan: &'a Plan, known: &'a Known) -> World<'a> {
        let mut bits = vec![0; plan.nodes.len()];
        for thing in &known.gone {
            if let Some(bits) = bits.get_mut(*thing as usize) {
                *bits = GONE;
            }
        }
        World { plan, known, bits }
    }

    fn has(&self, node: Number, bit: u8) -> bool {
        self.bits.get(node as usize).is_some_and(|bits| bits & bit != 0)
    }

    fn set(&mut self, node: Number, bit: u8, to: bool) {
        if let Some(bits) = self.bits.get_mut(node as usize) {
            *bits = if to { *bits | bit } else { *bits & !bit };
        }
    }

    /// Whether a node is up, as last settled.
    pub fn is_up(&self, node: Number) -> bool {
        self.has(node, UP)
    }

    /// Whether a backup can serve, as last settled: it is up, or is but for what it holds out for.
    pub fn is_ready(&self, thing: Number) -> bool {
        let without = || {
            let needs = self.plan.nodes.get(thing as usize).map_or(&[][..], |node| &node.needs);
            needs.iter().any(|need| need.until)
                && needs.iter().all(|need| need.until || self.waived(need) || self.can_start(need))
        };
        self.is_up(thing) || (!self.is_gone(thing) && without())
    }

    fn can_start(&self, need: &Need) -> bool {
        self.met(
            need,
            match need.met {
                Met::ToStart => UP,
                Met::ToRun => PROMISED,
                Met::Before => BEFORE,
            },
        )
    }

    /// Whether a node went on running.
    pub fn runs(&self, node: Number) -> bool {
        self.has(node, RUNS)
    }

    /// Whether a node was up when [`World::remember`] was asked.
    pub fn was_up(&self, node: Number) -> bool {
        self.has(node, NOW)
    }

    pub fn is_gone(&self, node: Number) -> bool {
        self.has(node, GONE)
    }

    /// Keeps what is up for [`World::was_up`].
    pub fn remember(&mut self, schedule: &Schedule) {
        schedule.nodes().for_each(|node| self.set(node, NOW, self.is_up(node)));
    }

    /// Forgets what was found.
    pub fn clear(&mut self, schedule: &Schedule) {
        for node in schedule.nodes() {
            if let Some(bits) = self.bits.get_mut(node as usize) {
                *bits &= GONE;
            }
        }
    }

    /// Whether a need is met, as last settled.
    pub fn is_met(&self, need: &Need) -> bool {
        self.waived(need) || self.met(need, UP)
    }

    fn waived(&self, need: &Need) -> bool {
        need.fences.is_some_and(|target| self.known.fenced.contains(&target))
    }

    fn met(&self, need: &Need, bit: u8) -> bool {
        need.of.iter().filter(|member| self.has(**member, bit)).count() >= need.k as usize
    }

    /// Step 1: what goes on running, no backup called on: the most that holds itself.
    pub fn run(&mut self, schedule: &Schedule) {
        let plan = self.plan;
        for level in &schedule.levels {
            if level.rounds > 1 {
                level.nodes.iter().for_each(|node| self.set(*node, RUNS, self.may_run(*node)));
            }
            loop {
                let mut changed = false;
                for &at in &level.nodes {
                    let Some(node) = plan.nodes.get(at as usize) else { continue };
                    let runs = self.may_run(at)
                        && (level.rounds == 1 || self.has(at, RUNS))
                        && node.needs.iter().all(|need| self.met(need, RUNS));
                    changed |= runs != self.has(at, RUNS);
                    self.set(at, RUNS, runs);
                }
                if !changed || level.rounds == 1 {
                    break;
                }
            }
        }
    }

    fn may_run(&self, node: Number) -> bool {
        !self.is_gone(node) && self.plan.nodes.get(node as usize).is_some_and(|n| !n.latent)
    }

    /// Step 2: from what runs, the least that can be started. An activation calls on what is up before: on what
    /// runs first, then on what came of that, until nothing more does.
    pub fn settle(&mut self, schedule: &Schedule, stands: &dyn Fn(Number) -> Stands) {
        for level in &schedule.levels {
            level.nodes.iter().for_each(|node| self.set(*node, BEFORE, self.runs(*node)));
            loop {
                self.promise(level, stands);
                let mut same = true;
                for &at in &level.nodes {
                    same &= self.has(at, UP) == self.has(at, BEFORE);
                    self.set(at, BEFORE, self.is_up(at));
                }
                if same || !level.is_staged() {
                    break;
                }
            }
        }
    }

    /// Needs `to run` may be met by what comes back together: all is promised first, then what came of it, until
    /// every promise is kept.
    fn promise(&mut self, level: &Level, stands: &dyn Fn(Number) -> Stands) {
        // In one stage, what is up by then is as good as what is up before.
        let up = if level.is_staged() { UP } else { UP | BEFORE };
        level.nodes.iter().for_each(|node| self.set(*node, PROMISED, !self.is_gone(*node)));
        loop {
            self.start(level, up, stands);
            let mut kept = true;
            for &at in &level.nodes {
                kept &= self.has(at, UP) == self.has(at, PROMISED);
                self.set(at, PROMISED, self.is_up(at));
            }
            if kept || level.promises == 1 {
                break;
            }
        }
    }

    fn start(&mut self, level: &Level, up: u8, stands: &dyn Fn(Number) -> Stands) {
        level.nodes.iter().for_each(|node| self.set(*node, UP, self.runs(*node)));
        loop {
            let mut changed = false;
            for &at in &level.nodes {
                if !self.is_up(at) && self.starts(at, stands) {
                    self.set(at, up, true);
                    changed = true;
                }
            }
            if !changed || level.rounds == 1 {
                break;
            }
        }
    }

    /// What these can start now, where needs `to run` are promised all that was settled last.
    pub fn start_on_promise(&mut self, schedule: &Schedule, stands: &dyn Fn(Number) -> Stands) {
        for level in &schedule.levels {
            level.nodes.iter().for_each(|node| self.set(*node, BEFORE, self.runs(*node)));
            self.start(level, UP | BEFORE, stands);
        }
    }

    fn starts(&self, at: Number, stands: &dyn Fn(Number) -> Stands) -> bool {
        let Some(node) = self.plan.nodes.get(at as usize).filter(|_| !self.is_gone(at)) else {
            return false;
        };
        let needs = || node.needs.iter().all(|need| self.waived(need) || self.can_start(need));
        let Some(gate) = node.gate else { return needs() };
        let itself = self.plan.backups.get(gate as usize).is_some_and(|b| self.is_ready(b.thing));
        itself
            && match stands(gate) {
                Stands::Not => false,
                Stands::Active => true,
                Stands::IfActivated => needs(),
            }
    }
}
