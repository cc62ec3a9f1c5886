//! What a backup must not damage, and what it must not share.

use std::collections::BTreeSet;

use super::authority::meetable;
use super::cone::Cone;
use super::ledger::Ledger;
use super::rests::Rests;
use crate::logic::model::{Item, Model, signals};
use crate::{Backup, Condition, Need};

const UNSURE: &str = "a loss takes an observer, and may call on the backup";

/// Classifications of data that anybody may see.
const OPEN: [&str; 3] = ["public", "open", "unclassified"];

pub(crate) fn backup<'a>(
    model: &Model<'a>,
    item: &Item<'a>,
    backup: &'a Backup,
    out: &mut Ledger<'a>,
) {
    protection(model, item, backup, out);
    duties(model, item, backup, out);
    fenced(model, item, backup, out);
    fail_safe(model, backup, out);
    diverse(model, item, backup, out);
    if let Some(lends) = &backup.lends {
        let holds = lends.recall_ms.is_some() && lends.by.is_some() && !backup.reserved;
        out.judge(
            "ungoverned-loan",
            holds,
            "nothing says who calls back what is lent, or how soon",
        );
    }
    for claim in &backup.independent_of {
        let covers = backup.covers.as_ref().and_then(|load| load.resupplied_by.as_deref());
        let start: Vec<&str> = std::iter::once(item.name).chain(covers).collect();
        let (own, other) =
            (Rests::of(model, &start, |_| true), Rests::of(model, &[claim], |_| true));
        let ours: BTreeSet<&str> = own.controllers().collect();
        let shared = own.items.iter().any(|item| other.has(item.name))
            || ours.iter().any(|name| other.has(name))
            || other.controllers().any(|name| ours.contains(name) || own.has(name));
        out.judge("not-independent", !shared, "it shares something with what it must not");
    }
}

fn guarded(class: &Option<String>) -> Option<&str> {
    class.as_deref().filter(|class| !OPEN.contains(class))
}

fn protection<'a>(model: &Model<'a>, item: &Item<'a>, backup: &'a Backup, out: &mut Ledger<'a>) {
    let (Some(own), primary) = (item.element, model.primary(backup)) else { return };
    let holds_copy = !item.is("actor") || primary.is("actor");
    if let Some(other) = primary.element.filter(|_| holds_copy)
        && (other.data.is_some() || other.encrypted || other.audited)
    {
        let class = guarded(&other.data).is_none_or(|class| own.data.as_deref() == Some(class));
        let alike = class && (own.encrypted || !other.encrypted) && (own.audited || !other.audited);
        out.judge("weaker-protection", alike, "it is less protected than its primary");
    }
    let with = backup.activation.as_ref().map_or(&[][..], |a| &a.with);
    let mut keys =
        with.iter().flat_map(|need| &need.of).filter_map(|name| model.item(name).element);
    let class = guarded(&own.data);
    if class.is_some() || keys.clone().next().is_some() {
        let told = primary.element.is_some_and(|e| e.audited) && holds_copy;
        let holds = own.audited || (class.is_none() && keys.all(|key| key.audited));
        if holds || class.is_none() || !told {
            out.judge("unaudited-access", holds, "nothing records who gets at it");
        }
    }
}

