//! What a function rests on, directly or not, as a net: a node is up when it is not hit and enough of what each of its
//! needs names is up.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::evaluate::State;
use crate::logic::credible::{leave_out_unheld, needed_loan, recall_needed};
use crate::logic::loops::Loops;
use crate::logic::model::{Id, Item, Met, Model, signals};
use crate::logic::times::{decision_bound, takes};
use crate::{Activation, Backup, Condition, Function, LossSort, Need as Stated};

/// At least `k` of `members`.
#[derive(Default)]
pub(crate) struct Need {
    pub k: u32,
    pub members: Vec<usize>,
    pub met: Met,
    /// The first in the order that is there serves, not the quickest.
    pub ordered: bool,
    /// The node holds out for so many milliseconds, and waits only for what comes later than that.
    pub held_out: Option<u64>,
}

/// A part of what serves.
#[derive(Default)]
pub(crate) struct Node<'a> {
    /// The entry that it is; an empty one for a step in between.
    pub item: Item<'a>,
    /// The node that others need: this one, or one of the backups of the entry.
    pub served: usize,
    pub needs: Vec<Need>,
    /// Not at work before there is a loss.
    pub latent: bool,
    /// The times of its needs add up.
    pub sum: bool,
    /// How long it takes once all needs are met, in milliseconds.
    pub delay: u64,
}

/// What stands between a primary and one of its backups.
#[derive(Clone, Copy)]
pub(crate) struct Gate {
    pub primary: usize,
    /// Up while the backup can be called on.
    pub node: usize,
    /// Up while the backup stands in.
    pub stands: usize,
}

/// A loss and the nodes that it hits.
pub(crate) struct Loss {
    pub sort: LossSort,
    pub of: Id,
    pub hits: Vec<usize>,
}

/// The net of a function, which is node 0.
pub(crate) struct Net<'m, 'a> {
    pub model: &'m Model<'a>,
    pub nodes: Vec<Node<'a>>,
    /// Per node those that need it, once for each time.
    pub uses: Vec<Vec<usize>>,
    /// Per backup that stands in.
    pub gates: BTreeMap<usize, Gate>,
    pub losses: Vec<Loss>,
    /// Nodes that rest on one another, after those that they rest on.
    pub groups: Vec<Vec<usize>>,
    /// What is so without losses, and how long each node takes at most; worked out when it is asked for.
    pub base: OnceCell<State>,
    pub slowest: OnceCell<Vec<u64>>,
    pub loops: RefCell<Loops>,
    own: HashMap<Id, usize>,
    backups: BTreeMap<Id, Vec<Id>>,
}

