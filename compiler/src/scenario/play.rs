//! One scenario from its first loss to its last expectation.

use std::sync::Arc;

use rbp_grammar::ast::LossSort;

use super::Verdict;
use super::choice::Tried;
use super::coverage::Exercised;
use super::expect::{Judged, judge};
use super::timeline::Timeline;
use crate::db::{Day, Db, SourceFile, Workspace, file};
use crate::model::{AnyOf, Scenario, element};
use crate::names::ItemId;

/// How a scenario ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// The day on which it was judged.
    pub day: Day,
    /// Each expectation, in the order written.
    pub expectations: Vec<Judged>,
    /// What happens to each function that is asked about, in the same order.
    pub timelines: Vec<Timeline>,
    /// What it put to the test.
    pub exercised: Exercised,
}

impl Played {
    /// The worst of its expectations. One that could not be read is open.
    pub fn verdict(&self) -> Verdict {
        let worst = self.expectations.iter().map(|judged| judged.verdict).max();
        worst.filter(|_| !self.scenario.is_partial()).unwrap_or(Verdict::Open)
    }

    /// How many choices were tried where not all were.
    pub fn untried(&self) -> Option<Tried> {
        let tried = self.expectations.iter().filter_map(|judged| judged.tried);
        tried.filter(|tried| tried.tried < tried.of).max_by_key(|tried| tried.of)
    }
}

/// What an expectation is held against.
pub(super) struct Stage<'a> {
    pub db: &'a dyn Db,
    /// The file of the scenario.
    pub here: SourceFile,
    pub day: Day,
    /// What is lost for certain.
    pub lost: Vec<(LossSort, ItemId)>,
    /// What is lost besides.
    pub any: Vec<AnyOf<'a>>,
    /// Who acts.
    pub actor: Option<ItemId>,
}

impl Stage<'_> {
    /// The name of an element.
    pub fn name(&self, id: ItemId) -> String {
        element(self.db, id).map_or(String::new(), |e| e.name().to_owned())
    }
}

/// Plays a scenario, on its own day or on the day of the workspace.
pub fn play(db: &dyn Db, scenario: &Arc<Scenario>) -> Played {
    let day = scenario.day().unwrap_or_else(|| Workspace::get(db).as_of(db));
    let mut played = Played {
        scenario: scenario.clone(),
        day,
        expectations: Vec::new(),
        timelines: Vec::new(),
        exercised: Exercised::default(),
    };
    let Some(here) = file(db, scenario.id.file).filter(|_| !scenario.is_partial()) else {
        return played;
    };
    let lost = scenario.losses().into_iter().map(|(sort, r)| (sort, r.id)).collect();
    let actor = scenario.actor().map(|actor| actor.id);
    let stage = Stage { db, here, day, lost, any: scenario.any(), actor };
    for expected in scenario.expectations() {
        let (judged, timeline) = judge(&stage, &expected, &mut played.exercised);
        played.expectations.push(judged);
        played.timelines.extend(timeline.filter(|new| !played.timelines.contains(new)));
    }
    played
}
