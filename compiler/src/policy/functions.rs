//! The analysis, asked by policies.

use std::cell::RefCell;

use rbp_grammar::ast::LossSort;
use rustc_hash::{FxHashMap, FxHashSet};

use super::types::Sort;
use super::value::Value;
use crate::analysis::{
    Rests, acceptances_for, analysis, budget, common_controller, cut_sets, rests_from,
};
use crate::db::{Day, Db, SourceFile, file};
use crate::model::{Element, element_from};
use crate::names::ItemId;

/// The highest order of cut sets that a policy may ask for.
const MAX_ORDER: usize = 3;

/// What a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Takes {
    Function,
    Element,
    Set,
    Number,
    Text,
    Anything,
}

impl Takes {
    /// What it takes, in words.
    pub fn words(self) -> &'static str {
        match self {
            Takes::Function => "a function",
            Takes::Element => "an element",
            Takes::Set => "a set",
            Takes::Number => "a whole number",
            Takes::Text => "a text",
            Takes::Anything => "anything",
        }
    }
}

/// A function of the language of policies.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub form: &'static str,
    /// What it takes.
    pub takes: &'static [Takes],
    /// What it answers.
    pub sort: Sort,
    /// What it means.
    pub meaning: &'static str,
}

/// Every function, in the order of the reference.
pub fn functions() -> &'static [Function] {
    FUNCTIONS
}

static FUNCTIONS: &[Function] = &[
    Function {
        name: "count",
        form: "count(S)",
        takes: &[Takes::Set],
        sort: Sort::Number,
        meaning: "How many are in the set.",
    },
    Function {
        name: "stated",
        form: "stated(X)",
        takes: &[Takes::Anything],
        sort: Sort::Truth,
        meaning: "Whether it is stated: `stated(g.owner)`; unknown where it could not be read.",
    },
    Function {
        name: "tagged",
        form: "f.tagged(\"t\")",
        takes: &[Takes::Function, Takes::Text],
        sort: Sort::Truth,
        meaning: "Whether the function has the tag.",
    },
    Function {
        name: "spofs",
        form: "spofs(f)",
        takes: &[Takes::Function],
        sort: Sort::Elements,
        meaning: "What ends the function when it alone is lost, corrupted or compromised.",
    },
    Function {
        name: "cut-sets",
        form: "cut-sets(f, n)",
        takes: &[Takes::Function, Takes::Number],
        sort: Sort::Sets,
        meaning: "The minimal sets of at most n elements, up to 3, that end the function together.",
    },
    Function {
        name: "restoration-time",
        form: "restoration-time(f)",
        takes: &[Takes::Function],
        sort: Sort::Duration,
        meaning: "The longest time until it serves again after one loss; unknown where one ends it that nobody accepts.",
    },
    Function {
        name: "shared",
        form: "shared(a, b)",
        takes: &[Takes::Element, Takes::Element],
        sort: Sort::Elements,
        meaning: "What both rest on by their needs, places, hazards and resupply, and a principal that controls something of both.",
    },
    Function {
        name: "independent",
        form: "independent(a, b)",
        takes: &[Takes::Element, Takes::Element],
        sort: Sort::Truth,
        meaning: "Whether they share nothing, as `independent of` has it, and neither rests on the other.",
    },
];

/// What the analysis was asked about which elements, up to which order, and what it answered: several rules ask the
/// same, and so does whoever tells why one does not hold.
#[derive(Default)]
pub(super) struct Answers(RefCell<FxHashMap<Question, Value>>);

