//! Whether somebody may activate a backup now, and every reason why not.

use std::collections::{BTreeSet, HashMap};

use super::Decider;
use super::clock::{Moment, moment_words};
use super::conditions::{Truth, judge, signals};
use super::decay;
use super::decision::{BackupDecision, Reason, Turn};
use super::functions::later;
use super::plan::{Backup, Need, Number, Seat, Step, Way};
use super::read::Known;
use super::world::{Stands, World};

/// What was found of a backup's conditions.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    /// Of the condition under which it is activated.
    pub when: Truth,
    /// Of each under which it must not continue.
    pub fail_safe: Vec<Truth>,
}

/// The standings that were asked for so far.
#[derive(Debug, Default)]
pub(super) struct Standings {
    found: HashMap<Number, Standing>,
}

impl Standings {
    /// The standing of a backup, worked out once.
    pub fn of(&mut self, decider: &Decider, known: &Known, world: &mut World<'_>, at: Number) {
        if self.found.contains_key(&at) {
            return;
        }
        let Some(backup) = decider.backup(at) else { return };
        if backup.when.is_none() && backup.fail_safe.is_empty() {
            self.found.insert(at, Standing { when: Truth::Unknown, fail_safe: Vec::new() });
            return;
        }
        settle(world, known, backup);
        let there = |signal| world.is_up(signal);
        let when = backup.when.as_ref().map_or(Truth::Unknown, |when| judge(when, known, &there));
        let fail_safe = backup.fail_safe.iter().map(|f| judge(&f.when, known, &there)).collect();
        world.clear(&backup.schedule);
        self.found.insert(at, Standing { when, fail_safe });
    }

    /// Whether the condition of a backup is met.
    pub fn is_met(&self, at: Number) -> bool {
        self.found.get(&at).is_some_and(|standing| matches!(standing.when, Truth::Yes(_)))
    }

    /// The conditions that are met under which it must not continue, by number.
    pub fn met_fail_safes(&self, at: Number) -> Vec<usize> {
        let all = self.found.get(&at).map_or(&[][..], |standing| &standing.fail_safe);
        let met = all.iter().enumerate().filter(|(_, truth)| matches!(truth, Truth::Yes(_)));
        met.map(|(number, _)| number).collect()
    }

    /// Whether an active backup must not continue. One whose conditions are not known goes on: to stop it is
    /// no less of a risk.
    pub fn must_stop(&self, known: &Known, at: Number) -> bool {
        known.active.contains_key(&at) && !self.met_fail_safes(at).is_empty()
    }

    /// Whether a backup may not be started, since it must not continue or nobody knows.
    pub fn is_unsafe(&self, at: Number) -> bool {
        let all = self.found.get(&at).map_or(&[][..], |standing| &standing.fail_safe);
        all.iter().any(|truth| !matches!(truth, Truth::No(_)))
    }
}

/// What a backup rests on, as it is now.
fn settle(world: &mut World<'_>, known: &Known, backup: &Backup) {
    world.run(&backup.schedule);
    world.settle(&backup.schedule, &|gate| match known.active.contains_key(&gate) {
        true => Stands::Active,
        false => Stands::Not,
    });
}

/// Whether a backup that is not ready would serve were it active. What it needs to run is no bar to starting where it
/// brings that back, be it with others: all that can be activated but those of which somebody must first find out
/// whether they may continue.
fn brings_back(
    decider: &Decider,
    known: &Known,
    world: &mut World<'_>,
    at: Number,
    backup: &Backup,
) -> bool {
    if !decider.plan.needs_to_run(&backup.schedule) {
        return false;
    }
    let active = |gate: Number| gate == at || known.active.contains_key(&gate);
    world.settle(&backup.schedule, &|gate| match decider.backup(gate) {
        _ if active(gate) => Stands::Active,
        Some(other) if other.is_unbarred() => Stands::IfActivated,
        _ => Stands::Not,
    });
    world.start_on_promise(&backup.schedule, &|gate| match active(gate) {
        true => Stands::Active,
        false => Stands::Not,
    });
    let ready = world.is_ready(backup.thing);
    settle(world, known, backup);
    ready
}

