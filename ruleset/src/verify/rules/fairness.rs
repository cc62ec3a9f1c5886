//! What a backup must not damage, and what it must not share.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::meetable;
use super::rests::Rests;
use super::{Case, Pair};
use crate::logic::copies::spread;
use crate::logic::model::{Item, signals};
use crate::logic::number::amount;
use crate::verify::ledger::Ledger;
use crate::{Backup, Condition, Need};

const UNSURE: &str = "a loss takes an observer, and may call on the backup";

/// Classifications of data that anybody may see.
const OPEN: [&str; 3] = ["public", "open", "unclassified"];

fn guarded(class: &Option<String>) -> Option<&str> {
    class.as_deref().filter(|class| !OPEN.contains(class))
}

/// Whether it takes over without anybody's decision, or serves all the time.
fn acts_alone(backup: &Backup) -> bool {
    let automatic = backup.activation.iter().flat_map(|a| &a.by).any(|step| step.automatic);
    automatic || backup.readiness.as_deref() == Some("hot")
}

impl<'a> Case<'_, 'a> {
    /// Whether it holds what its primary holds, and does not act in somebody's place.
    fn holds_copy(&self) -> bool {
        !self.item.is("actor") || self.primary.is("actor")
    }

    pub fn is_as_protected(&self) -> Option<bool> {
        let (own, other) =
            (self.item.element?, self.primary.element.filter(|_| self.holds_copy())?);
        let owed = other.data.is_some() || other.encrypted || other.audited;
        let class = guarded(&other.data).is_none_or(|class| own.data.as_deref() == Some(class));
        let alike = class && (own.encrypted || !other.encrypted) && (own.audited || !other.audited);
        owed.then_some(alike)
    }

    /// Whether the use of guarded data, or else of what opens it, is recorded.
    pub fn is_audited(&self) -> Option<bool> {
        let own = self.item.element?;
        let keys = self.activation().into_iter().flat_map(|a| &a.with).flat_map(|need| &need.of);
        let mut keys = keys.filter_map(|name| self.model.item(name).element).peekable();
        let class = guarded(&own.data);
        let owed = class.is_some() || keys.peek().is_some();
        let holds = own.audited || (class.is_none() && keys.all(|key| key.audited));
        // Where the primary's use is recorded and its is not, `weaker-protection` says so.
        let told = self.primary.element.is_some_and(|e| e.audited) && self.holds_copy();
        (owed && (holds || class.is_none() || !told)).then_some(holds)
    }

    /// Whether whoever stands in or is on call is paid and was asked, or has a contract that still runs.
    pub fn is_fair(&self) -> Option<bool> {
        let duty = self.item.is("actor") || self.backup.readiness.as_deref() == Some("trained");
        let steps = self.activation().into_iter().flat_map(|a| &a.by).filter(|s| !s.automatic);
        let needs = self.item.needs().iter().chain(&self.backup.installed_by);
        let called = needs.chain(steps.map(|step| &step.who)).flat_map(|need| &need.of);
        let rotas = called.map(|name| self.model.item(name)).filter(|item| item.acts_as("rota"));
        let people: Vec<Item<'_>> = duty.then_some(self.item).into_iter().chain(rotas).collect();
        let until = |item: &Item<'a>| item.element?.contract_until.as_deref();
        let fair = |item: &Item<'a>| {
            let asked = |e: &crate::Element| e.compensated && !e.agreed_by.is_empty();
            item.element.is_some_and(asked) || until(item).is_some_and(|end| self.model.lasts(end))
        };
        // What an ended contract leaves open, `lapsed-contract` says.
        let unfair = people.iter().any(|item| !fair(item) && until(item).is_none());
        (!people.is_empty() && (unfair || people.iter().all(fair))).then_some(!unfair)
    }

    /// Whether what takes over by itself shuts its primary out.
    pub fn shuts_out(&self) -> Option<bool> {
        let (activation, backup) = (self.activation()?, self.backup);
        let stops = |need: &Need, name: &String| {
            need.count as usize == need.of.len() && need.of.contains(name)
        };
        let stand_ins = |name: &str| self.model.stand_ins(name).iter();
        let replaced = |name: &String| {
            let mut all = stand_ins(name).filter_map(|id| self.model.items[*id].backup);
            all.any(|other| other.protects.iter().any(|f| backup.protects.contains(f)))
        };
        let shut = activation.fences.iter().filter(|fence| !fence.via.is_empty()).any(|fence| {
            let needed = self.primary.needs().iter().any(|need| stops(need, &fence.target));
            backup.primary.as_ref() == Some(&fence.target) || needed && !replaced(&fence.target)
        });
        (acts_alone(backup) && !self.item.is("actor")).then_some(shut)
    }

    /// Whether a field is stated of it and of its primary, and differs.
    pub fn differs_in(&self, field: &str) -> bool {
        let value = |item: &Item<'a>| {
            let element = item.element?;
            let words = element.fields.get(field)?.trim().to_lowercase();
            Some((words, element.measures.get(field).and_then(amount)))
        };
        match (value(&self.item), value(&self.primary)) {
            (Some((_, Some(own))), Some((_, Some(other)))) => own != other,
            (Some((own, _)), Some((other, _))) => own != other,
            _ => false,
        }
    }

    pub fn shares_nothing_with(&self, claim: &str) -> bool {
        let covers = self.backup.covers.as_ref().and_then(|load| load.resupplied_by.as_deref());
        let own = Rests::of(self.model, [self.item.name].into_iter().chain(covers), |_| true);
        let other = Rests::of(self.model, [claim], |_| true);
        let ours: BTreeSet<&str> = own.controllers().collect();
        let shared = own.items.iter().any(|item| other.has(item.name))
            || ours.iter().any(|name| other.has(name))
            || other.controllers().any(|name| ours.contains(name) || own.has(name));
        !shared
    }
}

