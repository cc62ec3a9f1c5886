//! The plan as data for the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rbp_ruleset::decide::plan::{
    self, Backup, Condition, Function, Met, Need, Number, Plan, Schedule, ThingSort, Way,
};
use serde::ser::Error as _;
use serde_json::{Error, Value, json};

use super::rounds::{self, Inside, Rounds};

/// The most ways in which a condition may be met.
const MAX_WAYS: usize = 10_000;

/// The most places of a step in which one person can take several.
const MAX_SEATS: usize = 12;

/// The data, and how many rounds the failure logic takes.
pub(super) fn data(plan: &Plan) -> Result<(Value, Rounds), Error> {
    let number = |of: &dyn Fn(&ThingSort) -> bool| -> Vec<&str> {
        plan.things.iter().filter(|t| of(&t.sort)).map(|t| t.id.as_str()).collect()
    };
    let numbers = |ids: Vec<&str>| -> BTreeMap<String, usize> {
        ids.into_iter().enumerate().map(|(at, id)| (id.to_owned(), at)).collect()
    };
    let inside = Inside::of(plan);
    let rounds = rounds::most(plan, &inside);
    // The selections of backups that do not count, of which each gets a pass of its own.
    let mut apart: Vec<Vec<Number>> = vec![Vec::new()];
    let mut functions = Vec::new();
    let mut resting = vec![Vec::new(); plan.things.len()];
    for (at, function) in plan.functions.iter().enumerate() {
        for node in function.schedule.nodes() {
            if let Some(of) = resting.get_mut(node as usize) {
                of.push(at);
            }
        }
        functions.push(self::function(plan, function, &mut apart));
    }
    let mut backups = Vec::new();
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, backup) in plan.backups.iter().enumerate() {
        let mut signals = BTreeSet::new();
        if let Some(when) = &backup.when {
            when.signals(&mut signals);
        }
        signals.iter().for_each(|s| waiting.entry(*s as usize).or_default().push(at));
        backups.push(self::backup(plan, backup)?);
    }
    let waiting: Vec<&[usize]> =
        (0..plan.things.len()).map(|at| waiting.get(&at).map_or(&[][..], |all| all)).collect();
    let unbarred = (0..).zip(&plan.backups).filter(|(_, backup)| backup.is_unbarred());
    let unbarred: Vec<Number> = unbarred.map(|(at, _)| at).collect();
    let data = json!({
        "package": plan.package,
        "as_of": plan.as_of,
        "as_of_day": plan.as_of_day,
        "verified": plan.verified,
        "things": plan.things,
        "nodes": nodes(plan, &inside),
        "never": never(plan),
        "promised": inside.promised,
        "staged": inside.staged,
        "about": plan.about(),
        "functions": functions,
        "apart": apart,
        "backups": backups,
        "unbarred": unbarred,
        "lapses": plan.lapses,
        "acceptances": plan.acceptances,
        "resting": resting,
        "waiting": waiting,
        "numbers": numbers(number(&|_| true)),
        "function_numbers": numbers(number(&|sort| *sort == ThingSort::Function)),
        "backup_numbers": numbers(number(&|sort| *sort == ThingSort::Backup)),
    });
    Ok((data, rounds))
}

/// The nodes, each with what it needs and with what needs it.
fn nodes(plan: &Plan, inside: &Inside) -> Vec<Value> {
    let mut of = vec![Dependents::default(); plan.nodes.len()];
    for (at, node) in (0..).zip(&plan.nodes) {
        let itself = node.gate.and_then(|gate| plan.backups.get(gate as usize)).map(|b| b.thing);
        // What holds out for another stands in without it, and so as soon as the rest is there.
        let rest = itself.and_then(|thing| without(plan, thing)).unwrap_or_default();
        let own = node.needs.iter().chain(rest).flat_map(|need| &need.of);
        for member in own.chain(&itself) {
            of.get_mut(*member as usize).map(|of| of.serves.insert(at));
        }
        for need in node.needs.iter().filter(|_| !node.latent) {
            let running = running(plan, need);
            for member in &running {
                of.get_mut(*member as usize).map(|of| match running.len() == need.k as usize {
                    true => of.ends.insert(at),
                    false => of.weakens.insert(at),
                });
            }
        }
    }
    let node = |(node, of): (&plan::Node, Dependents)| {
        let need = |need: &Need| {
            let met = match need.met {
                Met::ToRun => "promised",
                Met::Before if inside.is_staged(need) => "before",
                Met::ToStart | Met::Before => "up",
            };
            json!({
                "k": need.k,
                "of": need.of,
                // What meets it: what is up, or promised, or up before.
                "met": met,
                "fences": need.fences,
                "until": need.until,
            })
        };
        let needs: Vec<Value> = node.needs.iter().map(need).collect();
        let itself = node.gate.and_then(|gate| plan.backups.get(gate as usize)).map(|b| b.thing);
        let without = itself.and_then(|thing| without(plan, thing));
        let without: Option<Vec<Value>> = without.map(|all| all.into_iter().map(need).collect());
        json!({
            "needs": needs,
            "latent": node.latent,
            "gate": node.gate,
            // The thing of the backup whose gate it is.
            "itself": itself,
            // What that needs beside what it holds out for; `null` where it holds out for nothing.
            "without": without,
            "ends": of.ends,
            "weakens": of.weakens,
            "serves": of.serves,
        })
    };
    plan.nodes.iter().zip(of).map(node).collect()
}

