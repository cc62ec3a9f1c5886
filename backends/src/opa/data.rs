//! The plan as data for the rules.

use std::collections::{BTreeMap, BTreeSet};

use rbp_ruleset::decide::plan::{
    Backup, Condition, Function, Level, Number, Plan, Schedule, Step, ThingSort,
};
use serde::ser::Error as _;
use serde_json::{Error, Value, json};

/// The most ways in which a condition may be met.
const MAX_WAYS: usize = 10_000;

/// The most places of a step in which one person can take several.
const MAX_SEATS: usize = 12;

/// The data, and how many looks the longest schedule takes.
pub(super) fn data(plan: &Plan) -> Result<(Value, usize), Error> {
    let number = |of: &dyn Fn(&ThingSort) -> bool| -> Vec<&str> {
        plan.things.iter().filter(|t| of(&t.sort)).map(|t| t.id.as_str()).collect()
    };
    let numbers = |ids: Vec<&str>| -> BTreeMap<String, usize> {
        ids.into_iter().enumerate().map(|(at, id)| (id.to_owned(), at)).collect()
    };
    let mut looks = 0;
    let mut functions = Vec::new();
    let mut resting = vec![Vec::new(); plan.things.len()];
    for (at, function) in plan.functions.iter().enumerate() {
        for node in function.schedule.nodes() {
            if let Some(of) = resting.get_mut(node as usize) {
                of.push(at);
            }
        }
        functions.push(self::function(plan, function, &mut looks));
    }
    let mut backups = Vec::new();
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, backup) in plan.backups.iter().enumerate() {
        let mut signals = BTreeSet::new();
        if let Some(when) = &backup.when {
            when.signals(&mut signals);
        }
        signals.iter().for_each(|s| waiting.entry(*s as usize).or_default().push(at));
        backups.push(self::backup(plan, backup, &mut looks)?);
    }
    let waiting: Vec<&[usize]> =
        (0..plan.things.len()).map(|at| waiting.get(&at).map_or(&[][..], |all| all)).collect();
    let itself = |gate: Option<Number>| Some(plan.backups.get(gate? as usize)?.thing);
    let nodes = plan.nodes.iter().map(|node| {
        json!({
            "needs": node.needs,
            "latent": node.latent,
            "gate": node.gate,
            // The thing of the backup whose gate it is.
            "itself": itself(node.gate),
        })
    });
    let nodes: Vec<Value> = nodes.collect();
    let data = json!({
        "package": plan.package,
        "as_of": plan.as_of,
        "as_of_day": plan.as_of_day,
        "verified": plan.verified,
        "things": plan.things,
        "nodes": nodes,
        "about": plan.about(),
        "functions": functions,
        "backups": backups,
        "lapses": plan.lapses,
        "acceptances": plan.acceptances,
        "resting": resting,
        "waiting": waiting,
        "numbers": numbers(number(&|_| true)),
        "function_numbers": numbers(number(&|sort| *sort == ThingSort::Function)),
        "backup_numbers": numbers(number(&|sort| *sort == ThingSort::Backup)),
    });
    Ok((data, looks))
}

fn function(plan: &Plan, function: &Function, looks: &mut usize) -> Value {
    let (levels, order) = levels(&function.schedule, looks);
    let gates = gates(plan, &function.schedule);
    json!({
        "thing": function.thing,
        "levels": levels,
        "gates": gates,
        "order": order,
        "rto": function.rto,
        "mtpd_ms": function.mtpd_ms,
    })
}

