//! A cone as a circuit: a node is up when it is not hit and enough of what each of its needs names is up.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::cone::Cone;
use super::evaluate::Base;
use crate::logic::copies::{follows_blindly, spread};
use crate::logic::credible::recall_needed;
use crate::logic::model::{Id, Model};
use crate::logic::times::{decision_bound, takes};
use crate::{Activation, Condition, LossSort, Need as Stated};

/// At least `k` of `members`.
pub(crate) struct Need {
    /// The node that has the need.
    pub of: usize,
    pub k: u32,
    pub members: Vec<usize>,
    /// Required while running, no bar to starting.
    pub to_run: bool,
    /// The first in the order that is there serves, not the quickest.
    pub ordered: bool,
    /// The node holds out for so many milliseconds, and waits only for what comes later than that.
    pub held_out: Option<u64>,
}

/// A part of what serves.
#[derive(Default)]
pub(crate) struct Node {
    /// The numbers of its needs.
    pub needs: Vec<usize>,
    /// Not at work before there is a loss.
    pub latent: bool,
    /// The times of its needs add up.
    pub sum: bool,
    /// How long it takes once all needs are met, in milliseconds.
    pub delay: u64,
}

/// Which backups stand in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// All that are credible.
    All,
    /// For its primary this one alone.
    Alone(usize),
    /// None; what it would take to call on each is there all the same.
    Nobody,
}

/// A loss and the nodes that it hits.
pub(crate) struct Loss {
    pub sort: LossSort,
    pub of: Id,
    pub hits: Vec<usize>,
}

/// The circuit of a cone. The first nodes are its items in their order; the function is node 0.
pub(crate) struct Circuit {
    pub nodes: Vec<Node>,
    pub needs: Vec<Need>,
    /// Per node the needs that name it, once for each time.
    pub uses: Vec<Vec<usize>>,
    pub losses: Vec<Loss>,
    /// Per backup that stands in the node that is up while it can be called on.
    pub gates: BTreeMap<usize, usize>,
    pub any_to_run: bool,
    /// What is so without losses; worked out when it is asked for.
    pub base: OnceCell<Base>,
}

impl Circuit {
    /// Linear in the cone.
    pub fn of(model: &Model<'_>, cone: &Cone<'_>, standing: Standing) -> Circuit {
        let nodes = cone.items.iter().map(|_| Node::default()).collect();
        let served = (0..cone.items.len()).collect();
        let mut build = Build { model, cone, nodes, needs: Vec::new(), served };
        for primary in cone.stand_ins.keys() {
            build.served[*primary] = build.node(Node::default());
        }
        (0..cone.items.len()).for_each(|at| build.item(at));
        let gates = build.stand_ins(standing);
        let losses = build.losses();
        let (nodes, needs) = (build.nodes, build.needs);
        let mut uses = vec![Vec::new(); nodes.len()];
        for (number, need) in needs.iter().enumerate() {
            need.members.iter().for_each(|member| uses[*member].push(number));
        }
        let any_to_run = needs.iter().any(|need| need.to_run);
        Circuit { nodes, needs, uses, losses, gates, any_to_run, base: OnceCell::new() }
    }
}

struct Build<'b, 'a> {
    model: &'b Model<'a>,
    cone: &'b Cone<'a>,
    nodes: Vec<Node>,
    needs: Vec<Need>,
    /// Per item the node that others need: it, or one of its backups.
    served: Vec<usize>,
}

