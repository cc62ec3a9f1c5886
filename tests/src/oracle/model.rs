//! The model: what the oracle knows of a policy with one function.

/// The prelude's kinds that matter for the failure logic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Machine,
    Record,
    Credential,
    Actor,
    Place,
}

impl Kind {
    /// Its name in the prelude.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Machine => "machine",
            Kind::Record => "record",
            Kind::Credential => "credential",
            Kind::Actor => "actor",
            Kind::Place => "place",
        }
    }
}

/// At least `k` of these things, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// How many.
    pub k: usize,
    /// Of which.
    pub of: Vec<usize>,
    /// Required while running, but no bar to starting.
    pub to_run: bool,
}

impl Need {
    /// A need for one thing.
    pub fn one(of: usize) -> Need {
        Need { k: 1, of: vec![of], to_run: false }
    }
}

/// What a trigger waits for; signals by number.
#[derive(Debug, Clone)]
pub enum Expr {
    /// A signal.
    Signal(usize),
    /// `not …`.
    Not(Box<Expr>),
    /// `… and …`.
    And(Box<Expr>, Box<Expr>),
    /// `… or …`.
    Or(Box<Expr>, Box<Expr>),
    /// `k of [..]`.
    Some(usize, Vec<Expr>),
}

impl Expr {
    /// The signals in it.
    pub fn signals(&self) -> Vec<usize> {
        match self {
            Expr::Signal(at) => vec![*at],
            Expr::Not(inner) => inner.signals(),
            Expr::And(left, right) | Expr::Or(left, right) => {
                [left.signals(), right.signals()].concat()
            }
            Expr::Some(_, all) => all.iter().flat_map(Expr::signals).collect(),
        }
    }
}

/// One step of an order of succession.
#[derive(Debug, Clone)]
pub struct Authority {
    /// `automatic on …`.
    pub automatic: bool,
    /// Who.
    pub who: Need,
    /// The bound on the decision, in seconds.
    pub within: Option<u64>,
}

/// How a backup is put to work. Times are in seconds.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Activation {
    pub when: Expr,
    pub hold: Option<u64>,
    pub by: Vec<Authority>,
    pub with: Vec<Need>,
    pub funded: Vec<usize>,
    pub fence: Vec<usize>,
    pub reach: Vec<(Vec<usize>, Option<u64>)>,
}

/// What makes a thing a backup.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Backup {
    pub primary: usize,
    /// It names the function.
    pub protects: bool,
    /// What it covers reaches what is demanded.
    pub covers: bool,
    pub activation: Option<Activation>,
    pub installed: Vec<usize>,
    pub restores: Option<u64>,
    pub verified: Option<u64>,
    pub lag: bool,
    pub immutable: bool,
    pub delayed: Option<u64>,
    /// What resupplies it, and within how many seconds. Where that is a backup too, it holds out until then.
    pub until: Option<(usize, u64)>,
}

impl Backup {
    /// Nothing is missing in it by itself.
    pub fn credible(&self) -> bool {
        self.protects && self.covers && self.activation.is_some()
    }
}

/// What a thing is declared as.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Role {
    Dependency,
    Backup(Box<Backup>),
    /// With its latency in seconds; what it comes from are its needs.
    Signal(Option<u64>),
}

/// A dependency, a backup or a signal.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Thing {
    pub kind: Kind,
    pub role: Role,
    pub needs: Vec<Need>,
    pub controlled_by: Vec<usize>,
}

impl Thing {
    /// A dependency that needs nothing.
    pub fn dependency(kind: Kind) -> Thing {
        Thing { kind, role: Role::Dependency, needs: Vec::new(), controlled_by: Vec::new() }
    }

    /// What makes it a backup.
    pub fn backup(&self) -> Option<&Backup> {
        match &self.role {
            Role::Backup(backup) => Some(backup),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub fn backup_mut(&mut self) -> Option<&mut Backup> {
        match &mut self.role {
            Role::Backup(backup) => Some(backup),
            _ => None,
        }
    }
}

/// A policy with one function; at most 31 things.
#[derive(Debug, Clone)]
pub struct Model {
    /// Everything that is not the function, by number.
    pub things: Vec<Thing>,
    /// What the function depends on.
    pub depends: Vec<Need>,
    /// The order of loss that it says it survives.
    pub order: usize,
}

impl Model {
    /// Whether a thing stands in for its primary.
    pub fn counts(&self, at: usize) -> bool {
        self.counts_where(at, Backup::credible)
    }

    /// The same, for some notion of credible: it is, and so is the backup of that primary for which it holds out, and
    /// the one for which that one does.
    pub fn counts_where(&self, at: usize, credible: impl Fn(&Backup) -> bool) -> bool {
        let mut seen = vec![false; self.things.len()];
        let (mut at, primary) = (at, self.things[at].backup().map(|b| b.primary));
        loop {
            let Some(backup) = self.things[at].backup().filter(|b| credible(b)) else {
                return false;
            };
            let other =
                |at: &usize| self.things[*at].backup().is_some_and(|b| Some(b.primary) == primary);
            match backup.until.map(|(by, _)| by).filter(other) {
                Some(by) if std::mem::replace(&mut seen[by], true) => return false,
                Some(by) => at = by,
                None => return true,
            }
        }
    }

    /// The things that anything reachable from the function names, in rising order.
    pub fn reachable(&self) -> Vec<usize> {
        let mut seen: Vec<bool> = vec![false; self.things.len()];
        let mut open: Vec<usize> = self.depends.iter().flat_map(|n| n.of.clone()).collect();
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            open.extend(self.mentions(at));
            let backups = self.things.iter().enumerate();
            let backups = backups.filter(|(_, t)| t.backup().is_some_and(|b| b.primary == at));
            open.extend(backups.map(|(number, _)| number));
        }
        (0..seen.len()).filter(|at| seen[*at]).collect()
    }

    /// Everything that a thing's declaration names.
    pub fn mentions(&self, at: usize) -> Vec<usize> {
        let thing = &self.things[at];
        let mut all: Vec<usize> = thing.needs.iter().flat_map(|n| n.of.clone()).collect();
        all.extend(&thing.controlled_by);
        if let Some(backup) = thing.backup() {
            all.push(backup.primary);
            all.extend(&backup.installed);
            all.extend(backup.until.map(|(by, _)| by));
            if let Some(activation) = &backup.activation {
                all.extend(activation.when.signals());
                all.extend(activation.by.iter().flat_map(|a| a.who.of.clone()));
                all.extend(activation.with.iter().flat_map(|n| n.of.clone()));
                all.extend(&activation.funded);
                all.extend(&activation.fence);
                all.extend(activation.reach.iter().flat_map(|(via, _)| via.clone()));
            }
        }
        all
    }
}
