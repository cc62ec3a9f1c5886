//! Whether a backup carries enough of a function, for long enough, well enough.

use super::cone::Cone;
use super::ledger::Ledger;
use crate::logic::credible::{at_least, demanded, endurance, lasts, share};
use crate::logic::model::Model;
use crate::logic::number::{Number, amount};
use crate::{Backup, Function, Load};

/// The rules on how much a backup carries of one function.
pub(crate) fn pair<'a>(
    model: &Model<'a>,
    backup: &'a Backup,
    function: &'a Function,
    cone: &Cone<'a>,
    out: &mut Ledger<'a>,
) {
    let (covers, wanted) = (backup.covers.as_ref(), demanded(function));
    let enough = match (covers, wanted) {
        (Some(covers), Some(wanted)) => at_least(covers, Some(Number::ONE), wanted) == Some(true),
        (None, None) => backup.full,
        _ => false,
    };
    out.judge("insufficient-load", enough, "it does not carry what is demanded");
    let used = endurance(function, model.primary(backup).element);
    let until = model.holds_out_for(backup);
    let unheld = until.is_some_and(|until| !cone.stands_in(model, until));
    if used.is_some() || unheld {
        let lasts = covers.zip(used).and_then(|(covers, used)| lasts(covers, used));
        let long = lasts == Some(true) && !unheld;
        out.judge("insufficient-duration", long, "it does not last as long as it must");
    }
    let less = match (covers, function.demand.as_ref()) {
        (Some(covers), Some(demand)) => at_least(covers, Some(Number::ONE), demand) == Some(false),
        _ => false,
    };
    if backup.degraded.is_some() || less {
        let allowed = function.may_degrade_ms;
        if allowed.is_some() || backup.degraded.is_some() || backup.full {
            let short = used.zip(allowed).is_some_and(|(used, allowed)| used <= allowed);
            out.judge(
                "insufficient-quality",
                short,
                "it serves degraded for longer than is allowed",
            );
        }
    } else if backup.full {
        out.judge("insufficient-quality", true, "");
    }
    if backup.lends.is_some() {
        let left = covers
            .zip(wanted)
            .map(|(covers, wanted)| at_least(covers, share(backup, function), wanted));
        let holds = share(backup, function) == Some(Number::ONE) || left == Some(Some(true));
        out.judge(
            "borrowed-reserve",
            holds,
            "what is lent is not back in time, and the rest is too little",
        );
    }
    tested(model, backup, function, used, out);
}

/// Whether a passed test has shown what is counted on.
fn tested<'a>(
    model: &Model<'a>,
    backup: &'a Backup,
    function: &'a Function,
    used: Option<u64>,
    out: &mut Ledger<'a>,
) {
    let wanted = function.demand.as_ref().or(function.minimum.as_ref());
    let (Some(wanted), Some(covers)) = (wanted, &backup.covers) else { return };
    let claim =
        if at_least(covers, Some(Number::ONE), wanted) == Some(false) { covers } else { wanted };
    let time = used.map(|used| covers.for_ms.map_or(used, |own| own.min(used)));
    let shown = |load: &Load| {
        let long = time.is_none_or(|time| load.for_ms.is_some_and(|ms| ms >= time));
        long && at_least(load, Some(Number::ONE), claim) == Some(true)
    };
    let mut evidence = backup.tests.iter().filter(|test| super::upkeep::counts(test, model.day));
    let holds = evidence.any(|test| test.loads.iter().any(shown));
    out.judge("untested-coverage", holds, "no test that counts has shown the load for that long");
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

/// Pools, one for each need of two members and more that are sized in what is demanded; and the budget.
pub(crate) fn function<'a>(model: &Model<'a>, function: &'a Function, out: &mut Ledger<'a>) {
    if let Some(wanted) = demanded(function).and_then(|load| amount(&load.amount)) {
        for need in function.depends_on.iter().filter(|need| need.of.len() >= 2) {
            let capacity = |name: &String| {
                let capacity = model.item(name).element?.capacity.as_ref().and_then(amount)?;
                (capacity.1 == wanted.1).then_some(capacity.0)
            };
            let mut all: Vec<Number> = need.of.iter().filter_map(capacity).collect();
            all.sort_by(Number::order);
            if !all.is_empty() {
                let least = all.iter().take(need.count as usize);
                let left = least.copied().try_fold(Number::ZERO, Number::plus);
                let whole = all.len() == need.of.len();
                let holds = whole && left.is_some_and(|left| left.at_least(wanted.0));
                out.judge("insufficient-pool", holds, "too few of its members carry too little");
            }
        }
    }
    let Some((budget, unit)) = function.budget.as_ref().and_then(amount) else { return };
    let cost = |id: &usize| {
        let (cost, of) = model.items[*id].element?.cost.as_ref().and_then(amount)?;
        (of == unit).then_some(cost)
    };
    let mut costs = model.protectors(&function.id).iter().map(cost);
    let sum = costs.try_fold(Number::ZERO, |sum, cost| sum.plus(cost?));
    let holds = sum.is_some_and(|sum| budget.at_least(sum));
    out.judge("over-budget", holds, "its backups cost more, or do not say what they cost");
}
