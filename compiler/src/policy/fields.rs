//! The fields that a policy may ask for: one table says of each what it is called, of what, which sort of
//! value it has, what it means, and how it is read. The reference is made from it.

use std::sync::{Arc, LazyLock};

use rbp_grammar::ast::{Args, Proof, Quantity, Role};
use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::types::Sort;
use super::value::{Measured, Value, test};
use crate::analysis::{Rests, protectors_from, stand_ins};
use crate::db::{Day, Db, SourceFile};
use crate::model::{Element, NeedView, Ref, Test, TestResult, day, day_words, element_from};
use crate::names::ItemId;
use crate::quantity::{Amount, Dimension, Number};

/// Of what a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Owner {
    Element,
    Dependency,
    Signal,
    Function,
    Backup,
    Test,
    Proofs,
}

impl Owner {
    /// Every owner, in the order of the reference.
    pub const ALL: [Owner; 7] = [
        Owner::Element,
        Owner::Dependency,
        Owner::Signal,
        Owner::Function,
        Owner::Backup,
        Owner::Test,
        Owner::Proofs,
    ];

    /// The owner in words.
    pub fn words(self) -> &'static str {
        match self {
            Owner::Element => "any element",
            Owner::Dependency => "a dependency",
            Owner::Signal => "a signal",
            Owner::Function => "a function",
            Owner::Backup => "a backup",
            Owner::Test => "a test",
            Owner::Proofs => "what a test proves",
        }
    }

    pub(super) fn of(role: Role) -> Owner {
        match role {
            Role::Dependency => Owner::Dependency,
            Role::Signal => Owner::Signal,
            Role::Function => Owner::Function,
            Role::Backup => Owner::Backup,
        }
    }
}

/// From where the model is read: the own elements of the file that is checked come straight from its facts.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub db: &'a dyn Db,
    pub here: SourceFile,
}

impl Reader<'_> {
    pub fn element(self, id: ItemId) -> Option<Arc<Element>> {
        element_from(self.db, self.here, id)
    }
}

