//! What the compiler knows of functions, backups and tests, in figures: for hover, hints and lenses.

use std::sync::Arc;

use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, Zero};
use rbp_compiler::analysis::{
    Analysis, Budget, Loss, Restored, analysis, budget, coverage_gaps, demanded, held_by,
    protectors, recall_needed,
};
use rbp_compiler::db::{Day, Db, Workspace, file};
use rbp_compiler::model::{Element, Test, element};
use rbp_compiler::names::ItemId;
use rbp_compiler::quantity::{Number, decimal, in_unit_of};
use rbp_grammar::ast::{LossSort, Role};
use rbp_grammar::head::Head;

/// A day in milliseconds.
const DAY: u64 = 86_400_000;

/// What losses do to a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionFacts {
    /// How many single losses end it.
    pub single_points: usize,
    /// The highest order of which no set of losses ends it, as far as that was asked; `None` where it
    /// could not be told.
    pub survives: Option<u32>,
    /// How long it takes to come back, in milliseconds, after the single loss that leaves the least time to
    /// spare; `None` where no backup is called on.
    pub restores: Option<u64>,
    /// Its recovery time objective for that loss, in milliseconds.
    pub rto: Option<u64>,
    /// What its backups cost together, as so much of the unit of the first; `None` where none says, or
    /// they cannot be added up.
    pub cost: Option<String>,
    /// Part of what it rests on could not be read.
    pub incomplete: bool,
}

/// The facts of a function.
pub fn function(db: &dyn Db, id: ItemId) -> Option<FunctionFacts> {
    let function = element(db, id).filter(|element| element.role() == Role::Function)?;
    let analysis = analysis(db, id)?;
    let held = |restored: &Restored| objective(&function, analysis, restored.loss);
    let room = |(ms, rto): &(u64, Option<u64>)| {
        (rto.map_or(i128::MAX, |rto| i128::from(rto) - i128::from(*ms)), std::cmp::Reverse(*ms))
    };
    let closest = analysis.restored.iter().map(|r| (r.ms, held(r))).min_by_key(room);
    Some(FunctionFacts {
        single_points: single_points(analysis),
        survives: survives(analysis),
        restores: closest.map(|(ms, _)| ms),
        rto: closest.and_then(|(_, rto)| rto),
        cost: cost(db, id),
        incomplete: analysis.cone.incomplete || analysis.too_large,
    })
}

/// How soon a function must be back after a loss, in milliseconds.
fn objective(function: &Element, analysis: &Analysis, loss: Loss) -> Option<u64> {
    let bound = function.objective(Head::Rto, loss.sort, analysis.cone.lost(loss));
    bound.map(|bound| bound.ms)
}

/// The elements whose loss alone ends it, each once.
fn single_points(analysis: &Analysis) -> usize {
    let mut lost: Vec<usize> = analysis.cuts.iter().map(|cut| cut.loss.of).collect();
    lost.sort_unstable();
    lost.dedup();
    lost.len()
}

fn survives(analysis: &Analysis) -> Option<u32> {
    if analysis.too_large || analysis.cone.incomplete {
        return None;
    }
    if !analysis.cuts.is_empty() {
        return Some(0);
    }
    let least = analysis.larger.iter().map(|set| set.len() as u32 - 1).min();
    let searched = analysis.complete_to.min(analysis.order).max(1);
    Some(least.unwrap_or(searched).min(searched))
}

/// What the backups of a function cost together.
fn cost(db: &dyn Db, function: ItemId) -> Option<String> {
    let backups = protectors(db, function).iter().filter_map(|id| element(db, *id));
    let backups: Vec<Arc<Element>> = backups.collect();
    let mut costs = backups.iter().filter_map(|backup| backup.quantity(Head::Cost));
    let (first, written) = costs.next()?;
    let mut sum = first.number;
    for (more, _) in costs {
        if more.dimension != first.dimension {
            return None;
        }
        sum = sum.checked_add(&more.number)?;
    }
    Some(thousands(in_unit_of(&sum, first, written)?))
}

/// `41000 EUR/year` as `41 k EUR/year`.
fn thousands(amount: String) -> String {
    let Some((number, unit)) = amount.split_once(' ') else { return amount };
    match number.parse::<u64>() {
        Ok(number) if number >= 10_000 => {
            let thousands = decimal(&Number::new(i128::from(number), 1000));
            format!("{thousands} k {unit}")
        }
        _ => amount,
    }
}

/// A backup for one of the functions that it protects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// The function.
    pub function: ItemId,
    /// Its name.
    pub name: String,
    /// The steps from the loss until the backup serves.
    pub budget: Budget,
    /// The recovery time objective that they are held to, in milliseconds: the tightest for the losses that call
    /// on the backup; where no single loss does, the widest.
    pub rto: Option<u64>,
    /// Another backup that holds out until this one is there, and for how long in milliseconds; then the steps are
    /// held to that, as long as they keep to it.
    pub held: Option<(String, u64)>,
    /// What the backup carries of what the function demands, in percent, rounded down.
    pub percent: Option<u64>,
    /// What falls short: then the backup does not count.
    pub gaps: Vec<&'static str>,
}

