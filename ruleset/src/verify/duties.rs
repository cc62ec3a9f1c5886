//! Whom and what one loss calls on for several functions at once.
//!
//! Which of several backups is quickest is not asked: every backup counts as called on that can be once its primary
//! has stopped. Where even so nothing is asked for twice, nothing is.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::sole_deciders;
use super::coverage::carries;
use super::ledger::Ledger;
use super::net::Net;
use super::rests::Rests;
use super::survive::Survival;
use crate::logic::model::{Id, Model};
use crate::{Backup, LossSort};

const WHY: &str =
    "a loss may call on more than there is; whether it does depends on who is quickest";

/// A backup that a loss may call on for a function.
struct Call<'a> {
    backup: &'a Backup,
    function: &'a str,
    /// Who and which controllers are gone then.
    gone: BTreeSet<&'a str>,
}

/// What each single loss may call on, of the backups that several functions or several backups share.
#[derive(Default)]
pub(crate) struct Calls<'a> {
    shared: BTreeSet<&'a str>,
    crews: BTreeMap<&'a str, BTreeSet<&'a str>>,
    by_loss: BTreeMap<(LossSort, Id), Vec<Call<'a>>>,
    /// Per backup the losses that may call on it.
    losses: BTreeMap<&'a str, BTreeSet<(LossSort, Id)>>,
    incomplete: bool,
}

/// What a person does for a backup.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Deputy,
    Hands,
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
            let people: BTreeSet<&'a str> = crew.people(&BTreeSet::new()).collect();
            people.iter().for_each(|person| users.entry(person).or_default().push(&backup.id));
            if backup.protects.len() > 1 {
                calls.shared.insert(&backup.id);
            }
            calls.crews.insert(&backup.id, people);
        }
        calls.shared.extend(users.values().filter(|of| of.len() > 1).flatten());
        calls
    }

    /// Adds what the losses of one function may call on.
    pub fn add(&mut self, survival: &Survival<'_, 'a>) {
        let net = &survival.net;
        let own = |at: &usize| {
            let backup =
                net.nodes[*at].item.backup.filter(|b| self.shared.contains(b.id.as_str()))?;
            backup.protects.contains(&survival.function.id).then_some((*at, backup))
        };
        let pairs = net.stand_ins.iter().flat_map(|(p, all)| all.iter().map(move |b| (*p, b)));
        let own: Vec<_> = pairs.filter_map(|(p, at)| Some((p, own(at)?))).collect();
        if own.is_empty() {
            return;
        }
        if survival.is_large() {
            self.incomplete = true;
            return;
        }
        let acting: Vec<usize> = acting(net);
        for (number, loss) in net.losses.iter().enumerate() {
            let state = survival.after(&[number]);
            if state.running[0] || !state.up[0] {
                continue;
            }
            let served = |at: &usize| {
                let mut gates = net.stand_ins.get(at).into_iter().flatten();
                state.up[*at] || gates.any(|b| state.up[net.gates[b].node])
            };
            let gone = acting.iter().filter(|at| !served(at)).map(|at| net.nodes[*at].item.name);
            let gone: BTreeSet<&str> = gone.collect();
            for (primary, (at, backup)) in &own {
                if !state.running[*primary] && state.up[net.gates[at].node] {
                    let function = survival.function.id.as_str();
                    let call = Call { backup, function, gone: gone.clone() };
                    let key = (loss.sort, loss.of);
                    self.by_loss.entry(key).or_default().push(call);
                    self.losses.entry(&backup.id).or_default().insert(key);
                }
            }
        }
    }

    /// What each loss that may call on a backup calls on.
    fn calling(&self, backup: &Backup) -> impl Iterator<Item = &[Call<'a>]> {
        let losses = self.losses.get(backup.id.as_str()).into_iter().flatten();
        losses.filter_map(|loss| self.by_loss.get(loss)).map(Vec::as_slice)
    }

    /// What a backup owes to all functions together: that it carries them, and that nobody is wanted twice.
    /// `counts` says whether it is called on for each function that it protects.
    pub fn judge(&self, model: &Model<'a>, backup: &'a Backup, counts: bool, out: &mut Ledger<'a>) {
        let several = self.calling(backup).map(|calls| -> BTreeSet<&str> {
            calls.iter().filter(|c| c.backup.id == backup.id).map(|c| c.function).collect()
        });
        let fits = |functions: BTreeSet<&str>| {
            functions.len() < 2 || carries(model, backup, functions) == Some(true)
        };
        if backup.protects.len() > 1 {
            let holds = !self.incomplete && several.into_iter().all(fits);
            out.proved_or_attested("overcommitted-backup", holds, WHY);
        }
        let crew = &self.crews[backup.id.as_str()];
        if counts && !crew.is_empty() {
            let clash = || self.calling(backup).any(|calls| self.clash(model, backup, calls));
            let holds = !self.shared.contains(backup.id.as_str()) || (!self.incomplete && !clash());
            out.proved_or_attested("overloaded-deputy", holds, WHY);
        }
    }

    /// Whether one loss wants one person for two things, one of them this backup.
    fn clash(&self, model: &Model<'a>, backup: &'a Backup, calls: &[Call<'a>]) -> bool {
        let own = calls.iter().filter(|call| call.backup.id == backup.id);
        let tied = |call: &Call<'a>| people(model, call);
        let mut pairs = own.flat_map(|own| calls.iter().map(move |other| (own, other)));
        pairs.any(|(own, other)| {
            let (ours, theirs) = (tied(own), tied(other));
            let mut both =
                ours.iter().filter_map(|(person, part)| Some((*part, *theirs.get(person)?)));
            both.any(|(part, other_part)| {
                let deputies = part == Part::Deputy && other_part == Part::Deputy;
                match own.backup.id == other.backup.id {
                    true => {
                        let functions: BTreeSet<&str> = calls
                            .iter()
                            .filter(|c| c.backup.id == backup.id)
                            .map(|c| c.function)
                            .collect();
                        own.function != other.function
                            && part == Part::Deputy
                            && carries(model, backup, functions) != Some(true)
                    }
                    false => {
                        own.function != other.function
                            || deputies && own.backup.primary != other.backup.primary
                    }
                }
            })
        })
    }
}