#[derive(Clone, Copy)]
enum Read {
    Element(fn(Reader<'_>, &Arc<Element>) -> Option<Value>),
    Test(fn(&Test<'_>, Day) -> Option<Value>),
}

/// A row of the table.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Of what.
    pub of: &'static [Owner],
    /// What it holds.
    pub sort: Sort,
    /// What it means.
    pub meaning: &'static str,
    /// The clause that states it, where silence leaves it unknown.
    pub clause: Option<&'static str>,
    read: Read,
}

/// Every field, in the order of the table.
pub fn fields() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter()
}

/// The fields of an owner.
pub(super) fn of(owner: Owner) -> impl Iterator<Item = &'static Field> {
    let things = [Owner::Dependency, Owner::Signal, Owner::Function, Owner::Backup];
    let any = owner != Owner::Element && things.contains(&owner);
    fields().filter(move |f| f.of.contains(&owner) || (any && f.of.contains(&Owner::Element)))
}

/// The field of that name.
fn find(owner: Owner, name: &str) -> Option<&'static Field> {
    type Found = FxHashMap<(Owner, &'static str), &'static Field>;
    static ALL: LazyLock<Found> = LazyLock::new(|| {
        let owned = |owner| of(owner).map(move |field| ((owner, field.name), field));
        // Of several of one name the first is meant.
        let mut all: Vec<_> = Owner::ALL.into_iter().flat_map(owned).collect();
        all.reverse();
        all.into_iter().collect()
    });
    ALL.get(&(owner, name)).copied()
}

/// Whether a field of an element holds what others say of it.
pub(super) fn is_said_by_others(element: &Element, name: &str) -> bool {
    find(Owner::of(element.role()), name).is_some_and(|field| field.sort == Sort::Backups)
}

/// Reads a field of an element. What is not stated is unknown.
pub(super) fn of_element(from: Reader<'_>, element: &Arc<Element>, name: &str) -> Value {
    let Some(field) = find(Owner::of(element.role()), name) else { return of_kind(element, name) };
    let Read::Element(read) = field.read else { return unasked(name) };
    let (value, what) = (read(from, element), element.name());
    match (value, field.clause) {
        (Some(value), Some(_)) => value,
        (Some(value), None) if !element.is_partial() => value,
        _ if element.is_partial() => Value::Unknown(format!("part of `{what}` could not be read")),
        (_, clause) => unstated(what, clause.unwrap_or(name)),
    }
}

/// Reads a field that its kind declares.
fn of_kind(element: &Element, name: &str) -> Value {
    use rbp_grammar::ast::Value as Written;
    let value = element.field(name).and_then(|(value, _)| match value {
        Written::Text(text) => Some(Value::Text(text.text.clone())),
        Written::Name(name) => Some(Value::Text(name.text.clone())),
        Written::Date(date) => day(date).map(Value::Day),
        Written::Quantity(quantity) => measured(element, quantity).map(Value::Quantity),
    });
    value.unwrap_or_else(|| unstated(element.name(), name))
}

/// Reads a field of a test, or of what it proves.
pub(super) fn of_test(
    backup: &Arc<Element>,
    at: usize,
    owner: Owner,
    name: &str,
    on: Day,
) -> Value {
    let Some(found) = test(backup, at) else { return unasked(name) };
    let Some(field) = find(owner, name) else { return unasked(name) };
    let Read::Test(read) = field.read else { return unasked(name) };
    if field.sort == Sort::Proofs {
        return Value::Proofs(backup.clone(), at);
    }
    match (read(&found, on), field.clause) {
        (Some(value), Some(_)) => value,
        (Some(value), None) if !backup.is_partial() => value,
        _ if backup.is_partial() => {
            Value::Unknown(format!("part of `{}` could not be read", backup.name()))
        }
        (_, Some("last")) if found.clause(Head::Last).is_some() => {
            let (test, day) = (&found.name.text, day_words(on));
            Value::Unstated(format!("`{test}` was last held after {day}"))
        }
        (_, clause) => unstated(&found.name.text, clause.unwrap_or(name)),
    }
}

fn unstated(what: &str, clause: &str) -> Value {
    Value::Unstated(format!("`{what}` states no `{clause}`"))
}

fn unasked(name: &str) -> Value {
    Value::Unknown(format!("`{name}` cannot be asked here"))
}

fn measured(element: &Element, quantity: &Quantity) -> Option<Measured> {
    Some(Measured::written(element.amount(quantity)?, quantity))
}

fn text(text: impl Into<SmolStr>) -> Option<Value> {
    Some(Value::Text(text.into()))
}

fn word(element: &Element, head: Head) -> Option<Value> {
    element.word(head).and_then(text)
}

fn flag(element: &Element, head: Head) -> Option<Value> {
    Some(Value::Truth(element.has(head)))
}

fn duration(element: &Element, head: Head) -> Option<Value> {
    Some(Value::milliseconds(element.duration(head)?.ms))
}

fn quantity(element: &Element, head: Head) -> Option<Value> {
    let (amount, written) = element.quantity(head)?;
    Some(Value::Quantity(Measured::written(amount, written)))
}

fn date(element: &Element, head: Head) -> Option<Value> {
    element.day(head).map(Value::Day)
}

fn load(element: &Element, head: Head) -> Option<Value> {
    let load = element.load(head)?;
    let amount = Measured::written(load.amount, load.written);
    Some(Value::Load(amount, load.duration.map(|d| d.ms)))
}

/// The objective, or from the shortest to the longest of several.
fn objective(function: &Element, head: Head) -> Option<Value> {
    let bounds = || function.objectives(head).into_iter().map(|o| o.bound.ms);
    let (shortest, longest) = (bounds().min()?, bounds().max()?);
    match (Value::milliseconds(shortest), Value::milliseconds(longest)) {
        (Value::Quantity(a), Value::Quantity(b)) if shortest < longest => {
            Some(Value::Between(Box::new([a, b])))
        }
        (one, _) => Some(one),
    }
}

fn elements(from: Reader<'_>, ids: impl IntoIterator<Item = ItemId>) -> Option<Value> {
    let mut found: Vec<Arc<Element>> = Vec::new();
    for element in ids.into_iter().filter_map(|id| from.element(id)) {
        if !found.iter().any(|other| other.id == element.id) {
            found.push(element);
        }
    }
    Some(Value::Set(found.into_iter().map(Value::Element).collect()))
}

/// Who names an element is known only as far as every import could be read.
fn backups(from: Reader<'_>, element: &Element) -> Option<Value> {
    match element.role() {
        Role::Function => {
            elements(from, protectors_from(from.db, from.here, element.id).iter().copied())
        }
        _ => elements(from, stand_ins(from.db, from.here, element.id).iter().copied()),
    }
}

fn refs(from: Reader<'_>, refs: &[Ref<'_>]) -> Option<Value> {
    elements(from, refs.iter().map(|r| r.id))
}

fn needs(from: Reader<'_>, needs: &[NeedView<'_>]) -> Option<Value> {
    elements(from, needs.iter().flat_map(|need| &need.of).map(|r| r.id))
}

