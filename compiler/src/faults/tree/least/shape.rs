//! A part of a tree laid out for being looked at many times under different decisions.

use rustc_hash::FxHashMap;

use super::lists::{List, Lists, One};
use crate::faults::tree::Input;
use crate::faults::tree::chain::Chain;
use crate::faults::tree::order::{Part, Way};

/// Putting two lists together costs about so many looks.
const LIST: u64 = 20;

/// What is decided of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Lost,
    Kept,
}

#[derive(Debug, Clone, Copy)]
enum Local {
    Variable(u32),
    Gate(u32),
}

/// A part: its gates stand after those below them, and the last one is its top.
#[derive(Debug)]
pub(super) struct Shape {
    pub variables: Vec<Input>,
    /// Variables that the top hears on several ways, those with the most ways first.
    shared: Vec<u32>,
    /// What each variable costs at least.
    pub least: Vec<f64>,
    gates: Vec<(u32, Vec<Local>)>,
    /// How many gates listen.
    users: Vec<f64>,
    gate_users: Vec<f64>,
    state: Vec<State>,
    /// By gate: what its failure costs at least, and whether it has failed already.
    bounds: Vec<f64>,
    failed: Vec<bool>,
    work: u64,
}

impl Shape {
    pub fn of(part: &Part<'_>) -> Shape {
        let variables = part.order(Way::SmallFirst);
        let numbers: FxHashMap<Input, u32> = variables.iter().copied().zip(0..).collect();
        let order = part.gates();
        let gate_numbers: FxHashMap<u32, u32> = order.iter().copied().zip(0..).collect();
        let mut gates = Vec::with_capacity(order.len());
        for gate in &order {
            let gate = &part.tree.gates[*gate as usize];
            let local = |input: &Input| match (input, numbers.get(input)) {
                (_, Some(variable)) => Some(Local::Variable(*variable)),
                (Input::Gate(gate), _) => gate_numbers.get(gate).map(|gate| Local::Gate(*gate)),
                _ => None,
            };
            gates.push((gate.k, gate.inputs.iter().filter_map(local).collect::<Vec<Local>>()));
        }
        let (mut users, mut gate_users) = (vec![0.0; variables.len()], vec![0.0; gates.len()]);
        let (mut ways, mut gate_ways) = (vec![0.0_f64; variables.len()], vec![0.0; gates.len()]);
        if let Some(top) = gate_ways.last_mut() {
            *top = 1.0;
        }
        for at in (0..gates.len()).rev() {
            for input in &gates[at].1 {
                let (users, ways) = match input {
                    Local::Variable(v) => (&mut users[*v as usize], &mut ways[*v as usize]),
                    Local::Gate(g) => {
                        let own = gate_ways[at];
                        gate_users[*g as usize] += 1.0;
                        gate_ways[*g as usize] += own;
                        continue;
                    }
                };
                *users += 1.0;
                *ways += gate_ways[at];
            }
        }
        let mut shared: Vec<u32> =
            (0..variables.len() as u32).filter(|v| ways[*v as usize] > 1.0).collect();
        shared.sort_by(|a, b| ways[*b as usize].total_cmp(&ways[*a as usize]).then(a.cmp(b)));
        let work = gates.iter().map(|(k, inputs)| looks(u64::from(*k), inputs.len() as u64)).sum();
        Shape {
            least: Vec::new(),
            state: vec![State::Open; variables.len()],
            bounds: vec![0.0; gates.len()],
            failed: vec![false; gates.len()],
            variables,
            shared,
            gates,
            users,
            gate_users,
            work,
        }
    }

    /// What one look costs.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Takes these decisions, and no others.
    pub fn set(&mut self, decided: &Chain<(u32, bool)>) {
        self.state.fill(State::Open);
        for (variable, lost) in decided.iter() {
            self.state[*variable as usize] = if *lost { State::Lost } else { State::Kept };
        }
    }

