//! Models with several blocks of lanes and wide needs, where the parts of the engine check each other.

use super::*;

/// Layers of needs with long rows of members, a few loops and latent nodes, an event for every node.
fn large(random: &mut Random, count: usize) -> Structure {
    let mut builder = StructureBuilder::new();
    for index in 0..count {
        let event = builder.event();
        let latent = random.percent(10);
        let node =
            builder.node(NodeSpec { latent, delay: random.below(5) as u64, ..NodeSpec::default() });
        builder.hit(event, node);
        if index == 0 {
            continue;
        }
        for _ in 0..random.below(3) {
            let mut members: Vec<NodeId> = (0..1 + random.below(9))
                .map(|_| {
                    let ahead = random.percent(2);
                    let from = index.saturating_sub(40);
                    NodeId(if ahead {
                        random.below(count)
                    } else {
                        from + random.below(index - from)
                    } as u32)
                })
                .collect();
            members.sort_unstable();
            members.dedup();
            let k = match random.below(3) {
                0 => 1,
                _ => 1 + members.len() * (10 + random.below(40)) / 100,
            };
            builder.need(
                node,
                Need {
                    k: k as u32,
                    members,
                    met: match random.below(5) {
                        0 => Met::ToRun,
                        1 => Met::Before,
                        _ => Met::ToStart,
                    },
                    ordered: random.percent(20),
                    held_out: None,
                },
            );
        }
    }
    builder.build().unwrap()
}

#[test]
fn lanes_agree_with_evaluations() {
    let mut compared = 0;
    let mut failing = 0;
    for seed in 1..=40 {
        let mut random = Random::new(seed);
        let structure = large(&mut random, 700);
        let tops: Vec<NodeId> = (600..700).map(NodeId).collect();
        let found = structure.single_losses(&tops);
        let mut evaluator = Evaluator::new(&structure);
        for event in (0..structure.event_count() as u32).map(EventId) {
            let state = evaluator.evaluate(&[event]);
            for (events, &top) in found.iter().zip(&tops) {
                let fails = events.binary_search(&event).is_ok();
                assert_eq!(fails, !state.is_up(top), "{seed} {event:?} {top:?}");
                failing += usize::from(fails);
                compared += 1;
            }
        }
    }
    println!("lanes: {compared} comparisons, {failing} failing");
    assert!(failing > 1_000);
}

/// Sixty events have seven blocks of pairs.
#[test]
fn pairs_agree_with_evaluations() {
    let (mut singles, mut pairs) = (0, 0);
    for seed in 1..=400 {
        let structure = large(&mut Random::new(seed), 60);
        let mut evaluator = Evaluator::new(&structure);
        let events: Vec<EventId> = (0..structure.event_count() as u32).map(EventId).collect();
        for top in (50..60).map(NodeId) {
            let mut ends = |set: &[EventId]| !evaluator.evaluate(set).is_up(top);
            if ends(&[]) {
                continue;
            }
            let alone: Vec<EventId> = events.iter().copied().filter(|e| ends(&[*e])).collect();
            let others: Vec<EventId> =
                events.iter().copied().filter(|event| !alone.contains(event)).collect();
            let mut expected: Vec<Vec<EventId>> = alone.iter().map(|event| vec![*event]).collect();
            for (at, first) in others.iter().enumerate() {
                let second = others[at + 1..].iter().map(|second| vec![*first, *second]);
                expected.extend(second.filter(|pair| ends(pair)));
            }
            let found = structure.minimal_cut_sets(top, 2, &Limits::default(), &|| false);
            assert_eq!(found.complete, Completeness::Full);
            assert_eq!(found.sets, expected, "{seed} {top:?}");
            singles += alone.len();
            pairs += expected.len() - alone.len();
        }
    }
    println!("{singles} single losses and {pairs} pairs");
    assert!(singles > 1_000 && pairs > 1_000);
}

#[test]
fn cut_sets_of_pools_are_all_choices() {
    // A pool of 300 of which 299 must be up, beside one of 3 of which 1 must be up.
    let mut builder = StructureBuilder::new();
    let top = builder.node(NodeSpec::default());
    for (size, k) in [(300, 299), (3, 1)] {
        let members: Vec<NodeId> = (0..size)
            .map(|_| {
                let event = builder.event();
                let node = builder.node(NodeSpec::default());
                builder.hit(event, node);
                node
            })
            .collect();
        builder.need(top, Need { k, members, ..Need::default() });
    }
    let structure = builder.build().unwrap();
    let found = structure.search_cut_sets(top, 3, &Limits::default(), &|| false);
    assert_eq!(found.complete, Completeness::Full);
    assert_eq!(found.sets.len(), 300 * 299 / 2 + 1);
    assert_eq!(found.sets.last(), Some(&ids(&[300, 301, 302])));
}

#[test]
fn a_cut_set_may_be_larger_than_a_block_of_lanes() {
    let mut builder = StructureBuilder::new();
    let top = builder.node(NodeSpec::default());
    let members: Vec<NodeId> = (0..258)
        .map(|_| {
            let event = builder.event();
            let node = builder.node(NodeSpec::default());
            builder.hit(event, node);
            node
        })
        .collect();
    builder.need(top, Need { k: 1, members, ..Need::default() });
    let structure = builder.build().unwrap();
    let found = structure.search_cut_sets(top, 258, &Limits::default(), &|| false);
    assert_eq!(
        found,
        CutSets { sets: vec![(0..258).map(EventId).collect()], complete: Completeness::Full }
    );
}

#[test]
fn long_chains_do_not_overflow_the_stack() {
    let mut builder = StructureBuilder::new();
    let mut before: Option<NodeId> = None;
    for _ in 0..200_000 {
        let node = builder.node(NodeSpec::default());
        if let Some(before) = before {
            builder.need(node, Need { k: 1, members: vec![before], ..Need::default() });
        } else {
            let event = builder.event();
            builder.hit(event, node);
        }
        before = Some(node);
    }
    let structure = builder.build().unwrap();
    assert_eq!(
        structure.single_losses(&before.into_iter().collect::<Vec<_>>()),
        vec![vec![EventId(0)]]
    );
}
