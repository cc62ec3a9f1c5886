//! Trees by decision diagrams against brute force over all sets of events, and against the search for cut
//! sets in circuits.

use std::collections::BTreeSet;

use super::*;
use crate::faults::tree::{Effort, FaultTree, Gate, Input, Unsolved};

/// A random tree: gates listen to later gates and to events, both shared. The top may be any of them, so that
/// others listen to it, or to what it listens to, and are of no use.
fn random_tree(random: &mut Random) -> FaultTree {
    let (gates, events) = (1 + random.below(10) as u32, 1 + random.below(9) as u32);
    let constants = random.percent(50);
    let gate = |at: u32, random: &mut Random| {
        let inputs: Vec<Input> = (0..1 + random.below(4))
            .map(|_| match random.below(13) {
                0 if constants => Input::Constant(random.percent(50)),
                1..=6 if at + 1 < gates => {
                    Input::Gate(at + 1 + random.below((gates - at - 1) as usize) as u32)
                }
                _ => Input::Event(random.below(events as usize) as u32),
            })
            .collect();
        let many = inputs.len();
        let k = match random.below(3) {
            0 => 1,
            1 => many,
            _ => random.below(many + 2),
        };
        Gate { k: k as u32, inputs }
    };
    let top = if random.percent(70) { 0 } else { random.below(gates as usize) as u32 };
    let gates = (0..gates).map(|at| gate(at, random)).collect();
    FaultTree { gates, events, top: Input::Gate(top) }
}

fn fails(tree: &FaultTree, input: Input, lost: u32) -> bool {
    match input {
        Input::Constant(value) => value,
        Input::Event(event) => lost & 1 << event != 0,
        Input::Gate(gate) => {
            let Gate { k, inputs } = &tree.gates[gate as usize];
            inputs.iter().filter(|input| fails(tree, **input, lost)).count() >= *k as usize
        }
    }
}

fn minimal(tree: &FaultTree) -> Vec<Vec<u32>> {
    let mut sets: Vec<u32> =
        (0..1 << tree.events).filter(|lost| fails(tree, tree.top, *lost)).collect();
    let all = sets.clone();
    sets.retain(|set| !all.iter().any(|other| other != set && other & set == *other));
    let mut named: Vec<Vec<u32>> = sets
        .into_iter()
        .map(|set| (0..tree.events).filter(|event| set & 1 << event != 0).collect())
        .collect();
    named.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    named
}

fn probability(tree: &FaultTree, of: &[f64]) -> f64 {
    let weigh = |lost: u32| -> f64 {
        let each = of.iter().enumerate();
        each.map(|(event, p)| if lost & 1 << event != 0 { *p } else { 1.0 - p }).product()
    };
    (0..1 << tree.events).filter(|lost| fails(tree, tree.top, *lost)).map(weigh).sum()
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1.0)
}

#[test]
fn diagrams_agree_with_brute_force() {
    let (mut trees, mut sets, mut several) = (0, 0, 0);
    for seed in 1..=3 * MODELS {
        let mut random = Random::new(seed);
        let tree = random_tree(&mut random);
        let wanted = minimal(&tree);
        let solution = tree.solve(&Effort::default()).expect("small trees are solved");

        let mut counts = vec![0u128; wanted.iter().map(Vec::len).max().map_or(0, |m| m + 1)];
        wanted.iter().for_each(|set| counts[set.len()] += 1);
        let mut found = solution.counts().expect("small numbers");
        while found.last() == Some(&0) {
            found.pop();
        }
        assert_eq!(found, counts, "{tree:?}");

        let mut listed: Vec<Vec<u32>> = solution.smallest().collect();
        assert!(listed.is_sorted_by_key(Vec::len), "{listed:?} {tree:?}");
        listed.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        assert_eq!(listed, wanted, "{tree:?}");

        let of: Vec<f64> =
            (0..tree.events).map(|_| (1 + random.below(99)) as f64 / 100.0).collect();
        assert!(
            near(solution.probability(&of).expect("asked for"), probability(&tree, &of)),
            "{tree:?}"
        );
        let likely = |set: &[u32]| set.iter().map(|e| of[*e as usize]).product::<f64>();
        let likeliest: Vec<f64> = solution.likeliest(&of).map(|set| likely(&set)).collect();
        assert_eq!(likeliest.len(), wanted.len());
        assert!(likeliest.is_sorted_by(|a, b| *a >= b - 1e-12), "{likeliest:?} {tree:?}");

        let alone = Effort { weigh: false, ..Effort::default() };
        let unweighed = tree.solve(&alone).expect("small trees are solved");
        assert_eq!(unweighed.counts(), solution.counts(), "{tree:?}");

        let most = 1 + random.below(6);
        let least = |cost: &dyn Fn(u32) -> f64| {
            let least = tree.least(most, cost, u64::MAX, &Effort::default());
            let least = least.expect("there are no loops");
            assert_eq!(least.below, None);
            assert_eq!(least.sets.len(), wanted.len().min(most), "{tree:?}");
            assert!(least.sets.iter().all(|set| wanted.contains(set)), "{least:?} {tree:?}");
            assert_eq!(least.sets.iter().collect::<BTreeSet<_>>().len(), least.sets.len());
            least.sets
        };
        let sizes: Vec<usize> = least(&|_| 1.0).iter().map(Vec::len).collect();
        assert!(sizes.iter().eq(wanted.iter().map(Vec::len).take(most).collect::<Vec<_>>().iter()));
        let first: Vec<f64> =
            least(&|e| -of[e as usize].ln()).iter().map(|set| likely(set)).collect();
        assert!(first.iter().zip(&likeliest).all(|(a, b)| near(*a, *b)), "{first:?} {tree:?}");

        for (event, importance) in solution.importance(&of).expect("asked for").iter().enumerate() {
            let with = |p: f64| {
                let mut of = of.clone();
                of[event] = p;
                probability(&tree, &of)
            };
            assert!(near(importance.birnbaum, with(1.0) - with(0.0)), "{event} {tree:?}");
        }
        trees += 1;
        sets += wanted.len();
        several += usize::from(wanted.len() > 1);
    }
    println!("{trees} trees with {sets} minimal cut sets, {several} trees with more than one");
    assert!(several > trees / 5);
}