/// Decides on a backup.
pub(super) fn decide<'a>(
    decider: &'a Decider,
    known: &Known,
    world: &mut World<'_>,
    at: Number,
) -> Option<BackupDecision<'a>> {
    let backup = decider.backup(at)?;
    settle(world, known, backup);
    let ready = world.is_ready(backup.thing) || brings_back(decider, known, world, at, backup);
    let case = Case { decider, known, world, at, backup, ready };
    let there = |signal| case.world.is_up(signal);
    let when = backup.when.as_ref().map_or(Truth::Unknown, |when| judge(when, known, &there));
    let since = match when {
        Truth::Yes(since) => Some(since),
        _ => None,
    };
    let held = since.map(|since| later(since, backup.hold_ms));
    let turns = case.turns(held);
    let mut reasons = case.conditions(when, held);
    reasons.extend(case.places());
    reasons.extend(case.what_is_missing());
    reasons.extend(case.authority(since, held, &turns));
    reasons.extend(decay::reasons(decider, known, at));
    reasons.sort();
    let decision = BackupDecision {
        backup: decider.id(backup.thing),
        stands_in_for: backup.primary.map(|primary| decider.id(primary)),
        actor: known.actor.map(|actor| decider.id(actor)),
        may: reasons.is_empty(),
        reasons,
        met_since: since.map(moment_words),
        steps: turns.into_iter().map(|(turn, _)| turn).collect(),
    };
    world.clear(&backup.schedule);
    Some(decision)
}

/// One backup with what it rests on settled.
struct Case<'a, 'w> {
    decider: &'a Decider,
    known: &'w Known,
    world: &'w World<'w>,
    at: Number,
    backup: &'a Backup,
    /// Whether it would serve were it active.
    ready: bool,
}

