//! How far behind what brings a function back may be.

use super::evaluate::NEVER;
use super::ledger::Ledger;
use super::survive::{MAX_PAIRS, Set, Survival, Way};
use crate::logic::times::behind;

pub(crate) const STALE: &str = "data-loss-exceeds-rpo";

impl<'a> Survival<'_, 'a> {
    /// After a loss, some way in time uses no copy that is further behind than may be lost.
    pub fn fresh(&self, loss: usize, bound: u64, out: &mut Ledger<'a>) {
        let limit = self.held_to(&self.function.rpo, loss).unwrap_or(0);
        let set = [loss];
        let fresh = |way: &Way| way.ms <= bound && way.behind <= limit;
        if !self.avoiding(&set).any(fresh) && self.avoiding(&set).next().is_some() {
            out.open(STALE, "no way in time is as fresh as it must be", self.named([loss]));
        }
    }

    /// Whether what brings the function back after these losses, soonest, is a copy that is further behind than the
    /// widest of their objectives allows.
    pub fn calls_on_stale(&self, set: &[usize]) -> bool {
        let limits = set.iter().filter_map(|loss| self.held_to(&self.function.rpo, *loss));
        let limit = limits.max().unwrap_or(0);
        let stale: Vec<usize> = self.copies().filter(|(_, ms)| *ms > limit).map(|c| c.0).collect();
        if stale.is_empty() || self.avoiding(set).any(|way| way.running) {
            return false;
        }
        let hits = || set.iter().flat_map(|l| self.net.losses[*l].hits.iter().copied());
        let time = |hits: &mut dyn Iterator<Item = usize>| {
            let state = self.net.after(hits);
            state.up[0].then_some(state.times[0])
        };
        let back = time(&mut hits());
        let without = |gate: usize| time(&mut hits().chain([gate]));
        back.is_some_and(|ms| ms > 0)
            && stale.iter().any(|at| without(self.net.gates[at].node) != back)
    }

    /// The copies that stand in for the function, and how far each may be behind, in milliseconds. Those of which that is
    /// accepted are left aside.
    fn copies(&self) -> impl Iterator<Item = (usize, u64)> {
        let standing = self.net.stand_ins.values().flatten();
        standing.filter_map(|at| {
            let backup = self.net.nodes[*at].item.backup?;
            let own = backup.protects.contains(&self.function.id) && !self.forgiven(backup);
            own.then(|| (*at, behind(self.model, backup).unwrap_or(NEVER)))
        })
    }

    /// After two losses it is back within the wider of their objectives, by what is no further behind.
    pub fn pairs_fresh(&self, out: &mut Ledger<'a>) {
        let tightest = self.function.rpo.iter().map(|o| o.within_ms).min().unwrap_or(0);
        if self.order() < 2 || self.copies().all(|(_, behind)| behind <= tightest) {
            return;
        }
        let losses = self.net.losses.len();
        if self.order() > 2 || losses.saturating_mul(losses) / 2 > MAX_PAIRS {
            return out.open(STALE, "several losses may call on what is far behind", Vec::new());
        }
        let pairs = (0..losses).flat_map(|a| (a + 1..losses).map(move |b| [a, b]));
        for pair in pairs.filter(|pair| self.claimed(&Set::from(*pair))) {
            if self.calls_on_stale(&pair) {
                out.open(STALE, "what serves then may be too far behind", self.named(pair));
            }
        }
    }
}
