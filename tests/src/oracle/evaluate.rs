//! The failure logic, read from the semantics and evaluated on sets of elements (bits of a word).

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Activation, Backup, Expr, Kind, Model, Need, Role, Thing};

/// A sort of loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Sort {
    Lost,
    Corrupted,
    Compromised,
}

/// One loss: of which thing, and of which sort.
pub type Loss = (Sort, usize);

/// What losses do to the function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The minimal sets of losses that end it, each in order.
    pub cut_sets: Vec<Vec<Loss>>,
    /// Of the single ones those that end it however well its backups could be called on.
    pub unaddressed: Vec<Loss>,
    /// For single losses after which backups serve: seconds until it serves again; `None` where a loop
    /// makes the bare formula say nothing.
    pub restored: BTreeMap<Loss, Option<u64>>,
    /// The sorts of loss that take something together with every backup of it, be it with the credible
    /// ones or with all that are declared; and `Lost` where a backup falls with what it stands in for.
    pub defeated: BTreeSet<Sort>,
    /// Whether any backup stands in for anything that the function rests on.
    pub protected: bool,
}

/// The elements that are up and the backups that can be called on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    up: u32,
    usable: u32,
}

/// When a need of what is started must be met.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    /// When it starts.
    ToStart,
    /// Once it runs.
    ToRun,
    /// By what has come back before the backups that are called on now.
    Before,
}

/// A need with its members as bits.
#[derive(Clone, Copy)]
struct Among {
    k: u32,
    of: u32,
    met: Met,
}

impl Among {
    fn is_met(self, there: u32) -> bool {
        (there & self.of).count_ones() >= self.k
    }
}

/// Which backups stand in.
#[derive(Clone, Copy)]
struct World {
    /// All that are declared, not only the credible ones.
    declared: bool,
    /// They can always be called on, whatever is lost.
    ideal: bool,
    /// For its primary this one alone.
    alone: Option<usize>,
}

const REAL: World = World { declared: false, ideal: false, alone: None };

struct Oracle<'a> {
    model: &'a Model,
    /// Per thing, and last for the function, what it needs; of a backup last who installs it.
    needs: Vec<Vec<Need>>,
    /// The same as bits.
    among: Vec<Vec<Among>>,
    /// The things that the function rests on, with its backups and all that these rest on.
    reached: Vec<bool>,
    /// Per thing the backups that stand in for it.
    backups: Vec<Vec<usize>>,
    /// Per backup the one that stands in as well and for which it holds out.
    held_by: Vec<Option<usize>>,
    world: World,
    /// The bit of the function.
    function: usize,
}

/// Everything about a model.
pub fn answer(model: &Model) -> Answer {
    let real = Oracle::new(model, REAL);
    let ideal = Oracle::new(model, World { ideal: true, ..REAL });
    let losses = real.losses();
    let cut_sets = real.cut_sets(&losses, model.order.max(1));
    let mut answer = Answer {
        protected: (0..real.function).any(|at| real.reached[at] && !real.backups[at].is_empty()),
        ..Answer::default()
    };
    for loss in &losses {
        if ideal.fails(&[*loss]) {
            answer.unaddressed.push(*loss);
        }
        if !cut_sets.contains(&vec![*loss])
            && let Some(time) = real.restoration(*loss)
        {
            answer.restored.insert(*loss, time);
        }
    }
    answer.cut_sets = cut_sets;
    answer.defeated = defeated(model, REAL);
    let protects = |at: &usize| model.things[*at].backup().is_some_and(|b| b.protects);
    if (0..model.things.len()).filter(protects).any(|at| !model.counts(at)) {
        answer.defeated.extend(defeated(model, World { declared: true, ..REAL }));
    }
    answer
}