    /// What the top's failure costs at least beyond what is decided; infinite where it cannot fail any more.
    pub fn bound(&mut self) -> f64 {
        let mut costs = Vec::new();
        for at in 0..self.gates.len() {
            costs.clear();
            let (k, inputs) = &self.gates[at];
            let mut failed = 0;
            for input in inputs {
                let (cost, has_failed) = match input {
                    Local::Variable(v) => match self.state[*v as usize] {
                        State::Open => (self.least[*v as usize] / self.users[*v as usize], false),
                        State::Lost => (0.0, true),
                        State::Kept => (f64::INFINITY, false),
                    },
                    Local::Gate(g) => {
                        let at = *g as usize;
                        (self.bounds[at] / self.gate_users[at], self.failed[at])
                    }
                };
                costs.push(cost);
                failed += u32::from(has_failed);
            }
            self.failed[at] = failed >= *k;
            self.bounds[at] = sum_of_least(&mut costs, *k as usize);
        }
        self.bounds.last().copied().unwrap_or(0.0)
    }

    /// The shared variable to decide next; `None` where none matters any more. After [`Shape::bound`].
    pub fn next(&self) -> Option<u32> {
        let mut matters = vec![false; self.variables.len()];
        let mut seen = vec![false; self.gates.len()];
        let mut open = vec![self.gates.len().checked_sub(1)?];
        while let Some(at) = open.pop() {
            let settled = self.failed[at] || self.bounds[at].is_infinite();
            if settled || std::mem::replace(&mut seen[at], true) {
                continue;
            }
            for input in &self.gates[at].1 {
                match input {
                    Local::Variable(v) => matters[*v as usize] = true,
                    Local::Gate(g) => open.push(*g as usize),
                }
            }
        }
        let undecided = |v: &&u32| matters[**v as usize] && self.state[**v as usize] == State::Open;
        self.shared.iter().find(undecided).copied()
    }

    /// The least sets of unshared variables that make the top fail, once all shared ones that matter are decided.
    pub fn rest(&self, lists: &mut Lists, most: usize) -> List {
        let mut shared = vec![false; self.variables.len()];
        self.shared.iter().for_each(|v| shared[*v as usize] = true);
        let of_variable: Vec<List> = (0..self.variables.len())
            .map(|v| match self.state[v] {
                State::Lost => Lists::constant(true),
                State::Open if !shared[v] => lists.single(v as u32, self.least[v]),
                _ => List::new(),
            })
            .collect();
        let mut of_gate: Vec<List> = Vec::with_capacity(self.gates.len());
        for (k, inputs) in &self.gates {
            let of: Vec<&[One]> = inputs
                .iter()
                .map(|input| match input {
                    Local::Variable(v) => of_variable[*v as usize].as_slice(),
                    Local::Gate(g) => of_gate[*g as usize].as_slice(),
                })
                .collect();
            of_gate.push(lists.at_least(*k as usize, &of, most));
        }
        of_gate.pop().unwrap_or_default()
    }

    /// Whether the top survives the loss of the variables when any one of the shared ones among them is kept.
    pub fn needs_each(&self, lost: &[u32]) -> bool {
        let mut is_lost = vec![false; self.variables.len()];
        lost.iter().for_each(|v| is_lost[*v as usize] = true);
        self.shared.iter().filter(|v| lost.binary_search(v).is_ok()).all(|kept| {
            is_lost[*kept as usize] = false;
            let fails = self.fails(&is_lost);
            is_lost[*kept as usize] = true;
            !fails
        })
    }

    fn fails(&self, lost: &[bool]) -> bool {
        let mut failed: Vec<bool> = Vec::with_capacity(self.gates.len());
        for (k, inputs) in &self.gates {
            let many = inputs.iter().filter(|input| match input {
                Local::Variable(v) => lost[*v as usize],
                Local::Gate(g) => failed[*g as usize],
            });
            failed.push(many.count() >= *k as usize);
        }
        failed.pop().unwrap_or(false)
    }
}

/// How many looks at an input a gate takes. Where some but not all inputs are enough, lists are put together for each
/// number of them.
fn looks(k: u64, inputs: u64) -> u64 {
    match k {
        0 | 1 => inputs + 1,
        k => inputs.saturating_mul(k.min(inputs.saturating_sub(k) + 1)) * LIST + 1,
    }
}

/// The sum of the `k` smallest.
fn sum_of_least(costs: &mut [f64], k: usize) -> f64 {
    if k == 1 {
        return costs.iter().copied().fold(f64::INFINITY, f64::min);
    }
    if k < costs.len() {
        costs.sort_by(f64::total_cmp);
    }
    costs.iter().take(k).sum()
}
