//! Losses with a common cause, by the beta-factor model: of a member's probability the share β comes from one
//! cause that takes all members at once, and the rest from causes of its own (Fleming, 1975; Open-PSA Model
//! Exchange Format 2.0d, "Common cause failure groups").

use super::{FaultTree, Gate, Input};

/// Events that a common cause may take together.
#[derive(Debug, Clone, PartialEq)]
pub struct CommonCause {
    /// The events, each in one group at most.
    pub members: Vec<u32>,
    /// The probability of each of them, from all causes.
    pub probability: f64,
    /// The share of it that is the common cause's.
    pub beta: f64,
}

impl FaultTree {
    /// Adds one event for each group, in their order, and lets each member's place be taken by "itself, or the
    /// common cause". `probabilities`, one per event, are brought up to date.
    pub fn add_common_causes(
        &mut self,
        groups: &[CommonCause],
        probabilities: &mut Vec<Option<f64>>,
    ) {
        let mut instead: Vec<Option<u32>> = vec![None; self.events as usize];
        let places = self.gates.len();
        for group in groups {
            let cause = self.events;
            self.events += 1;
            probabilities.push(Some(group.probability * group.beta));
            for member in &group.members {
                probabilities[*member as usize] = Some(group.probability * (1.0 - group.beta));
                instead[*member as usize] = Some(self.gates.len() as u32);
                let inputs = vec![Input::Event(*member), Input::Event(cause)];
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
