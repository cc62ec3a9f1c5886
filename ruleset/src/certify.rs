//! Finds the ways in which each function is served, and seals the document.
//!
//! The search need not be trusted: the checker evaluates every way that it finds. It runs on the checker's own
//! evaluator, so that verdicts and certificates come from two programs.

use std::collections::BTreeSet;

use crate::logic::day::day;
use crate::logic::model::Model;
use crate::verify::evaluate::State;
use crate::verify::net::Need;
use crate::verify::survive::{Set, Survival, Way};
use crate::{Certificate, Function, RuleSet};

/// So many ways beside three for each loss a function has at most: where each set of several losses leaves another, as
/// with twenty of thirty, trying a set is quicker than finding its way.
const MAX_WAYS: usize = 300;

/// Fills in the certificates and the digest. Each way costs about as many evaluations of what its function rests on
/// as the logarithm of its losses; ways are looked for until every loss that the function survives has one.
///
/// # Errors
///
/// None in practice: every part of a rule set can be written.
pub fn certify(rules: &mut RuleSet) -> Result<(), serde_json::Error> {
    let model = Model::of(rules, day(&rules.as_of).unwrap_or(0));
    let own = rules.functions.iter().filter(|function| function.package.is_none());
    let certificates = own.filter_map(|function| certificate(&model, function)).collect();
    rules.certificates = certificates;
    rules.digest = crate::digest(rules)?;
    Ok(())
}

fn certificate(model: &Model<'_>, function: &Function) -> Option<Certificate> {
    let all = Survival::of(model, function, model.find(&function.id)?);
    let mut search = Search { all, found: Vec::new() };
    search.singles();
    search.together();
    let names = |places: &Set| -> Vec<String> {
        let nodes = &search.all.net.nodes;
        let mut names: Vec<String> =
            places.iter().map(|at| nodes[*at].item.name.to_owned()).collect();
        names.sort();
        names
    };
    let ways = search.found.iter().map(names).collect();
    Some(Certificate { function: function.id.clone(), ways })
}

struct Search<'m, 'a> {
    all: Survival<'m, 'a>,
    found: Vec<Set>,
}

impl Search<'_, '_> {
    /// A way for every single loss: first the one of ordinary times, then for each loss that no way answers yet one
    /// that avoids as many others as it can.
    fn singles(&mut self) {
        let mut open: Vec<usize> = self.all.singles().collect();
        self.add(&[]);
        open.retain(|loss| !self.answered(*loss));
        while let Some(seed) = open.first().copied() {
            let mut lost = vec![seed];
            if self.bears(&lost) {
                self.grow(&mut lost, &open[1..]);
            }
            self.add(&lost);
            if !self.answered(seed) {
                self.add(&[seed]);
            }
            open.remove(0);
            open.retain(|loss| !self.answered(*loss));
        }
    }

    /// Adds those of the losses that the function bears as well.
    fn grow(&self, lost: &mut Vec<usize>, more: &[usize]) {
        if more.is_empty() {
            return;
        }
        lost.extend(more);
        if self.bears(lost) {
            return;
        }
        lost.truncate(lost.len() - more.len());
        if more.len() > 1 {
            let (one, other) = more.split_at(more.len() / 2);
            self.grow(lost, one);
            self.grow(lost, other);
        }
    }

    /// Whether the function is back after all of these within the shortest of their objectives.
    fn bears(&self, lost: &[usize]) -> bool {
        let state = self.all.after(lost);
        let bound = lost.iter().filter_map(|l| self.all.held_to(&self.all.function.rto, *l)).min();
        state[0].up && (state[0].running || bound.is_none_or(|b| state[0].ms <= b))
    }

    /// Whether a way avoids a loss, in time and with data as fresh as they must be.
    fn answered(&self, loss: usize) -> bool {
        let bound = self.all.held_to(&self.all.function.rto, loss);
        let limit = self.all.may_lose(loss);
        let fits = |way: &Way| bound.is_none_or(|b| way.ms <= b) && way.behind <= limit;
        self.all.avoiding(&[loss]).any(fits)
    }

    /// Adds the way in which the function is served after these losses, if it is.
    fn add(&mut self, lost: &[usize]) -> bool {
        let state = self.all.after(lost);
        if !state[0].up {
            return false;
        }
        let hit: BTreeSet<usize> =
            lost.iter().flat_map(|l| &self.all.net.losses[*l].hits).copied().collect();
        let whole = || -> Set {
            let nodes = self.all.net.nodes.iter().enumerate();
            let left = nodes.filter(|(at, n)| n.item.element.is_some() && !hit.contains(at));
            left.map(|(at, _)| at).collect()
        };
        let used = self.used(&state);
        let way = match self.all.way(&used) {
            Some(way) => Some((used, way)),
            None => Some(whole()).and_then(|all| self.all.way(&all).map(|way| (all, way))),
        };
        let Some((places, way)) = way.filter(|(places, _)| !self.found.contains(places)) else {
            return false;
        };
        self.found.push(places);
        self.all.ways.push(way);
        true
    }

    /// The elements through which the function is served: of each need the quickest members.
    fn used(&self, state: &State) -> Set {
        let net = &self.all.net;
        let mut met = vec![false; net.nodes.len()];
        let mut open = vec![0];
        met[0] = true;
        while let Some(at) = open.pop() {
            for need in &net.nodes[at].needs {
                for member in chosen(need, state, &met, state[at].running) {
                    if !std::mem::replace(&mut met[member], true) {
                        open.push(member);
                    }
                }
            }
        }
        let nodes = net.nodes.iter().enumerate();
        nodes.filter(|(at, n)| met[*at] && n.item.element.is_some()).map(|(at, _)| at).collect()
    }

    /// A way for every set of losses that the function says it survives.
    fn together(&mut self) {
        let order = self.all.order();
        let most = MAX_WAYS + 3 * self.all.net.losses.len();
        let (mut open, mut met): (Vec<Set>, BTreeSet<Set>) = (vec![Set::new()], BTreeSet::new());
        while let Some(set) = open.pop().filter(|_| self.found.len() < most) {
            if order < 2 || self.all.accepted.iter().any(|accepted| accepted.is_subset(&set)) {
                continue;
            }
            let lost: Vec<usize> = set.iter().copied().collect();
            if self.all.avoiding(&lost).next().is_none() && !self.add(&lost) {
                continue;
            }
            let Some(way) = self.all.avoiding(&lost).next().filter(|_| set.len() < order) else {
                continue;
            };
            let more = (0..way.touched.len()).filter(|loss| way.touched[*loss]);
            let more = more.map(|loss| set.iter().copied().chain([loss]).collect::<Set>());
            open.extend(more.filter(|set| self.all.claimed(set) && met.insert(set.clone())));
        }
    }
}

/// The members that serve a need: of a succession the first who is there, else the quickest; among equals those that
/// serve already.
fn chosen(need: &Need, state: &State, met: &[bool], running: bool) -> Vec<usize> {
    let there = |m: &usize| if running { state[*m].running } else { state[*m].up };
    let mut there: Vec<usize> = need.members.iter().copied().filter(there).collect();
    if !need.ordered {
        there.sort_by_key(|m| (state[*m].ms, !met[*m]));
    }
    there.truncate(need.k as usize);
    there
}
