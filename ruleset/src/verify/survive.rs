//! Which losses a function survives, and in what time: established anew from the ways in its certificate.
//!
//! A way is a set of elements. It is evaluated once, with everything else lost. The failure logic is monotone:
//! if the function is served then, it is served after all losses that take none of the way's elements, and
//! no later. So no loss ends the function when no loss takes something of every way.

use std::collections::BTreeSet;

use super::evaluate::{NEVER, State};
use super::ledger::Ledger;
use super::net::{Loss, Need, Net, Node};
use crate::logic::credible::credible;
use crate::logic::model::{Id, Met, Model};
use crate::logic::times::{behind, objective};
use crate::{Backup, Certificate, Function, LossSort, Objective, Obligation, Tolerance};

/// Losses on which a single point of failure can be accepted, whatever rule names it.
pub(crate) const SINGLE: [&str; 7] = [
    "single-point-of-failure",
    "shared-dependency",
    "shared-credential",
    "shared-activation-path",
    "recovery-loop",
    "corruption-propagates",
    "single-controller",
];

/// The losses of the largest cones are not evaluated each by itself: so many nodes are looked at for a function.
const MAX_NODES: usize = 100_000_000;

/// Sets of losses are looked for up to so many.
const MAX_SETS: usize = 1_000_000;

/// Whether an obligation is about what one loss ends.
fn ends_alone(o: &Obligation) -> bool {
    SINGLE.contains(&o.rule.as_str()) && o.losses.len() == 1
}

/// A set of losses by number.
pub(crate) type Set = BTreeSet<usize>;

/// A way, evaluated.
pub(crate) struct Way {
    /// Per loss whether it takes something of the way.
    pub touched: Vec<bool>,
    /// It serves without calling on a backup.
    pub running: bool,
    /// Within how many milliseconds it serves.
    pub ms: u64,
    /// How far the copies that it uses may be behind, in milliseconds.
    pub behind: u64,
}

/// One function with its ways.
pub(crate) struct Survival<'m, 'a> {
    pub model: &'m Model<'a>,
    pub function: &'a Function,
    pub net: Net<'m, 'a>,
    pub ways: Vec<Way>,
    /// Sets of losses of which an acceptance says that they may end the function.
    pub accepted: Vec<Set>,
}

impl<'m, 'a> Survival<'m, 'a> {
    pub fn of(model: &'m Model<'a>, function: &'a Function, id: Id) -> Self {
        let net = Net::of(model, id, credible);
        let (ways, accepted) = (Vec::new(), Vec::new());
        let mut all = Survival { model, function, net, ways, accepted };
        all.accepted = all.accepted();
        all
    }

    /// A loss by its number; nothing where it does not concern the function.
    pub fn number(&self, loss: &crate::Loss) -> Option<usize> {
        let of = self.model.find(&loss.element)?;
        self.net.losses.iter().position(|l| l.of == of && l.sort == loss.sort)
    }

    /// Only what ends the function is left aside: what may be said of one loss, or of several, says nothing of others.
    fn accepted(&self) -> Vec<Set> {
        let several = |o: &Obligation| o.rule == "cut-set-within-tolerance" && o.losses.len() > 1;
        let own = self.model.stated(&self.function.id).iter();
        let own = own.filter(|o| (ends_alone(o) || several(o)) && self.model.accepts(o));
        let sets = own.filter_map(|o| o.losses.iter().map(|loss| self.number(loss)).collect());
        let ends = |set: &Set| self.exactly(&Vec::from_iter(set.iter().copied())).is_none();
        sets.filter(ends).collect()
    }

    /// Evaluates the ways of a certificate; says which do not serve.
    pub fn take(&mut self, certificate: &Certificate) -> Vec<String> {
        let mut faults = Vec::new();
        for (number, names) in certificate.ways.iter().enumerate() {
            let places: Option<Set> = names.iter().map(|name| self.net.at(name)).collect();
            let sorted = names.is_sorted_by(|a, b| a < b);
            let way = places.filter(|_| sorted).and_then(|places| self.way(&places));
            match way {
                Some(way) => self.ways.push(way),
                None => faults.push(format!("way {} does not serve it", number + 1)),
            }
        }
        faults
    }