impl<'a> Case<'a, '_> {
    fn names(&self, things: impl IntoIterator<Item = Number>) -> Vec<&'a str> {
        let names: BTreeSet<&str> =
            things.into_iter().map(|thing| self.decider.id(thing)).collect();
        names.into_iter().collect()
    }

    /// Of the conditions: when to activate it, and when not to continue.
    fn conditions(&self, when: Truth, held: Option<Moment>) -> Vec<Reason<'a>> {
        let mut reasons = Vec::new();
        let there = |signal| self.world.is_up(signal);
        let Some(condition) = self.backup.when.as_ref().filter(|_| !self.backup.steps.is_empty())
        else {
            return vec![Reason::NoRule];
        };
        let named =
            |condition, unknown| self.names(signals(condition, self.known, &there, unknown));
        match when {
            Truth::No(_) => reasons.push(Reason::NotObserved { signals: named(condition, false) }),
            Truth::Unknown => reasons.push(Reason::NotKnown { signals: named(condition, true) }),
            Truth::Yes(_) => {
                if let Some(until) = held.filter(|held| *held > self.known.now) {
                    reasons.push(Reason::NotHeld { until: moment_words(until) });
                }
            }
        }
        for rule in &self.backup.fail_safe {
            match judge(&rule.when, self.known, &there) {
                Truth::No(_) => {}
                Truth::Yes(_) => reasons.push(Reason::FailSafe { action: rule.action.as_deref() }),
                Truth::Unknown => {
                    reasons.push(Reason::FailSafeUnknown { signals: named(&rule.when, true) })
                }
            }
        }
        reasons
    }

    /// Of what is active already, in its place or in another.
    fn places(&self) -> Vec<Reason<'a>> {
        let mut reasons = Vec::new();
        for at in self.known.active.keys() {
            let Some(other) = self.decider.backup(*at) else { continue };
            if *at == self.at {
                reasons.push(Reason::AlreadyActive);
            } else if other.primary.is_some()
                && other.primary == self.backup.primary
                && other.until != Some(self.at)
                && self.world.is_ready(other.thing)
            {
                reasons.push(Reason::AlreadyServed { by: self.decider.id(other.thing) });
            }
        }
        reasons
    }

    /// Of what it needs, what opens it, and what is fenced first.
    fn what_is_missing(&self) -> Vec<Reason<'a>> {
        let mut reasons = Vec::new();
        let thing = self.backup.thing;
        if !self.ready {
            let needs = self.needs(thing).iter().filter(|need| !need.until);
            let mut missing = self.missing(needs);
            if self.world.is_gone(thing) || missing.is_empty() {
                missing.insert(thing);
            }
            reasons.push(Reason::NotReady { missing: self.names(missing) });
        }
        let access = self.needs(self.backup.gate).iter().take(self.backup.access as usize);
        let missing = self.missing(access);
        if !missing.is_empty() {
            reasons.push(Reason::NoAccess { missing: self.names(missing) });
        }
        for fence in self.backup.fences.iter().filter(|f| !self.known.fenced.contains(&f.target)) {
            let via = self.names(fence.via.iter().copied());
            reasons.push(Reason::NotFenced { element: self.decider.id(fence.target), via });
        }
        reasons
    }

    fn needs(&self, node: Number) -> &'a [Need] {
        self.decider.plan.nodes.get(node as usize).map_or(&[], |node| &node.needs)
    }

    /// The things that are not there, of needs that are not met.
    fn missing<'n>(&self, needs: impl IntoIterator<Item = &'n Need>) -> BTreeSet<Number> {
        let unmet = needs.into_iter().filter(|need| !self.world.is_met(need));
        let members = unmet.flat_map(|need| &need.of).filter(|node| !self.world.is_up(**node));
        members.map(|node| self.decider.thing(*node)).collect()
    }

    /// The order of succession, with the moment from which it is the turn of each.
    fn turns(&self, held: Option<Moment>) -> Vec<(Turn<'a>, Option<Moment>)> {
        // How long those before have; `None` once one of them has no bound.
        let mut before = Some(0);
        let mut turns = Vec::new();
        for step in &self.backup.steps {
            let there = self.world.is_up(step.node);
            let from = held.zip(before).map(|(held, before)| later(held, before));
            let until = held.zip(step.within_ms).map(|(held, within)| later(held, within));
            turns.push((
                Turn {
                    automatic: step.automatic,
                    count: step.count,
                    who: self.names(step.seats.iter().map(|seat| seat.named)),
                    there,
                    from: from.map(moment_words),
                    until: until.map(moment_words),
                },
                from,
            ));
            if there {
                before = before.zip(step.within_ms).map(|(before, within)| before.max(within));
            }
        }
        turns
    }

    /// Of who wants to act.
    fn authority(
        &self,
        since: Option<Moment>,
        held: Option<Moment>,
        turns: &[(Turn<'a>, Option<Moment>)],
    ) -> Vec<Reason<'a>> {
        let Some(actor) = self.known.actor else { return vec![Reason::NoActor] };
        let mut reasons = Vec::new();
        if !self.world.is_up(actor) && self.is_of_this(actor) {
            reasons.push(Reason::ActorLost);
        }
        let mut found = Vec::new();
        let mut authorised = false;
        for (number, (step, (_, from))) in (1..).zip(self.backup.steps.iter().zip(turns)) {
            if !self.sits(step, actor) {
                continue;
            }
            authorised = true;
            let mut of_this = Vec::new();
            let turn = from.is_some_and(|from| from <= self.known.now);
            if held.is_some() && !turn {
                of_this.push(Reason::NotYourTurn { step: number, from: from.map(moment_words) });
            }
            if !self.world.is_up(step.node) {
                of_this.push(Reason::StepNotThere { step: number });
            }
            if let Some((have, need)) = self.too_few(step, actor, since) {
                of_this.push(Reason::ApprovalMissing { step: number, have, need });
            }
            if of_this.is_empty() {
                return reasons;
            }
            found.extend(of_this);
        }
        if !authorised {
            reasons.push(Reason::NotAuthorised);
        }
        reasons.extend(found);
        reasons
    }

    /// Whether somebody takes part in the rule at all.
    fn is_of_this(&self, actor: Number) -> bool {
        self.backup.steps.iter().any(|step| self.sits(step, actor))
    }

    fn sits(&self, step: &Step, actor: Number) -> bool {
        step.seats.iter().any(|seat| self.takes(seat, actor))
    }

    /// Whether somebody can take a place: one of those it is for, or an active backup of theirs.
    fn takes(&self, seat: &Seat, who: Number) -> bool {
        let deputy = |(backup, thing): &(Number, Number)| {
            *thing == who && self.known.active.contains_key(backup)
        };
        seat.members.contains(&who) || seat.deputies.iter().any(deputy)
    }

    /// How many places of a step are taken and how many must be, where that is too few: of the ways in which
    /// the actor takes part, in the one that lacks the fewest.
    fn too_few(&self, step: &Step, actor: Number, since: Option<Moment>) -> Option<(u32, u32)> {
        let places =
            |way: &Way| way.pools.iter().any(|p| p.places.iter().any(|s| self.takes(s, actor)));
        let ways = step.ways.iter().filter(|way| places(way));
        let taken = ways.map(|way| (self.taken(way, actor, since), way.need));
        match taken.min_by_key(|(have, need)| (need.saturating_sub(*have), *need)) {
            Some((have, need)) => (have < need).then_some((have, need)),
            // A team acts through its people.
            None => Some((0, step.least())),
        }
    }

    /// How many places of a way the actor and those who approve take, each one place. Where more than one
    /// is asked for, a group takes none: who of it acts is not known.
    fn taken(&self, way: &Way, actor: Number, since: Option<Moment>) -> u32 {
        let things = &self.decider.plan.things;
        let counts = |who: Number| {
            let group = things.get(who as usize).is_none_or(|thing| thing.group);
            self.world.is_up(who) && (way.need == 1 || !group)
        };
        let mut voters = BTreeSet::from([actor]);
        for (backup, by, at) in &self.known.approvals {
            // One that was given before the condition was met is about something else.
            if *backup == self.at && since.is_some_and(|since| *at >= since) {
                voters.insert(*by);
            }
        }
        let voters: Vec<Number> = voters.into_iter().filter(|who| counts(*who)).collect();
        if way.need == 1 {
            return u32::from(voters.contains(&actor));
        }
        // Places that need nobody are taken by voters who are made up, so that only the others count.
        let (mut places, mut made_up) = (Vec::new(), 0);
        for pool in &way.pools {
            let spare = (pool.places.len() as u32).saturating_sub(pool.k);
            let anybody =
                voters.len() + made_up as usize..voters.len() + (made_up + spare) as usize;
            for seat in &pool.places {
                let real = voters.iter().enumerate().filter(|(_, who)| self.takes(seat, **who));
                places.push(real.map(|(at, _)| at).chain(anybody.clone()).collect::<Vec<usize>>());
            }
            made_up += spare;
        }
        matched(&places, voters.len() + made_up as usize).saturating_sub(made_up)
    }
}

/// The most places that can be taken, each by another voter (augmenting paths).
fn matched(seats: &[Vec<usize>], voters: usize) -> u32 {
    fn place(
        seat: usize,
        seats: &[Vec<usize>],
        seen: &mut [bool],
        taken: &mut [Option<usize>],
    ) -> bool {
        for voter in seats.get(seat).into_iter().flatten().copied() {
            if std::mem::replace(&mut seen[voter], true) {
                continue;
            }
            if taken[voter].is_none_or(|other| place(other, seats, seen, taken)) {
                taken[voter] = Some(seat);
                return true;
            }
        }
        false
    }
    let mut taken = vec![None; voters];
    (0..seats.len())
        .map(|seat| u32::from(place(seat, seats, &mut vec![false; voters], &mut taken)))
        .sum()
}
