//! What the document tells of a function beside its obligations: after which losses which backups bring it back and how
//! soon, what ends it, how long each backup takes.

use std::collections::{BTreeMap, BTreeSet};

use super::survive::Survival;
use crate::logic::times::best;

impl Survival<'_, '_> {
    /// What the document tells of the function beside its obligations, where it is not so: after which single losses
    /// which backups bring it back and how soon, what ends it, how long each backup takes.
    pub fn mistold(&self) -> Vec<String> {
        let (function, mut wrong) = (self.function, Vec::new());
        let budgets: BTreeSet<(&str, Option<u64>)> = function
            .time_budgets
            .iter()
            .map(|budget| {
                let sum = budget.steps.iter().fold(0u64, |sum, step| sum.saturating_add(step.ms));
                (budget.backup.as_str(), budget.complete.then_some(sum))
            })
            .collect();
        let own = self
            .model
            .protectors(&function.id)
            .iter()
            .filter_map(|id| self.model.items[*id].backup);
        let own = own.map(|b| (b.id.as_str(), best(self.model, b, function)));
        if budgets.len() != function.time_budgets.len() || budgets != own.collect() {
            wrong.push("its time budgets are not what the steps add up to".to_owned());
        }
        for set in function.cut_sets.iter().filter(|set| set.len() > 1) {
            let numbers: Option<Vec<usize>> = set.iter().map(|loss| self.number(loss)).collect();
            let least = |set: &Vec<usize>| {
                let without = |at: usize| [&set[..at], &set[at + 1..]].concat();
                self.exactly(set).is_none()
                    && (0..set.len()).all(|at| self.exactly(&without(at)).is_some())
            };
            if !numbers.is_some_and(|set| least(&set)) {
                wrong.push("one of its cut sets is none, or not minimal".to_owned());
            }
        }
        if function.cut_sets_to > self.order().max(1) {
            wrong.push("its cut sets are told further than it claims to survive".to_owned());
        }
        if self.is_large() {
            return wrong;
        }
        /// How soon it is back, where it comes back, and by what.
        type Told<'t> = (Option<u64>, &'t [String]);
        let mut told: BTreeMap<usize, Vec<Told<'_>>> = BTreeMap::new();
        let single = function.cut_sets.iter().filter(|set| set.len() == 1).flatten();
        let ended = single.map(|loss| (loss, None, &[][..]));
        let back = function
            .restorations
            .iter()
            .flat_map(|r| r.after.iter().map(|l| (l, Some(r.within_ms), &r.by[..])));
        for (loss, ms, by) in ended.chain(back) {
            match self.number(loss) {
                Some(number) => told.entry(number).or_default().push((ms, by)),
                None => wrong.push("a loss that it tells of does not concern it".to_owned()),
            }
        }
        for number in 0..self.net.losses.len() {
            if !told.contains_key(&number) && self.avoiding(&[number]).any(|way| way.running) {
                continue;
            }
            let state = self.after(&[number]);
            let ms = state.up[0].then_some(state.times[0]);
            let called = |name: &String| {
                let gate = self.net.at(name).and_then(|at| self.net.gates.get(&at));
                gate.is_some_and(|gate| state.up[gate.node])
            };
            let right = match told.get(&number).map_or(&[][..], Vec::as_slice) {
                [] => state.running[0],
                [(told, by)] => {
                    !state.running[0]
                        && *told == ms
                        && by.iter().all(called)
                        && by.is_empty() == ms.is_none()
                        && (by.is_empty() || self.by_these(number, by) == ms)
                }
                _ => false,
            };
            if !right {
                let words = super::report::loss_words(&self.named([number])[0]);
                wrong.push(format!("what it tells of {words} is not so"));
            }
        }
        wrong
    }

    /// How soon the function is back after a loss if of all backups only these, and what they hold out for, can be
    /// called on.
    fn by_these(&self, loss: usize, by: &[String]) -> Option<u64> {
        let mut kept: Vec<&str> = by.iter().map(String::as_str).collect();
        let mut next = 0;
        while let Some(name) = kept.get(next) {
            let backup = self.model.item(name).backup;
            let until = backup.and_then(|backup| self.model.holds_out_for(backup));
            kept.extend(until.filter(|until| !kept.contains(until)));
            next += 1;
        }
        let kept: BTreeSet<usize> = kept.iter().filter_map(|name| self.net.at(name)).collect();
        let barred = self.net.gates.iter().filter(|(at, _)| !kept.contains(at));
        let hits = self.net.losses[loss].hits.iter().copied();
        let state = self.net.after(hits.chain(barred.map(|(_, gate)| gate.node)));
        state.up[0].then_some(state.times[0])
    }
}
