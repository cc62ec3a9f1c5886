//! From a document to a fault tree.

use rbp_grammar::nearest;
use rustc_hash::{FxHashMap, FxHashSet};

use super::document::{Document, Fault};
use super::expression::Values;
use super::groups::{Group, group};
use crate::faults::tree::{CommonCause, FaultTree, Gate, Input};

/// A model: its gates and events with their names. Any gate may be asked about.
#[derive(Debug)]
pub struct Model {
    /// The tree. Its top is the gate that no other listens to, if there is just one.
    pub tree: FaultTree,
    /// The names of its basic events, by number.
    pub events: Vec<String>,
    /// Their probabilities, where the model states them.
    pub probabilities: Vec<Option<f64>>,
    /// The gates by name.
    pub gates: FxHashMap<String, u32>,
    /// The gates that no other gate listens to, in the order of the file.
    pub tops: Vec<String>,
}

/// Reads a model. `mission` is what `system-mission-time` stands for, in the unit of time of its rates. Linear in the
/// text.
///
/// # Errors
///
/// The first thing that is wrong, with its place.
pub fn read(text: &str, mission: Option<f64>) -> Result<Model, Fault> {
    let document = Document::read(text)?;
    let root = &document.elements[0];
    if root.name != "opsa-mef" {
        let message = format!("the outermost element is `<{}>`, not `<opsa-mef>`", root.name);
        return Err(Fault::new(root.at, message));
    }
    let mut reader = Reader::new(&document);
    reader.definitions()?;
    reader.probabilities(mission)?;
    reader.formulas()?;
    reader.finish()
}

