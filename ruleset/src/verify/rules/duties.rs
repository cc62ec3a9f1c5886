//! Whom and what one loss calls on for several functions at once.
//!
//! Which of several backups is quickest is not asked: every backup counts as called on that can be once its primary
//! has stopped. Where even so nothing is asked for twice, nothing is.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::sole_deciders;
use super::coverage::carries;
use super::rests::Rests;
use crate::logic::model::{Id, Model};
use crate::verify::evaluate::State;
use crate::verify::ledger::Ledger;
use crate::verify::net::Gate;
use crate::verify::survive::Survival;
use crate::{Backup, LossSort};

const WHY: &str =
    "losses may call on more than there is; whether they do depends on who is quickest";

/// A backup that a loss may call on for a function.
struct Call<'a> {
    backup: &'a Backup,
    function: &'a str,
    /// Without each of these people it does not serve then; and whether that is in place of another.
    people: BTreeMap<&'a str, bool>,
}

/// What each single loss may call on, of the backups that several functions or several backups share.
#[derive(Default)]
pub(crate) struct Calls<'a> {
    shared: BTreeSet<&'a str>,
    /// The backups that people work for.
    manned: BTreeSet<&'a str>,
    by_loss: BTreeMap<(LossSort, Id), Vec<Call<'a>>>,
    /// Per backup the losses that may call on it.
    losses: BTreeMap<&'a str, BTreeSet<(LossSort, Id)>>,
    incomplete: bool,
}

impl<'a> Calls<'a> {
    /// Finds out which backups share people or serve several functions.
    pub fn of(model: &Model<'a>) -> Calls<'a> {
        let mut calls = Calls::default();
        let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for backup in &model.rules.backups {
            let steps = backup.activation.iter().flat_map(|a| &a.by).flat_map(|s| &s.who.of);
            let start = steps.chain([&backup.id]).map(String::as_str);
            let crew = Rests::of(model, start, |item| item.is("actor"));
            for person in crew.people(&BTreeSet::new()) {
                users.entry(person).or_default().push(&backup.id);
                calls.manned.insert(&backup.id);
            }
            calls.shared.extend(Some(backup.id.as_str()).filter(|_| backup.protects.len() > 1));
        }
        calls.shared.extend(users.values().filter(|of| of.len() > 1).flatten());
        calls
    }

    /// The backups of a function that share something.
    fn own(&self, of: &Survival<'_, 'a>) -> Vec<(Gate, &'a Backup)> {
        let gates = of.net.gates.iter();
        let own = gates.filter_map(|(at, gate)| Some((*gate, of.net.nodes[*at].item.backup?)));
        let shared = |(_, backup): &(Gate, &Backup)| {
            self.shared.contains(backup.id.as_str()) && backup.protects.contains(&of.function.id)
        };
        own.filter(shared).collect()
    }

    /// Notes that it is not tried what all losses call on that a function says it survives.
    pub fn leave_out(&mut self, survival: &Survival<'_, 'a>) {
        self.incomplete |= !self.own(survival).is_empty();
    }

    /// Adds what a loss of a function may call on.
    pub fn add(&mut self, survival: &Survival<'_, 'a>, loss: usize, state: &State) {
        let net = &survival.net;
        if state[0].running || !state[0].up {
            return;
        }
        let mut called = self.own(survival);
        called.retain(|(gate, _)| !state[gate.primary].running && state[gate.node].up);
        if called.is_empty() {
            return;
        }
        let entries = net.nodes.iter().filter(|node| !node.item.name.is_empty());
        let gone = entries.filter(|node| !state[node.served].up).map(|node| node.item.name);
        let gone: Vec<&str> = gone.collect();
        let key = (net.losses[loss].sort, net.losses[loss].of);
        for (_, backup) in called {
            let people = people(survival.model, backup, &gone);
            let call = Call { backup, function: &survival.function.id, people };
            self.by_loss.entry(key).or_default().push(call);
            self.losses.entry(&backup.id).or_default().insert(key);
        }
    }

    /// What a backup owes to all functions together: that it carries them, and that nobody is wanted twice.
    /// `counts` says whether it is called on for each function that it protects.
    pub fn judge(&self, model: &Model<'a>, backup: &'a Backup, counts: bool, out: &mut Ledger<'a>) {
        let losses = self.losses.get(backup.id.as_str()).into_iter().flatten();
        let calling = losses.filter_map(|loss| self.by_loss.get(loss));
        if backup.protects.len() > 1 {
            let holds = !self.incomplete && calling.clone().all(|all| fits(model, backup, all));
            out.proved_or_attested("overcommitted-backup", holds, WHY);
        }
        if counts && self.manned.contains(backup.id.as_str()) {
            let open = self.incomplete && self.shared.contains(backup.id.as_str());
            let holds = !open && !calling.into_iter().any(|all| clash(model, backup, all));
            out.proved_or_attested("overloaded-deputy", holds, WHY);
        }
    }
}

/// Whether a backup carries all functions for which one loss calls on it.
fn fits(model: &Model<'_>, backup: &Backup, calls: &[Call<'_>]) -> bool {
    let own = calls.iter().filter(|call| call.backup.id == backup.id);
    let functions: BTreeSet<&str> = own.map(|call| call.function).collect();
    functions.len() < 2 || carries(model, backup, functions) == Some(true)
}

/// Whether one loss wants one person for two things, one of them this backup.
fn clash(model: &Model<'_>, backup: &Backup, calls: &[Call<'_>]) -> bool {
    let fits = fits(model, backup, calls);
    let own = calls.iter().filter(|call| call.backup.id == backup.id);
    let mut pairs = own.flat_map(|own| calls.iter().map(move |other| (own, other)));
    pairs.any(|(own, other)| {
        let apart = own.function != other.function;
        own.people.iter().any(|(person, deputy)| match other.people.get(person) {
            None => false,
            Some(_) if own.backup.id == other.backup.id => apart && *deputy && !fits,
            Some(both) => apart || *deputy && *both && own.backup.primary != other.backup.primary,
        })
    })
}

/// The people without each of whom a backup does not serve once some others are gone, and whether in place of another.
fn people<'a>(model: &Model<'a>, backup: &'a Backup, gone: &[&'a str]) -> BTreeMap<&'a str, bool> {
    let deputy =
        model.item(&backup.id).is("actor") || backup.readiness.as_deref() == Some("trained");
    let rests = Rests::of(model, [backup.id.as_str()], |item| item.is("actor"));
    let left = rests.falls_with(gone);
    let essential = rests.people(&left).filter(|person| {
        rests.falls_with(&[gone, &[*person]].concat()).contains(backup.id.as_str())
    });
    let deciding = backup.activation.iter().flat_map(|a| sole_deciders(model, a, gone));
    let mut all: BTreeMap<&str, bool> = deciding.map(|person| (person, false)).collect();
    all.extend(essential.map(|person| (person, deputy)));
    all
}
