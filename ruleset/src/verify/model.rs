//! The document by name, and whether it holds together: every name means something, every number and day
//! can be read, nothing is there twice.

use std::collections::{BTreeMap, HashMap};

use super::number::{amount, day};
use super::upkeep::due;
use crate::{
    Acceptance, Activation, Amount, Backup, Condition, Element, Function, Load, Loss, LossSort,
    Need, Objective, Obligation, RuleSet, Signal, Verdict,
};

/// An entry's number.
pub(crate) type Id = usize;

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

    /// The same with what observes a signal and who puts a backup in place.
    pub fn rests_on(&self) -> impl Iterator<Item = &'a Need> + use<'a> {
        let from = self.signal.map_or(&[][..], |s| &s.from);
        let installed = self.backup.map_or(&[][..], |b| &b.installed_by);
        self.needs().iter().chain(from).chain(installed)
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
    pub day: i64,
    pub items: Vec<Item<'a>>,
    by_name: HashMap<&'a str, Id>,
    protectors: BTreeMap<&'a str, Vec<Id>>,
    stand_ins: BTreeMap<&'a str, Vec<Id>>,
    stated: BTreeMap<&'a str, Vec<&'a Obligation>>,
    /// What does not hold together.
    pub faults: Vec<String>,
}

impl<'a> Model<'a> {
    /// Linear in the document, sorting aside.
    pub fn of(rules: &'a RuleSet, day: i64) -> Model<'a> {
        let (items, by_name, protectors) = Default::default();
        let (stand_ins, stated, faults) = Default::default();
        let mut model = Model { rules, day, items, by_name, protectors, stand_ins, stated, faults };
        model.gather();
        model.references();
        model.order();
        model
    }

    pub fn find(&self, name: &str) -> Option<Id> {
        self.by_name.get(name).copied()
    }

    /// The entry of a name; an empty one where there is none.
    pub fn item(&self, name: &str) -> Item<'a> {
        self.find(name).map_or(Item::default(), |id| self.items[id])
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

    fn gather(&mut self) {
        let rules = self.rules;
        let element = |e: &'a Element| Item { name: &e.id, element: Some(e), ..Item::default() };
        let function = |f: &'a Function| Item { name: &f.id, function: Some(f), ..Item::default() };
        let signal = |s: &'a Signal| Item { name: &s.id, signal: Some(s), ..Item::default() };
        let all = rules.elements.iter().map(element);
        let all = all.chain(rules.functions.iter().map(function));
        for item in all.chain(rules.signals.iter().map(signal)) {
            if self.by_name.insert(item.name, self.items.len()).is_some() {
                self.faults.push(format!("`{}` is there twice", item.name));
            }
            self.items.push(item);
        }
        for o in &rules.obligations {
            self.stated.entry(&o.subject).or_default().push(o);
        }
        let mut backups: Vec<&Backup> = rules.backups.iter().collect();
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

    /// Every list in its order: then the same rules make the same bytes, and nothing is there twice.
    fn order(&mut self) {
        let rules = self.rules;
        let mut sorted = |what: &str, sorted: bool| {
            if !sorted {
                self.faults.push(format!("the {what} are not in order"));
            }
        };
        sorted("functions", rules.functions.is_sorted_by(|a, b| a.id < b.id));
        sorted("elements", rules.elements.is_sorted_by(|a, b| a.id < b.id));
        sorted("signals", rules.signals.is_sorted_by(|a, b| a.id < b.id));
        sorted("backups", rules.backups.is_sorted_by(|a, b| a.id < b.id));
        sorted("acceptances", rules.acceptances.is_sorted_by(|a, b| a.id < b.id));
        sorted("obligations", rules.obligations.is_sorted());
        sorted("certificates", rules.certificates.is_sorted_by(|a, b| a.function < b.function));
        let mut orders: Vec<u32> = rules.backups.iter().map(|b| b.order).collect();
        orders.sort_unstable();
        sorted("places of the backups", orders.is_sorted_by(|a, b| a < b));
    }

    fn references(&mut self) {
        let mut check = Whole { model: self, place: String::new(), faults: Vec::new() };
        check.all();
        let faults = check.faults;
        self.faults.extend(faults);
    }

    /// Whether an obligation is accepted by an acceptance that names it and holds.
    pub fn accepts(&self, o: &Obligation) -> bool {
        o.verdict == Verdict::Accepted && self.refused(o).is_none()
    }

    /// Why an acceptance does not cover what it is said to cover.
    pub fn refused(&self, o: &Obligation) -> Option<String> {
        let table = &self.rules.acceptances;
        let Some(acceptance) = o.acceptance.and_then(|id| table.iter().find(|a| a.id == id)) else {
            return Some("the acceptance that it refers to is not in the document".into());
        };
        if !names(acceptance, o) {
            return Some(format!("acceptance {} does not name it", acceptance.id));
        }
        self.lapsed(acceptance)
    }

    /// Why an acceptance does not hold on the day of judgement.
    pub fn lapsed(&self, acceptance: &Acceptance) -> Option<String> {
        let said = |text: &str| !text.trim().is_empty();
        if !said(&acceptance.because) || !said(&acceptance.by) {
            return Some(format!("acceptance {} lacks its reason or its owner", acceptance.id));
        }
        let holds = day(&acceptance.until).is_some_and(|end| self.day <= end);
        let ended = || format!("acceptance {} ended on {}", acceptance.id, acceptance.until);
        (!holds).then(ended)
    }
}

/// Whether an acceptance names an obligation. It never names more than it says.
fn names(acceptance: &Acceptance, o: &Obligation) -> bool {
    let meant = |f: &String| acceptance.functions.is_empty() || acceptance.functions.contains(f);
    let on = || {
        let lost = o.losses.iter().map(|loss| &loss.element);
        lost.chain([&o.subject]).any(|name| acceptance.on.contains(name))
    };
    let found = match (&acceptance.rule, &acceptance.policy) {
        (Some(rule), None) => *rule == o.rule && on(),
        (None, Some(_)) => acceptance.policy == o.policy && on(),
        _ => !o.losses.is_empty() && o.losses.iter().all(|loss| acceptance.losses.contains(loss)),
    };
    found && o.functions.iter().all(meant)
}

/// The signals of a condition, in its order.
pub(crate) fn signals(condition: &Condition) -> Vec<&str> {
    match condition {
        Condition::Signal(name) => vec![name],
        Condition::Not(of) => signals(of),
        Condition::AtLeast { of, .. } => of.iter().flat_map(signals).collect(),
    }
}

/// The objective that holds for a loss: the most particular one, of several the shortest.
pub(crate) fn objective(all: &[Objective], sort: LossSort, lost: &Item<'_>) -> Option<u64> {
    let rank = |o: &Objective| match (o.on, &o.of_kind) {
        (None, None) => Some(1),
        (Some(LossSort::Lost), Some(kind)) => {
            (sort == LossSort::Lost && lost.is(kind)).then_some(2)
        }
        (Some(on), None) if on != LossSort::Lost => (on == sort).then_some(2),
        _ => None,
    };
    let ranked = all.iter().filter_map(|o| Some((rank(o)?, o.within_ms)));
    ranked.min_by_key(|(rank, ms)| (std::cmp::Reverse(*rank), *ms)).map(|(_, ms)| ms)
}

/// The bound on the decision of step `number`: an automatic step without one decides at once; any other
/// takes the next in the order.
pub(crate) fn decision_bound(activation: &Activation, number: usize) -> Option<u64> {
    let own = activation.by.get(number)?;
    let next = || activation.by.iter().skip(number + 1).find_map(|a| a.within_ms);
    own.within_ms.or(if own.automatic { Some(0) } else { next() })
}

/// Whether every name, number and day in the document can be read.
struct Whole<'m, 'a> {
    model: &'m Model<'a>,
    place: String,
    faults: Vec<String>,
}

impl Whole<'_, '_> {
    fn fault(&mut self, what: String) {
        self.faults.push(format!("`{}`: {what}", self.place));
    }

    fn name(&mut self, name: &str, fits: impl Fn(&Item<'_>) -> bool) {
        match self.model.find(name) {
            None => self.fault(format!("`{name}` is not in the document")),
            Some(id) if !fits(&self.model.items[id]) => {
                self.fault(format!("`{name}` is of another sort"));
            }
            Some(_) => {}
        }
    }

    fn names(&mut self, names: &[String], fits: impl Fn(&Item<'_>) -> bool) {
        names.iter().for_each(|name| self.name(name, &fits));
    }

    fn needs(&mut self, needs: &[Need]) {
        for need in needs {
            if need.count == 0 || need.count as usize > need.of.len() {
                self.fault(format!("{} of {} cannot be needed", need.count, need.of.len()));
            }
            self.names(&need.of, |item| item.signal.is_none());
        }
    }

    fn date(&mut self, date: &Option<String>) {
        if let Some(text) = date.as_deref().filter(|text| day(text).is_none()) {
            self.fault(format!("`{text}` is no day"));
        }
    }

    fn amount(&mut self, of: &Amount) {
        if amount(of).is_none() {
            self.fault(format!("`{}` is no number", of.number));
        }
    }

    fn load(&mut self, load: &Option<Load>) {
        let Some(load) = load else { return };
        self.amount(&load.amount);
        if let Some(by) = &load.resupplied_by {
            self.name(by, |item| item.signal.is_none());
        }
        if load.resupplied_by.is_some() != load.resupplied_within_ms.is_some() {
            self.fault("a resupply lacks who brings it, or how soon".into());
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Signal(name) => self.name(name, |item| item.signal.is_some()),
            Condition::Not(of) => self.condition(of),
            Condition::AtLeast { count, of } => {
                if *count == 0 || *count as usize > of.len() {
                    self.fault(format!("{count} of {} cannot be observed", of.len()));
                }
                of.iter().for_each(|of| self.condition(of));
            }
        }
    }

    fn losses(&mut self, losses: &[Loss]) {
        losses.iter().for_each(|loss| self.name(&loss.element, |item| item.element.is_some()));
    }

    fn all(&mut self) {
        let rules = self.model.rules;
        for item in &self.model.items {
            self.place = item.name.to_owned();
            self.needs(item.needs());
            item.signal.iter().for_each(|s| self.needs(&s.from));
            item.function.iter().for_each(|f| self.function(f));
            item.element.iter().for_each(|e| self.element(e));
            item.backup.iter().for_each(|b| self.backup(b));
        }
        for acceptance in &rules.acceptances {
            self.place = format!("acceptance {}", acceptance.id);
            self.losses(&acceptance.losses);
            self.names(&acceptance.functions, |item| item.function.is_some());
            self.names(&acceptance.on, |_| true);
            self.date(&Some(acceptance.until.clone()));
        }
        for obligation in &rules.obligations {
            self.place = obligation.rule.clone();
            self.name(&obligation.subject, |_| true);
            self.names(&obligation.functions, |item| item.function.is_some());
            self.losses(&obligation.losses);
        }
    }

    fn function(&mut self, f: &Function) {
        self.load(&f.demand);
        self.load(&f.minimum);
        self.date(&f.changed);
        f.budget.iter().for_each(|budget| self.amount(budget));
        for tolerance in &f.survives {
            self.names(&tolerance.each_of, |item| item.element.is_some());
            if tolerance.order == 0 {
                self.fault("no loss is nothing to survive".into());
            }
        }
    }

    fn element(&mut self, e: &Element) {
        self.names(&e.controlled_by, |item| item.element.is_some());
        for date in [&e.changed, &e.contract_until] {
            self.date(date);
        }
        e.stock.iter().for_each(|stock| self.date(&stock.expires));
        let amounts = [&e.capacity, &e.fails, &e.unavailability, &e.cost].into_iter().flatten();
        amounts.chain(e.measures.values()).for_each(|of| self.amount(of));
        e.stock.iter().for_each(|stock| self.amount(&stock.amount));
    }

    fn backup(&mut self, b: &Backup) {
        match &b.primary {
            Some(primary) => self.name(primary, |item| item.element.is_some()),
            None => self.fault("it stands in for nothing".into()),
        }
        if b.protects.is_empty() {
            self.fault("it protects nothing".into());
        }
        self.names(&b.protects, |item| item.function.is_some());
        self.names(&b.independent_of, |_| true);
        self.load(&b.covers);
        self.needs(&b.installed_by);
        self.date(&b.retire_by);
        b.lends.iter().for_each(|lends| self.amount(&lends.share));
        for test in &b.tests {
            [&test.due, &test.expires, &test.last.as_ref().map(|last| last.day.clone())]
                .into_iter()
                .for_each(|date| self.date(date));
            test.loads.iter().for_each(|load| self.amount(&load.amount));
            if test.due.as_deref().and_then(day) != due(test) {
                self.fault(format!("the test `{}` is due on another day", test.name));
            }
        }
        let Some(activation) = &b.activation else { return };
        activation.when.iter().for_each(|when| self.condition(when));
        activation.by.iter().for_each(|step| self.needs(std::slice::from_ref(&step.who)));
        self.needs(&activation.with);
        self.needs(&activation.funded_by);
        for (of, target) in activation.fences.iter().map(|f| (&f.via, Some(&f.target))) {
            self.names(of, |item| item.element.is_some());
            target.iter().for_each(|name| self.name(name, |item| item.element.is_some()));
        }
        activation.reach.iter().for_each(|way| self.names(&way.via, |item| item.element.is_some()));
        activation.fail_safe.iter().for_each(|of| self.condition(&of.when));
        if let Some(crate::HandBack::When { condition, .. }) = &activation.hand_back {
            self.condition(condition);
        }
    }
}