impl<'a> Pair<'_, 'a> {
    /// Whether something keeps it apart from each other backup of its primary that acts by itself too. Of two the
    /// second owes it.
    pub fn is_kept_apart(&self) -> Option<bool> {
        let (model, backup) = (self.case.model, self.case.backup);
        let primary = backup.primary.as_deref()?;
        if !acts_alone(backup) || !self.net.stands_in(&backup.id) {
            return None;
        }
        let all = model.stand_ins(primary).iter().filter_map(|id| model.items[*id].backup);
        let stands =
            |other: &Backup| self.case.primary.is("record") || self.net.stands_in(&other.id);
        let others = all.filter(|o| o.id != backup.id && acts_alone(o) && stands(o));
        let others: Vec<&'a Backup> = others.collect();
        // What holds out until the other is there is fed by it.
        let feeds = |one: &'a Backup, other: &Backup| model.holds_out_for(one) == Some(&other.id);
        let apart = |other: &'a Backup| {
            let one_way = |one, other| feeds(one, other) || fences(one, other);
            one_way(backup, other)
                || one_way(other, backup)
                || same_hand(backup, other)
                || exclusive(backup, other)
        };
        let against = others.iter().filter(|other| !apart(other)).map(|other| other.order).min();
        let told = against.is_none_or(|first| first < backup.order);
        (!others.is_empty() && told).then_some(against.is_none())
    }
}

fn fences(one: &Backup, other: &Backup) -> bool {
    let fences = one.activation.iter().flat_map(|a| &a.fences);
    fences.into_iter().any(|fence| fence.target == other.id && !fence.via.is_empty())
}