/// The sorts of single losses that end the function in spite of backups that address them; `Lost`
/// also where a backup that stands in alone cannot be called on when its primary is lost.
fn defeated(model: &Model, world: World) -> BTreeSet<Sort> {
    let oracle = Oracle::new(model, world);
    let ideal = Oracle::new(model, World { ideal: true, ..world });
    let takes = |loss: &Loss| oracle.fails(&[*loss]) && !ideal.fails(&[*loss]);
    let mut sorts: BTreeSet<Sort> =
        oracle.losses().iter().filter(|loss| takes(loss)).map(|loss| loss.0).collect();
    for (primary, backups) in oracle.backups.iter().enumerate() {
        let useless = |backup: &usize| {
            let alone = Oracle::new(model, World { alone: Some(*backup), ..world });
            alone.settled(alone.taken((Sort::Lost, primary))).1.usable & 1 << backup == 0
        };
        let loses = !matches!(model.things[primary].role, Role::Signal(_));
        if oracle.reached[primary] && loses && backups.iter().any(useless) {
            sorts.insert(Sort::Lost);
        }
    }
    sorts
}

/// Every loss there is in a model.
pub fn losses(model: &Model) -> Vec<Loss> {
    Oracle::new(model, REAL).losses()
}

/// Whether these losses together end the function.
pub fn fails(model: &Model, losses: &[Loss]) -> bool {
    Oracle::new(model, REAL).fails(losses)
}

/// The minimal cut sets alone.
pub fn cut_sets(model: &Model) -> Vec<Vec<Loss>> {
    let oracle = Oracle::new(model, REAL);
    oracle.cut_sets(&oracle.losses(), model.order.max(1))
}

