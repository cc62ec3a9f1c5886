//! In which order the variables of a part are decided. Diagrams of one function differ in size by
//! orders of magnitude, so several orders are tried, the cheapest first.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{FaultTree, Input};

/// A way to order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Depth first, small inputs first.
    SmallFirst,
    /// Depth first, as written.
    AsWritten,
    /// Depth first, inputs that share much with the rest first.
    SharedFirst,
    /// By weight: the top has 1, each gate shares its weight among its inputs, the heaviest is first.
    Weight,
    /// Level by level.
    Breadth,
    /// Depth first, large inputs first.
    LargeFirst,
    /// What is listened to together stands together.
    Pulled,
}

pub(super) const WAYS: [Way; 7] = [
    Way::SmallFirst,
    Way::SharedFirst,
    Way::Weight,
    Way::Pulled,
    Way::AsWritten,
    Way::LargeFirst,
    Way::Breadth,
];

/// Most rounds of pulling, and most without any gain.
const PULLS: usize = 200;
const IN_VAIN: usize = 8;

/// A part of a tree: a gate with what is below it, down to events and other parts.
pub(super) struct Part<'a> {
    pub tree: &'a FaultTree,
    pub top: u32,
    /// Which gates are parts of their own.
    pub modules: &'a [bool],
}