fn backup(plan: &Plan, backup: &Backup, looks: &mut usize) -> Result<Value, Error> {
    let (levels, order) = levels(&backup.schedule, looks);
    let gates = gates(plan, &backup.schedule);
    let id = || plan.things.get(backup.thing as usize).map_or("", |thing| thing.id.as_str());
    let ways = |condition: &Condition| {
        self::ways(condition, true).ok_or_else(|| {
            Error::custom(format!(
                "a condition of `{}` can be met in more than {MAX_WAYS} ways",
                id()
            ))
        })
    };
    let mut fail_safe = Vec::new();
    for rule in &backup.fail_safe {
        fail_safe.push(json!({ "ways": ways(&rule.when)?, "action": rule.action }));
    }
    let mut steps = Vec::new();
    for step in &backup.steps {
        let halls = halls(step).ok_or_else(|| {
            Error::custom(format!(
                "a step in the order of succession of `{}` has more than {MAX_SEATS} places that overlap",
                id()
            ))
        })?;
        steps.push(json!({
            "automatic": step.automatic,
            "count": step.count,
            "seats": step.seats,
            "halls": halls,
            "within_ms": step.within_ms,
            "node": step.node,
        }));
    }
    Ok(json!({
        "thing": backup.thing,
        "primary": backup.primary,
        "gate": backup.gate,
        "access": backup.access,
        "levels": levels,
        "gates": gates,
        "order": order,
        "lasts_ms": backup.lasts_ms,
        "ways": backup.when.as_ref().map(ways).transpose()?,
        "hold_ms": backup.hold_ms,
        "steps": steps,
        "fences": backup.fences,
        "fail_safe": fail_safe,
        "owner": backup.owner,
        "tests": backup.tests,
        "accepted": backup.accepted,
    }))
}

/// The backups that may stand in, in rising order.
fn gates(plan: &Plan, schedule: &Schedule) -> Vec<Number> {
    let gate = |node: Number| plan.nodes.get(node as usize).and_then(|node| node.gate);
    schedule.nodes().filter_map(gate).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The levels, and in which order and how often each is looked at.
fn levels<'a>(schedule: &'a Schedule, looks: &mut usize) -> (Vec<&'a [Number]>, Vec<Value>) {
    let mut order = Vec::new();
    for (at, level) in schedule.levels.iter().enumerate() {
        let grow = |order: &mut Vec<Value>| {
            (0..level.rounds).for_each(|_| order.push(json!([at, "grow"])));
        };
        let Level { promises, .. } = level;
        if *promises == 1 {
            grow(&mut order);
            continue;
        }
        order.push(json!([at, "promise"]));
        grow(&mut order);
        for _ in 1..*promises {
            order.push(json!([at, "keep"]));
            grow(&mut order);
        }
        order.push(json!([at, "kept"]));
    }
    *looks = (*looks).max(order.len());
    (schedule.levels.iter().map(|level| level.nodes.as_slice()).collect(), order)
}

/// Every way in which a condition is met, or is not: signals with what they must show. `None` where there
/// are too many.
fn ways(condition: &Condition, wanted: bool) -> Option<Vec<Vec<(Number, bool)>>> {
    match condition {
        Condition::Signal(signal) => Some(vec![vec![(*signal, wanted)]]),
        Condition::Not(inner) => ways(inner, !wanted),
        Condition::AtLeast(count, of) => {
            // It is not met once so many are not that too few are left.
            let count = if wanted {
                *count as usize
            } else {
                (of.len() + 1).saturating_sub(*count as usize)
            };
            let mut each = Vec::new();
            for inner in of {
                each.push(ways(inner, wanted)?);
            }
            // By how many of the first conditions are met: the ways to get there.
            let mut by_count: Vec<Vec<Vec<(Number, bool)>>> = vec![vec![Vec::new()]];
            for inner in &each {
                let mut next = by_count.clone();
                next.push(Vec::new());
                for (met, there) in by_count.iter().enumerate() {
                    for (way, more) in there.iter().flat_map(|w| inner.iter().map(move |m| (w, m)))
                    {
                        next.get_mut(met + 1)?.push([way.as_slice(), more].concat());
                    }
                }
                next.truncate(count + 1);
                if next.iter().map(Vec::len).sum::<usize>() > MAX_WAYS {
                    return None;
                }
                by_count = next;
            }
            Some(by_count.get(count).cloned().unwrap_or_default())
        }
    }
}

/// Every set of places of a step, where one person can take several and more than one is asked for; else
/// nothing. `None` where there are too many.
fn halls(step: &Step) -> Option<Option<Vec<Vec<usize>>>> {
    let takers = step.seats.iter().flat_map(|seat| {
        seat.members.iter().copied().chain(seat.deputies.iter().map(|(_, thing)| *thing))
    });
    let takers: Vec<Number> = takers.collect();
    let different: BTreeSet<Number> = takers.iter().copied().collect();
    if step.count == 1 || different.len() == takers.len() {
        return Some(None);
    }
    let places = step.seats.len();
    (places <= MAX_SEATS).then(|| {
        let set = |bits: usize| (0..places).filter(|at| bits >> at & 1 == 1).collect();
        Some((0..1usize << places).map(set).collect())
    })
}
