//! What a function rests on, directly or not, with the backups that are credible for it and all that
//! putting them to work takes.

use std::collections::{BTreeMap, HashMap};

use crate::logic::credible::{credible, leave_out_unheld};
use crate::logic::model::{Id, Item, Model, signals};
use crate::{Backup, Condition, Function};

/// Everything that a function rests on; number 0 is the function.
pub(crate) struct Cone<'a> {
    pub items: Vec<Item<'a>>,
    pub local: HashMap<Id, usize>,
    /// Per primary the backups that stand in for it.
    pub stand_ins: BTreeMap<usize, Vec<usize>>,
    /// Per principal what it controls.
    pub controlled: BTreeMap<Id, Vec<usize>>,
}

impl<'a> Cone<'a> {
    /// Linear in it, for each function in it.
    pub fn of(model: &Model<'a>, function: Id) -> Cone<'a> {
        Self::with(model, function, |backup, function| credible(model, backup, function))
    }

    /// The same with the backups that do not count; `None` where all of its functions' do.
    pub fn declared(&self, model: &Model<'a>, function: Id) -> Option<Cone<'a>> {
        let functions = self.items.iter().filter_map(|item| item.function);
        let mut pairs = functions.flat_map(|function| {
            let backups = model.protectors(&function.id).iter();
            backups.filter_map(|id| model.items[*id].backup).map(move |backup| (backup, function))
        });
        let doubted = pairs.any(|(backup, function)| !credible(model, backup, function));
        doubted.then(|| Self::with(model, function, |_, _| true))
    }

    fn with(
        model: &Model<'a>,
        function: Id,
        counts: impl Fn(&Backup, &Function) -> bool,
    ) -> Cone<'a> {
        let mut functions = vec![function];
        loop {
            let cone = Gather::new(model, &functions, &counts).run(function);
            let inside = cone.local.iter().filter(|(id, _)| model.items[**id].function.is_some());
            let mut inside: Vec<(usize, Id)> = inside.map(|(id, at)| (*at, *id)).collect();
            inside.sort_unstable();
            if inside.len() == functions.len() {
                return cone;
            }
            // A function that rests on another is served by the other's backups as well.
            functions = inside.into_iter().map(|(_, id)| id).collect();
        }
    }

    /// Whether a backup stands in for something.
    pub fn stands_in(&self, model: &Model<'_>, name: &str) -> bool {
        let at = self.at(model, name);
        at.is_some_and(|at| self.stand_ins.values().any(|backups| backups.contains(&at)))
    }

    /// Where an entry is in it.
    pub fn at(&self, model: &Model<'_>, name: &str) -> Option<usize> {
        self.local.get(&model.find(name)?).copied()
    }
}

struct Gather<'m, 'a> {
    model: &'m Model<'a>,
    /// Per primary the backups that stand in.
    backups: BTreeMap<Id, Vec<Id>>,
    cone: Cone<'a>,
}

impl<'m, 'a> Gather<'m, 'a> {
    fn new(
        model: &'m Model<'a>,
        functions: &[Id],
        counts: &dyn Fn(&Backup, &Function) -> bool,
    ) -> Gather<'m, 'a> {
        let mut backups: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for function in functions.iter().filter_map(|id| model.items[*id].function) {
            for id in model.protectors(&function.id) {
                let Some(backup) = model.items[*id].backup else { continue };
                let primary = backup.primary.as_deref().and_then(|name| model.find(name));
                if let Some(primary) = primary
                    && counts(backup, function)
                    && !backups.get(&primary).is_some_and(|all| all.contains(id))
                {
                    backups.entry(primary).or_default().push(*id);
                }
            }
        }
        backups.values_mut().for_each(|standing| leave_out_unheld(model, standing));
        let (items, local) = (Vec::new(), HashMap::new());
        let (stand_ins, controlled) = (BTreeMap::new(), BTreeMap::new());
        Gather { model, backups, cone: Cone { items, local, stand_ins, controlled } }
    }

    fn run(mut self, function: Id) -> Cone<'a> {
        self.add(function);
        let mut next = 0;
        while let Some(item) = self.cone.items.get(next).copied() {
            for need in item.rests_on() {
                need.of.iter().for_each(|name| self.name(name));
            }
            item.backup.iter().for_each(|backup| self.copy(&item, backup));
            let id = self.model.find(item.name).unwrap_or_default();
            for backup in self.backups.get(&id).cloned().unwrap_or_default() {
                let number = self.add(backup);
                self.cone.stand_ins.entry(next).or_default().push(number);
                self.activation(self.model.items[backup]);
            }
            next += 1;
        }
        for (at, item) in self.cone.items.iter().enumerate() {
            for id in item.controlled_by().iter().filter_map(|name| self.model.find(name)) {
                self.cone.controlled.entry(id).or_default().push(at);
            }
        }
        self.cone
    }

    fn add(&mut self, id: Id) -> usize {
        let next = self.cone.items.len();
        let at = *self.cone.local.entry(id).or_insert(next);
        if at == next {
            self.cone.items.push(self.model.items[id]);
        }
        at
    }

    fn name(&mut self, name: &str) {
        if let Some(id) = self.model.find(name) {
            self.add(id);
        }
    }

    /// What resupplies a backup; of a copy also what it follows, and what would notice in time that this
    /// is wrong.
    fn copy(&mut self, item: &Item<'a>, backup: &'a Backup) {
        if item.element.is_some_and(|e| e.lag_ms.is_some()) {
            backup.primary.iter().for_each(|name| self.name(name));
            let delayed = item.element.is_some_and(|e| e.delayed_ms.is_some());
            if let Some(activation) = item.activation().filter(|_| delayed) {
                activation.when.iter().for_each(|when| self.signals(when));
            }
        }
        let resupply = backup.covers.as_ref().and_then(|load| load.resupplied_by.as_deref());
        resupply.into_iter().for_each(|name| self.name(name));
    }

    fn signals(&mut self, when: &Condition) {
        signals(when).into_iter().for_each(|name| self.name(name));
    }

    fn activation(&mut self, item: Item<'a>) {
        let Some(activation) = item.activation() else { return };
        activation.when.iter().for_each(|when| self.signals(when));
        let needs = activation.by.iter().map(|step| &step.who);
        for need in needs.chain(&activation.with).chain(&activation.funded_by) {
            need.of.iter().for_each(|name| self.name(name));
        }
        let ways = activation.fences.iter().map(|f| &f.via);
        for way in ways.chain(activation.reach.iter().map(|r| &r.via)) {
            way.iter().for_each(|name| self.name(name));
        }
    }
}
