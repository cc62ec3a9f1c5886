//! How often the failure logic is looked at until nothing changes any more, which no engine can find out by
//! itself.

use std::collections::BTreeSet;

use rbp_ruleset::decide::plan::{Level, Met, Need, Number, Plan, Schedule};

/// The most that any function or backup takes.
pub(super) struct Rounds {
    /// Until all has stopped, or started, that will.
    pub steps: usize,
    /// Until every promise on needs `to run` is kept or broken.
    pub promises: usize,
    /// Until activations call on all that they can.
    pub stages: usize,
}

/// The nodes of loops on which needs count before they are up, or only after.
pub(super) struct Inside {
    /// Needs `to run` are promised these.
    pub promised: BTreeSet<Number>,
    /// Activations call on these once they are up in the stage before.
    pub staged: BTreeSet<Number>,
}

impl Inside {
    pub fn of(plan: &Plan) -> Inside {
        let levels = || schedules(plan).flat_map(|schedule| &schedule.levels);
        let looped = levels().filter(|level| level.promises > 1);
        let staged = levels().filter(|level| level.is_staged());
        Inside {
            promised: looped.flat_map(|level| members(plan, level, Met::ToRun)).collect(),
            staged: staged.flat_map(|level| members(plan, level, Met::Before)).collect(),
        }
    }

    /// Whether what meets a need differs from stage to stage.
    pub fn is_staged(&self, need: &Need) -> bool {
        need.of.iter().any(|member| self.staged.contains(member))
    }
}

/// The nodes of a level that needs of the same level ask for.
fn members(plan: &Plan, level: &Level, met: Met) -> BTreeSet<Number> {
    let nodes = level.nodes.iter().filter_map(|node| plan.nodes.get(*node as usize));
    let needs = nodes.flat_map(|node| &node.needs).filter(|need| need.met == met);
    let of = needs.flat_map(|need| need.of.iter().copied());
    of.filter(|member| level.nodes.binary_search(member).is_ok()).collect()
}

/// The most rounds. A loss, or a start, goes on by at least one node in each, and on every level through no
/// more nodes than its largest loop has. Every promise, and every stage, on a level is settled once those of the
/// levels before are, after no more tries than its largest loop takes.
pub(super) fn most(plan: &Plan, inside: &Inside) -> Rounds {
    let tries = |level: &Level, marked: &BTreeSet<Number>, met: Met, most: u32| {
        let here = || level.nodes.iter().filter(|node| marked.contains(node));
        if here().next().is_none() {
            return 0;
        }
        // What is marked for the sake of another function is settled once the loops here are.
        let own = members(plan, level, met);
        most as usize - 1 + usize::from(here().any(|node| !own.contains(node)))
    };
    let mut most = Rounds { steps: 1, promises: 1, stages: 1 };
    for schedule in schedules(plan) {
        let sum = |of: &dyn Fn(&Level) -> usize| schedule.levels.iter().map(of).sum::<usize>();
        let steps = sum(&|level| level.rounds as usize);
        let promises = sum(&|l| tries(l, &inside.promised, Met::ToRun, l.promises));
        let stages = sum(&|l| tries(l, &inside.staged, Met::Before, l.stages));
        most.steps = most.steps.max(steps);
        most.promises = most.promises.max(1 + promises);
        most.stages = most.stages.max(1 + stages);
    }
    most
}

fn schedules(plan: &Plan) -> impl Iterator<Item = &Schedule> {
    let functions = plan.functions.iter().map(|function| &function.schedule);
    functions.chain(plan.backups.iter().map(|backup| &backup.schedule))
}
