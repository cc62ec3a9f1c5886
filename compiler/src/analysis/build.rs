//! From the elements of a cone to the circuit that the fault engine understands.
//!
//! Each element is a node; an element that credible backups stand in for has a second one, "served":
//! itself or one of their usable-gates. A usable-gate needs, one after the other, that the trigger
//! is seen, that somebody decides, that what opens and reaches the backup is there, and the backup. What an activation
//! calls on must be at work before the backup is called on, and so must whoever installs it.

use rbp_grammar::ast::{LossSort, Role, SignalExpr};
use rbp_grammar::head::Head;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::bridge::resupplier;
use crate::analysis::cone::{Cone, Index};
use crate::analysis::names::Loss;
use crate::faults::{
    BuildError, Combine, EventId, Met, Need, NodeId, NodeSpec, Structure, StructureBuilder,
};
use crate::model::{Activation, AuthorityView, BareNeed, Element, NEEDS};
use crate::names::ItemId;

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// The element itself.
    Element(Index),
    /// The element or one of its backups.
    Served(Index),
    /// A backup that can be called on.
    Usable(Index),
    /// Its trigger can be seen.
    Detection(Index),
    /// Somebody can decide.
    Decision(Index),
    /// What opens, pays for, fences and reaches it is there, and who calls back what of it is lent.
    Access(Index),
    /// A part of one of these.
    Inner,
}

/// The circuit of a cone, with the way back from its numbers.
#[derive(Debug)]
pub struct Circuit {
    /// The circuit.
    pub structure: Structure,
    /// What each node stands for.
    pub meanings: Vec<Meaning>,
    /// The losses, by number of their event.
    pub losses: Vec<Loss>,
    /// Per element its own node.
    pub own: Vec<NodeId>,
    /// The node of the function.
    pub top: NodeId,
    /// Per backup its usable-gates.
    pub usable: FxHashMap<Index, NodeId>,
    /// Per backup the steps of its activation rule.
    pub steps: FxHashMap<Index, Steps>,
}

/// The nodes of an activation rule, as far as it states them.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// Its trigger is seen and held.
    pub detection: Option<NodeId>,
    /// Somebody has decided.
    pub decision: Option<NodeId>,
    /// Each in the order of succession.
    pub deciders: Vec<NodeId>,
    /// It is open and reached.
    pub access: Option<NodeId>,
}

/// How backups are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backups {
    /// As they are.
    Real,
    /// As if each could always be called on: what still fails then, no backup addresses.
    Ideal,
    /// As they are, and this one alone for its primary.
    Alone(Index),
}

/// Builds the circuit. Linear in the cone.
pub fn circuit(cone: &Cone, backups: Backups) -> Result<Circuit, BuildError> {
    let mut build = Build {
        cone,
        builder: StructureBuilder::new(),
        meanings: Vec::new(),
        own: Vec::new(),
        served: Vec::new(),
        losses: Vec::new(),
        steps: FxHashMap::default(),
    };
    build.nodes();
    build.needs();
    let usable = build.stand_ins(backups);
    build.losses();
    let top = build.own.first().copied().unwrap_or(NodeId(0));
    let structure = build.builder.build()?;
    let (meanings, losses, own, steps) = (build.meanings, build.losses, build.own, build.steps);
    Ok(Circuit { structure, meanings, losses, own, top, usable, steps })
}

struct Build<'a> {
    cone: &'a Cone,
    builder: StructureBuilder,
    meanings: Vec<Meaning>,
    /// Per element its own node.
    own: Vec<NodeId>,
    /// Per element the node that others need.
    served: Vec<NodeId>,
    losses: Vec<Loss>,
    steps: FxHashMap<Index, Steps>,
}

impl<'a> Build<'a> {
    fn node(&mut self, meaning: Meaning, spec: NodeSpec) -> NodeId {
        self.meanings.push(meaning);
        self.builder.node(spec)
    }

    /// A step of an activation. Nothing is detected or decided before there is a loss, so it is never
    /// running: its time always counts.
    fn step(&mut self, meaning: Meaning, delay: u64) -> NodeId {
        self.node(meaning, NodeSpec { latent: true, delay, ..NodeSpec::default() })
    }

    /// A step that needs all of the others and takes some time after them.
    fn gate(&mut self, meaning: Meaning, delay: u64, members: Vec<NodeId>) -> NodeId {
        let gate = self.step(meaning, delay);
        self.all_of(gate, members);
        gate
    }

    fn all_of(&mut self, gate: NodeId, members: Vec<NodeId>) {
        if !members.is_empty() {
            let k = members.len() as u32;
            self.builder.need(gate, Need { k, members, ..Need::default() });
        }
    }

