//! Random models, dense in what is hard: loops, backups that rest on what they replace, backups of
//! backups, shared credentials and principals, copies of copies.

use super::model::{Activation, Authority, Backup, Expr, Kind, Model, Need, Role, Thing};
use crate::random::Random;

/// What sort of models.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The most dependencies and backups.
    pub things: usize,
    /// In a hundred: how often a thing needs another.
    pub density: usize,
    /// In a hundred: how often a need is one `to run`.
    pub to_run: usize,
    /// In a hundred: how often a backup is resupplied, mostly by another backup of the same.
    pub held_out: usize,
}

impl Shape {
    /// Little needs anything.
    pub const SPARSE: Shape = Shape { things: 7, density: 25, to_run: 10, held_out: 0 };
    /// Much needs much.
    pub const DENSE: Shape = Shape { things: 12, density: 38, to_run: 15, held_out: 0 };
    /// What needs one another, to start and to run.
    pub const LOOPED: Shape = Shape { things: 7, density: 55, to_run: 45, held_out: 0 };
}

struct Maker<'a> {
    random: &'a mut Random,
    shape: Shape,
    /// What can be named as a need: dependencies and backups.
    many: usize,
    kinds: Vec<Kind>,
    things: Vec<Thing>,
}

/// A model.
pub fn model(shape: Shape, random: &mut Random) -> Model {
    let many = random.between(3, shape.things);
    let backups = random.between(0, many / 2).max(random.below(2));
    let signals = random.between(1, 3);
    let kinds = (0..many).map(|_| kind(random)).collect();
    let mut make = Maker { random, shape, many, kinds, things: Vec::new() };
    for at in 0..many {
        let thing = if at < many - backups { make.dependency(at) } else { make.backup(at) };
        make.things.push(thing);
    }
    for _ in 0..signals {
        let signal = make.signal();
        make.things.push(signal);
    }
    for at in many - backups..many {
        make.activate(at, signals);
        make.resupply(at);
    }
    let roots = make.random.between(1, 3);
    let depends = (0..roots).map(|_| make.depend(many - backups)).collect();
    Model { things: make.things, depends, order: 3 }
}

fn kind(random: &mut Random) -> Kind {
    match random.below(10) {
        0..=3 => Kind::Machine,
        4..=6 => Kind::Record,
        7 => Kind::Credential,
        8 => Kind::Actor,
        _ => Kind::Place,
    }
}