/// Whether the same controller, or the same people, act on both.
fn same_hand(one: &Backup, other: &Backup) -> bool {
    let hands = |backup: &Backup| -> Vec<(bool, u32, Vec<String>)> {
        let steps = backup.activation.iter().flat_map(|a| &a.by).enumerate();
        let acting = steps.filter(|(number, step)| *number == 0 || step.automatic);
        acting.map(|(_, step)| (step.automatic, step.who.count, step.who.of.clone())).collect()
    };
    let (one, other) = (hands(one), hands(other));
    let most = |(_, count, of): &(bool, u32, Vec<String>)| *count as usize * 2 > of.len();
    !one.is_empty() && one == other && one.iter().all(most)
}

/// Whether no state of the signals calls for both.
fn exclusive(one: &Backup, other: &Backup) -> bool {
    let when = |backup: &Backup| backup.activation.as_ref().and_then(|a| a.when.clone());
    when(one).zip(when(other)).is_some_and(|(one, other)| meetable(&[&one, &other]) == Some(false))
}

/// Whether a condition can be observed. Each side of `or` is a danger of its own, and the document does not
/// tell it from one of two: `strictly` both are asked for.
fn seen(condition: &Condition, fallen: &BTreeSet<&str>, strictly: bool) -> bool {
    match condition {
        Condition::Signal(name) => !fallen.contains(name.as_str()),
        Condition::Not(of) => seen(of, fallen, strictly),
        Condition::AtLeast { count, of } => {
            let wanted = if strictly && of.len() == 2 { 2 } else { *count as usize };
            of.iter().filter(|of| seen(of, fallen, strictly)).count() >= wanted
        }
    }
}

/// Whatever takes the primary leaves what observes when not to continue.
pub(crate) fn fail_safe<'a>(case: &Case<'_, 'a>, out: &mut Ledger<'a>) {
    let (model, own) = (case.model, case.primary.name);
    let conditions: Vec<&'a Condition> =
        case.activation().into_iter().flat_map(|a| &a.fail_safe).map(|f| &f.when).collect();
    if conditions.is_empty() {
        return;
    }
    let primary = Rests::of(model, [own], |_| true);
    let calls = |lost: &[&'a str]| primary.falls_with(lost).contains(own);
    let (mut unsure, mut never) = (false, false);
    for condition in conditions {
        let names = signals(condition);
        let from = |name: &&str| model.item(name).signal.is_some_and(|s| !s.from.is_empty());
        let observers = Rests::of(model, names.iter().copied(), |_| true);
        let blind =
            |lost: &[&'a str], strictly| !seen(condition, &observers.falls_with(lost), strictly);
        never |= !names.iter().all(from) || blind(&[own], false);
        let inside = observers.items.iter().map(|item| item.name);
        let all: BTreeSet<&str> = inside.chain(observers.controllers()).collect();
        let mut taken = all.into_iter().flat_map(|name| taken(&observers, &primary, name));
        unsure |= blind(&[own], true) || taken.any(|lost| blind(&lost, true) && calls(&lost));
    }
    match (never, unsure) {
        (true, _) => {
            let why = "nothing observes then when it must not continue";
            out.judge("unsafe-continuation", false, why);
        }
        (_, unsure) => out.proved_or_attested("unsafe-continuation", !unsure, UNSURE),
    }
}

/// What the loss, the corruption and a compromise of something take at once.
fn taken<'a>(
    observers: &Rests<'_, 'a>,
    primary: &Rests<'_, 'a>,
    name: &'a str,
) -> [Vec<&'a str>; 3] {
    let (mut followers, mut controlled) = (BTreeMap::<&str, Vec<&str>>::new(), vec![name]);
    for item in observers.items.iter().chain(&primary.items) {
        let copied = item.backup.and_then(|backup| backup.primary.as_deref());
        if let Some(copied) = copied.filter(|_| item.follows()) {
            followers.entry(copied).or_default().push(item.name);
        }
        if !item.immutable() && item.controlled_by().iter().any(|by| by == name) {
            controlled.push(item.name);
        }
    }
    [vec![name], spread([name], &followers), spread(controlled, &followers)]
}