/// What a backup does for each of the functions that it protects, in the order written.
pub fn protections(db: &dyn Db, id: ItemId) -> Vec<Protection> {
    let Some(backup) = element(db, id).filter(|e| e.role() == Role::Backup) else {
        return Vec::new();
    };
    let Some(here) = file(db, id.file) else { return Vec::new() };
    let primary = backup.primary().and_then(|primary| element(db, primary.id));
    let functions = backup.named(Head::Protects);
    let functions = functions.iter().filter_map(|target| element(db, target.id));
    let each = functions.map(|function| {
        let recall = recall_needed(db, here, &backup);
        let gaps = coverage_gaps(&backup, &function, primary.as_deref());
        let budget = budget(db, here, &backup, recall);
        let held = held_by(db, here, &backup, function.id).into_iter();
        let held = held.map(|(other, within)| (other.name().to_owned(), within.ms));
        Protection {
            function: function.id,
            name: function.name().to_owned(),
            held: held.min_by_key(|(_, ms)| *ms).filter(|(_, ms)| budget.total() <= *ms),
            budget,
            rto: rto(db, &backup, &function),
            percent: percent(&backup, &function),
            gaps: gaps.iter().map(|gap| gap.words()).collect(),
        }
    });
    each.collect()
}

/// The objective that a backup is held to.
fn rto(db: &dyn Db, backup: &Element, function: &Element) -> Option<u64> {
    let analysis = analysis(db, function.id)?;
    let at = analysis.cone.index.get(&backup.id);
    let calls = analysis.restored.iter().filter(|r| at.is_some_and(|at| r.by.contains(at)));
    let tightest = calls.filter_map(|r| objective(function, analysis, r.loss)).min();
    let all = function.objectives(Head::Rto);
    tightest.or_else(|| all.iter().map(|o| o.bound.ms).max())
}

fn percent(backup: &Element, function: &Element) -> Option<u64> {
    let covers = backup.load(Head::Covers)?;
    let demand =
        function.load(Head::Demand).or_else(|| demanded(function).map(|(_, load)| load))?;
    if covers.amount.dimension != demand.amount.dimension || demand.amount.number.is_zero() {
        return None;
    }
    let share = covers.amount.number.checked_div(&demand.amount.number)?;
    let percent = share.checked_mul(&Number::from_integer(100))?;
    u64::try_from(percent.floor().to_integer()).ok()
}

/// How a test stands on the day of judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFacts {
    /// Its name.
    pub name: String,
    /// When it was last held, and whether it passed.
    pub last: Option<(Day, bool)>,
    /// How many days ago.
    pub age: Option<u32>,
    /// The last day on which it is due again.
    pub due: Option<Day>,
    /// That day has passed.
    pub overdue: bool,
}

/// How a test stands.
pub fn test(db: &dyn Db, test: &Test<'_>) -> TestFacts {
    let as_of = Workspace::get(db).as_of(db);
    let last = test.last_by(as_of);
    let age = last
        .as_ref()
        .and_then(|last| u32::try_from(i64::from(as_of.0) - i64::from(last.day.0)).ok());
    let again = last.as_ref().zip(test.every()).and_then(|(last, every)| {
        let days = i64::try_from(every.ms / DAY).ok()?;
        i32::try_from(i64::from(last.day.0) + days).ok().map(Day)
    });
    let due = [again, test.expires().filter(|_| last.is_some())].into_iter().flatten().min();
    TestFacts {
        name: test.name.text.to_string(),
        last: last.map(|last| (last.day, last.passed)),
        age,
        due,
        overdue: due.is_some_and(|due| as_of > due),
    }
}

/// A function that an element can end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    /// The function.
    pub function: ItemId,
    /// Its name.
    pub name: String,
    /// What must befall the element.
    pub sort: LossSort,
    /// With how many losses, its own among them.
    pub order: u32,
    /// What must befall others besides, in words, of the first such set.
    pub with: Vec<String>,
}

/// The functions that an element can end, with the least number of losses; as far as the functions ask.
pub fn ends(db: &dyn Db, id: ItemId) -> Vec<Ends> {
    let mut found = Vec::new();
    for function in crate::needs::functions_above(db, id) {
        let (Some(known), Some(analysis)) = (element(db, function), analysis(db, function)) else {
            continue;
        };
        let name = known.name().to_owned();
        let is = |loss: Loss| analysis.cone.lost(loss).id == id;
        let mut sorts: Vec<LossSort> =
            analysis.cuts.iter().filter(|cut| is(cut.loss)).map(|cut| cut.loss.sort).collect();
        sorts.sort_unstable();
        sorts.dedup();
        if !sorts.is_empty() {
            let alone = |sort| Ends { function, name: name.clone(), sort, order: 1, with: vec![] };
            found.extend(sorts.into_iter().filter(|_| function != id).map(alone));
            continue;
        }
        let sets = analysis.larger.iter().filter_map(|set| {
            let own = set.iter().find(|loss| is(**loss))?;
            Some((own, set))
        });
        if let Some((own, set)) = sets.min_by_key(|(_, set)| set.len()) {
            let others = set.iter().filter(|loss| *loss != own);
            let with = others.map(|loss| match loss.sort {
                LossSort::Lost => format!("`{}`", analysis.cone.lost_name(*loss)),
                _ => analysis.cone.loss_words(*loss),
            });
            let (with, order) = (with.collect(), set.len() as u32);
            found.push(Ends { function, name, sort: own.sort, order, with });
        }
    }
    found
}