impl<'m, 'a> Net<'m, 'a> {
    /// With the backups that count for a function in it. Linear in it, for each function in it.
    pub fn of(
        model: &'m Model<'a>,
        function: Id,
        counts: impl Fn(&Model<'_>, &Backup, &Function) -> bool,
    ) -> Self {
        let mut functions = vec![function];
        loop {
            let net = Net::over(model, function, stand_ins(model, &functions, &counts));
            // A function that rests on another is served by the other's backups as well.
            let inside = net.functions();
            if inside.len() == functions.len() {
                return net;
            }
            functions = inside;
        }
    }

    /// The same with the backups that do not count; `None` where all do.
    pub fn declared(&self) -> Option<Self> {
        let (model, functions) = (self.model, self.functions());
        let all = stand_ins(model, &functions, |_, _, _| true);
        (all != self.backups).then(|| Net::of(model, functions[0], |_, _, _| true))
    }

    fn functions(&self) -> Vec<Id> {
        let inside = self.nodes.iter().filter(|node| node.item.function.is_some());
        inside.filter_map(|node| self.model.find(node.item.name)).collect()
    }

    fn over(model: &'m Model<'a>, root: Id, backups: BTreeMap<Id, Vec<Id>>) -> Self {
        let (nodes, uses, gates, losses) = Default::default();
        let (groups, base, slowest, own, loops) = Default::default();
        let mut net =
            Net { model, nodes, uses, gates, losses, groups, base, slowest, loops, own, backups };
        net.own(root);
        let mut next = 0;
        while next < net.nodes.len() {
            net.expand(next);
            next += 1;
        }
        net.uses = vec![Vec::new(); net.nodes.len()];
        for (at, node) in net.nodes.iter().enumerate() {
            let members = node.needs.iter().flat_map(|need| &need.members);
            members.for_each(|member| net.uses[*member].push(at));
        }
        net.losses = net.losses();
        net.loops = RefCell::new(Loops::new(net.nodes.len()));
        let all: Vec<usize> = (0..net.nodes.len()).collect();
        net.groups = net.components(&all, |_| true);
        net
    }

    /// The node of an entry.
    pub fn at(&self, name: &str) -> Option<usize> {
        self.own.get(&self.model.find(name)?).copied()
    }

    /// Whether a backup stands in for something.
    pub fn stands_in(&self, name: &str) -> bool {
        self.at(name).is_some_and(|at| self.gates.contains_key(&at))
    }

    fn add(&mut self, node: Node<'a>) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn own(&mut self, id: Id) -> usize {
        if let Some(at) = self.own.get(&id) {
            return *at;
        }
        let at = self.add(Node { item: self.model.items[id], ..Node::default() });
        self.own.insert(id, at);
        let replaced = self.backups.contains_key(&id);
        self.nodes[at].served = if replaced { self.add(Node::default()) } else { at };
        at
    }

    fn served(&mut self, name: &str) -> Option<usize> {
        let own = self.own(self.model.find(name)?);
        Some(self.nodes[own].served)
    }

    fn all_served(&mut self, names: &[String]) -> Vec<usize> {
        names.iter().filter_map(|name| self.served(name)).collect()
    }

    fn wants(&mut self, of: usize, k: u32, members: Vec<usize>) -> &mut Need {
        let needs = &mut self.nodes[of].needs;
        needs.push(Need { k, members, ..Need::default() });
        let last = needs.len() - 1;
        &mut needs[last]
    }

    fn wants_all(&mut self, of: usize, members: Vec<usize>) {
        self.wants(of, members.len() as u32, members);
    }

    fn need(&mut self, of: usize, stated: &Stated, met: Met) {
        let members = self.all_served(&stated.of);
        self.wants(of, stated.count, members).met = met;
    }

    /// A step of an activation that waits for all of these: nothing is seen or decided before there is a loss.
    fn step(&mut self, delay: u64, members: Vec<usize>) -> usize {
        let step = self.add(Node { latent: true, delay, ..Node::default() });
        self.wants_all(step, members);
        step
    }

    /// Adds what an entry rests on, and the backups that stand in for it.
    fn expand(&mut self, at: usize) {
        let item = self.nodes[at].item;
        item.rests_on().for_each(|(need, met)| self.need(at, need, met));
        if let Some(backup) = item.backup {
            self.copy(&item, backup);
            let until = item.resupplied_by().and_then(|name| self.served(name));
            self.wants_all(at, until.into_iter().collect());
        }
        let Some(backups) = self.model.find(item.name).and_then(|id| self.backups.get(&id)) else {
            return;
        };
        let backups: Vec<usize> = backups.clone().into_iter().map(|id| self.own(id)).collect();
        let mut members = vec![at];
        for backup in &backups {
            let node = self.gate(*backup);
            let stands = self.step(0, vec![node]);
            self.gates.insert(*backup, Gate { primary: at, node, stands });
            members.push(stands);
        }
        backups.into_iter().for_each(|backup| self.holds_out(backup));
        self.wants(self.nodes[at].served, 1, members);
    }

    /// Of a copy also what it follows matters, and what would notice in time that this is wrong.
    fn copy(&mut self, item: &Item<'a>, backup: &'a Backup) {
        let Some(element) = item.element.filter(|e| e.lag_ms.is_some()) else { return };
        let when = item.activation().and_then(|a| a.when.as_ref());
        let when = when.filter(|_| element.delayed_ms.is_some());
        let signals = when.into_iter().flat_map(signals);
        for name in backup.primary.iter().map(String::as_str).chain(signals) {
            if let Some(id) = self.model.find(name) {
                self.own(id);
            }
        }
    }

    /// What holds out until another backup is there is of use only where that one can be called on, and in the end
    /// not before that one where it comes too late.
    fn holds_out(&mut self, at: usize) {
        let Some(backup) = self.nodes[at].item.backup else { return };
        let second = self.model.holds_out_for(backup).and_then(|by| self.at(by));
        if let Some(second) = second.and_then(|second| self.gates.get(&second)).copied() {
            let held_out = backup.covers.as_ref().and_then(|load| load.resupplied_within_ms);
            self.wants(self.gates[&at].node, 1, vec![second.node]).held_out = held_out;
        }
    }

    /// A backup that can be called on: seen, decided, opened and reached one after the other, then it.
    fn gate(&mut self, at: usize) -> usize {
        let Some(backup) = self.nodes[at].item.backup else { return at };
        let delay = takes(backup).saturating_add(recall_needed(self.model, backup));
        let gate = self.add(Node { latent: true, sum: true, delay, ..Node::default() });
        let recaller = needed_loan(self.model, backup).and_then(|lends| lends.by.as_deref());
        let steps = backup.activation.as_ref().map_or(Vec::new(), |a| self.activation(a, recaller));
        for step in steps {
            self.wants(gate, 1, vec![step]).met = Met::Before;
        }
        self.wants_all(gate, vec![at]);
        gate
    }

    fn activation(&mut self, activation: &'a Activation, recaller: Option<&str>) -> Vec<usize> {
        let mut steps = Vec::new();
        if let Some(when) = &activation.when {
            let seen = self.seen(when);
            steps.push(self.step(activation.hold_ms.unwrap_or(0), vec![seen]));
        }
        if !activation.by.is_empty() {
            let mut members = Vec::new();
            for (number, authority) in activation.by.iter().enumerate() {
                let step = self.step(decision_bound(activation, number).unwrap_or(0), Vec::new());
                self.need(step, &authority.who, Met::ToStart);
                members.push(step);
            }
            let decision = self.step(0, Vec::new());
            self.wants(decision, 1, members).ordered = true;
            steps.push(decision);
        }
        let mut ways: Vec<usize> =
            activation.fences.iter().flat_map(|fence| self.all_served(&fence.via)).collect();
        ways.extend(recaller.and_then(|by| self.served(by)));
        for reach in &activation.reach {
            let via = self.all_served(&reach.via);
            ways.push(self.step(reach.within_ms.unwrap_or(0), via));
        }
        let access = self.step(0, ways);
        let opened = activation.with.iter().chain(&activation.funded_by);
        opened.for_each(|need| self.need(access, need, Met::ToStart));
        steps.push(access);
        steps
    }

    /// A node that is up while the condition can be observed. `not x` is observed where x is.
    fn seen(&mut self, when: &Condition) -> usize {
        match when {
            Condition::Signal(name) => {
                let latency = self.model.item(name).signal.and_then(|s| s.within_ms);
                let own = self.model.find(name).map(|id| self.own(id));
                self.step(latency.unwrap_or(0), own.into_iter().collect())
            }
            Condition::Not(of) => self.seen(of),
            Condition::AtLeast { count, of } => {
                let members = of.iter().map(|of| self.seen(of)).collect();
                let node = self.step(0, Vec::new());
                self.wants(node, *count, members);
                node
            }
        }
    }

    /// Every loss there is of it, in the order of the nodes; compromises last, in that of the entries.
    fn losses(&self) -> Vec<Loss> {
        let taken = &self.model.taken;
        let inside = |ids: Vec<Id>| ids.iter().filter_map(|id| self.own.get(id).copied()).collect();
        let (mut losses, mut principals) = (Vec::new(), BTreeSet::new());
        for (at, node) in self.nodes.iter().enumerate().filter(|(_, n)| n.item.element.is_some()) {
            let of = self.model.find(node.item.name).unwrap_or_default();
            losses.push(Loss { sort: LossSort::Lost, of, hits: vec![at] });
            if node.item.is("record") {
                let hits = inside(taken.corrupted(of));
                losses.push(Loss { sort: LossSort::Corrupted, of, hits });
            }
            let own = node.item.controlled_by().iter();
            principals.extend(own.filter_map(|name| self.model.find(name)));
        }
        losses.extend(principals.into_iter().map(|of| {
            let hits = inside(taken.compromised(of));
            Loss { sort: LossSort::Compromised, of, hits }
        }));
        losses
    }
}

/// Per primary the backups that count for one of these functions.
fn stand_ins(
    model: &Model<'_>,
    functions: &[Id],
    counts: impl Fn(&Model<'_>, &Backup, &Function) -> bool,
) -> BTreeMap<Id, Vec<Id>> {
    let mut found: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for function in functions.iter().filter_map(|id| model.items[*id].function) {
        for id in model.protectors(&function.id) {
            let backup = model.items[*id].backup.filter(|backup| counts(model, backup, function));
            let primary = backup.and_then(|b| model.find(b.primary.as_deref()?));
            let all = primary.map(|primary| found.entry(primary).or_default());
            if let Some(all) = all.filter(|all| !all.contains(id)) {
                all.push(*id);
            }
        }
    }
    found.values_mut().for_each(|standing| leave_out_unheld(model, standing));
    found.retain(|_, standing| !standing.is_empty());
    found
}
