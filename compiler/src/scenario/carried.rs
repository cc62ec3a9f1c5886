//! A function is served again: whether that is at the level that is expected, and in a time that is stated.

use std::sync::Arc;

use num_traits::CheckedAdd;
use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;

use super::Verdict;
use super::play::Stage;
use crate::analysis::{After, World, budget, decision_bound, demanded, there_for};
use crate::db::file;
use crate::model::{Element, element};
use crate::names::ItemId;
use crate::quantity::{Amount, Number};

/// What speaks against an expectation that is met as far as losses go, and whether that decides it.
pub(super) type Against = (Verdict, String);

/// The other functions that the backups of a world protect, each in a world of its own.
pub(super) fn others(stage: &Stage<'_>, world: &World) -> Vec<World> {
    let Some(function) = world.function() else { return Vec::new() };
    let backups = world.cone.stand_ins.values().flatten();
    let backups = backups.filter_map(|at| world.cone.elements.get(*at));
    let protected = backups.flat_map(|backup| backup.named(Head::Protects)).map(|f| f.id);
    let mut ids: Vec<ItemId> = protected.filter(|id| *id != function.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let functions = ids.into_iter().filter_map(|id| element(stage.db, id));
    functions.filter_map(|f| World::of(stage.db, &f, None)).collect()
}

/// A step of those that serve of which nothing says how long it takes.
pub(super) fn timeless(
    stage: &Stage<'_>,
    world: &World,
    after: &mut After<'_>,
    backups: &[usize],
) -> Option<Against> {
    let why = backups.iter().find_map(|at| {
        let backup = world.cone.elements.get(*at)?;
        let budget = budget(stage.db, file(stage.db, backup.id.file)?, backup, 0);
        if let Some(unstated) = budget.unstated.first() {
            return Some(format!("nothing says {}", unstated.what));
        }
        let step = stage.decider(world, after, *at)?;
        let bound = decision_bound(&backup.activation()?.succession(), step);
        let name = backup.name();
        bound.is_none().then(|| format!("nothing says how soon it is decided on `{name}`"))
    });
    why.map(|why| (Verdict::Open, why))
}

/// Whether what is left of what the function depends on, and what stands in for it, carries a level.
pub(super) fn weak(
    world: &World,
    others: &[World],
    after: &mut After<'_>,
    losses: &[(LossSort, ItemId)],
    level: &Amount,
) -> Option<Against> {
    let function = world.function()?;
    weak_pool(world, function, after, level).or_else(|| {
        let backups = after.served_by();
        backups.iter().find_map(|at| overcommitted(world, *at, others, losses, level))
    })
}

/// What is left of a need whose members say how much they carry.
fn weak_pool(
    world: &World,
    function: &Element,
    after: &After<'_>,
    level: &Amount,
) -> Option<Against> {
    for need in function.needs_of(Head::DependsOn) {
        let members = || need.of.iter().filter_map(|r| world.cone.index.get(&r.id).copied());
        let capacity = |at: usize| {
            let (capacity, _) = world.cone.elements.get(at)?.quantity(Head::Capacity)?;
            (capacity.dimension == level.dimension).then_some(&capacity.number)
        };
        if !members().any(|at| capacity(at).is_some()) {
            continue;
        }
        let there: Vec<usize> = members().filter(|at| after.served(*at)).collect();
        let sum = there
            .iter()
            .try_fold(Number::from_integer(0), |sum, at| sum.checked_add(capacity(*at)?));
        let names: Vec<String> = there
            .iter()
            .filter_map(|at| world.cone.elements.get(*at))
            .map(|member| format!("`{}`", member.name()))
            .collect();
        let names = names.join(", ");
        match sum {
            None => {
                return Some((
                    Verdict::Open,
                    format!("nothing says how much is carried by {names}"),
                ));
            }
            Some(sum) if sum < level.number => {
                return Some((
                    Verdict::Failed,
                    format!("what is left of it, {names}, does not carry that much"),
                ));
            }
            Some(_) => {}
        }
    }
    None
}

/// Whether a backup serves other functions after the same losses, and does not carry all of them.
fn overcommitted(
    world: &World,
    backup: usize,
    others: &[World],
    losses: &[(LossSort, ItemId)],
    level: &Amount,
) -> Option<Against> {
    let called_back = world.cone.loans.contains_key(&backup);
    let (backup, function) = (world.cone.elements.get(backup)?, world.function()?);
    let there = there_for(backup, function, called_back)?;
    if !backup.named(Head::Protects).iter().any(|f| f.id == function.id) {
        return None;
    }
    let serves = |world: &&World| {
        let mut after = world.after(world.evaluator(), &world.events(losses));
        let by = after.served_by();
        by.iter().any(|at| world.cone.elements.get(*at).is_some_and(|e| e.id == backup.id))
    };
    let protected = |world: &&World| {
        let named = backup.named(Head::Protects);
        world.function().is_some_and(|f| named.iter().any(|named| named.id == f.id))
    };
    let both = others.iter().filter(protected).filter(serves).filter_map(World::function);
    let both: Vec<&Arc<Element>> = both.collect();
    if both.is_empty() {
        return None;
    }
    let names: Vec<String> = both.iter().map(|other| format!("`{}`", other.name())).collect();
    let (names, name) = (names.join(", "), backup.name());
    let sum = both.iter().try_fold(level.number, |sum, other| {
        let (_, load) = demanded(other)?;
        (load.amount.dimension == level.dimension).then_some(())?;
        sum.checked_add(&load.amount.number)
    });
    match sum {
        None => Some((
            Verdict::Open,
            format!("`{name}` serves {names} too, and nothing says how much of it that takes"),
        )),
        Some(sum) if sum > there => Some((
            Verdict::Failed,
            format!("`{name}` serves {names} too, and does not carry all of that"),
        )),
        Some(_) => None,
    }
}
