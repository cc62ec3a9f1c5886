//! The document by name: what is said of each, and which backups stand in for what.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::copies::Taken;
use super::day::{Day, day};
use crate::{Activation, Backup, Condition, Element, Function, Need, Obligation, RuleSet, Signal};

/// An entry's number: its place among all in the order of their names.
pub(crate) type Id = usize;

/// What meets a need of something that is to be started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum Met {
    /// What is up by then.
    #[default]
    ToStart,
    /// `to run`: also what comes back together with it, no bar to starting.
    ToRun,
    /// What an activation calls on, and who installs a backup: only what is up before, and not what comes back
    /// by what is activated.
    Before,
}

/// Everything that the document says of one name.
#[derive(Clone, Copy, Default)]
pub(crate) struct Item<'a> {
    pub name: &'a str,
    pub element: Option<&'a Element>,
    pub backup: Option<&'a Backup>,
    pub function: Option<&'a Function>,
    pub signal: Option<&'a Signal>,
}

impl<'a> Item<'a> {
    /// Whether it is of the standard kind of that name, or a sort of it.
    pub fn is(&self, kind: &str) -> bool {
        self.element.is_some_and(|e| e.kinds.iter().any(|k| k == kind))
    }

    /// Whether it is an actor of a kind of that name, in whatever module.
    pub fn acts_as(&self, kind: &str) -> bool {
        let own = |k: &String| k.rsplit('.').next() == Some(kind);
        self.is("actor") && self.element.is_some_and(|e| e.kinds.iter().any(own))
    }

    /// What it cannot do without.
    pub fn needs(&self) -> &'a [Need] {
        match (self.element, self.function) {
            (Some(element), _) => &element.needs,
            (_, Some(function)) => &function.depends_on,
            _ => &[],
        }
    }

    /// The same with what observes a signal and who puts a backup in place. A backup's own primary is not there until
    /// the backup itself has brought it back, so that it is never needed only to run.
    pub fn rests_on(&self) -> impl Iterator<Item = (&'a Need, Met)> + use<'a> {
        let from = self.signal.map_or(&[][..], |s| &s.from);
        let installed = self.backup.map_or(&[][..], |b| &b.installed_by);
        let primary = self.backup.and_then(|backup| backup.primary.as_ref());
        let runs = move |need: &Need| {
            need.to_run && primary.is_none_or(|primary| !need.of.contains(primary))
        };
        let met = move |need| if runs(need) { Met::ToRun } else { Met::ToStart };
        let own = self.needs().iter().chain(from).map(move |need| (need, met(need)));
        own.chain(installed.iter().map(|need| (need, Met::Before)))
    }

    /// Who resupplies what it carries.
    pub fn resupplied_by(&self) -> Option<&'a str> {
        self.backup?.covers.as_ref()?.resupplied_by.as_deref()
    }

    pub fn activation(&self) -> Option<&'a Activation> {
        self.backup?.activation.as_ref()
    }

    /// Whether it follows what it is a copy of and can be altered with it.
    pub fn follows(&self) -> bool {
        self.element.is_some_and(|e| e.lag_ms.is_some() && !e.immutable)
    }

    pub fn controlled_by(&self) -> &'a [String] {
        self.element.map_or(&[], |e| &e.controlled_by)
    }

    /// Whether nobody can alter it.
    pub fn immutable(&self) -> bool {
        self.element.is_some_and(|e| e.immutable)
    }

    pub fn changed(&self) -> Option<i64> {
        let function = || self.function.and_then(|f| f.changed.as_deref());
        self.element.and_then(|e| e.changed.as_deref()).or_else(function).and_then(day)
    }
}

/// The document by name.
pub(crate) struct Model<'a> {
    pub rules: &'a RuleSet,
    /// The day on which everything is judged.
    pub day: Day,
    /// In the order of their names.
    pub items: Vec<Item<'a>>,
    by_name: HashMap<&'a str, Id>,
    protectors: BTreeMap<&'a str, Vec<Id>>,
    stand_ins: BTreeMap<&'a str, Vec<Id>>,
    stated: BTreeMap<&'a str, Vec<&'a Obligation>>,
    /// What a loss takes beside what is lost.
    pub taken: Taken,
    /// Names that are there twice, and backups that are no element.
    pub faults: Vec<String>,
}

