//! The engine against a brute-force reference that shares nothing with it but the meaning, on random small
//! models.

mod cut_sets;
mod evaluate;
mod large;
mod random;
mod reference;
mod slowest;
mod small;
mod time;
mod tree;
mod witness;

use super::*;
use random::Random;
use reference::Model;

/// How many random models each comparison takes; more where they are cheap, with optimisation. Seeds are
/// fixed, so a failure names a model that can be had again.
const MODELS: u64 = if cfg!(debug_assertions) { 1_000 } else { 20_000 };

/// Runs a comparison over all random models; it returns how many values it compared.
fn compare(what: &str, mut check: impl FnMut(&Model, &mut Random) -> usize) {
    let mut compared = 0;
    for seed in 1..=MODELS {
        let mut random = Random::new(seed);
        let model = random.model();
        compared += check(&model, &mut random);
    }
    println!("{what}: {compared} comparisons over {MODELS} models");
    assert!(compared > MODELS as usize, "{what}: next to nothing was compared");
}

fn nodes(model: &Model) -> impl Iterator<Item = NodeId> + Clone + use<> {
    (0..model.nodes.len() as u32).map(NodeId)
}

fn numbers(events: &[EventId]) -> Vec<u32> {
    events.iter().map(|event| event.0).collect()
}

fn ids(events: &[u32]) -> Vec<EventId> {
    events.iter().copied().map(EventId).collect()
}
