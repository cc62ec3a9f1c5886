//! Whether a backup carries enough of a function, for long enough, well enough.

use super::Pair;
use crate::logic::credible::{at_least, demanded, lasts, share};
use crate::logic::model::Model;
use crate::logic::number::{Number, amount};
use crate::{Backup, Function, Load, Test};

impl Pair<'_, '_> {
    /// Whether all of what it covers is at least a load; `None` where one is not stated, or the units differ.
    fn carries(&self, load: Option<&Load>) -> Option<bool> {
        at_least(self.case.backup.covers.as_ref()?, Some(Number::ONE), load?)
    }

    pub fn carries_enough(&self) -> bool {
        let wanted = demanded(self.function);
        let neither = self.case.backup.covers.is_none() && wanted.is_none();
        self.carries(wanted).unwrap_or(neither && self.case.backup.full)
    }

    /// Whether it holds out until another is there that does not stand in.
    pub fn is_unheld(&self) -> bool {
        let until = self.case.model.holds_out_for(self.case.backup);
        until.is_some_and(|until| !self.net.stands_in(until))
    }

    pub fn lasts(&self) -> bool {
        let covers = self.case.backup.covers.as_ref();
        covers.zip(self.used).and_then(|(covers, used)| lasts(covers, used)) == Some(true)
    }

    /// Whether what serves less than what is used does so for no longer than is allowed.
    pub fn serves_well(&self) -> Option<bool> {
        let (full, degraded) = (self.case.backup.full, self.case.backup.degraded.is_some());
        let less = self.carries(self.function.demand.as_ref()) == Some(false);
        let allowed = self.function.may_degrade_ms;
        let short = self.used.zip(allowed).is_some_and(|(used, allowed)| used <= allowed);
        let owed = full || degraded || (less && allowed.is_some());
        owed.then_some(short || !(degraded || less))
    }

    /// Whether what is not lent carries enough.
    pub fn rest_suffices(&self) -> bool {
        let both = self.case.backup.covers.as_ref().zip(demanded(self.function));
        let share = share(self.case.backup, self.function);
        both.and_then(|(covers, wanted)| at_least(covers, share, wanted)) == Some(true)
    }

    /// Whether a passed test has shown what is counted on.
    pub fn is_shown(&self) -> Option<bool> {
        let covers = self.case.backup.covers.as_ref()?;
        let wanted = self.function.demand.as_ref().or(self.function.minimum.as_ref())?;
        let claim = if self.carries(Some(wanted)) == Some(false) { covers } else { wanted };
        let time = self.used.map(|used| covers.for_ms.map_or(used, |own| own.min(used)));
        let shown = |load: &Load| {
            let long = time.is_none_or(|time| load.for_ms.is_some_and(|ms| ms >= time));
            long && at_least(load, Some(Number::ONE), claim) == Some(true)
        };
        let counts = |test: &&Test| self.case.counts(test) && self.case.starts_as_kept(test);
        let mut evidence = self.case.backup.tests.iter().filter(counts);
        Some(evidence.any(|test| test.loads.iter().any(shown)))
    }
}

/// Whether a backup carries all of these functions together; `None` where that cannot be reckoned.
pub(crate) fn carries<'a>(
    model: &Model<'_>,
    backup: &Backup,
    functions: impl IntoIterator<Item = &'a str>,
) -> Option<bool> {
    let (covers, unit) = amount(&backup.covers.as_ref()?.amount)?;
    let demand = |name: &str| {
        let (wanted, of) = amount(&demanded(model.item(name).function?)?.amount)?;
        (of == unit).then_some(wanted)
    };
    let sum = functions.into_iter().try_fold(Number::ZERO, |sum, name| sum.plus(demand(name)?))?;
    Some(covers.at_least(sum))
}

/// For each need of two members and more that are sized in what is demanded: whether the least of them suffice.
pub(crate) fn pools(model: &Model<'_>, function: &Function) -> Vec<bool> {
    let Some((wanted, unit)) = demanded(function).and_then(|load| amount(&load.amount)) else {
        return Vec::new();
    };
    let capacity = |name: &String| {
        let (capacity, of) = amount(model.item(name).element?.capacity.as_ref()?)?;
        (of == unit).then_some(capacity)
    };
    let pools = function.depends_on.iter().filter(|need| need.of.len() >= 2);
    let sized = pools.filter_map(|need| {
        let mut all: Vec<Number> = need.of.iter().filter_map(capacity).collect();
        all.sort_by(Number::order);
        let mut least = all.iter().take(need.count as usize);
        let left = least.try_fold(Number::ZERO, |sum, one| sum.plus(*one));
        let whole = all.len() == need.of.len();
        (!all.is_empty()).then_some(whole && left.is_some_and(|left| left.at_least(wanted)))
    });
    sized.collect()
}

/// Whether all that protects a function costs no more than it may.
pub(crate) fn within_budget(model: &Model<'_>, function: &Function) -> Option<bool> {
    let (budget, unit) = amount(function.budget.as_ref()?)?;
    let cost = |id: &usize| {
        let (cost, of) = amount(model.items[*id].element?.cost.as_ref()?)?;
        (of == unit).then_some(cost)
    };
    let mut costs = model.protectors(&function.id).iter().map(cost);
    let sum = costs.try_fold(Number::ZERO, |sum, cost| sum.plus(cost?));
    Some(sum.is_some_and(|sum| budget.at_least(sum)))
}