/// All that a function rests on, as far as no backup is called on.
fn rests_on(from: Reader<'_>, function: &Element) -> Value {
    let rests = Rests::of(from.db, from.here, &[function.id], |_| true);
    match rests.incomplete {
        false => {
            let others = rests.elements.into_iter().filter(|e| e.id != function.id);
            Value::Set(others.map(Value::Element).collect())
        }
        true => {
            let name = function.name();
            Value::Unknown(format!("what `{name}` rests on could not be read in full"))
        }
    }
}

fn activated(from: Reader<'_>, backup: &Element, head: Head) -> Option<Value> {
    needs(from, &backup.activation().map(|a| a.needs_of(head)).unwrap_or_default())
}

/// How many steps are written down: of the element's `instructions`, and of its activation.
fn steps(element: &Element) -> i128 {
    let written = element.clauses(Head::Instructions).map(|clause| match &clause.args {
        Args::Texts(texts) => texts.len(),
        _ => 0,
    });
    let activation = element.activation().map_or(0, |activation| activation.steps().len());
    (written.sum::<usize>() + activation) as i128
}

/// Whether what resupplies a backup comes before it has run out.
fn resupplied(element: &Element) -> bool {
    let covers = element.load(Head::Covers);
    covers.is_some_and(|load| match (load.resupply, load.duration) {
        (Some((_, within)), Some(lasts)) => within.ms <= lasts.ms,
        _ => false,
    })
}

fn stock_end(element: &Element) -> Option<Value> {
    let ends = element.clauses(Head::Stock).filter_map(|clause| match &clause.args {
        Args::Stock { expires: Some(date), .. } => day(date),
        _ => None,
    });
    ends.min().map(Value::Day)
}

fn test_word(test: &Test<'_>, head: Head) -> Option<Value> {
    match &test.clause(head)?.args {
        Args::Names(names) => names.first().and_then(|name| text(name.text.clone())),
        _ => None,
    }
}

/// How it last went, where that is no later than the day.
fn held<'a>(test: &Test<'a>, on: Day) -> Option<TestResult<'a>> {
    test.last_by(on)
}

/// What a test does not name, it does not show.
fn no_load() -> Value {
    let none = Amount { number: Number::from_integer(0), dimension: Dimension::default() };
    Value::Load(Measured::bare(none), None)
}

fn proved_load(test: &Test<'_>) -> Option<Value> {
    let of = |proof: &Proof| match proof {
        Proof::Load { amount, duration } => {
            let time = duration.as_ref().and_then(|d| test.backup.timed(d)).map(|d| d.ms);
            Some(Value::Load(measured(test.backup, amount)?, time))
        }
        Proof::Aspect(_) => None,
    };
    test.proofs().iter().find_map(of)
}

macro_rules! fields {
    ($($name:literal [$($of:ident)*] $sort:ident $(($clause:literal))? $meaning:literal $read:ident $how:expr;)*) => {
        static FIELDS: &[Field] = &[$(Field {
            name: $name,
            of: &[$(Owner::$of),*],
            sort: Sort::$sort,
            meaning: $meaning,
            clause: fields!(@clause $($clause)?),
            read: Read::$read($how),
        }),*];
    };
    (@clause $clause:literal) => { Some($clause) };
    (@clause) => { None };
}