/// What a backup needs beside what it holds out for, if it does.
fn without(plan: &Plan, backup: Number) -> Option<Vec<&Need>> {
    let needs = &plan.nodes.get(backup as usize)?.needs;
    let held = needs.iter().any(|need| need.until);
    held.then(|| needs.iter().filter(|need| !need.until).collect())
}

/// What needs a node.
#[derive(Clone, Default)]
struct Dependents {
    /// What stops once it has stopped.
    ends: BTreeSet<Number>,
    /// What can do without it as long as enough others are there.
    weakens: BTreeSet<Number>,
    /// All that names it.
    serves: BTreeSet<Number>,
}

/// The members of a need that can run by themselves.
fn running(plan: &Plan, need: &Need) -> Vec<Number> {
    let latent = |node: Number| plan.nodes.get(node as usize).is_none_or(|node| node.latent);
    need.of.iter().copied().filter(|member| !latent(*member)).collect()
}

/// What never runs by itself, since it needs more than can.
fn never(plan: &Plan) -> Vec<Number> {
    let never = (0..).zip(&plan.nodes).filter(|(_, node)| {
        let lacks = |need: &Need| running(plan, need).len() < need.k as usize;
        !node.latent && node.needs.iter().any(lacks)
    });
    never.map(|(at, _)| at).collect()
}

fn function(plan: &Plan, function: &Function, apart: &mut Vec<Vec<Number>>) -> Value {
    let gates = gates(plan, &function.schedule);
    // Those that it names and that do not count for it: they are down like all parts of activations.
    let nodes = function.schedule.nodes().filter_map(|node| plan.nodes.get(node as usize));
    let named = nodes.flat_map(|node| &node.needs).flat_map(|need| need.of.iter().copied());
    let gate = |node: &Number| plan.nodes.get(*node as usize).and_then(|node| node.gate);
    let not: BTreeSet<(Number, Number)> = named
        .filter_map(|node| Some((gate(&node)?, node)))
        .filter(|(gate, _)| !gates.contains(gate))
        .collect();
    let mut latent = latent(plan, &function.schedule);
    latent.extend(not.iter().map(|(_, node)| node));
    let not: Vec<Number> = not.into_iter().map(|(gate, _)| gate).collect();
    let at = apart.iter().position(|one| *one == not).unwrap_or_else(|| {
        apart.push(not);
        apart.len() - 1
    });
    json!({
        "thing": function.thing,
        "latent": latent,
        "gates": gates,
        "apart": at,
        "rto": function.rto,
        "mtpd_ms": function.mtpd_ms,
    })
}

fn backup(plan: &Plan, backup: &Backup) -> Result<Value, Error> {
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
        let ways: Option<Vec<Value>> = step.ways.iter().map(way).collect();
        let ways = ways.ok_or_else(|| {
            Error::custom(format!(
                "a step in the order of succession of `{}` has more than {MAX_SEATS} places that overlap",
                id()
            ))
        })?;
        steps.push(json!({
            "automatic": step.automatic,
            "count": step.count,
            "seats": step.seats,
            "ways": ways,
            "least": step.least(),
            "within_ms": step.within_ms,
            "node": step.node,
        }));
    }
    Ok(json!({
        "thing": backup.thing,
        "primary": backup.primary,
        "gate": backup.gate,
        "access": backup.access,
        "latent": latent(plan, &backup.schedule),
        "to_run": plan.needs_to_run(&backup.schedule),
        "lasts_ms": backup.lasts_ms,
        "until": backup.until,
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
fn gates(plan: &Plan, schedule: &Schedule) -> BTreeSet<Number> {
    schedule.nodes().filter_map(|node| plan.nodes.get(node as usize)?.gate).collect()
}

/// The parts of activations, which never run by themselves.
fn latent(plan: &Plan, schedule: &Schedule) -> Vec<Number> {
    let latent = |node: &Number| plan.nodes.get(*node as usize).is_some_and(|node| node.latent);
    schedule.nodes().filter(latent).collect()
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

/// A way in which a step is taken. `halls` holds every set of places, where one person can take several and more
/// than one is asked for, with the most that all others count. `None` where there are too many.
fn way(way: &Way) -> Option<Value> {
    let (mut seats, mut pools) = (Vec::new(), Vec::new());
    for pool in &way.pools {
        let first = seats.len();
        seats.extend(&pool.places);
        pools.push((pool.k as usize, first..seats.len()));
    }
    let takers = seats.iter().flat_map(|seat| {
        seat.members.iter().copied().chain(seat.deputies.iter().map(|(_, thing)| *thing))
    });
    let takers: Vec<Number> = takers.collect();
    let different: BTreeSet<Number> = takers.iter().copied().collect();
    let halls = if way.need == 1 || different.len() == takers.len() {
        None
    } else if seats.len() > MAX_SEATS {
        return None;
    } else {
        let hall = |bits: usize| {
            let inside = |at: &usize| bits >> at & 1 == 1;
            let of: Vec<usize> = (0..seats.len()).filter(inside).collect();
            let outside = |of: &Range<usize>| of.clone().filter(|at| !inside(at)).count();
            let others: usize = pools.iter().map(|(k, of)| outside(of).min(*k)).sum();
            json!({ "of": of, "others": others })
        };
        Some((0..1usize << seats.len()).map(hall).collect::<Vec<Value>>())
    };
    let pools: Vec<Value> = pools
        .into_iter()
        .map(|(k, of)| json!({ "k": k, "of": of.collect::<Vec<usize>>() }))
        .collect();
    Some(json!({ "need": way.need, "seats": seats, "pools": pools, "halls": halls }))
}
