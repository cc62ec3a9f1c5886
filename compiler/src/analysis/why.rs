//! What a particular set of losses does to a function, for people who ask.

use rbp_grammar::ast::LossSort;

use crate::analysis::build::{Backups, Circuit, Meaning, circuit};
use crate::analysis::cone::{Cone, Standing};
use crate::db::{Db, file};
use crate::faults::{Evaluator, EventId};
use crate::model::element;
use crate::names::ItemId;

/// What losses do to a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// They end it; per loss that plays a part the names along its way.
    Ends(Vec<Vec<String>>),
    /// It goes on, and no backup is called on.
    GoesOn,
    /// It comes back after so many milliseconds by these backups.
    Restored(u64, Vec<String>),
}

/// Works out what the losses do; `Err` names a loss that the function does not rest on.
pub fn why(
    db: &dyn Db,
    function: ItemId,
    losses: &[(LossSort, ItemId)],
) -> Option<Result<Why, ItemId>> {
    let here = file(db, function.file)?;
    let cone = Cone::of(db, here, &element(db, function)?, Standing::Credible);
    let circuit = circuit(&cone, Backups::Real).ok()?;
    let mut events = Vec::new();
    for (sort, id) in losses {
        let found = circuit.losses.iter().position(|l| l.sort == *sort && cone.lost(*l).id == *id);
        match found {
            Some(at) => events.push(EventId(at as u32)),
            None => return Some(Err(*id)),
        }
    }
    let mut evaluator = Evaluator::new(&circuit.structure);
    let state = evaluator.evaluate(&events);
    if !state.is_up(circuit.top) {
        let ways = evaluator.witness(&state, circuit.top);
        return Some(Ok(Why::Ends(ways.iter().map(|way| names(&cone, &circuit, way)).collect())));
    }
    if state.is_running(circuit.top) {
        return Some(Ok(Why::GoesOn));
    }
    let ms = evaluator.restoration(&state, circuit.top)?;
    let by = evaluator.stand_ins(&state, circuit.top).into_iter();
    let by = by.filter_map(|node| match circuit.meanings.get(node.index()) {
        Some(Meaning::Usable(at)) => cone.elements.get(*at).map(|e| e.name().to_owned()),
        _ => None,
    });
    Some(Ok(Why::Restored(ms, by.collect())))
}

/// The names along a way.
pub(super) fn names(cone: &Cone, circuit: &Circuit, way: &crate::faults::Witness) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let lost = circuit.losses.get(way.event.index()).map(|loss| cone.lost_name(*loss).to_owned());
    names.extend(lost);
    for node in &way.path {
        if let Some(Meaning::Element(at) | Meaning::Usable(at) | Meaning::Served(at)) =
            circuit.meanings.get(node.index())
            && let Some(element) = cone.elements.get(*at)
            && names.last().map(String::as_str) != Some(element.name())
        {
            names.push(element.name().to_owned());
        }
    }
    names
}