/// Whoever stands in or is on call is paid and was asked, or has a contract that still runs.
fn duties<'a>(model: &Model<'a>, item: &Item<'a>, backup: &'a Backup, out: &mut Ledger<'a>) {
    let mut people: Vec<Item<'_>> = Vec::new();
    if item.is("actor") || backup.readiness.as_deref() == Some("trained") {
        people.push(*item);
    }
    let steps =
        backup.activation.iter().flat_map(|a| &a.by).filter(|s| !s.automatic).map(|s| &s.who);
    let called = item.needs().iter().chain(&backup.installed_by).chain(steps);
    let called = called.flat_map(|need| &need.of).map(|name| model.item(name));
    people.extend(called.filter(|item| item.acts_as("rota")));
    if people.is_empty() {
        return;
    }
    let fair = |item: &Item<'_>| {
        let Some(element) = item.element else { return false };
        let until = element.contract_until.as_deref().and_then(crate::logic::day::day);
        element.compensated && !element.agreed_by.is_empty()
            || until.is_some_and(|d| model.day <= d)
    };
    let lapsed = |item: &Item<'_>| item.element.is_some_and(|e| e.contract_until.is_some());
    // What an ended contract leaves open, `lapsed-contract` says.
    let unfair = people.iter().any(|item| !fair(item) && !lapsed(item));
    if unfair || people.iter().all(fair) {
        out.judge("uncompensated-duty", !unfair, "people carry the duty unpaid, or were not asked");
    }
}

/// What takes over by itself shuts its primary out.
fn fenced<'a>(model: &Model<'a>, item: &Item<'a>, backup: &'a Backup, out: &mut Ledger<'a>) {
    let Some(activation) = &backup.activation else { return };
    let primary = model.primary(backup);
    if !acts_alone(backup) || item.is("actor") {
        return;
    }
    let stops =
        |need: &Need, name: &String| need.count as usize == need.of.len() && need.of.contains(name);
    let replaced = |name: &String| {
        let mut all = model.stand_ins(name).iter().filter_map(|id| model.items[*id].backup);
        all.any(|other| other.protects.iter().any(|function| backup.protects.contains(function)))
    };
    let shut = activation.fences.iter().filter(|fence| !fence.via.is_empty()).any(|fence| {
        let needed = primary.needs().iter().any(|need| stops(need, &fence.target));
        backup.primary.as_ref() == Some(&fence.target) || needed && !replaced(&fence.target)
    });
    out.judge("split-control", shut, "it takes over by itself, and nothing shuts its primary out");
}

/// Whether it takes over without anybody's decision, or serves all the time.
fn acts_alone(backup: &Backup) -> bool {
    let automatic = backup.activation.iter().flat_map(|a| &a.by).any(|step| step.automatic);
    automatic || backup.readiness.as_deref() == Some("hot")
}

/// Of two backups that act by themselves for one primary, something keeps the two apart.
pub(crate) fn pair<'a>(
    model: &Model<'a>,
    backup: &'a Backup,
    cone: &Cone<'a>,
    out: &mut Ledger<'a>,
) {
    if !acts_alone(backup) {
        return;
    }
    let standing =
        backup.primary.as_deref().and_then(|name| cone.stand_ins.get(&cone.at(model, name)?));
    let standing: Vec<&Backup> =
        standing.into_iter().flatten().filter_map(|at| cone.items[*at].backup).collect();
    if !standing.iter().any(|other| other.id == backup.id) {
        return;
    }
    let record = model.primary(backup).is("record");
    let more = backup.primary.iter().filter(|_| record).flat_map(|name| model.stand_ins(name));
    let more = more.filter_map(|id| model.items[*id].backup);
    let all: BTreeSet<&str> = standing.into_iter().chain(more).map(|b| b.id.as_str()).collect();
    let others = all
        .into_iter()
        .filter(|name| *name != backup.id)
        .filter_map(|name| model.item(name).backup);
    let others: Vec<&Backup> = others.filter(|other| acts_alone(other)).collect();
    if others.is_empty() {
        return;
    }
    let apart = |other: &'a Backup| {
        // What holds out until the other is there is fed by it.
        let feeds = |one: &'a Backup, other: &Backup| model.holds_out_for(one) == Some(&other.id);
        feeds(backup, other)
            || feeds(other, backup)
            || fences(backup, other)
            || fences(other, backup)
            || same_hand(backup, other)
            || exclusive(backup, other)
    };
    let against = others.iter().filter(|other| !apart(other));
    let orders: Vec<u32> = against.map(|other| other.order).collect();
    // Of two the second tells.
    if orders.is_empty() || orders.iter().any(|order| *order < backup.order) {
        out.judge(
            "conflicting-control",
            orders.is_empty(),
            "nothing keeps it and another of the same primary apart",
        );
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
    !one.is_empty()
        && one == other
        && one.iter().all(|(_, count, of)| *count as usize * 2 > of.len())
}