    pub fn way(&self, places: &Set) -> Option<Way> {
        let lost =
            |(at, node): (usize, &Node<'_>)| node.item.element.is_some() && !places.contains(&at);
        let hit: Vec<bool> = self.net.nodes.iter().enumerate().map(lost).collect();
        let state = self.net.at_most(&hit);
        let ms = state[0].ms;
        let touches = |loss: &Loss| loss.hits.iter().any(|at| places.contains(at));
        let touched = self.net.losses.iter().map(touches).collect();
        let copies = places.iter().filter_map(|at| self.net.nodes[*at].item.backup);
        let copies = copies.filter(|backup| !self.forgiven(backup, &[]));
        let behind = copies.map(|b| behind(self.model, b).unwrap_or(NEVER)).max().unwrap_or(0);
        state[0].up.then_some(Way { touched, running: state[0].running, ms, behind })
    }

    /// Whether an acceptance says that a copy may be further behind than the function may lose; after all losses, or
    /// after these.
    pub fn forgiven(&self, backup: &Backup, set: &[usize]) -> bool {
        let stated = self.model.stated(&backup.id).iter();
        let own = |o: &&&Obligation| {
            o.rule == "data-loss-exceeds-rpo" && o.functions.contains(&self.function.id)
        };
        let mut own = stated.chain(self.model.stated(&self.function.id)).filter(own);
        own.any(|o| {
            let of_all = o.subject == backup.id && o.losses.is_empty();
            let mut these = set.iter().map(|loss| &self.net.losses[*loss]);
            let named = |loss: &Loss| {
                let name = self.model.items[loss.of].name;
                o.losses.iter().any(|l| l.sort == loss.sort && l.element == name)
            };
            (of_all || !set.is_empty() && these.all(named)) && self.model.accepts(o)
        })
    }

    pub fn avoiding(&self, set: &[usize]) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(move |way| set.iter().all(|loss| !way.touched[*loss]))
    }

    /// What becomes of the circuit after exactly these losses.
    pub fn after(&self, set: &[usize]) -> State {
        self.net.after(set.iter().flat_map(|l| self.net.losses[*l].hits.iter().copied()))
    }

    /// How soon the function is back after exactly these losses; `None` where it is not.
    pub fn exactly(&self, set: &[usize]) -> Option<u64> {
        let state = self.after(set);
        state[0].up.then_some(state[0].ms)
    }

    pub fn held_to(&self, all: &[Objective], loss: usize) -> Option<u64> {
        let loss = &self.net.losses[loss];
        objective(all, loss.sort, |kind| self.model.items[loss.of].is(kind))
    }

    /// How far what serves after a loss may be behind, in milliseconds; however far, where no objective is stated at all.
    pub fn may_lose(&self, loss: usize) -> u64 {
        let unstated = if self.function.rpo.is_empty() { NEVER } else { 0 };
        self.held_to(&self.function.rpo, loss).unwrap_or(unstated)
    }

    pub fn named(&self, set: impl IntoIterator<Item = usize>) -> Vec<crate::Loss> {
        let loss = |number: usize| {
            let loss = &self.net.losses[number];
            crate::Loss { sort: loss.sort, element: self.model.items[loss.of].name.to_owned() }
        };
        set.into_iter().map(loss).collect()
    }

    /// Whether evaluating each single loss by itself would take long.
    pub fn is_large(&self) -> bool {
        self.net.losses.len().saturating_mul(self.net.nodes.len()) > MAX_NODES
    }

    /// Whether some way must avoid a loss: nobody has accepted that it ends the function.
    pub fn is_open(&self, loss: usize) -> bool {
        !self.accepted.iter().any(|set| set.len() == 1 && set.contains(&loss))
    }

    /// The single losses that some way must avoid.
    pub fn singles(&self) -> impl Iterator<Item = usize> {
        (0..self.net.losses.len()).filter(|loss| self.is_open(*loss))
    }

    /// That no loss ends the function, nor several that it says it survives, and that it can be started.
    pub fn judge(&self, out: &mut Ledger<'a>) {
        for loss in self.singles().filter(|loss| self.avoiding(&[*loss]).next().is_none()) {
            out.open(SINGLE[0], "no way avoids it", self.named([loss]));
        }
        out.unless_open(SINGLE[0]);
        self.by_themselves(out);
        if !self.net.gates.is_empty() {
            SINGLE[1..].iter().for_each(|rule| out.unless_open(rule));
        }
        let all = 0..self.net.nodes.len();
        let all: Vec<usize> = all.filter(|at| !self.net.nodes[*at].latent).collect();
        let start = |need: &Need| need.met != Met::ToRun;
        let own = |at: usize| {
            self.net.nodes[at].needs.iter().any(|n| start(n) && n.members.contains(&at))
        };
        let loops = self.net.components(&all, start);
        let looped = loops.iter().any(|nodes| nodes.len() > 1 || own(nodes[0]));
        out.judge("circular-start-up", !looped, "what it rests on needs itself to start");
        self.together(out);
    }