impl Maker<'_> {
    /// A need among the first `end` things.
    fn need_of(&mut self, end: usize) -> Need {
        let all: Vec<usize> = (0..end).collect();
        if self.random.percent(45) && end > 1 {
            let of = self.random.between(2, end.min(4));
            let of = self.random.some(of, &all);
            let k = self.random.between(1, of.len());
            return Need { k, of, to_run: false };
        }
        Need::one(self.random.below(end))
    }

    fn need(&mut self) -> Need {
        let to_run = self.random.percent(self.shape.to_run);
        Need { to_run, ..self.need_of(self.many) }
    }

    fn depend(&mut self, dependencies: usize) -> Need {
        let end = if self.random.percent(85) { dependencies } else { self.many };
        self.need_of(end)
    }

    fn needs(&mut self) -> Vec<Need> {
        let mut needs = Vec::new();
        while self.random.percent(self.shape.density) && needs.len() < 3 {
            needs.push(self.need());
        }
        needs
    }

    /// One of a kind, if there is one; else any.
    fn one(&mut self, kind: Kind) -> usize {
        let such: Vec<usize> = (0..self.many).filter(|at| self.kinds[*at] == kind).collect();
        self.random.pick(&such).copied().unwrap_or_else(|| self.random.below(self.many))
    }

    fn principals(&mut self) -> Vec<usize> {
        if !self.random.percent(20) {
            return Vec::new();
        }
        let kind = if self.random.percent(50) { Kind::Credential } else { Kind::Actor };
        vec![self.one(kind)]
    }

    fn dependency(&mut self, at: usize) -> Thing {
        let (needs, controlled_by) = (self.needs(), self.principals());
        Thing { kind: self.kinds[at], role: Role::Dependency, needs, controlled_by }
    }

    fn signal(&mut self) -> Thing {
        let needs = vec![self.need_of(self.many)];
        let latency = self.random.percent(85).then(|| self.random.below(9) as u64);
        let role = Role::Signal(latency);
        Thing { kind: Kind::Machine, role, needs, controlled_by: Vec::new() }
    }

    fn backup(&mut self, at: usize) -> Thing {
        // Sometimes of a backup declared before it.
        let end = if self.random.percent(20) { at } else { at.min(self.many / 2).max(1) };
        let primary = self.random.below(end);
        let kind = if self.random.percent(60) { self.kinds[primary] } else { self.kinds[at] };
        self.kinds[at] = kind;
        let copy = kind == Kind::Record || self.random.percent(15);
        let backup = Backup {
            primary,
            protects: self.random.percent(92),
            covers: self.random.percent(92),
            activation: None,
            installed: if self.random.percent(12) {
                vec![self.one(Kind::Actor)]
            } else {
                Vec::new()
            },
            restores: self.random.percent(80).then(|| self.random.below(40) as u64),
            verified: self.random.percent(20).then(|| self.random.below(20) as u64),
            lag: copy && self.random.percent(70),
            immutable: copy && self.random.percent(25),
            delayed: (copy && self.random.percent(40)).then(|| self.random.below(14) as u64),
            until: None,
        };
        let (needs, controlled_by) = (self.needs(), self.principals());
        Thing { kind, role: Role::Backup(Box::new(backup)), needs, controlled_by }
    }

    fn activate(&mut self, at: usize, signals: usize) {
        if !self.random.percent(95) {
            return;
        }
        let rule = Activation {
            when: self.expr(signals, 2),
            hold: self.random.percent(50).then(|| self.random.below(6) as u64),
            by: (0..self.random.between(1, 3)).map(|_| self.authority()).collect(),
            with: self.with(),
            funded: self.sometimes(8),
            fence: self.sometimes(25),
            reach: (0..self.random.below(2))
                .map(|_| {
                    let within = self.random.percent(50).then(|| self.random.below(9) as u64);
                    (vec![self.random.below(self.many)], within)
                })
                .collect(),
        };
        if let Some(backup) = self.things[at].backup_mut() {
            backup.activation = Some(rule);
        }
    }

    fn resupply(&mut self, at: usize) {
        if self.shape.held_out == 0 || !self.random.percent(self.shape.held_out) {
            return;
        }
        let primary = self.things[at].backup().map(|b| b.primary);
        let same = |other: &usize| {
            let other = self.things.get(*other).and_then(Thing::backup);
            other.is_some_and(|b| Some(b.primary) == primary)
        };
        let same: Vec<usize> = (0..self.many).filter(same).collect();
        let others: Vec<usize> = same.iter().copied().filter(|other| *other != at).collect();
        let by = match self.random.below(10) {
            0 => self.random.pick(&same),
            1 => None,
            _ => self.random.pick(&others),
        };
        let by = by.copied().unwrap_or_else(|| self.random.below(self.many));
        let within = self.random.below(90) as u64;
        if let Some(backup) = self.things[at].backup_mut() {
            backup.until = Some((by, within));
        }
    }

    fn with(&mut self) -> Vec<Need> {
        match self.random.below(4) {
            0 => vec![Need::one(self.one(Kind::Credential))],
            1 => vec![self.need_of(self.many)],
            _ => Vec::new(),
        }
    }

    fn sometimes(&mut self, share: usize) -> Vec<usize> {
        if self.random.percent(share) { vec![self.random.below(self.many)] } else { Vec::new() }
    }

    fn authority(&mut self) -> Authority {
        let automatic = self.random.percent(40);
        let who = match self.random.below(3) {
            0 if automatic => Need::one(self.random.below(self.many)),
            0 => self.need_of(self.many),
            _ => Need::one(self.one(Kind::Actor)),
        };
        let within = self.random.percent(70).then(|| self.random.below(30) as u64);
        Authority { automatic, who, within }
    }

    fn expr(&mut self, signals: usize, depth: usize) -> Expr {
        let signal = self.many + self.random.below(signals);
        let inner = |make: &mut Self| Box::new(make.expr(signals, depth - 1));
        match self.random.below(if depth == 0 { 1 } else { 8 }) {
            0..=3 => Expr::Signal(signal),
            4 => Expr::Not(inner(self)),
            5 => Expr::And(inner(self), inner(self)),
            6 => Expr::Or(inner(self), inner(self)),
            _ => {
                let all: Vec<Expr> = (0..3).map(|_| self.expr(signals, depth - 1)).collect();
                Expr::Some(self.random.between(1, 3), all)
            }
        }
    }
}
