//! What must be there for what: the failure logic of the rule set, once for all functions.
//!
//! Which backups count for a function, its [`super::Schedule`] says: a gate that is not on it never opens.

use serde::Serialize;

use super::{Names, Number};
use crate::logic::credible::needed_loan;
use crate::logic::model::Met;
use crate::logic::times::takes;
use crate::{Activation, Backup, Condition};

/// A node: up when all of its needs are met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Node {
    /// What it needs. Of a gate, what the activation needs; the backup itself comes on top.
    pub needs: Vec<Need>,
    /// A part of an activation: never running by itself.
    pub latent: bool,
    /// The number of the backup whose gate it is.
    pub gate: Option<Number>,
}

/// At least `k` of these nodes; one that stands twice counts twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Need {
    /// How many.
    pub k: u32,
    /// Of which.
    pub of: Vec<Number>,
    /// What meets it.
    pub met: Met,
    /// Not needed any more once this thing is fenced.
    pub fences: Option<Number>,
    /// What a backup holds out for: for a time it stands in without.
    pub until: bool,
}

impl Need {
    fn all(of: Vec<Number>) -> Need {
        Need { k: of.len() as u32, of, met: Met::ToStart, fences: None, until: false }
    }

    fn before(self) -> Need {
        Need { met: Met::Before, ..self }
    }
}

/// All nodes, and where they are.
pub(super) struct Circuit {
    pub nodes: Vec<Node>,
    /// Per thing the node that others need.
    pub served: Vec<Number>,
    /// Per backup its gate.
    pub gates: Vec<Number>,
    /// Per backup the node of each step of its order of succession.
    pub steps: Vec<Vec<Number>>,
    /// Per backup how many of the first needs of its gate are what opens and reaches it.
    pub access: Vec<u32>,
}

pub(super) fn build(names: &Names<'_>) -> Result<Circuit, String> {
    let things = names.model.items.len();
    let mut circuit = Circuit {
        nodes: vec![Node::default(); things],
        served: (0..things as u32).collect(),
        gates: Vec::new(),
        steps: Vec::new(),
        access: Vec::new(),
    };
    for (at, backup) in names.backups.iter().enumerate() {
        let gate = Node { latent: true, gate: Some(at as u32), ..Node::default() };
        let gate = circuit.node(gate);
        circuit.gates.push(gate);
        let Some(primary) = &backup.primary else { continue };
        let primary = names.number(primary)?;
        if circuit.served.get(primary as usize) == Some(&primary) {
            let served = circuit.node(Node::default());
            let own = Need::all(vec![primary]);
            circuit.add(served, own);
            if let Some(of) = circuit.served.get_mut(primary as usize) {
                *of = served;
            }
        }
        let served = circuit.served_as(primary);
        let need = circuit.nodes.get_mut(served as usize).and_then(|n| n.needs.first_mut());
        if let Some(need) = need {
            need.of.push(gate);
        }
    }
    circuit.prefer_the_fastest(names);
    circuit.needs(names)?;
    for (at, backup) in names.backups.iter().enumerate() {
        let gate = circuit.gates.get(at).copied().unwrap_or_default();
        let (mut steps, mut access) = (Vec::new(), 0);
        if let Some(activation) = &backup.activation {
            access = circuit.access(names, gate, backup, activation)?;
            steps = circuit.decision(names, gate, activation)?;
            if let Some(when) = &activation.when {
                let seen = circuit.seen(names, when)?;
                circuit.add(gate, Need::all(vec![seen]).before());
            }
        }
        circuit.steps.push(steps);
        circuit.access.push(access);
    }
    Ok(circuit)
}

impl Circuit {
    fn node(&mut self, node: Node) -> Number {
        self.nodes.push(node);
        self.nodes.len() as u32 - 1
    }