    /// A step of its activation that a usable-gate needs: it is taken before the backup is called on.
    fn before(&mut self, gate: NodeId, step: NodeId) {
        let (k, members, met) = (1, vec![step], Met::Before);
        self.builder.need(gate, Need { k, members, met, ..Need::default() });
    }

    fn nodes(&mut self) {
        for at in 0..self.cone.elements.len() {
            let own = self.node(Meaning::Element(at), NodeSpec::default());
            self.own.push(own);
            let served = match self.cone.stand_ins.get(&at) {
                Some(_) => self.node(Meaning::Served(at), NodeSpec::default()),
                None => own,
            };
            self.served.push(served);
        }
    }

    fn served_as(&self, id: ItemId) -> Option<NodeId> {
        self.served.get(*self.cone.index.get(&id)?).copied()
    }

    fn need(&mut self, node: NodeId, need: &BareNeed<'_>, met: Met) {
        self.some_of_these(node, (need.count, need.named()), met, need.of());
    }

    /// So many of so many names that mean something or not.
    fn some_of_these(
        &mut self,
        node: NodeId,
        (count, named): (u32, u32),
        met: Met,
        of: impl Iterator<Item = ItemId>,
    ) {
        let members: Vec<NodeId> = of.filter_map(|id| self.served_as(id)).collect();
        // A name that means nothing is reported as such, and is taken to be there.
        let unknown = named.saturating_sub(members.len() as u32);
        let k = count.saturating_sub(unknown);
        self.builder.need(node, Need { k, members, met, ..Need::default() });
    }

    fn needs(&mut self) {
        let cone = self.cone;
        for (at, element) in cone.elements.iter().enumerate() {
            let node = self.own[at];
            // Its own primary is not there until the backup itself has brought it back.
            let primary = element.primary().map(|primary| primary.id);
            for need in element.bare_needs(NEEDS).chain(element.bare_needs(&[Head::From])) {
                let to_run = need.to_run && need.of().all(|id| Some(id) != primary);
                self.need(node, &need, if to_run { Met::ToRun } else { Met::ToStart });
            }
            if element.role() == Role::Backup {
                self.backup_needs(node, element);
            }
        }
    }

    /// What a backup itself needs apart from its needs clauses.
    fn backup_needs(&mut self, node: NodeId, backup: &Element) {
        for need in backup.bare_needs(&[Head::InstalledBy]) {
            self.need(node, &need, Met::Before);
        }
        let by = resupplied_by(backup).and_then(|by| self.served_as(by));
        self.all_of(node, by.into_iter().collect());
    }

    fn stand_ins(&mut self, backups: Backups) -> FxHashMap<Index, NodeId> {
        let cone = self.cone;
        let mut primaries: Vec<_> = cone.stand_ins.iter().collect();
        primaries.sort();
        let mut usable = FxHashMap::default();
        for backup in primaries.iter().flat_map(|(_, backups_of)| *backups_of) {
            usable.insert(*backup, self.usable(*backup, backups));
        }
        if backups != Backups::Ideal {
            primaries.iter().for_each(|(_, of)| of.iter().for_each(|b| self.bridge(*b, &usable)));
        }
        for (primary, _) in primaries {
            let mut members = vec![self.own[*primary]];
            members
                .extend(standing(cone, *primary, backups).filter_map(|b| usable.get(&b).copied()));
            let served = self.served[*primary];
            self.builder.need(served, Need { k: 1, members, ..Need::default() });
        }
        usable
    }

    fn usable(&mut self, at: Index, backups: Backups) -> NodeId {
        let backup = &self.cone.elements[at];
        let time = |head| backup.duration(head).map_or(0, |t| t.ms);
        let recall = self.cone.loans.get(&at).map_or(0, |loan| loan.recall);
        let delay = time(Head::RestoresWithin).saturating_add(time(Head::VerifiedWithin));
        let delay = delay.saturating_add(recall);
        let spec = NodeSpec { latent: true, combine: Combine::Sum, delay };
        let gate = self.node(Meaning::Usable(at), spec);
        if backups != Backups::Ideal {
            if let Some(activation) = backup.activation() {
                self.activation(at, gate, &activation);
            }
            let own = self.own[at];
            self.all_of(gate, vec![own]);
        }
        gate
    }

    /// What holds out until another backup takes over is of use only where that one can be called on, and not before
    /// that one where it comes later than it is counted on.
    fn bridge(&mut self, at: Index, usable: &FxHashMap<Index, NodeId>) {
        let primary = |at: Index| self.cone.elements[at].primary().map(|primary| primary.id);
        let Some((by, within)) = resupplier(&self.cone.elements[at]) else { return };
        let second = self.cone.index.get(&by).filter(|second| primary(**second) == primary(at));
        let second = second.and_then(|second| usable.get(second));
        if let (Some(gate), Some(second)) = (usable.get(&at), second) {
            let (members, held_out) = (vec![*second], Some(within.ms));
            self.builder.need(*gate, Need { k: 1, members, held_out, ..Need::default() });
        }
    }