// name, of what, what it holds, the clause without which it is unknown, meaning, how it is read
fields! {
    "name" [Element] Text "Its name." Element |_, e| text(e.name());
    "title" [Element] Text "Its title, or its name where it has none." Element |_, e| text(e.title());
    "owner" [Dependency Function Backup] Text ("owner") "Who answers for it." Element |_, e| word(e, Head::Owner);
    "tags" [Function] Texts "Its tags." Element |_, e| Some(Value::Set(e.words(Head::Tags).filter_map(|w| text(w.text.clone())).collect()));
    "kind" [Dependency Backup] Text ("kind") "The name of its kind." Element |_, e| e.lineage.as_ref().and_then(|l| text(l.name()));
    "needs" [Dependency Backup] Elements "What its `needs` clauses name." Element |from, e| needs(from, &e.needs_of(Head::Needs));
    "places" [Dependency Backup] Elements "Where it stands." Element |from, e| needs(from, &e.needs_of(Head::In));
    "hazards" [Dependency Backup] Elements "What it is exposed to." Element |from, e| needs(from, &e.needs_of(Head::ExposedTo));
    "controllers" [Dependency Backup] Elements "Who or what controls it." Element |from, e| refs(from, &e.named(Head::ControlledBy));
    "backups" [Dependency Function Backup] Backups "The backups that stand in for it; of a function those that protect it." Element |from, e| backups(from, e);
    "changed" [Dependency Function Backup] Day ("changed") "When it was last changed." Element |_, e| e.changed().map(|(day, _)| Value::Day(day));
    "repaired" [Dependency Backup] Duration ("repaired within") "How long a repair takes at most." Element |_, e| duration(e, Head::RepairedWithin);
    "capacity" [Dependency Backup] Quantity ("capacity") "How much it can carry or hold." Element |_, e| quantity(e, Head::Capacity);
    "cost" [Dependency Backup] Quantity ("cost") "What it costs." Element |_, e| quantity(e, Head::Cost);
    "contract" [Dependency Backup] Day ("contract until") "The last day of its contract." Element |_, e| date(e, Head::ContractUntil);
    "stock" [Dependency Backup] Quantity ("stock") "How much is stored." Element |_, e| match &e.clause(Head::Stock)?.args {
        Args::Stock { amount, .. } => measured(e, amount).map(Value::Quantity),
        _ => None,
    };
    "stock-expires" [Dependency Backup] Day ("stock … expires") "The last day of its stock." Element |_, e| stock_end(e);
    "lead-time" [Dependency Backup] Duration ("lead time") "How long delivery takes." Element |_, e| duration(e, Head::LeadTime);
    "data" [Dependency Function Backup] Text ("data") "The classification of its data." Element |_, e| word(e, Head::Data);
    "encrypted" [Dependency Backup] Truth "Its data are encrypted." Element |_, e| flag(e, Head::Encrypted);
    "audited" [Dependency Backup] Truth "Its use is recorded." Element |_, e| flag(e, Head::Audited);
    "compensated" [Dependency Backup] Truth "The duty is paid." Element |_, e| flag(e, Head::Compensated);
    "immutable" [Dependency Backup] Truth "Nobody can alter or delete it." Element |_, e| flag(e, Head::Immutable);
    "lag" [Dependency Backup] Duration ("lag within") "How far it may be behind." Element |_, e| duration(e, Head::LagWithin);
    "delay" [Dependency Backup] Duration ("delayed by") "How much later it takes a change." Element |_, e| duration(e, Head::DelayedBy);
    "sources" [Signal] Elements "What observes it." Element |from, e| needs(from, &e.needs_of(Head::From));
    "latency" [Signal] Duration ("within") "How soon it is seen." Element |_, e| duration(e, Head::Within);
    "depends" [Function] Elements "What it depends on." Element |from, e| needs(from, &e.needs_of(Head::DependsOn));
    "rests-on" [Function] Elements "What it depends on, with all that this needs, stands in or is exposed to, by however many steps; not what its backups need." Element |from, e| Some(rests_on(from, e));
    "rto" [Function] Duration ("rto") "Its recovery time objective; of several, each: what is asked must be so of all of them." Element |_, e| objective(e, Head::Rto);
    "rpo" [Function] Duration ("rpo") "Its recovery point objective; of several, each: what is asked must be so of all of them." Element |_, e| objective(e, Head::Rpo);
    "mtpd" [Function] Duration ("mtpd") "How long it may be gone at most." Element |_, e| duration(e, Head::Mtpd);
    "demand" [Function] Load ("demand") "What it demands." Element |_, e| load(e, Head::Demand);
    "minimum" [Function] Load ("minimum") "The least acceptable level." Element |_, e| load(e, Head::Minimum);
    "budget" [Function] Quantity ("budget") "What its continuity may cost." Element |_, e| quantity(e, Head::Budget);
    "primary" [Backup] Element ("for") "What it stands in for." Element |from, e| from.element(e.primary()?.id).map(Value::Element);
    "protects" [Backup] Functions "The functions that it protects." Element |from, e| refs(from, &e.named(Head::Protects));
    "covers" [Backup] Load ("covers") "How much it carries, and for how long." Element |_, e| load(e, Head::Covers);
    "lasts" [Backup] Duration ("covers … for D") "For how long it carries that by itself." Element |_, e| Some(Value::milliseconds(e.load(Head::Covers)?.duration?.ms));
    "resupplied" [Backup] Truth "More is brought before it has run out." Element |_, e| Some(Value::Truth(resupplied(e)));
    "readiness" [Backup] Text ("readiness") "In which state it is kept." Element |_, e| word(e, Head::Readiness);
    "restores" [Backup] Duration ("restores within") "How long it takes to serve." Element |_, e| duration(e, Head::RestoresWithin);
    "verified" [Backup] Duration ("verified within") "How long it takes to be verified." Element |_, e| duration(e, Head::VerifiedWithin);
    "retires" [Backup] Day ("retire by") "The day by which it is to be retired." Element |_, e| date(e, Head::RetireBy);
    "reserved" [Backup] Truth "It is kept for nothing else." Element |_, e| flag(e, Head::Reserved);
    "lends" [Backup] Truth "Part of it is lent." Element |_, e| flag(e, Head::Lends);
    "tests" [Backup] Tests "Its tests." Element |_, e| Some(Value::Set((0..e.tests().len()).map(|at| Value::Test(e.clone(), at)).collect()));
    "automatic" [Backup] Truth "A controller may activate it." Element |_, e| Some(Value::Truth(e.activation().is_some_and(|a| a.succession().iter().any(|step| step.automatic))));
    "authorities" [Backup] Elements "All in its order of succession." Element |from, e| {
        let succession = e.activation().map(|a| a.succession()).unwrap_or_default();
        elements(from, succession.iter().flat_map(|step| &step.who.of).map(|r| r.id))
    };
    "succession" [Backup] Number "How many steps its order of succession has." Element |_, e| Some(Value::number(e.activation().map_or(0, |a| a.succession().len()) as i128));
    "credentials" [Backup] Elements "What opens it." Element |from, e| activated(from, e, Head::With);
    "ways" [Backup] Elements "The ways to it." Element |from, e| {
        let reaches = e.activation().map(|a| a.reaches()).unwrap_or_default();
        elements(from, reaches.iter().flat_map(|(via, _, _)| via).map(|r| r.id))
    };
    "fenced" [Backup] Truth "Something keeps its primary from acting as well." Element |_, e| Some(Value::Truth(e.activation().is_some_and(|a| !a.fences().is_empty())));
    "hands-back" [Backup] Truth "It is said when or how the primary takes over again." Element |_, e| Some(Value::Truth(e.activation().is_some_and(|a| a.clause(Head::HandBack).is_some())));
    "instructions" [Backup] Number "How many steps are written down by which it is put to work." Element |_, e| Some(Value::number(steps(e)));
    "name" [Test] Text "Its name." Test |t, _| text(t.name.text.clone());
    "owner" [Test] Text ("owner") "Who holds it." Test |t, _| test_word(t, Head::Owner);
    "every" [Test] Duration ("every") "How often it is held." Test |t, _| t.every().map(|d| Value::milliseconds(d.ms));
    "level" [Test] Text ("by") "The level of exercise." Test |t, _| test_word(t, Head::Exercise);
    "cold" [Test] Truth "It starts from a standstill." Test |t, _| Some(Value::Truth(t.from_cold()));
    "last" [Test] Day ("last") "When it was last held." Test |t, day| held(t, day).map(|last| Value::Day(last.day));
    "passed" [Test] Truth ("last") "It last passed." Test |t, day| held(t, day).map(|last| Value::Truth(last.passed));
    "recorded" [Test] Truth "Its last result names evidence." Test |t, day| Some(Value::Truth(held(t, day).is_some_and(|last| last.evidence.is_some())));
    "expires" [Test] Day ("expires") "When its result no longer counts." Test |t, _| t.expires().map(Value::Day);
    "proves" [Test] Proofs "What it shows." Test |_, _| None;
    "load" [Proofs] Load "The first load that it names, and for how long; 0 where it names none." Test |t, _| Some(proved_load(t).unwrap_or_else(no_load));
    "activation" [Proofs] Truth "That it is activated." Test |t, _| Some(Value::Truth(t.proves("activation")));
    "restore" [Proofs] Truth "That it is restored." Test |t, _| Some(Value::Truth(t.proves("restore")));
    "split-control" [Proofs] Truth "That only one is in charge." Test |t, _| Some(Value::Truth(t.proves("split-control")));
    "skills" [Proofs] Truth "That those who do it can." Test |t, _| Some(Value::Truth(t.proves("skills")));
    "sample" [Proofs] Truth "That a sample of the stock serves." Test |t, _| Some(Value::Truth(t.proves("sample")));
    "delivery" [Proofs] Truth "That it is delivered." Test |t, _| Some(Value::Truth(t.proves("delivery")));
    "role" [Proofs] Truth "That the role is performed." Test |t, _| Some(Value::Truth(t.proves("role")));
    "integrity" [Proofs] Truth "That nothing is altered or missing." Test |t, _| Some(Value::Truth(t.proves("integrity")));
    "place" [Proofs] Truth "That it stands where it is said to stand." Test |t, _| Some(Value::Truth(t.proves("place")));
}