/// Whether no state of the signals calls for both.
fn exclusive(one: &Backup, other: &Backup) -> bool {
    let when = |backup: &'_ Backup| backup.activation.as_ref().and_then(|a| a.when.clone());
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
fn fail_safe<'a>(model: &Model<'a>, backup: &'a Backup, out: &mut Ledger<'a>) {
    let conditions = backup.activation.as_ref().map_or(&[][..], |a| &a.fail_safe);
    if conditions.is_empty() {
        return;
    }
    let own = model.primary(backup).name;
    let primary = Rests::of(model, &[own], |_| true);
    let calls = |lost: &[&'a str]| primary.falls_with(lost).contains(own);
    let mut unsure = false;
    for condition in conditions.iter().map(|fail_safe| &fail_safe.when) {
        let names = signals(condition);
        let from = |name: &&str| model.item(name).signal.is_some_and(|s| !s.from.is_empty());
        let observers = Rests::of(model, &names, |_| true);
        let blind =
            |lost: &[&'a str], strictly| !seen(condition, &observers.falls_with(lost), strictly);
        if !names.iter().all(from) || blind(&[own], false) {
            out.open(
                "unsafe-continuation",
                "nothing observes then when it must not continue",
                Vec::new(),
            );
        }
        unsure |= blind(&[own], true);
        let inside = observers.items.iter().map(|item| item.name);
        let all: BTreeSet<&str> = inside.chain(observers.controllers()).collect();
        let mut taken = all.into_iter().flat_map(|name| taken(&observers, &primary, name));
        unsure |= taken.any(|lost| blind(&lost, true) && calls(&lost));
    }
    match unsure {
        true => out.proved_or_attested("unsafe-continuation", false, UNSURE),
        false => out.unless_open("unsafe-continuation"),
    }
}

/// What the loss, the corruption and a compromise of something take at once.
fn taken<'a>(
    observers: &Rests<'_, 'a>,
    primary: &Rests<'_, 'a>,
    name: &'a str,
) -> Vec<Vec<&'a str>> {
    let all = || observers.items.iter().chain(&primary.items);
    let controlled =
        |item: &&Item<'a>| !item.immutable() && item.controlled_by().iter().any(|by| by == name);
    let mut wrong: Vec<&str> = vec![name];
    let mut all_wrong: Vec<&str> = all().filter(controlled).map(|item| item.name).collect();
    all_wrong.push(name);
    for wrong in [&mut wrong, &mut all_wrong] {
        let mut next = 0;
        while let Some(at) = wrong.get(next).copied() {
            next += 1;
            let copies = all().filter(|i| {
                i.follows() && i.backup.is_some_and(|b| b.primary.as_deref() == Some(at))
            });
            let more: Vec<&str> =
                copies.map(|i| i.name).filter(|name| !wrong.contains(name)).collect();
            wrong.extend(more);
        }
    }
    vec![vec![name], wrong, all_wrong]
}

/// The fields in which it must differ from its primary are stated of both, and differ.
fn diverse<'a>(model: &Model<'a>, item: &Item<'a>, backup: &'a Backup, out: &mut Ledger<'a>) {
    for field in &backup.diverse_by {
        let value = |item: &Item<'a>| {
            let element = item.element?;
            let words = element.fields.get(field)?.trim().to_lowercase();
            Some((words, element.measures.get(field).and_then(crate::logic::number::amount)))
        };
        let holds = match (value(item), value(&model.primary(backup))) {
            (Some((_, Some(own))), Some((_, Some(other)))) => own != other,
            (Some((own, _)), Some((other, _))) => own != other,
            _ => false,
        };
        out.judge("not-diverse", holds, "it does not differ from its primary as it must");
    }
}