impl<'a> Model<'a> {
    /// Linear in the document, sorting aside.
    pub fn of(rules: &'a RuleSet, day: Day) -> Model<'a> {
        let (items, by_name, protectors) = Default::default();
        let (stand_ins, stated, taken, faults) = Default::default();
        let mut model =
            Model { rules, day, items, by_name, protectors, stand_ins, stated, taken, faults };
        model.names();
        model.backups();
        model.taken = Taken::of(&model);
        model
    }

    pub fn find(&self, name: &str) -> Option<Id> {
        self.by_name.get(name).copied()
    }

    /// The entry of a name; an empty one where there is none.
    pub fn item(&self, name: &str) -> Item<'a> {
        self.find(name).map_or(Item::default(), |id| self.items[id])
    }

    /// Whether something that ends on a day holds on the day of judgement.
    pub fn lasts(&self, end: &str) -> bool {
        day(end).is_some_and(|end| self.day <= end)
    }

    /// The backups that protect a function, in the order of files and declarations.
    pub fn protectors(&self, function: &str) -> &[Id] {
        self.protectors.get(function).map_or(&[], Vec::as_slice)
    }

    /// The backups of something, whatever they protect.
    pub fn stand_ins(&self, primary: &str) -> &[Id] {
        self.stand_ins.get(primary).map_or(&[], Vec::as_slice)
    }

    /// What the document states that an entry owes.
    pub fn stated(&self, subject: &str) -> &[&'a Obligation] {
        self.stated.get(subject).map_or(&[], Vec::as_slice)
    }

    pub fn primary(&self, backup: &Backup) -> Item<'a> {
        backup.primary.as_deref().map_or(Item::default(), |name| self.item(name))
    }

    /// The backup of the same primary for which a backup holds out.
    pub fn holds_out_for(&self, backup: &'a Backup) -> Option<&'a str> {
        let until = backup.covers.as_ref()?.resupplied_by.as_deref()?;
        (self.item(until).backup?.primary == backup.primary).then_some(until)
    }

    /// The shortest time for which a backup of a function that holds out until this one is there counts on it, in
    /// milliseconds.
    pub fn held_for(&self, backup: &Backup, function: &str) -> Option<u64> {
        let others = self.stand_ins(backup.primary.as_deref()?).iter();
        let others = others.filter_map(|id| self.items[*id].backup);
        let held = others.filter(|other| {
            self.holds_out_for(other) == Some(&backup.id)
                && other.protects.iter().any(|protected| protected == function)
        });
        held.filter_map(|other| other.covers.as_ref()?.resupplied_within_ms).min()
    }

    fn names(&mut self) {
        let rules = self.rules;
        let element = |e: &'a Element| Item { name: &e.id, element: Some(e), ..Item::default() };
        let function = |f: &'a Function| Item { name: &f.id, function: Some(f), ..Item::default() };
        let signal = |s: &'a Signal| Item { name: &s.id, signal: Some(s), ..Item::default() };
        self.items.extend(rules.elements.iter().map(element));
        self.items.extend(rules.functions.iter().map(function));
        self.items.extend(rules.signals.iter().map(signal));
        self.items.sort_by_key(|item| item.name);
        for (id, item) in self.items.iter().enumerate() {
            if self.by_name.insert(item.name, id).is_some() {
                self.faults.push(format!("`{}` is there twice", item.name));
            }
        }
        for o in &rules.obligations {
            self.stated.entry(&o.subject).or_default().push(o);
        }
    }

    fn backups(&mut self) {
        let mut backups: Vec<&Backup> = self.rules.backups.iter().collect();
        backups.sort_by_key(|b| b.order);
        for backup in backups {
            let home = self.find(&backup.id).filter(|id| self.items[*id].element.is_some());
            match home.map(|id| (id, self.items[id].backup.replace(backup))) {
                Some((id, None)) => {
                    if let Some(primary) = &backup.primary {
                        self.stand_ins.entry(primary).or_default().push(id);
                    }
                    for function in &backup.protects {
                        self.protectors.entry(function).or_default().push(id);
                    }
                }
                Some(_) => self.faults.push(format!("the backup `{}` is there twice", backup.id)),
                None => self.faults.push(format!("`{}` has no entry as an element", backup.id)),
            }
        }
    }
}

/// The signals of a condition, in its order.
pub(crate) fn signals(condition: &Condition) -> Vec<&str> {
    match condition {
        Condition::Signal(name) => vec![name],
        Condition::Not(of) => signals(of),
        Condition::AtLeast { of, .. } => of.iter().flat_map(signals).collect(),
    }
}
