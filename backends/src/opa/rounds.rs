//! How often the failure logic is looked at until nothing changes any more, which no engine can find out by
//! itself.

use std::collections::BTreeSet;

use rbp_ruleset::decide::plan::{Level, Number, Plan, Schedule};

/// The most that any function or backup takes.
pub(super) struct Rounds {
    /// Until all has stopped, or started, that will.
    pub steps: usize,
    /// Until every promise on needs `to run` is kept or broken.
    pub promises: usize,
}

/// The nodes on which needs `to run` in loops count before they are up.
pub(super) fn promised(plan: &Plan) -> BTreeSet<Number> {
    let mut promised = BTreeSet::new();
    for level in schedules(plan).flat_map(|schedule| &schedule.levels).filter(|l| l.promises > 1) {
        let nodes = level.nodes.iter().filter_map(|node| plan.nodes.get(*node as usize));
        let to_run = nodes.flat_map(|node| &node.needs).filter(|need| need.to_run);
        let members = to_run.flat_map(|need| &need.of).copied();
        promised.extend(members.filter(|m| level.nodes.binary_search(m).is_ok()));
    }
    promised
}

/// The most rounds. A loss, or a start, goes on by at least one node in each, and on every level through no
/// more nodes than its largest loop has. Every promise on a level is settled once those of the levels before
/// are, after no more tries than its largest loop takes.
pub(super) fn most(plan: &Plan, promised: &BTreeSet<Number>) -> Rounds {
    let tries = |level: &Level| {
        let some = level.nodes.iter().any(|node| promised.contains(node));
        (level.promises as usize - 1).max(usize::from(some))
    };
    let mut most = Rounds { steps: 1, promises: 1 };
    for schedule in schedules(plan) {
        let steps = schedule.levels.iter().map(|level| level.rounds as usize).sum();
        let promises = 1 + schedule.levels.iter().map(tries).sum::<usize>();
        most = Rounds { steps: most.steps.max(steps), promises: most.promises.max(promises) };
    }
    most
}

fn schedules(plan: &Plan) -> impl Iterator<Item = &Schedule> {
    let functions = plan.functions.iter().map(|function| &function.schedule);
    functions.chain(plan.backups.iter().map(|backup| &backup.schedule))
}