impl<'a> Oracle<'a> {
    fn new(model: &'a Model, world: World) -> Oracle<'a> {
        let mut backups = vec![Vec::new(); model.things.len()];
        let mut needs = Vec::new();
        for (at, thing) in model.things.iter().enumerate() {
            let stands = |_: &&Backup| match world.declared {
                true => model.counts_where(at, |b| b.protects),
                false => model.counts(at),
            };
            if let Some(backup) = thing.backup().filter(stands) {
                backups[backup.primary].push(at);
            }
            let installed = thing.backup().map_or(&[][..], |b| &b.installed);
            let until = thing.backup().and_then(|b| b.until).map(|(by, _)| by);
            let more = until.into_iter().chain(installed.iter().copied()).map(Need::one);
            // Its own primary is not there until the backup itself has brought it back.
            let primary = thing.backup().map(|b| b.primary);
            let own = thing.needs.iter().cloned().map(|need| Need {
                to_run: need.to_run && need.of.iter().all(|at| Some(*at) != primary),
                ..need
            });
            needs.push(own.chain(more).collect());
        }
        needs.push(model.depends.clone());
        let installed = |at: usize| {
            let backup = model.things.get(at).and_then(|thing| thing.backup());
            backup.map_or(0, |backup| backup.installed.len())
        };
        let bits = |(at, needs): (usize, &Vec<Need>)| {
            let installers = needs.len() - installed(at);
            let among = |(number, need): (usize, &Need)| Among {
                k: need.k as u32,
                of: need.of.iter().fold(0, |bits, at| bits | 1 << at),
                met: match need.to_run {
                    _ if number >= installers => Met::Before,
                    true => Met::ToRun,
                    false => Met::ToStart,
                },
            };
            needs.iter().enumerate().map(among).collect()
        };
        let among = needs.iter().enumerate().map(bits).collect();
        let standing = backups.clone();
        if let Some(alone) = world.alone {
            let together = backups.iter_mut().filter(|backups| backups.contains(&alone));
            together.for_each(|backups| *backups = vec![alone]);
        }
        let function = model.things.len();
        let reached = vec![false; function];
        let held_by = vec![None; function];
        let mut oracle = Oracle { model, needs, among, reached, backups, held_by, world, function };
        oracle.reach();
        for (at, held_by) in oracle.held_by.iter_mut().enumerate() {
            let until = model.things[at].backup().and_then(|b| b.until).map(|(by, _)| by);
            let primary = model.things[at].backup().map(|b| b.primary);
            *held_by = until.filter(|by| primary.is_some_and(|of| standing[of].contains(by)));
        }
        oracle
    }

    fn reach(&mut self) {
        let mut open: Vec<usize> =
            self.needs[self.function].iter().flat_map(|n| n.of.clone()).collect();
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut self.reached[at], true) {
                continue;
            }
            open.extend(self.needs[at].iter().flat_map(|n| n.of.clone()));
            // What is wrong in a record reaches what rests on a copy of it.
            let followed = self.model.things[at].backup().filter(|b| b.lag);
            open.extend(followed.map(|b| b.primary));
            let noticed =
                followed.filter(|b| b.delayed.is_some()).and_then(|b| b.activation.as_ref());
            open.extend(noticed.map_or(Vec::new(), |rule| rule.when.signals()));
            for backup in &self.backups[at] {
                open.push(*backup);
                // All that it names, its principals apart.
                let thing = &self.model.things[*backup];
                let principals = &thing.controlled_by;
                let named = self.model.mentions(*backup).into_iter();
                open.extend(named.filter(|at| !principals.contains(at)));
                open.extend(principals.iter().filter(|p| self.acts(*backup, **p)));
            }
        }
    }

    /// Whether the activation of a backup names that thing.
    fn acts(&self, backup: usize, named: usize) -> bool {
        let mut alone = self.model.clone();
        alone.things[backup].controlled_by.clear();
        alone.mentions(backup).contains(&named)
    }

    // ---- losses ------------------------------------------------------------------------------

    /// Every loss there is: of dependencies and backups, of what records hold, of who controls.
    fn losses(&self) -> Vec<Loss> {
        let things = &self.model.things;
        let mut losses = Vec::new();
        for (at, thing) in things.iter().enumerate() {
            if !matches!(thing.role, Role::Signal(_)) {
                losses.push((Sort::Lost, at));
                if thing.kind == Kind::Record {
                    losses.push((Sort::Corrupted, at));
                }
            }
            let controls =
                |(other, t): (usize, &Thing)| self.reached[other] && t.controlled_by.contains(&at);
            if things.iter().enumerate().any(controls) {
                losses.push((Sort::Compromised, at));
            }
        }
        losses.sort();
        losses
    }

    /// What a loss takes directly.
    fn taken(&self, (sort, of): Loss) -> u32 {
        let things = &self.model.things;
        let mut taken = 1u32 << of;
        if sort == Sort::Compromised {
            for (at, thing) in things.iter().enumerate() {
                let immutable = thing.backup().is_some_and(|b| b.immutable);
                if thing.controlled_by.contains(&of) && !immutable {
                    taken |= 1 << at;
                }
            }
        }
        if sort != Sort::Lost {
            loop {
                let before = taken;
                for (at, thing) in things.iter().enumerate() {
                    if let Some(copy) = thing.backup()
                        && taken & 1 << copy.primary != 0
                        && things[copy.primary].kind == Kind::Record
                        && self.follows(copy)
                    {
                        taken |= 1 << at;
                    }
                }
                if taken == before {
                    break;
                }
            }
        }
        taken
    }

    /// A copy takes over what is wrong, unless it cannot be altered or is later than detection.
    fn follows(&self, copy: &Backup) -> bool {
        if !copy.lag || copy.immutable {
            return false;
        }
        let (Some(delay), Some(activation)) = (copy.delayed, &copy.activation) else { return true };
        let latencies = activation.when.signals().into_iter().map(|at| self.latency(at));
        let slowest = latencies.collect::<Option<Vec<u64>>>().and_then(|all| all.into_iter().max());
        slowest.is_none_or(|slowest| delay <= slowest + activation.hold.unwrap_or(0))
    }

    fn latency(&self, signal: usize) -> Option<u64> {
        match self.model.things[signal].role {
            Role::Signal(latency) => latency,
            _ => None,
        }
    }

    // ---- the two steps -----------------------------------------------------------------------

    /// Step 1: the greatest set whose needs are met inside the set, no backup called on.
    fn running(&self, lost: u32) -> u32 {
        let mut set = !lost & ((1 << (self.function + 1)) - 1);
        loop {
            let before = set;
            for (at, needs) in self.among.iter().enumerate() {
                if set & 1 << at != 0 && !needs.iter().all(|need| need.is_met(set)) {
                    set &= !(1 << at);
                }
            }
            if set == before {
                return set;
            }
        }
    }

    /// Served by itself or by a backup that can be called on.
    fn served(&self, state: State) -> u32 {
        let mut served = state.up;
        for (at, backups) in self.backups.iter().enumerate() {
            if backups.iter().any(|b| self.world.ideal || state.usable & 1 << b != 0) {
                served |= 1 << at;
            }
        }
        served
    }

    /// Step 2: one backup after the other is called on, each by what is at work before it is.
    fn settled(&self, lost: u32) -> (u32, State) {
        self.settled_without(lost, None)
    }

    /// The same where one backup is never called on.
    fn settled_without(&self, lost: u32, barred: Option<usize>) -> (u32, State) {
        let running = self.running(lost);
        let mut before = State { up: running, usable: 0 };
        loop {
            let state = self.started(lost, running, before, barred);
            if state == before {
                return (running, state);
            }
            before = state;
        }
    }

    /// From what runs the least closure, with the backups that can be called on by what was there before; needs to run
    /// may be met by what comes back as well.
    fn started(&self, lost: u32, running: u32, before: State, barred: Option<usize>) -> State {
        let served_before = self.served(before);
        let mut wider = State { up: !lost, usable: u32::MAX };
        loop {
            let may_serve = self.served(wider);
            let mut state = State { up: running, usable: 0 };
            loop {
                let so_far = state;
                let served = self.served(state);
                for (at, needs) in self.among.iter().enumerate() {
                    let met = |need: &Among| match need.met {
                        Met::ToStart => need.is_met(served),
                        Met::ToRun => need.is_met(may_serve),
                        Met::Before => need.is_met(served_before),
                    };
                    if lost & 1 << at == 0 && needs.iter().all(met) {
                        state.up |= 1 << at;
                    }
                }
                for (at, thing) in self.model.things.iter().enumerate() {
                    let Some(backup) = thing.backup() else { continue };
                    let can = match &backup.activation {
                        Some(rule) => self.can_activate(rule, before.up, served_before),
                        // Nothing is asked for; it stands in only where all that is declared does.
                        None => true,
                    };
                    let held = self.held_by[at].is_none_or(|by| state.usable & 1 << by != 0);
                    if can && held && barred != Some(at) && state.up & 1 << at != 0 {
                        state.usable |= 1 << at;
                    }
                }
                if state == so_far {
                    break;
                }
            }
            if state == wider {
                return state;
            }
            wider = state;
        }
    }

    fn can_activate(&self, rule: &Activation, up: u32, served: u32) -> bool {
        let all = |of: &[usize]| of.iter().all(|at| served & 1 << at != 0);
        observed(&rule.when, up)
            && rule.by.iter().any(|authority| met(&authority.who, served))
            && rule.with.iter().all(|need| met(need, served))
            && all(&rule.funded)
            && all(&rule.fence)
            && rule.reach.iter().all(|(via, _)| all(via))
    }

    fn fails(&self, losses: &[Loss]) -> bool {
        let lost = losses.iter().fold(0, |lost, loss| lost | self.taken(*loss));
        self.settled(lost).1.up & 1 << self.function == 0
    }

    /// All sets in rising order of size, those that hold a smaller cut set left out.
    fn cut_sets(&self, losses: &[Loss], order: usize) -> Vec<Vec<Loss>> {
        let mut found: Vec<Vec<usize>> = Vec::new();
        let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
        for _ in 0..order {
            let mut longer = Vec::new();
            for set in &sets {
                for next in set.last().map_or(0, |last| last + 1)..losses.len() {
                    let mut set = set.clone();
                    set.push(next);
                    if found.iter().any(|cut| cut.iter().all(|l| set.contains(l))) {
                        continue;
                    }
                    let named: Vec<Loss> = set.iter().map(|at| losses[*at]).collect();
                    if self.fails(&named) { found.push(set) } else { longer.push(set) }
                }
            }
            sets = longer;
        }
        found.iter().map(|set| set.iter().map(|at| losses[*at]).collect()).collect()
    }
}

fn met(need: &Need, served: u32) -> bool {
    need.of.iter().filter(|at| served & 1 << **at != 0).count() >= need.k
}

/// Whether the expression can be observed; `not x` where `x` is.
fn observed(expr: &Expr, up: u32) -> bool {
    match expr {
        Expr::Signal(at) => up & 1 << at != 0,
        Expr::Not(inner) => observed(inner, up),
        Expr::And(left, right) => observed(left, up) && observed(right, up),
        Expr::Or(left, right) => observed(left, up) || observed(right, up),
        Expr::Some(k, all) => all.iter().filter(|e| observed(e, up)).count() >= *k,
    }
}

mod time;