    /// Every backup can be called on when its primary is lost, were it the only one: of those that do not count as well.
    fn by_themselves(&self, out: &mut Ledger<'a>) {
        let declared = self.net.declared();
        let net = declared.as_ref().unwrap_or(&self.net);
        let gates = || net.gates.values();
        let nobody = net.after(gates().flat_map(|gate| [gate.primary, gate.stands]));
        for (backup, gate) in net.gates.iter().filter(|(_, gate)| !nobody[gate.node].up) {
            let element = net.nodes[gate.primary].item.name.to_owned();
            let loss = crate::Loss { sort: LossSort::Lost, element };
            let others = gates().filter(|o| o.primary == gate.primary && o.node != gate.node);
            let hits = others.map(|other| other.stands).chain([gate.primary]);
            if !self.is_accepted_alone(&loss) && !net.after(hits)[gate.node].up {
                let name = net.nodes[*backup].item.name;
                let why = format!("`{name}` cannot be called on when its primary is lost");
                out.open("shared-dependency", why, vec![loss]);
            }
        }
    }

    /// Whether an acceptance says that a loss may take a backup, by whatever rule.
    pub fn is_accepted_alone(&self, loss: &crate::Loss) -> bool {
        let mut own = self.model.stated(&self.function.id).iter();
        own.any(|o| ends_alone(o) && o.losses[0] == *loss && self.model.accepts(o))
    }

    pub fn order(&self) -> usize {
        let orders = self.function.survives.iter().map(|t| t.order).max();
        let default = self.model.rules.package.survives;
        orders.unwrap_or(default).max(if self.is_silent() { default } else { 0 }) as usize
    }

    /// Whether the function makes no claim of losses of whatever kind: then that of the package holds.
    fn is_silent(&self) -> bool {
        let general = |t: &Tolerance| t.of_kind.is_none() && t.each_of.is_empty();
        !self.function.survives.iter().any(general)
    }

    /// Whether the function says that it survives any so many losses.
    pub fn claims_any(&self, losses: usize) -> bool {
        let covers = |t: &Tolerance| t.of_kind.is_none() && losses <= t.order as usize;
        let mut general = self.function.survives.iter().filter(|t| t.each_of.is_empty());
        general.any(covers)
            || self.is_silent() && self.model.rules.package.survives as usize >= losses
    }

    /// Whether the function says that it survives these losses.
    pub fn claimed(&self, set: &Set) -> bool {
        let of_kind = |kind: &str| {
            let mut losses = set.iter().map(|l| &self.net.losses[*l]);
            losses.all(|loss| loss.sort == LossSort::Lost && self.model.items[loss.of].is(kind))
        };
        let covers = |t: &Tolerance| {
            let fits = t.each_of.is_empty() && set.len() <= t.order as usize;
            fits && t.of_kind.as_deref().is_some_and(of_kind)
        };
        self.claims_any(set.len()) || self.function.survives.iter().any(covers)
    }

    /// No claimed set of losses ends it: such sets are looked for loss by loss, each of a way that the others leave, and
    /// tried by themselves where no way is left. What ends it is told.
    fn together(&self, out: &mut Ledger<'a>) {
        const RULE: &str = "cut-set-within-tolerance";
        let order = self.order();
        if order < 2 {
            return;
        }
        let numbers = |set: &Vec<crate::Loss>| set.iter().map(|l| self.number(l)).collect();
        let told: Vec<Set> = self.function.cut_sets.iter().filter_map(numbers).collect();
        let must_be_told = self.function.cut_sets_to as usize;
        let told =
            |set: &Set| set.len() > must_be_told || told.iter().any(|told| told.is_subset(set));
        let mut ends: Vec<Set> = self.accepted.clone();
        let (mut open, mut met): (Vec<Set>, BTreeSet<Set>) = (vec![Set::new()], BTreeSet::new());
        let mut looked_at = 0usize;
        while let Some(set) = open.pop() {
            if met.len() > MAX_SETS || looked_at > MAX_NODES {
                let why = "there are too many sets of losses to look at";
                return out.proved_or_attested(RULE, false, why);
            }
            if ends.iter().any(|ends| ends.is_subset(&set)) {
                continue;
            }
            let losses: Vec<usize> = set.iter().copied().collect();
            let way = self.avoiding(&losses).next();
            looked_at += if way.is_none() { self.net.nodes.len() } else { 0 };
            if way.is_none() && self.exactly(&losses).is_none() {
                // Where fewer of them end it, that is told of those.
                let fewer = |left_out: &usize| {
                    let rest: Vec<usize> = set.iter().copied().filter(|l| l != left_out).collect();
                    self.exactly(&rest).is_none()
                };
                if set.len() > 1 && !set.iter().any(fewer) {
                    out.open(RULE, "together they end it", self.named(set.iter().copied()));
                    ends.push(set);
                }
                continue;
            }
            if set.len() < order {
                let more = (0..self.net.losses.len())
                    .filter(|loss| way.is_none_or(|way| way.touched[*loss]))
                    .map(|loss| set.iter().copied().chain([loss]).collect::<Set>());
                open.extend(more.filter(|set| self.claimed(set) && met.insert(set.clone())));
            }
        }
        if !ends.iter().all(|set| set.len() == 1 || told(set)) {
            out.open(RULE, "it does not tell of losses that end it together", Vec::new());
        }
        out.unless_open(RULE);
    }
}
