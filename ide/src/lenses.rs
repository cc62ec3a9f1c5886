//! What stands above a function: how it fares.

use rbp_compiler::db::Db;
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::names::ItemId;
use rbp_compiler::quantity::duration_words;
use rbp_grammar::ast::{ItemKind, Role};

use crate::facts::{FunctionFacts, function};
use crate::source::{Place, Source};

/// What can be done at a lens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// Shows the sets of losses that end the function.
    CutSets,
    /// Shows what it rests on, as a graph.
    Graph,
    /// Plays a scenario.
    Scenario,
}

/// A line above a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The name of the declaration.
    pub at: Place,
    /// What it says.
    pub text: String,
    /// What it does when it is chosen.
    pub does: Does,
    /// The function or scenario that it is about.
    pub of: ItemId,
    /// Its name.
    pub name: String,
}

/// The lenses of a file. Cost: the analyses of its functions.
pub fn lenses(db: &dyn Db, id: FileId) -> Vec<Lens> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let mut lenses = Vec::new();
    for number in 0..source.parsed.items.len() as u32 {
        let Some(declaration) = source.item(number) else { continue };
        let of = ItemId { file: id, item: number };
        let mut add = |name: &rbp_grammar::ast::Name, text: String, does: Does| {
            let at = Place { file: id, bytes: declaration.bytes(name.span) };
            lenses.push(Lens { at, text, does, of, name: name.text.to_string() });
        };
        match &declaration.item.kind {
            ItemKind::Element(element) if element.role == Role::Function => {
                let Some(facts) = function(db, of) else { continue };
                add(&element.name, function_words(&facts), Does::CutSets);
                add(&element.name, "graph".into(), Does::Graph);
            }
            ItemKind::Scenario(scenario) => {
                add(&scenario.name, "run scenario".into(), Does::Scenario);
            }
            _ => {}
        }
    }
    lenses
}

/// A function's facts in one line: `2 single points of failure · restores in 9 s of 10 s`.
pub fn function_words(facts: &FunctionFacts) -> String {
    let mut parts = vec![match facts.single_points {
        0 => "no single point of failure".to_owned(),
        1 => "1 single point of failure".to_owned(),
        many => format!("{many} single points of failure"),
    }];
    match facts.survives {
        None => parts.push("survival not proved".into()),
        Some(0) => {}
        Some(1) => parts.push("survives any 1 loss".into()),
        Some(order) => parts.push(format!("survives any {order} losses")),
    }
    match (facts.restores, facts.rto) {
        (Some(ms), Some(rto)) => {
            parts.push(format!("restores in {} of {}", duration_words(ms), duration_words(rto)));
        }
        (Some(ms), None) => parts.push(format!("restores in {}", duration_words(ms))),
        (None, _) => {}
    }
    parts.extend(facts.cost.clone());
    parts.join(" · ")
}
