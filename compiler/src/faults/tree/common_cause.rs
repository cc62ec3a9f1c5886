//! Losses with a common cause: of a member's probability a share comes from causes that take several members of a
//! group at once (Mosleh and others, "Procedures for treating common cause failures in safety and reliability
//! studies", NUREG/CR-4780, 1988; Open-PSA Model Exchange Format 2.0d, "Common cause failure groups").

use super::{FaultTree, Gate, Input};

/// Most sets of members that the causes of one group may be about.
const MOST_CAUSES: usize = 100_000;

/// Events that common causes may take together.
#[derive(Debug, Clone, PartialEq)]
pub struct CommonCause {
    /// The events, each in one group at most.
    pub members: Vec<u32>,
    /// From one member on: the probability of the cause of each single set of so many members. What is not
    /// listed never happens.
    pub levels: Vec<f64>,
}

/// How a group's factors are meant. All start from the probability that a member fails from all causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// One factor: the share that takes all members (Fleming, 1975).
    Beta,
    /// From two members on: the share of what takes so many that takes more too.
    Mgl,
    /// From one member on: the share of all occasions on which so many fail; tests are not staggered.
    Alpha,
    /// From one member on: the probability of the cause of each set of so many, as a share of the whole.
    Phi,
}

impl CommonCause {
    /// A group by one of the models. Factors that are not listed are 0. `None` where there are more sets of
    /// members than can be written out.
    #[must_use]
    pub fn by(
        model: Model,
        members: Vec<u32>,
        probability: f64,
        factors: &[f64],
    ) -> Option<CommonCause> {
        let many = members.len();
        let factor = |at: usize| factors.get(at).copied().unwrap_or(0.0);
        // In how many sets of so many members one of them is.
        let with_one = |size: usize| binomial(many - 1, size - 1);
        let sizes = 1..=many;
        let levels: Vec<f64> = match model {
            Model::Beta => {
                let mut levels = vec![0.0; many];
                levels[0] = probability * (1.0 - factor(0));
                levels[many - 1] += probability * factor(0);
                levels
            }
            Model::Mgl => sizes
                .map(|size| {
                    let so_many: f64 = (0..size - 1).map(factor).product();
                    let no_more = if size < many { 1.0 - factor(size - 1) } else { 1.0 };
                    probability * so_many * no_more / with_one(size)
                })
                .collect(),
            Model::Alpha => {
                let failing: f64 = sizes.clone().map(|size| size as f64 * factor(size - 1)).sum();
                let share = |size: usize| size as f64 * factor(size - 1) / failing;
                sizes.map(|size| probability * share(size) / with_one(size)).collect()
            }
            Model::Phi => sizes.map(|size| probability * factor(size - 1)).collect(),
        };
        let sets = levels.iter().zip(1..).filter(|(p, _)| **p > 0.0);
        let sets: f64 = sets.map(|(_, size)| binomial(many, size)).sum();
        (sets <= MOST_CAUSES as f64).then_some(CommonCause { members, levels })
    }

    /// The sets of several members that one cause takes, with its probability; each by place, the smaller first.
    #[must_use]
    pub fn causes(&self) -> Vec<(Vec<usize>, f64)> {
        let several = self.levels.iter().zip(1..).skip(1).filter(|(p, _)| **p > 0.0);
        let sets = several.flat_map(|(p, size)| {
            choices(self.members.len(), size).into_iter().map(move |set| (set, *p))
        });
        sets.collect()
    }
}

/// How many sets of `size` there are among `many`.
fn binomial(many: usize, size: usize) -> f64 {
    (0..size.min(many)).fold(1.0, |all, at| all * (many - at) as f64 / (at + 1) as f64)
}

/// Every set of `size` of the numbers below `many`, in order.
fn choices(many: usize, size: usize) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    let mut set: Vec<usize> = (0..size).collect();
    loop {
        all.push(set.clone());
        // The last place that can still move on.
        let Some(at) = (0..size).rev().find(|at| set[*at] < many - size + at) else { return all };
        set[at] += 1;
        for later in at + 1..size {
            set[later] = set[later - 1] + 1;
        }
    }
}

impl FaultTree {
    /// Adds one event for each cause of each group, in their order, and lets each member's place be taken by "itself,
    /// or a cause that takes it". `probabilities`, one per event, are brought up to date.
    pub fn add_common_causes(
        &mut self,
        groups: &[CommonCause],
        probabilities: &mut Vec<Option<f64>>,
    ) {
        let mut instead: Vec<Option<u32>> = vec![None; self.events as usize];
        let places = self.gates.len();
        for group in groups {
            let mut ways: Vec<Vec<Input>> =
                group.members.iter().map(|member| vec![Input::Event(*member)]).collect();
            for (set, probability) in group.causes() {
                let cause = self.events;
                self.events += 1;
                probabilities.push(Some(probability));
                set.iter().for_each(|member| ways[*member].push(Input::Event(cause)));
            }
            for (member, inputs) in group.members.iter().zip(ways) {
                probabilities[*member as usize] = group.levels.first().copied();
                instead[*member as usize] = Some(self.gates.len() as u32);
                self.gates.push(Gate { k: 1, inputs });
            }
        }
        let inputs = self.gates[..places].iter_mut().flat_map(|gate| &mut gate.inputs);
        for input in inputs.chain([&mut self.top]) {
            if let Input::Event(event) = *input
                && let Some(Some(gate)) = instead.get(event as usize)
            {
                *input = Input::Gate(*gate);
            }
        }
    }
}