    /// Each step is a need of its own, so that their times add up.
    fn activation(&mut self, at: Index, gate: NodeId, activation: &Activation<'_>) {
        let mut steps = Steps::default();
        if let Some((when, hold)) = activation.when() {
            let seen = self.seen(activation.backup, when);
            let hold = hold.map_or(0, |hold| hold.ms);
            let detection = self.gate(Meaning::Detection(at), hold, vec![seen]);
            self.before(gate, detection);
            steps.detection = Some(detection);
        }
        let succession = activation.succession();
        if !succession.is_empty() {
            let (decision, deciders) = self.decision(at, &succession);
            self.before(gate, decision);
            steps.decision = Some(decision);
            steps.deciders = deciders;
        }
        let access = self.access(at, activation);
        self.before(gate, access);
        steps.access = Some(access);
        self.steps.insert(at, steps);
    }

    /// A node that is up while the expression can be observed. `not x` is observed where x is.
    fn seen(&mut self, backup: &Element, expr: &SignalExpr) -> NodeId {
        match expr {
            SignalExpr::Signal(name) => {
                let signal = backup.target(name).and_then(|id| self.cone.index.get(&id).copied());
                match signal {
                    Some(at) => {
                        let latency =
                            self.cone.elements[at].duration(Head::Within).map_or(0, |t| t.ms);
                        let own = self.own[at];
                        self.gate(Meaning::Element(at), latency, vec![own])
                    }
                    None => self.gate(Meaning::Inner, 0, Vec::new()),
                }
            }
            SignalExpr::Not(inner) => self.seen(backup, inner),
            SignalExpr::And(left, right) => {
                let both = vec![self.seen(backup, left), self.seen(backup, right)];
                self.gate(Meaning::Inner, 0, both)
            }
            SignalExpr::Or(left, right) => {
                let either = vec![self.seen(backup, left), self.seen(backup, right)];
                self.some_of(1, either)
            }
            SignalExpr::Some { count, of, .. } => {
                let members = of.iter().map(|inner| self.seen(backup, inner)).collect();
                self.some_of(count.value, members)
            }
        }
    }

    fn some_of(&mut self, k: u32, members: Vec<NodeId>) -> NodeId {
        let gate = self.step(Meaning::Inner, 0);
        self.builder.need(gate, Need { k, members, ..Need::default() });
        gate
    }

