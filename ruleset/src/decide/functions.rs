//! The state of a function.

use std::collections::{BTreeMap, BTreeSet};

use super::Decider;
use super::backups::Standings;
use super::clock::{Moment, moment_words};
use super::decision::{Call, FunctionDecision, Serving, State, Stop};
use super::plan::{Backup, Function, Number};
use super::read::Known;
use super::world::{Stands, World};
use crate::LossSort;
use crate::logic::times::objective;

/// A moment so many milliseconds later.
pub(super) fn later(moment: Moment, ms: u64) -> Moment {
    moment.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX / 2)).min(LAST)
}

/// The end of the year 9999: nothing is told beyond that.
const LAST: Moment = 253_402_300_799_999;

/// Decides on a function.
pub(super) fn decide<'a>(
    decider: &'a Decider,
    known: &Known,
    world: &mut World<'_>,
    standings: &mut Standings,
    function: &'a Function,
) -> FunctionDecision<'a> {
    let plan = &decider.plan;
    let schedule = &function.schedule;
    let gates: Vec<Number> = schedule
        .nodes()
        .filter_map(|node| plan.nodes.get(node as usize).and_then(|node| node.gate))
        .collect();
    for gate in &gates {
        if known.active.contains_key(gate) {
            standings.of(decider, known, world, *gate);
        }
    }
    let stopped: BTreeSet<Number> =
        gates.iter().copied().filter(|gate| standings.must_stop(known, *gate)).collect();

    world.run(schedule);
    let now = |gate: Number| match known.active.contains_key(&gate) && !stopped.contains(&gate) {
        true => Stands::Active,
        false => Stands::Not,
    };
    world.settle(schedule, &now);
    world.remember(schedule);
    let serves = world.is_up(function.thing);
    let whole = schedule.nodes().all(|n| n as usize >= plan.things.len() || world.is_up(n));
    let held = held_out(decider, known, world, &gates);
    let mut activate = Vec::new();
    let mut state = if whole && stopped.is_empty() { State::Nominal } else { State::Degraded };
    if !serves || !held.is_empty() {
        // The standings are worked out in the same world, so what was found is found again.
        world.clear(schedule);
        for gate in &gates {
            standings.of(decider, known, world, *gate);
        }
        world.run(schedule);
        world.settle(schedule, &now);
        world.remember(schedule);
        let safe = |gate: Number| match now(gate) {
            Stands::Active => Stands::Active,
            _ if stopped.contains(&gate) || standings.is_unsafe(gate) => Stands::Not,
            _ => Stands::IfActivated,
        };
        world.settle(schedule, &safe);
        if world.is_up(function.thing) {
            activate = calls(decider, known, world, function, &held);
        }
    }
    if !serves && world.is_up(function.thing) {
        state = State::Activate;
    } else if !serves {
        let any = |gate: Number| match known.active.contains_key(&gate) {
            true => Stands::Active,
            false => Stands::IfActivated,
        };
        world.settle(schedule, &any);
        state = if world.is_up(function.thing) { State::FailSafe } else { State::Lost };
    }
    let serving = gates.iter().filter_map(|gate| serving(decider, known, world, *gate)).collect();
    let spent = gates.iter().filter_map(|gate| spent(decider, known, *gate)).collect();
    let stop = stopped.iter().filter_map(|gate| stop(decider, standings, *gate)).collect();
    let lost: Vec<Number> = schedule
        .nodes()
        .filter(|node| (*node as usize) < plan.things.len() && world.is_gone(*node))
        .collect();
    let (restore_by, end_by) = match serves {
        true => (None, None),
        false => deadlines(decider, known, function, &lost),
    };
    world.clear(schedule);
    let lost: BTreeSet<&str> = lost.iter().map(|thing| decider.id(*thing)).collect();
    let mut decision = FunctionDecision {
        function: decider.id(function.thing),
        state,
        lost: lost.into_iter().collect(),
        serving,
        spent,
        activate,
        stop,
        restore_by: restore_by.map(moment_words),
        end_by: end_by.map(moment_words),
    };
    for of in [&mut decision.serving, &mut decision.spent] {
        of.sort_by(|a, b| a.backup.cmp(b.backup));
    }
    decision
}

/// An active backup that serves in the place of what is not there.
fn serving<'a>(
    decider: &'a Decider,
    known: &Known,
    world: &World<'_>,
    at: Number,
) -> Option<Serving<'a>> {
    let backup = decider.backup(at)?;
    let since = known.active.get(&at)?;
    if !stands_in(known, world, at, backup) {
        return None;
    }
    let until = lasts_until(*since, backup).map(moment_words);
    Some(Serving { backup: decider.id(backup.thing), until })
}

/// Whether a backup is active and serves in the place of what is not there.
fn stands_in(known: &Known, world: &World<'_>, at: Number, backup: &Backup) -> bool {
    let gone = backup.primary.is_some_and(|primary| !world.was_up(primary));
    known.active.contains_key(&at) && world.was_up(backup.gate) && gone
}

fn lasts_until(since: Option<Moment>, backup: &Backup) -> Option<Moment> {
    since.zip(backup.lasts_ms).map(|(since, lasts)| later(since, lasts))
}