/// The top comes out as a gate that another one listens to, and nobody listens to that one.
#[test]
fn what_the_top_hears_is_not_drawn_out_for_others() {
    let gate = |k, inputs: &[Input]| Gate { k, inputs: inputs.to_vec() };
    let (event, of) = (Input::Event, Input::Gate);
    let gates = vec![
        gate(1, &[event(0), event(1)]),
        gate(1, &[event(0), event(2)]),
        gate(2, &[of(0), of(1)]),
        gate(2, &[of(2), Input::Constant(false)]),
        gate(1, &[of(0), of(3)]),
    ];
    let tree = FaultTree { gates, events: 3, top: of(4) };
    let solution = tree.solve(&Effort::default()).expect("a small tree is solved");
    assert_eq!(solution.smallest().collect::<Vec<_>>(), [[0], [1]]);
}

#[test]
fn circuits_are_trees_even_where_they_have_loops() {
    let (mut trees, mut looped) = (0, 0);
    compare("trees of circuits", |model, _| {
        let structure = model.build();
        let mut compared = 0;
        let straight = (0..structure.components().len()).all(|at| structure.is_straight(at));
        for top in nodes(model) {
            let tree = structure.fault_tree(top).expect("small circuits are small trees");
            let solution = tree.solve(&Effort::default()).expect("small trees are solved");
            let mut sets: Vec<Vec<u32>> = solution.smallest().collect();
            sets.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
            let order = structure.event_count();
            let found = structure.search_cut_sets(top, order, &Limits::default(), &|| false);
            let found: Vec<Vec<u32>> = found.sets.iter().map(|set| numbers(set)).collect();
            assert_eq!(sets, found, "{top:?} {model:?}");
            // And back again.
            let (back, top) = tree.structure().expect("small trees are small circuits");
            let again = back.search_cut_sets(top, order, &Limits::default(), &|| false);
            assert_eq!(again.sets.iter().map(|s| numbers(s)).collect::<Vec<_>>(), sets);
            trees += 1;
            looped += usize::from(!straight);
            compared += 1;
        }
        compared + 2
    });
    println!("{trees} tops, {looped} in circuits with loops");
    assert!(looped > 500);
}

#[test]
fn loops_memory_and_stops_are_told() {
    let gate = |inputs| Gate { k: 1, inputs };
    let looped = FaultTree {
        gates: vec![gate(vec![Input::Gate(1)]), gate(vec![Input::Gate(0), Input::Event(0)])],
        events: 1,
        top: Input::Gate(0),
    };
    assert!(matches!(looped.solve(&Effort::default()), Err(Unsolved::Loop(_))));
    let effort = Effort::default();
    effort.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let many: Vec<Gate> = (0..400)
        .map(|at| Gate {
            k: 1 + at % 2,
            inputs: (0..3).map(|i| Input::Event((at * 7 + i * 131) % 300)).collect(),
        })
        .chain([Gate { k: 40, inputs: (0..400).map(Input::Gate).collect() }])
        .collect();
    let large = FaultTree { gates: many, events: 300, top: Input::Gate(400) };
    assert!(matches!(large.solve(&effort), Err(Unsolved::Stopped)));
    let little = Effort { memory: 1 << 20, ..Effort::default() };
    assert!(matches!(large.solve(&little), Err(Unsolved::Memory)));
    let least = large.least(20, &|_| 1.0, u64::MAX, &little).expect("no loops");
    assert!(least.below.is_some(), "a megabyte does not hold what waits to be looked at");
}