    /// The first in the order of succession who can act decides, within its own bound; one without
    /// a bound takes the next bound in the order, which it must meet before the next is asked.
    fn decision(&mut self, at: Index, succession: &[AuthorityView<'_>]) -> (NodeId, Vec<NodeId>) {
        let mut members = Vec::new();
        for (number, authority) in succession.iter().enumerate() {
            let delay = decision_bound(succession, number).unwrap_or(0);
            let step = self.step(Meaning::Inner, delay);
            let who = &authority.who;
            let of = who.of.iter().map(|target| target.id);
            self.some_of_these(step, (who.count, who.named), Met::ToStart, of);
            members.push(step);
        }
        let decision = self.step(Meaning::Decision(at), 0);
        let need = Need { k: 1, members: members.clone(), ordered: true, ..Need::default() };
        self.builder.need(decision, need);
        (decision, members)
    }

    fn access(&mut self, at: Index, activation: &Activation<'_>) -> NodeId {
        let access = self.step(Meaning::Access(at), 0);
        for head in [&[Head::With], &[Head::FundedBy]] {
            for need in activation.bare_needs(head) {
                self.need(access, &need, Met::ToStart);
            }
        }
        let by = self.cone.loans.get(&at).and_then(|loan| loan.by);
        let by = by.and_then(|by| self.served_as(by));
        self.all_of(access, by.into_iter().collect());
        for (_, via, _) in activation.fences() {
            let via = via.iter().filter_map(|target| self.served_as(target.id)).collect();
            self.all_of(access, via);
        }
        for (via, within, _) in activation.reaches() {
            let via = via.iter().filter_map(|target| self.served_as(target.id)).collect();
            let way = self.gate(Meaning::Inner, within.map_or(0, |w| w.ms), via);
            self.all_of(access, vec![way]);
        }
        access
    }

    // ---- losses ------------------------------------------------------------------------------

    fn losses(&mut self) {
        let cone = self.cone;
        let followers = followers(cone);
        for (at, element) in cone.elements.iter().enumerate() {
            if !matches!(element.role(), Role::Dependency | Role::Backup) {
                continue;
            }
            let event = self.loss(Loss { of: at, sort: LossSort::Lost });
            self.builder.hit(event, self.own[at]);
            if element.is("record") {
                let event = self.loss(Loss { of: at, sort: LossSort::Corrupted });
                self.spread(event, vec![at], &followers);
            }
        }
        for (number, (controller, controlled)) in cone.controllers.iter().enumerate() {
            self.compromise(number, controller, controlled, &followers);
        }
    }

    fn loss(&mut self, loss: Loss) -> EventId {
        self.losses.push(loss);
        self.builder.event()
    }

    /// What is wrong in a record is soon wrong in every copy that follows it, and in their copies.
    fn spread(
        &mut self,
        event: EventId,
        mut reached: Vec<Index>,
        followers: &FxHashMap<Index, Vec<Index>>,
    ) {
        let mut seen: FxHashSet<Index> = reached.iter().copied().collect();
        let mut next = 0;
        while let Some(at) = reached.get(next).copied() {
            next += 1;
            self.builder.hit(event, self.own[at]);
            let more = followers.get(&at).into_iter().flatten();
            reached.extend(more.copied().filter(|copy| seen.insert(*copy)));
        }
    }

    /// A compromise takes the principal, everything it controls that can be altered, and what
    /// follows that.
    fn compromise(
        &mut self,
        number: usize,
        controller: &Element,
        controlled: &[Index],
        followers: &FxHashMap<Index, Vec<Index>>,
    ) {
        let inside = self.cone.index.get(&controller.id).copied();
        let of = inside.unwrap_or(self.cone.elements.len() + number);
        let event = self.loss(Loss { of, sort: LossSort::Compromised });
        let altered = controlled.iter().filter(|at| !self.cone.elements[**at].has(Head::Immutable));
        let mut hit: Vec<Index> = inside.into_iter().chain(altered.copied()).collect();
        hit.sort_unstable();
        hit.dedup();
        self.spread(event, hit, followers);
    }
}

/// Who resupplies a backup.
fn resupplied_by(backup: &Element) -> Option<ItemId> {
    let (by, _) = backup.load(Head::Covers)?.resupply?;
    backup.target(by)
}

/// The backups that stand in for something.
fn standing(cone: &Cone, primary: Index, backups: Backups) -> impl Iterator<Item = Index> {
    let all = cone.stand_ins.get(&primary).map_or(&[][..], Vec::as_slice);
    let alone = match backups {
        Backups::Alone(one) => all.contains(&one).then_some(one),
        _ => None,
    };
    all.iter().copied().filter(move |backup| alone.is_none_or(|one| one == *backup))
}

/// Per record the copies that follow it.
fn followers(cone: &Cone) -> FxHashMap<Index, Vec<Index>> {
    let mut followers: FxHashMap<Index, Vec<Index>> = FxHashMap::default();
    for (at, copy) in cone.elements.iter().enumerate() {
        let primary = copy.primary().and_then(|primary| cone.index.get(&primary.id).copied());
        if let Some(primary) = primary
            && cone.elements[primary].is("record")
            && follows_blindly(cone, copy)
        {
            followers.entry(primary).or_default().push(at);
        }
    }
    followers
}

/// The bound on the decision of step `number` of an order of succession, in milliseconds. An
/// automatic step without a bound decides at once; any other takes the next bound in the order.
/// `None` where none is stated.
pub fn decision_bound(succession: &[AuthorityView<'_>], number: usize) -> Option<u64> {
    let own = succession.get(number)?;
    match own.within {
        Some(within) => Some(within.ms),
        None if own.automatic => Some(0),
        None => succession.iter().skip(number + 1).find_map(|a| a.within).map(|within| within.ms),
    }
}

/// Whether a copy takes over what happens to its primary before anybody can stop it.
fn follows_blindly(cone: &Cone, copy: &Element) -> bool {
    if !copy.has(Head::LagWithin) || copy.has(Head::Immutable) {
        return false;
    }
    let Some(delay) = copy.duration(Head::DelayedBy) else { return true };
    let detected = copy.activation().and_then(|a| a.when()).and_then(|(when, hold)| {
        Some(latency(cone, copy, when)?.saturating_add(hold.map_or(0, |h| h.ms)))
    });
    detected.is_none_or(|detected| delay.ms <= detected)
}

/// The longest latency of the signals in an expression.
fn latency(cone: &Cone, backup: &Element, expr: &SignalExpr) -> Option<u64> {
    match expr {
        SignalExpr::Signal(name) => {
            let at = cone.index.get(&backup.target(name)?)?;
            cone.elements.get(*at)?.duration(Head::Within).map(|t| t.ms)
        }
        SignalExpr::Not(inner) => latency(cone, backup, inner),
        SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
            Some(latency(cone, backup, left)?.max(latency(cone, backup, right)?))
        }
        SignalExpr::Some { of, .. } => {
            let all: Option<Vec<u64>> =
                of.iter().map(|inner| latency(cone, backup, inner)).collect();
            all?.into_iter().max()
        }
    }
}