impl Part<'_> {
    /// Whether an input is a variable of the part rather than a gate in it.
    pub fn is_variable(&self, input: Input) -> bool {
        match input {
            Input::Gate(gate) => gate != self.top && self.modules[gate as usize],
            _ => true,
        }
    }

    /// The gates of the part, each after those below it.
    pub fn gates(&self) -> Vec<u32> {
        let mut order = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open = vec![(self.top, false)];
        while let Some((gate, done)) = open.pop() {
            if done {
                order.push(gate);
            } else if seen.insert(gate) {
                open.push((gate, true));
                let inputs = &self.tree.gates[gate as usize].inputs;
                let inner = inputs.iter().filter(|input| !self.is_variable(**input));
                open.extend(inner.filter_map(|input| input.gate()).map(|gate| (gate, false)));
            }
        }
        order
    }

    /// The variables in the order in which they are decided.
    pub fn order(&self, way: Way) -> Vec<Input> {
        match way {
            Way::Weight => self.by_weight(),
            Way::Breadth => self.by_breadth(),
            Way::Pulled => self.by_pull(),
            _ => self.by_depth(way),
        }
    }

    fn inputs(&self, gate: u32) -> &[Input] {
        &self.tree.gates[gate as usize].inputs
    }

    fn by_depth(&self, way: Way) -> Vec<Input> {
        let gates = self.gates();
        let mut users: FxHashMap<Input, u32> = FxHashMap::default();
        for input in gates.iter().flat_map(|gate| self.inputs(*gate)) {
            *users.entry(*input).or_default() += 1;
        }
        // Per gate how much is below it, and how often that is used.
        let mut sizes: FxHashMap<Input, (u64, u64)> = FxHashMap::default();
        for gate in &gates {
            let mut size = (1u64, 0u64);
            for input in self.inputs(*gate) {
                let used = u64::from(users.get(input).copied().unwrap_or(1));
                let below = sizes.get(input).copied().unwrap_or((1, used - 1));
                size = (size.0.saturating_add(below.0), size.1.saturating_add(below.1));
            }
            sizes.insert(Input::Gate(*gate), size);
        }
        let key = |input: &Input| {
            let used = u64::from(users.get(input).copied().unwrap_or(1));
            let (size, shared) = sizes.get(input).copied().unwrap_or((1, used - 1));
            match way {
                Way::SmallFirst => (size, u64::MAX - used),
                Way::LargeFirst => (u64::MAX - size, u64::MAX - used),
                Way::SharedFirst => (u64::MAX - shared, size),
                _ => (0, 0),
            }
        };
        let mut order = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open = vec![Input::Gate(self.top)];
        while let Some(input) = open.pop() {
            if !seen.insert(input) {
                continue;
            }
            match input {
                Input::Gate(gate) if !self.is_variable(input) => {
                    let mut inputs = self.inputs(gate).to_vec();
                    inputs.sort_by_key(key);
                    open.extend(inputs.into_iter().rev());
                }
                _ => order.push(input),
            }
        }
        order
    }

    fn by_breadth(&self) -> Vec<Input> {
        let mut order = Vec::new();
        let mut seen = FxHashSet::from_iter([Input::Gate(self.top)]);
        let mut gates = vec![self.top];
        let mut next = 0;
        while let Some(gate) = gates.get(next).copied() {
            next += 1;
            for input in self.inputs(gate).iter().filter(|input| seen.insert(**input)) {
                match input {
                    Input::Gate(gate) if !self.is_variable(*input) => gates.push(*gate),
                    _ => order.push(*input),
                }
            }
        }
        order
    }

    fn by_weight(&self) -> Vec<Input> {
        let mut weights: FxHashMap<Input, f64> = FxHashMap::default();
        weights.insert(Input::Gate(self.top), 1.0);
        for gate in self.gates().into_iter().rev() {
            let own = weights.get(&Input::Gate(gate)).copied().unwrap_or(0.0);
            let inputs = self.inputs(gate);
            for input in inputs {
                *weights.entry(*input).or_default() += own / inputs.len() as f64;
            }
        }
        let mut order = self.by_depth(Way::AsWritten);
        let weight = |input: &Input| weights.get(input).copied().unwrap_or(0.0);
        // Equal weights stay depth first.
        order.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        order
    }

    /// Starts depth first; then, round by round, each gate stands in the middle of what it listens to, and
    /// everything goes to the middle of the gates that it belongs to, for as long as gates grow shorter by it
    /// (Aloul, Markov and Sakallah, "FORCE: a fast and easy-to-implement variable-ordering heuristic", 2003).
    fn by_pull(&self) -> Vec<Input> {
        let gates = self.gates();
        let mut best = self.by_depth(Way::SmallFirst);
        let mut places: FxHashMap<Input, f64> = FxHashMap::default();
        for (place, variable) in best.iter().enumerate() {
            places.insert(*variable, place as f64);
        }
        for gate in &gates {
            let middle = middle(self.inputs(*gate).iter().map(|input| places[input]));
            places.insert(Input::Gate(*gate), middle);
        }
        let mut order = best.clone();
        let (mut shortest, mut in_vain) = (f64::INFINITY, 0);
        for _ in 0..PULLS {
            let mut pulls: FxHashMap<Input, (f64, f64)> = FxHashMap::default();
            for gate in &gates {
                let all = || self.inputs(*gate).iter().copied().chain([Input::Gate(*gate)]);
                let middle = middle(all().map(|input| places[&input]));
                for input in all() {
                    let pull = pulls.entry(input).or_default();
                    *pull = (pull.0 + middle, pull.1 + 1.0);
                }
            }
            let mut pulled: Vec<(Input, f64)> =
                pulls.into_iter().map(|(input, (sum, many))| (input, sum / many)).collect();
            pulled.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            places =
                pulled.iter().enumerate().map(|(at, (input, _))| (*input, at as f64)).collect();
            order.sort_by(|a, b| places[a].total_cmp(&places[b]));
            let length: f64 = gates.iter().map(|gate| self.length(*gate, &places)).sum();
            in_vain += 1;
            if length < shortest {
                (shortest, in_vain) = (length, 0);
                best.clone_from(&order);
            }
            if in_vain == IN_VAIN {
                break;
            }
        }
        best
    }

    /// How far apart a gate and what it listens to stand.
    fn length(&self, gate: u32, places: &FxHashMap<Input, f64>) -> f64 {
        let all = self.inputs(gate).iter().copied().chain([Input::Gate(gate)]);
        let (low, high) = all
            .map(|input| places[&input])
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| {
                (low.min(place), high.max(place))
            });
        high - low
    }
}

/// The mean.
fn middle(places: impl Iterator<Item = f64>) -> f64 {
    let (sum, many) = places.fold((0.0, 0.0), |(sum, many), place| (sum + place, many + 1.0));
    sum / many
}