struct Reader<'a> {
    document: &'a Document,
    gates: FxHashMap<String, u32>,
    /// The elements that define gates, in the order of the file.
    defined: Vec<usize>,
    houses: FxHashMap<String, bool>,
    events: FxHashMap<String, u32>,
    /// Whether the document defines its basic events. Then one that it does not define is a slip of the pen.
    defines_events: bool,
    names: Vec<String>,
    /// Per event the element of its expression.
    expressions: FxHashMap<String, usize>,
    parameters: FxHashMap<String, usize>,
    probabilities: Vec<Option<f64>>,
    tree: Vec<Gate>,
    used: Vec<bool>,
    /// The elements that define common cause groups.
    groups: Vec<usize>,
    causes: Vec<CommonCause>,
    cause_names: Vec<String>,
    /// The events that are in a group.
    grouped: FxHashSet<u32>,
    /// The names of everything that is defined.
    taken: FxHashSet<(Namespace, &'a str)>,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Document) -> Reader<'a> {
        Reader {
            document,
            gates: FxHashMap::default(),
            defined: Vec::new(),
            houses: FxHashMap::default(),
            events: FxHashMap::default(),
            defines_events: false,
            names: Vec::new(),
            expressions: FxHashMap::default(),
            parameters: FxHashMap::default(),
            probabilities: Vec::new(),
            tree: Vec::new(),
            used: Vec::new(),
            groups: Vec::new(),
            causes: Vec::new(),
            cause_names: Vec::new(),
            grouped: FxHashSet::default(),
            taken: FxHashSet::default(),
        }
    }

    /// Everything that is defined, wherever it stands.
    fn definitions(&mut self) -> Result<(), Fault> {
        let mut open = vec![0];
        while let Some(at) = open.pop() {
            let element = &self.document.elements[at];
            if let Some(namespace) = namespace(&element.name) {
                let name = element.required("name")?;
                if !self.taken.insert((namespace, name)) {
                    return Err(Fault::new(element.at, format!("`{name}` is defined twice")));
                }
            }
            match element.name.as_str() {
                "opsa-mef" | "define-fault-tree" | "define-component" | "model-data" => {
                    open.extend(self.document.children(at).rev());
                }
                "define-gate" => {
                    let name = element.required("name")?;
                    let number = self.defined.len() as u32;
                    self.gates.insert(name.to_owned(), number);
                    self.defined.push(at);
                }
                "define-basic-event" => {
                    let name = element.required("name")?;
                    self.event(name);
                    self.defines_events = true;
                    if let Some(expression) = self.document.children(at).next() {
                        self.expressions.insert(name.to_owned(), expression);
                    }
                }
                "define-house-event" => {
                    let name = element.required("name")?;
                    let state = self.document.children(at).next();
                    let state = state.map_or(Ok(false), |child| self.constant(child))?;
                    self.houses.insert(name.to_owned(), state);
                }
                "define-CCF-group" => self.groups.push(at),
                "define-parameter" => {
                    let name = element.required("name")?;
                    if let Some(expression) = self.document.children(at).next() {
                        self.parameters.insert(name.to_owned(), expression);
                    }
                }
                other => {
                    return Err(Fault::new(element.at, format!("`<{other}>` is not read here")));
                }
            }
        }
        self.tree = vec![Gate { k: 1, inputs: Vec::new() }; self.defined.len()];
        self.used = vec![false; self.defined.len()];
        Ok(())
    }

    fn event(&mut self, name: &str) -> u32 {
        if let Some(known) = self.events.get(name) {
            return *known;
        }
        let new = self.names.len() as u32;
        self.events.insert(name.to_owned(), new);
        self.names.push(name.to_owned());
        new
    }

    fn constant(&self, at: usize) -> Result<bool, Fault> {
        let element = &self.document.elements[at];
        match element.attribute("value") {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(Fault::new(element.at, "a constant is `true` or `false`")),
        }
    }

    fn probabilities(&mut self, mission: Option<f64>) -> Result<(), Fault> {
        let parameters = std::mem::take(&mut self.parameters);
        let values = Values::new(self.document, parameters, mission);
        let mut groups = Vec::new();
        for at in &self.groups {
            groups.push(group(self.document, *at, &values)?);
        }
        for group in groups {
            self.common_cause(group)?;
        }
        self.probabilities = vec![None; self.names.len()];
        for (number, name) in self.names.iter().enumerate() {
            let Some(at) = self.expressions.get(name) else { continue };
            let value = values.value(*at)?;
            if !(0.0..=1.0).contains(&value) {
                let at = self.document.elements[*at].at;
                return Err(Fault::new(
                    at,
                    format!("the probability of `{name}` is {value}; it goes from 0 to 1"),
                ));
            }
            self.probabilities[number] = Some(value);
        }
        Ok(())
    }

    /// The members of a group need no definition of their own.
    fn common_cause(&mut self, group: Group) -> Result<(), Fault> {
        let mut members = Vec::new();
        for (name, at) in &group.members {
            let member = self.event(name);
            if !self.grouped.insert(member) {
                let message = format!("`{name}` is in a common cause group already");
                return Err(Fault::new(*at, message));
            }
            members.push(member);
        }
        let cause = group.cause(members)?;
        for (set, _) in cause.causes() {
            let taken: Vec<&str> = set.iter().map(|at| group.members[*at].0.as_str()).collect();
            let of = match taken.len() == group.members.len() {
                true => String::new(),
                false => format!(" of {}", taken.join(", ")),
            };
            self.cause_names.push(format!("{} (common cause{of})", group.name));
        }
        self.causes.push(cause);
        Ok(())
    }

    fn formulas(&mut self) -> Result<(), Fault> {
        for number in 0..self.defined.len() {
            let at = self.defined[number];
            let formulas: Vec<usize> = self.document.children(at).collect();
            let [formula] = formulas[..] else {
                let element = &self.document.elements[at];
                return Err(Fault::new(element.at, "a gate is defined by one formula"));
            };
            let name = &self.document.elements[formula].name;
            match Connective::of(name) {
                Some(_) => self.formula(formula, number as u32)?,
                None => self.tree[number] = Gate { k: 1, inputs: vec![self.leaf(formula)?] },
            }
        }
        Ok(())
    }

    /// Reads a connective and all below it; inner ones become gates without names.
    fn formula(&mut self, at: usize, gate: u32) -> Result<(), Fault> {
        let mut open = vec![(at, gate)];
        while let Some((at, gate)) = open.pop() {
            let element = &self.document.elements[at];
            let mut inputs = Vec::new();
            for child in self.document.children(at) {
                if Connective::of(&self.document.elements[child].name).is_some() {
                    let inner = self.tree.len() as u32;
                    self.tree.push(Gate { k: 1, inputs: Vec::new() });
                    inputs.push(Input::Gate(inner));
                    open.push((child, inner));
                } else {
                    inputs.push(self.leaf(child)?);
                }
            }
            if inputs.is_empty() {
                return Err(Fault::new(
                    element.at,
                    format!("`<{}>` is over nothing", element.name),
                ));
            }
            let k = match Connective::of(&element.name) {
                Some(Connective::And) => inputs.len() as u32,
                Some(Connective::AtLeast) => self.least(at, inputs.len())?,
                _ => 1,
            };
            self.tree[gate as usize] = Gate { k, inputs };
        }
        Ok(())
    }

    fn least(&self, at: usize, of: usize) -> Result<u32, Fault> {
        let element = &self.document.elements[at];
        let text = element.required("min")?;
        match text.parse::<u32>() {
            Ok(k) if k >= 1 && k as usize <= of => Ok(k),
            _ => {
                Err(Fault::new(element.at, format!("`min` is {text}; it goes from 1 to {of} here")))
            }
        }
    }

    fn leaf(&mut self, at: usize) -> Result<Input, Fault> {
        let element = &self.document.elements[at];
        let kind = match element.name.as_str() {
            "event" => element.attribute("type").unwrap_or("event"),
            other => other,
        };
        if kind == "constant" {
            return Ok(Input::Constant(self.constant(at)?));
        }
        if Refused::WORDS.contains(&kind) {
            let message = format!(
                "`<{kind}>` is not read: with it a further loss can make good what is lost"
            );
            return Err(Fault::new(element.at, message));
        }
        if !matches!(kind, "gate" | "basic-event" | "house-event" | "event") {
            return Err(Fault::new(element.at, format!("`<{kind}>` is no part of a formula")));
        }
        let name = element.required("name")?;
        // Names may be qualified by the trees and components that they stand in.
        let short = name.rsplit('.').next().unwrap_or(name);
        if matches!(kind, "gate" | "event") {
            let gate = self.gates.get(name).or_else(|| self.gates.get(short)).copied();
            if let Some(gate) = gate {
                self.used[gate as usize] = true;
                return Ok(Input::Gate(gate));
            }
            if kind == "gate" {
                return Err(self.unknown(at, "gate", name));
            }
        }
        if matches!(kind, "house-event" | "event") {
            if let Some(state) = self.houses.get(name).or_else(|| self.houses.get(short)) {
                return Ok(Input::Constant(*state));
            }
            if kind == "house-event" {
                return Err(self.unknown(at, "house event", name));
            }
        }
        let known = if self.events.contains_key(name) { name } else { short };
        if !self.events.contains_key(known) && self.defines_events {
            return Err(self.unknown(at, "basic event", name));
        }
        let known = if self.events.contains_key(known) { known } else { name };
        let event = self.event(known);
        self.probabilities.resize(self.names.len(), None);
        Ok(Input::Event(event))
    }

    fn unknown(&self, at: usize, what: &str, name: &str) -> Fault {
        let known = self.gates.keys().chain(self.events.keys()).map(String::as_str);
        let mut known: Vec<&str> = known.collect();
        known.sort_unstable();
        let near = nearest(name, known);
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Fault::new(self.document.elements[at].at, format!("no {what} is called `{name}`{near}"))
    }

    fn finish(self) -> Result<Model, Fault> {
        let unused = self.defined.iter().enumerate().filter(|(number, _)| !self.used[*number]);
        let name =
            |at: usize| self.document.elements[at].attribute("name").unwrap_or("").to_owned();
        let tops: Vec<String> = unused.map(|(_, at)| name(*at)).collect();
        let top = match tops.first().and_then(|top| self.gates.get(top)) {
            Some(top) => *top,
            None if self.defined.is_empty() => {
                return Err(Fault::new(0, "the model defines no gate"));
            }
            None => {
                let at = self.document.elements[self.defined[0]].at;
                return Err(Fault::new(at, "every gate is used by another: the gates form a loop"));
            }
        };
        let mut tree =
            FaultTree { gates: self.tree, events: self.names.len() as u32, top: Input::Gate(top) };
        let (mut events, mut probabilities) = (self.names, self.probabilities);
        tree.add_common_causes(&self.causes, &mut probabilities);
        events.extend(self.cause_names);
        Ok(Model { tree, events, probabilities, gates: self.gates, tops })
    }
}

/// What a definition's name must differ from: gates, events and groups share their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Namespace {
    Events,
    Parameters,
}

fn namespace(definition: &str) -> Option<Namespace> {
    match definition {
        "define-gate" | "define-basic-event" | "define-house-event" | "define-CCF-group" => {
            Some(Namespace::Events)
        }
        "define-parameter" => Some(Namespace::Parameters),
        _ => None,
    }
}

/// What joins formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connective {
    And,
    Or,
    AtLeast,
}

impl Connective {
    fn of(name: &str) -> Option<Connective> {
        match name {
            "and" => Some(Connective::And),
            "or" => Some(Connective::Or),
            "atleast" => Some(Connective::AtLeast),
            _ => None,
        }
    }
}

/// Connectives by which a tree is not coherent.
struct Refused;

impl Refused {
    const WORDS: [&'static str; 7] = ["not", "xor", "nand", "nor", "iff", "imply", "cardinality"];
}
