//! The elements along the way of a loss, where they are declared.

use rbp_compiler::db::{Db, file};
use rbp_compiler::diagnostic::{Anchor, Diagnostic};
use rbp_compiler::model::element;
use rbp_compiler::names::ItemId;

use crate::needs::needs;
use crate::source::{Place, place};

/// One element on a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name where it is declared, or where the next one names it.
    pub at: Place,
    /// What is to be said of it.
    pub words: String,
}

/// Each way of a finding that is longer than two names, from what is lost on, as far as each element can be
/// found: a way goes by names, and each rests on the one before it. Cost: what the elements on it rest on.
pub fn ways(db: &dyn Db, finding: &Diagnostic) -> Vec<Vec<Step>> {
    let long = finding.paths.iter().filter(|path| path.len() > 2);
    long.map(|path| way(db, finding, path)).collect()
}

/// From the last name, which the finding's own places lead to, back to the first.
fn way(db: &dyn Db, finding: &Diagnostic, path: &[String]) -> Vec<Step> {
    let mut names = path.iter().rev();
    let Some(last) = names.next() else { return Vec::new() };
    let Some(mut above) = named(db, finding, last) else { return Vec::new() };
    let mut steps = Vec::new();
    for name in names {
        let links = needs(db, above);
        let is = |id: ItemId| element(db, id).is_some_and(|element| element.name() == name);
        let Some(link) = links.into_iter().find(|link| is(link.to)) else { break };
        let upper = element(db, above).map_or(String::new(), |e| e.name().to_owned());
        let said = place(db, link.at);
        let words = format!("`{upper}` rests on `{name}`: {}", link.how);
        steps.extend(said.map(|at| Step { at, words }));
        above = link.to;
    }
    steps.reverse();
    steps
}

/// The element of that name at one of the places of a finding.
fn named(db: &dyn Db, finding: &Diagnostic, name: &str) -> Option<ItemId> {
    let labels = std::iter::once(&finding.primary).chain(&finding.related);
    let at = |at: Anchor| {
        file(db, at.file)?;
        let id = ItemId { file: at.file, item: at.item };
        element(db, id).filter(|element| element.name() == name).map(|element| element.id)
    };
    labels.map(|label| label.at).find_map(at)
}