fn spent<'a>(decider: &'a Decider, known: &Known, at: Number) -> Option<Serving<'a>> {
    let (backup, until) = (decider.backup(at)?, known.spent.get(&at)?);
    Some(Serving { backup: decider.id(backup.thing), until: Some(moment_words(*until)) })
}

/// The backups that are not active and for which others hold out that serve now; each with the moment until which
/// those do, where it can be told. None of a place where something serves that holds out for nothing.
fn held_out(
    decider: &Decider,
    known: &Known,
    world: &World<'_>,
    gates: &[Number],
) -> BTreeMap<Number, Option<Moment>> {
    let all = gates.iter().filter_map(|at| Some((*at, decider.backup(*at)?)));
    let serving: Vec<(Number, &Backup)> =
        all.filter(|(at, backup)| stands_in(known, world, *at, backup)).collect();
    let mut held = BTreeMap::new();
    for (at, backup) in &serving {
        let Some(until) = backup.until.filter(|until| !known.active.contains_key(until)) else {
            continue;
        };
        let alone = |(_, other): &(Number, &Backup)| {
            other.primary == backup.primary && other.until.is_none()
        };
        if !serving.iter().any(alone) {
            let by = lasts_until(known.active.get(at).copied().flatten(), backup);
            let first: &mut Option<Moment> = held.entry(until).or_insert(by);
            *first = first.iter().copied().chain(by).min();
        }
    }
    held
}

fn stop<'a>(decider: &'a Decider, standings: &Standings, at: Number) -> Option<Stop<'a>> {
    let backup = decider.backup(at)?;
    let met = standings.met_fail_safes(at);
    let rules = met.iter().filter_map(|rule| backup.fail_safe.get(*rule));
    let actions = rules.filter_map(|rule| rule.action.as_deref()).collect();
    Some(Stop { backup: decider.id(backup.thing), actions })
}

/// What is to be activated: from the function along everything that is down now and would be up, to the
/// nearest stand-ins, and on to what these need first. Before that, what others hold out for.
fn calls<'a>(
    decider: &'a Decider,
    known: &Known,
    world: &World<'_>,
    function: &Function,
    held: &BTreeMap<Number, Option<Moment>>,
) -> Vec<Call<'a>> {
    let plan = &decider.plan;
    let comes = |node: &Number| world.is_up(*node) && !world.was_up(*node);
    let mut open = Vec::new();
    let mut calls = Vec::new();
    for (backup, by) in held.iter().filter_map(|(at, by)| Some((decider.backup(*at)?, by))) {
        if let Some(primary) = backup.primary.filter(|_| comes(&backup.gate)) {
            let backups = vec![decider.id(backup.thing)];
            calls.push(Call { primary: decider.id(primary), backups, by: by.map(moment_words) });
            open.push(backup.gate);
        }
    }
    if !world.was_up(function.thing) {
        open.push(function.thing);
    }
    let mut seen: BTreeSet<Number> = open.iter().copied().collect();
    while let Some(at) = open.pop() {
        let Some(node) = plan.nodes.get(at as usize) else { continue };
        let mut next: Vec<Number> = Vec::new();
        let of = || node.needs.iter().flat_map(|need| &need.of).copied();
        let gate = of().find(|m| comes(m) && decider.gate(*m).is_some());
        if let Some(first) = gate {
            // It, or one of those that stand in for it.
            let able = of().filter(comes).filter_map(|m| decider.gate(m));
            let idle = able.filter(|gate| !known.active.contains_key(gate));
            let backups: Vec<&Backup> = idle.filter_map(|gate| decider.backup(gate)).collect();
            let primary = backups.first().and_then(|backup| backup.primary);
            if let Some(primary) = primary {
                let backups = backups.iter().map(|backup| decider.id(backup.thing)).collect();
                calls.push(Call { primary: decider.id(primary), backups, by: None });
            }
            next.push(first);
        } else {
            next.extend(of());
            let own = node.gate.and_then(|gate| decider.backup(gate));
            next.extend(own.map(|backup| backup.thing));
        }
        open.extend(next.into_iter().filter(|n| comes(n)).filter(|n| seen.insert(*n)));
    }
    calls.sort_by(|a, b| a.primary.cmp(b.primary));
    calls
}

/// When the objectives are reached, by the reported losses that say since when.
fn deadlines(
    decider: &Decider,
    known: &Known,
    function: &Function,
    lost: &[Number],
) -> (Option<Moment>, Option<Moment>) {
    let (mut restore, mut end) = (None, None);
    let sooner = |old: Option<Moment>, new: Moment| Some(old.map_or(new, |old| old.min(new)));
    for (thing, sort, since) in &known.losses {
        let (Some(since), Some(of)) = (since, decider.plan.things.get(*thing as usize)) else {
            continue;
        };
        let falls = match sort {
            LossSort::Lost => std::slice::from_ref(thing),
            LossSort::Corrupted => &of.losses.corrupted,
            LossSort::Compromised => &of.losses.compromised,
        };
        if !falls.iter().any(|fallen| lost.contains(fallen)) {
            continue;
        }
        if let Some(within) =
            objective(&function.rto, *sort, |kind| of.kinds.iter().any(|own| own == kind))
        {
            restore = sooner(restore, later(*since, within));
        }
        if let Some(within) = function.mtpd_ms {
            end = sooner(end, later(*since, within));
        }
    }
    (restore, end)
}
