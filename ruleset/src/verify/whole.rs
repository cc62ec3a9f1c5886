//! Whether the document holds together: every name means something, every number and day can be read, every list is
//! in its order, and nothing is there twice.

use serde::Serialize;
use serde_json::{Map, Value};

use super::rules::upkeep::due;
use crate::logic::day::day;
use crate::logic::model::{Item, Model};
use crate::logic::number::Number;
use crate::{LossSort, Objective};

/// What texts under a key of the document are; what no line is about is free text.
const TEXTS: [(&str, Text); 20] = [
    ("of", Text::Name(|item| item.signal.is_none())),
    ("resupplied_by", Text::Name(|item| item.signal.is_none())),
    ("signal", Text::Name(|item| item.signal.is_some())),
    ("protects", Text::Name(|item| item.function.is_some())),
    ("functions", Text::Name(|item| item.function.is_some())),
    ("primary", Text::Name(|item| item.element.is_some())),
    ("element", Text::Name(|item| item.element.is_some())),
    ("each_of", Text::Name(|item| item.element.is_some())),
    ("controlled_by", Text::Name(|item| item.element.is_some())),
    ("via", Text::Name(|item| item.element.is_some())),
    ("target", Text::Name(|item| item.element.is_some())),
    ("independent_of", Text::Name(|_| true)),
    ("subject", Text::Name(|_| true)),
    ("changed", Text::Day),
    ("contract_until", Text::Day),
    ("expires", Text::Day),
    ("retire_by", Text::Day),
    ("due", Text::Day),
    ("day", Text::Day),
    ("until", Text::Day),
];

enum Text {
    /// The name of an entry of that sort.
    Name(fn(&Item<'_>) -> bool),
    /// A day.
    Day,
}

/// What does not hold together. Linear in the document.
pub(crate) fn faults(model: &Model<'_>) -> Vec<String> {
    let rules = model.rules;
    let mut whole = Whole { model, place: String::new(), faults: Vec::new() };
    whole.order();
    rules.functions.iter().for_each(|f| whole.entry(&f.id, f));
    rules.elements.iter().for_each(|e| whole.entry(&e.id, e));
    rules.signals.iter().for_each(|s| whole.entry(&s.id, s));
    rules.backups.iter().for_each(|b| whole.entry(&b.id, b));
    rules.acceptances.iter().for_each(|a| whole.entry(&format!("acceptance {}", a.id), a));
    for o in &rules.obligations {
        whole.entry(&o.rule, o);
        let of_whole = o.policy.is_some() && o.functions.is_empty();
        whole.must(of_whole || !o.functions.is_empty(), || "it is owed to nothing".into());
        whole.must(of_whole || !o.subject.is_empty(), || "nothing owes it".into());
    }
    for acceptance in &rules.acceptances {
        let there = acceptance.on.iter().all(|name| model.find(name).is_some());
        whole.must(there, || format!("acceptance {} is on what is not in it", acceptance.id));
    }
    for function in &rules.functions {
        whole.place.clone_from(&function.id);
        let some = function.survives.iter().all(|tolerance| tolerance.order > 0);
        whole.must(some, || "no loss is nothing to survive".into());
        let plain = |o: &Objective| (o.on == Some(LossSort::Lost)) == o.of_kind.is_some();
        let plain = function.rto.iter().chain(&function.rpo).all(plain);
        whole.must(plain, || "an objective is for losses of no sort".into());
    }
    for backup in &rules.backups {
        whole.place.clone_from(&backup.id);
        whole.must(backup.primary.is_some(), || "it stands in for nothing".into());
        whole.must(!backup.protects.is_empty(), || "it protects nothing".into());
        for test in &backup.tests {
            let right = test.due.as_deref().and_then(day) == due(test);
            whole.must(right, || format!("the test `{}` is due on another day", test.name));
        }
    }
    whole.faults
}

struct Whole<'m, 'a> {
    model: &'m Model<'a>,
    place: String,
    faults: Vec<String>,
}

impl Whole<'_, '_> {
    fn must(&mut self, holds: bool, why: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(format!("`{}`: {}", self.place, why()));
        }
    }

    fn entry(&mut self, place: &str, of: &impl Serialize) {
        place.clone_into(&mut self.place);
        let value = serde_json::to_value(of);
        self.must(value.is_ok(), || "it cannot be read".into());
        value.iter().for_each(|value| self.value("", value));
    }

    fn value(&mut self, key: &str, value: &Value) {
        match value {
            Value::String(text) => self.text(key, text),
            Value::Array(all) => all.iter().for_each(|value| self.value(key, value)),
            Value::Object(members) => {
                self.counted(members);
                let own = members.get("number").and_then(Value::as_str);
                let readable = own.is_none_or(|number| Number::read(number).is_some());
                self.must(readable, || format!("`{}` is no number", own.unwrap_or_default()));
                let said = |key: &str| members.get(key).is_some_and(|value| !value.is_null());
                let both = said("resupplied_by") == said("resupplied_within_ms");
                self.must(both, || "a resupply lacks who brings it, or how soon".into());
                // The fields of a kind are named by whoever declared it.
                let known = members.iter().filter(|(key, _)| *key != "fields");
                known.for_each(|(key, value)| self.value(key, value));
            }
            _ => {}
        }
    }

    fn counted(&mut self, members: &Map<String, Value>) {
        let count = members.get("count").and_then(Value::as_u64);
        let of = members.get("of").and_then(Value::as_array).map(Vec::len);
        if let Some((count, of)) = count.zip(of) {
            let fits = (1..=of as u64).contains(&count);
            self.must(fits, || format!("{count} of {of} is more than there are, or none"));
        }
    }

    fn text(&mut self, key: &str, text: &str) {
        match TEXTS.iter().find(|(of, _)| *of == key) {
            Some((_, Text::Day)) => {
                self.must(day(text).is_some(), || format!("`{text}` is no day"));
            }
            // The package as a whole.
            Some(("subject", _)) if text.is_empty() => {}
            Some((_, Text::Name(fits))) => match self.model.find(text) {
                None => self.must(false, || format!("`{text}` is not in the document")),
                Some(id) => {
                    let fits = fits(&self.model.items[id]);
                    self.must(fits, || format!("`{text}` is of another sort"));
                }
            },
            None => {}
        }
    }

    fn order(&mut self) {
        let rules = self.model.rules;
        let mut orders: Vec<u32> = rules.backups.iter().map(|b| b.order).collect();
        orders.sort_unstable();
        let lists = [
            ("functions", rules.functions.is_sorted_by(|a, b| a.id < b.id)),
            ("elements", rules.elements.is_sorted_by(|a, b| a.id < b.id)),
            ("signals", rules.signals.is_sorted_by(|a, b| a.id < b.id)),
            ("backups", rules.backups.is_sorted_by(|a, b| a.id < b.id)),
            ("acceptances", rules.acceptances.is_sorted_by(|a, b| a.id < b.id)),
            ("obligations", rules.obligations.is_sorted()),
            ("certificates", rules.certificates.is_sorted_by(|a, b| a.function < b.function)),
            ("places of the backups", orders.is_sorted_by(|a, b| a < b)),
        ];
        let unsorted = lists.iter().filter(|(_, sorted)| !sorted);
        self.faults.extend(unsorted.map(|(what, _)| format!("the {what} are not in order")));
    }
}