type Question = (&'static str, ItemId, ItemId, usize);

/// So many are remembered at once.
const MAX_ANSWERS: usize = 256;

impl Answers {
    fn to(&self, question: Question, answer: impl FnOnce() -> Value) -> Value {
        if let Some(known) = self.0.borrow().get(&question) {
            return known.clone();
        }
        let (answer, mut known) = (answer(), self.0.borrow_mut());
        if known.len() >= MAX_ANSWERS {
            known.clear();
        }
        known.insert(question, answer.clone());
        answer
    }
}

/// What a function answers to the values.
pub(super) fn call(
    db: &dyn Db,
    (here, day): (SourceFile, Day),
    answers: &Answers,
    name: &str,
    values: &[Value],
) -> Value {
    let unknown = values.iter().find_map(Value::unknown);
    match (name, values, unknown) {
        // What could not be read may be stated.
        ("stated", [of @ Value::Unknown(_)], _) => of.clone(),
        ("stated", ..) => Value::Truth(unknown.is_none()),
        (_, _, Some(why)) => Value::Unknown(why.into()),
        ("count", [Value::Set(members)], _) => Value::number(members.len() as i128),
        ("tagged", [Value::Element(function), Value::Text(tag)], _) => {
            if function.is_partial() {
                return unread(function);
            }
            let mut tags = function.words(rbp_grammar::head::Head::Tags);
            Value::Truth(tags.any(|word| word.text == *tag))
        }
        ("spofs", [Value::Element(function)], _) => {
            answers.to(("spofs", function.id, function.id, 1), || spofs(db, here, function))
        }
        ("cut-sets", [Value::Element(function), Value::Quantity(order)], _) => {
            let number = &order.amount.number;
            let whole = usize::try_from(number.to_integer()).ok().filter(|_| number.is_integer());
            match whole.filter(|order| (1..=MAX_ORDER).contains(order)) {
                Some(order) => {
                    let question = ("cut-sets", function.id, function.id, order);
                    answers.to(question, || sets(db, here, function, order))
                }
                None => Value::Unknown(format!("only 1 to {MAX_ORDER} losses can be asked for")),
            }
        }
        ("restoration-time", [Value::Element(function)], _) => restoration(db, function, day),
        ("shared", [Value::Element(a), Value::Element(b)], _) => {
            let both = || shared(db, here, a, b);
            let all = || both().map_or_else(|why| why, |both| found(db, here, &both));
            answers.to(("shared", a.id, b.id, 1), all)
        }
        ("independent", [Value::Element(a), Value::Element(b)], _) => {
            let both = || shared(db, here, a, b);
            let none = || both().map_or_else(|why| why, |both| Value::Truth(both.is_empty()));
            answers.to(("independent", a.id, b.id, 1), none)
        }
        _ => Value::Unknown(format!("`{name}` cannot be asked that")),
    }
}

fn unread(element: &Element) -> Value {
    Value::Unknown(format!("what `{}` rests on could not be read in full", element.name()))
}

fn found(db: &dyn Db, here: SourceFile, ids: &[ItemId]) -> Value {
    let elements = ids.iter().filter_map(|id| element_from(db, here, *id)).map(Value::Element);
    Value::Set(elements.collect())
}

fn spofs(db: &dyn Db, here: SourceFile, function: &Element) -> Value {
    let Some(analysis) = analysis(db, function.id) else { return unread(function) };
    if analysis.cone.incomplete || analysis.too_large {
        return unread(function);
    }
    let mut ids: Vec<ItemId> = Vec::new();
    for cut in &analysis.cuts {
        let id = analysis.cone.lost(cut.loss).id;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    found(db, here, &ids)
}

fn sets(db: &dyn Db, here: SourceFile, function: &Element, order: usize) -> Value {
    let Some(sets) = cut_sets(db, function.id, order) else {
        let whole = analysis(db, function.id).is_some_and(|a| !a.cone.incomplete);
        let many = format!("`{}` ends in more ways than are listed", function.name());
        return if whole { Value::Unknown(many) } else { unread(function) };
    };
    let mut seen = FxHashSet::default();
    let distinct = sets.iter().filter(|set| seen.insert(*set));
    Value::Set(distinct.map(|set| found(db, here, set)).collect())
}

fn restoration(db: &dyn Db, function: &Element, day: Day) -> Value {
    let Some(analysis) = analysis(db, function.id) else { return unread(function) };
    if analysis.cone.incomplete || analysis.too_large {
        return unread(function);
    }
    let accepted = accepted_losses(db, function, day);
    let cuts = analysis
        .cuts
        .iter()
        .filter(|cut| !accepted.contains(&(cut.loss.sort, analysis.cone.lost(cut.loss).id)));
    if let Some(cut) = cuts.min_by_key(|cut| cut.loss.sort != LossSort::Lost) {
        let words = analysis.cone.loss_words(cut.loss);
        return Value::Unstated(format!("{words} ends `{}` for good", function.name()));
    }
    let mut by = analysis.restored.iter().flat_map(|restored| &restored.by);
    if let Some(why) = by.find_map(|at| timeless(db, function, analysis.cone.elements.get(*at)?)) {
        return Value::Unstated(why);
    }
    let longest = analysis.restored.iter().map(|restored| restored.ms).max().unwrap_or(0);
    Value::milliseconds(longest)
}

/// What of the steps of a backup has no bound.
fn timeless(db: &dyn Db, function: &Element, backup: &Element) -> Option<String> {
    let budget = budget(db, file(db, function.id.file)?, backup, 0);
    let unstated = budget.unstated.first().map(|unstated| unstated.what.clone());
    let undecided = || format!("how soon it is decided on `{}`", backup.name());
    let what = unstated.or_else(|| budget.undecided.then(undecided))?;
    Some(format!("nothing says {what}"))
}

/// The losses that are accepted for a function on that day.
fn accepted_losses(db: &dyn Db, function: &Element, day: Day) -> Vec<(LossSort, ItemId)> {
    let Some(home) = file(db, function.id.file) else { return Vec::new() };
    let concerns = |named: Vec<ItemId>| named.is_empty() || named.contains(&function.id);
    let all = acceptances_for(db, home).iter();
    let holding = all.filter(|a| a.holds(day) && concerns(a.functions()));
    holding.flat_map(|acceptance| acceptance.losses()).collect()
}

/// What both rest on, themselves included, and who controls something of both.
fn shared(db: &dyn Db, here: SourceFile, a: &Element, b: &Element) -> Result<Vec<ItemId>, Value> {
    let rests = |of| Rests::of(db, here, &rests_from(of), |_| true);
    let (one, other) = (rests(a), rests(b));
    let mut both: Vec<ItemId> =
        one.elements.iter().map(|e| e.id).filter(|id| other.has(*id)).collect();
    both.extend(common_controller(&one, &other).filter(|id| !both.contains(id)));
    if one.incomplete || other.incomplete {
        return Err(unread(if one.incomplete { a } else { b }));
    }
    Ok(both)
}