    fn add(&mut self, node: Number, need: Need) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.needs.push(need);
        }
    }

    fn served_as(&self, thing: Number) -> Number {
        self.served.get(thing as usize).copied().unwrap_or(thing)
    }

    /// Of several stand-ins the one that serves soonest comes first, then the one that is declared first.
    fn prefer_the_fastest(&mut self, names: &Names<'_>) {
        let backup_of: Vec<Option<Number>> = self.nodes.iter().map(|n| n.gate).collect();
        let key = |gate: &Number| {
            let backup = backup_of.get(*gate as usize).copied().flatten();
            let backup = backup.and_then(|at| names.backups.get(at as usize));
            backup.map(|backup| (takes(backup), backup.order, *gate))
        };
        for thing in 0..names.model.items.len() {
            let served = self.served.get(thing).copied().unwrap_or_default() as usize;
            if served == thing {
                continue;
            }
            let need = self.nodes.get_mut(served).and_then(|n| n.needs.first_mut());
            if let Some((_, gates)) = need.and_then(|need| need.of.split_first_mut()) {
                gates.sort_by_key(&key);
            }
        }
    }

    fn need(&self, names: &Names<'_>, need: &crate::Need) -> Result<Need, String> {
        let of = names.numbers(&need.of)?.into_iter().map(|thing| self.served_as(thing));
        Ok(Need { k: need.count, ..Need::all(of.collect()) })
    }

    fn all_of(&self, names: &Names<'_>, ids: &[String]) -> Result<Need, String> {
        let of = names.numbers(ids)?.into_iter().map(|thing| self.served_as(thing));
        Ok(Need::all(of.collect()))
    }

    /// What functions, signals, elements and backups rest on themselves.
    fn needs(&mut self, names: &Names<'_>) -> Result<(), String> {
        for item in &names.model.items {
            let node = names.number(item.name)?;
            for (need, met) in item.rests_on() {
                let need = Need { met, ..self.need(names, need)? };
                self.add(node, need);
            }
            if let Some((backup, by)) = item.backup.zip(item.resupplied_by()) {
                let until = names.model.holds_out_for(backup).is_some();
                let need = Need { until, ..self.all_of(names, &[by.to_owned()])? };
                self.add(node, need);
            }
        }
        Ok(())
    }

    /// What opens, pays for, reaches and fences, and who calls back what is lent, where that is needed; how many needs
    /// that is.
    fn access(
        &mut self,
        names: &Names<'_>,
        gate: Number,
        backup: &Backup,
        activation: &Activation,
    ) -> Result<u32, String> {
        let mut needs = Vec::new();
        for need in activation.with.iter().chain(&activation.funded_by) {
            needs.push(self.need(names, need)?);
        }
        for reach in &activation.reach {
            needs.push(self.all_of(names, &reach.via)?);
        }
        for fence in &activation.fences {
            let fences = Some(names.number(&fence.target)?);
            needs.push(Need { fences, ..self.all_of(names, &fence.via)? });
        }
        let loan = needed_loan(&names.model, backup);
        let recaller = loan.and_then(|lends| lends.by.as_ref());
        if let Some(by) = recaller.filter(|by| names.model.find(by).is_some()) {
            needs.push(self.all_of(names, std::slice::from_ref(by))?);
        }
        let count = needs.len() as u32;
        needs.into_iter().for_each(|need| self.add(gate, need.before()));
        Ok(count)
    }

    /// Somebody in the order of succession can act. Nobody at all, where nobody is named, asks for nothing:
    /// such a backup is not credible.
    fn decision(
        &mut self,
        names: &Names<'_>,
        gate: Number,
        activation: &Activation,
    ) -> Result<Vec<Number>, String> {
        let mut steps = Vec::new();
        for authority in &activation.by {
            let need = self.need(names, &authority.who)?;
            let step = Node { needs: vec![need], latent: true, gate: None };
            steps.push(self.node(step));
        }
        if !steps.is_empty() {
            self.add(gate, Need { k: 1, ..Need::all(steps.clone()) }.before());
        }
        Ok(steps)
    }

    /// A node that is up while the condition can be observed. `not x` is observed where x is.
    fn seen(&mut self, names: &Names<'_>, when: &Condition) -> Result<Number, String> {
        match when {
            // The signal itself: a stand-in for it observes something else.
            Condition::Signal(id) => names.number(id),
            Condition::Not(inner) => self.seen(names, inner),
            Condition::AtLeast { count, of } => {
                let of: Result<Vec<Number>, String> =
                    of.iter().map(|inner| self.seen(names, inner)).collect();
                let need = Need { k: *count, ..Need::all(of?) };
                Ok(self.node(Node { needs: vec![need], latent: true, gate: None }))
            }
        }
    }
}