impl Build<'_, '_> {
    fn node(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// A step of an activation: nothing is seen or decided before there is a loss.
    fn step(&mut self, delay: u64) -> usize {
        self.node(Node { latent: true, delay, ..Node::default() })
    }

    fn all_of(&mut self, node: usize, members: Vec<usize>) {
        if !members.is_empty() {
            self.some_of(node, members.len() as u32, members);
        }
    }

    fn some_of(&mut self, node: usize, k: u32, members: Vec<usize>) {
        self.add(Need { of: node, k, members, to_run: false, ordered: false, held_out: None });
    }

    fn add(&mut self, need: Need) {
        self.nodes[need.of].needs.push(self.needs.len());
        self.needs.push(need);
    }

    fn served_as(&self, name: &str) -> Option<usize> {
        self.cone.at(self.model, name).map(|at| self.served[at])
    }

    fn all_served(&mut self, node: usize, names: &[String]) {
        let members = names.iter().filter_map(|name| self.served_as(name)).collect();
        self.all_of(node, members);
    }

    fn need(&mut self, node: usize, stated: &Stated) {
        let members = stated.of.iter().filter_map(|name| self.served_as(name)).collect();
        let (k, to_run) = (stated.count, stated.to_run);
        self.add(Need { of: node, k, members, to_run, ordered: false, held_out: None });
    }

    fn item(&mut self, at: usize) {
        let item = self.cone.items[at];
        item.rests_on().for_each(|need| self.need(at, need));
        let covers = item.backup.and_then(|backup| backup.covers.as_ref());
        self.all_served(
            at,
            covers.and_then(|load| load.resupplied_by.as_ref()).map_or(&[], std::slice::from_ref),
        );
    }

    fn stand_ins(&mut self, standing: Standing) -> BTreeMap<usize, usize> {
        let cone = self.cone;
        let all = cone.stand_ins.values().flatten();
        let gates: BTreeMap<usize, usize> =
            all.map(|backup| (*backup, self.gate(*backup))).collect();
        gates.iter().for_each(|(backup, gate)| self.holds_out(*backup, *gate, &gates));
        for (primary, backups) in &cone.stand_ins {
            let mut members = vec![*primary];
            for backup in backups {
                let stands = match standing {
                    Standing::All => true,
                    Standing::Alone(one) => one == *backup || !backups.contains(&one),
                    Standing::Nobody => false,
                };
                members.extend(gates.get(backup).filter(|_| stands));
            }
            self.some_of(self.served[*primary], 1, members);
        }
        gates
    }

    /// What holds out until another backup is there is of use only where that one can be called on, and in the end
    /// not before that one where it comes too late.
    fn holds_out(&mut self, at: usize, gate: usize, gates: &BTreeMap<usize, usize>) {
        let Some(backup) = self.cone.items[at].backup else { return };
        let second = self.model.holds_out_for(backup).and_then(|by| self.cone.at(self.model, by));
        if let Some(second) = second.and_then(|second| gates.get(&second)) {
            let held_out = backup.covers.as_ref().and_then(|load| load.resupplied_within_ms);
            let members = vec![*second];
            self.add(Need { of: gate, k: 1, members, to_run: false, ordered: false, held_out });
        }
    }

    /// A backup that can be called on: seen, decided, opened and reached one after the other, then it.
    fn gate(&mut self, at: usize) -> usize {
        let item = self.cone.items[at];
        let function = self.cone.items.first().and_then(|f| f.function);
        let (Some(backup), Some(function)) = (item.backup, function) else { return at };
        let delay = takes(backup).saturating_add(recall_needed(backup, function));
        let gate = self.node(Node { latent: true, sum: true, delay, ..Node::default() });
        if let Some(activation) = &backup.activation {
            self.activation(gate, activation);
        }
        self.all_of(gate, vec![at]);
        gate
    }

    fn activation(&mut self, gate: usize, activation: &Activation) {
        if let Some(when) = &activation.when {
            let seen = self.seen(when);
            let detection = self.step(activation.hold_ms.unwrap_or(0));
            self.all_of(detection, vec![seen]);
            self.all_of(gate, vec![detection]);
        }
        if !activation.by.is_empty() {
            let mut members = Vec::new();
            for (number, authority) in activation.by.iter().enumerate() {
                let step = self.step(decision_bound(activation, number).unwrap_or(0));
                self.need(step, &authority.who);
                members.push(step);
            }
            let decision = self.step(0);
            let (to_run, ordered, held_out) = (false, true, None);
            self.add(Need { of: decision, k: 1, members, to_run, ordered, held_out });
            self.all_of(gate, vec![decision]);
        }
        let access = self.step(0);
        activation.with.iter().chain(&activation.funded_by).for_each(|n| self.need(access, n));
        activation.fences.iter().for_each(|fence| self.all_served(access, &fence.via));
        for reach in &activation.reach {
            let way = self.step(reach.within_ms.unwrap_or(0));
            self.all_served(way, &reach.via);
            self.all_of(access, vec![way]);
        }
        self.all_of(gate, vec![access]);
    }

    /// A node that is up while the condition can be observed. `not x` is observed where x is.
    fn seen(&mut self, when: &Condition) -> usize {
        match when {
            Condition::Signal(name) => {
                let latency = self.model.item(name).signal.and_then(|s| s.within_ms);
                let node = self.step(latency.unwrap_or(0));
                let own = self.cone.at(self.model, name).into_iter().collect();
                self.all_of(node, own);
                node
            }
            Condition::Not(of) => self.seen(of),
            Condition::AtLeast { count, of } => {
                let members = of.iter().map(|of| self.seen(of)).collect();
                let node = self.step(0);
                self.some_of(node, *count, members);
                node
            }
        }
    }

    fn losses(&self) -> Vec<Loss> {
        let (cone, mut losses) = (self.cone, Vec::new());
        let mut ids: Vec<(usize, Id)> = cone.local.iter().map(|(id, at)| (*at, *id)).collect();
        ids.sort_unstable();
        let mut followers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, item) in cone.items.iter().enumerate() {
            let primary = item.backup.and_then(|b| cone.at(self.model, b.primary.as_deref()?));
            if let Some(primary) =
                primary.filter(|p| cone.items[*p].is("record") && follows_blindly(self.model, item))
            {
                followers.entry(primary).or_default().push(at);
            }
        }
        for (at, of) in ids {
            if cone.items[at].element.is_some() {
                losses.push(Loss { sort: LossSort::Lost, of, hits: vec![at] });
            }
            if cone.items[at].is("record") {
                let hits = spread([at], &followers);
                losses.push(Loss { sort: LossSort::Corrupted, of, hits });
            }
        }
        for (of, controlled) in &cone.controlled {
            let own = cone.local.get(of).copied();
            let altered = controlled.iter().copied().filter(|at| !cone.items[*at].immutable());
            let hits = spread(own.into_iter().chain(altered), &followers);
            losses.push(Loss { sort: LossSort::Compromised, of: *of, hits });
        }
        losses
    }
}