/// Everybody who can act, and every controller that puts a backup to work.
fn acting(net: &Net<'_, '_>) -> Vec<usize> {
    let nodes = net.nodes.iter().enumerate();
    let actors = nodes.filter(|(_, node)| node.item.is("actor")).map(|(at, _)| at);
    let rules = net.gates.keys().filter_map(|at| net.nodes[*at].item.activation());
    let steps =
        rules.flat_map(|a| &a.by).filter(|step| step.automatic).flat_map(|step| &step.who.of);
    let all: BTreeSet<usize> = actors.chain(steps.filter_map(|name| net.at(name))).collect();
    all.into_iter().collect()
}

/// The people without each of whom a backup does not serve once some others are gone.
fn people<'a>(model: &Model<'a>, call: &Call<'a>) -> BTreeMap<&'a str, Part> {
    let backup = call.backup;
    let gone: Vec<&str> = call.gone.iter().copied().collect();
    let deputy =
        model.item(&backup.id).is("actor") || backup.readiness.as_deref() == Some("trained");
    let rests = Rests::of(model, [backup.id.as_str()], |item| item.is("actor"));
    let left = rests.falls_with(&gone);
    let essential = rests.people(&left).filter(|person| {
        rests.falls_with(&[&gone[..], &[*person]].concat()).contains(backup.id.as_str())
    });
    let part = if deputy { Part::Deputy } else { Part::Hands };
    let mut all: BTreeMap<&str, Part> = essential.map(|person| (person, part)).collect();
    for person in backup.activation.iter().flat_map(|a| sole_deciders(model, a, &gone)) {
        all.entry(person).or_insert(Part::Hands);
    }
    all
}
