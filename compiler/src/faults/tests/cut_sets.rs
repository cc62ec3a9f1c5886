//! Minimal cut sets against trying all sets of losses, and honesty about what is missing.

use super::*;

#[test]
fn minimal_cut_sets_agree() {
    compare("minimal cut sets up to order 3", |model, _| {
        let structure = model.build();
        let expected = model.minimal_cut_sets(3);
        let mut compared = 0;
        for top in nodes(model) {
            for order in 0..=3 {
                let limits = Limits::default();
                let found = structure.search_cut_sets(top, order, &limits, &|| false);
                assert_eq!(found.complete, Completeness::Full);
                let either_way = structure.minimal_cut_sets(top, order, &limits, &|| false);
                assert_eq!(either_way, found, "{top:?} order {order} {model:?}");
                let sets: Vec<Vec<u32>> = found.sets.iter().map(|set| numbers(set)).collect();
                let wanted: Vec<Vec<u32>> = expected[top.index()]
                    .iter()
                    .filter(|set| set.len() <= order)
                    .cloned()
                    .collect();
                assert_eq!(sets, wanted, "{top:?} order {order} {model:?}");
                compared += wanted.len().max(1);
            }
        }
        compared
    });
}

#[test]
fn all_orders_agree() {
    compare("minimal cut sets of any order", |model, random| {
        if model.events > 7 {
            return 0;
        }
        let structure = model.build();
        let expected = model.minimal_cut_sets(model.events as usize);
        let top = NodeId(random.below(model.nodes.len()) as u32);
        let found = structure.search_cut_sets(top, 20, &Limits::default(), &|| false);
        let sets: Vec<Vec<u32>> = found.sets.iter().map(|set| numbers(set)).collect();
        assert_eq!(sets, expected[top.index()], "{top:?} {model:?}");
        2 * expected[top.index()].len()
    });
}

#[test]
fn a_stopped_search_says_what_it_has() {
    compare("stopped searches", |model, random| {
        let structure = model.build();
        let top = NodeId(random.below(model.nodes.len()) as u32);
        let full = structure.search_cut_sets(top, 4, &Limits::default(), &|| false);
        let mut compared = 0;
        for limit in 0..12 {
            let calls = std::cell::Cell::new(0);
            let cancel = || {
                calls.set(calls.get() + 1);
                calls.get() > limit
            };
            let all = Limits::default();
            let searches = [
                (
                    Stop::Sets,
                    structure
                        .search_cut_sets(top, 4, &Limits { max_sets: limit, ..all }, &|| false),
                ),
                (
                    Stop::Steps,
                    structure.search_cut_sets(
                        top,
                        4,
                        &Limits { max_steps: limit as u64, ..all },
                        &|| false,
                    ),
                ),
                (Stop::Cancelled, structure.search_cut_sets(top, 4, &all, &cancel)),
            ];
            for (expected_stop, found) in searches {
                compared += 1;
                match found.complete {
                    Completeness::Full => assert_eq!(found.sets, full.sets, "{model:?}"),
                    Completeness::UpTo { order, stop } => {
                        assert_eq!(stop, expected_stop);
                        assert!(
                            found
                                .sets
                                .iter()
                                .all(|set| full.sets.contains(set) && set.len() <= order + 1)
                        );
                        let complete = |sets: &[Vec<EventId>]| {
                            sets.iter()
                                .filter(|set| set.len() <= order)
                                .cloned()
                                .collect::<Vec<_>>()
                        };
                        assert_eq!(complete(&found.sets), complete(&full.sets), "{model:?}");
                    }
                }
            }
        }
        compared
    });
}

#[test]
fn a_list_cut_short_says_so() {
    let mut builder = StructureBuilder::new();
    let top = builder.node(NodeSpec::default());
    for _ in 0..30 {
        let members = (0..2)
            .map(|_| {
                let (event, node) = (builder.event(), builder.node(NodeSpec::default()));
                builder.hit(event, node);
                node
            })
            .collect();
        builder.need(top, Need { k: 1, members, ..Need::default() });
    }
    let structure = builder.build().expect("small");
    let few = Limits { max_sets: 20, ..Limits::default() };
    let found = structure.minimal_cut_sets(top, 3, &few, &|| false);
    assert_eq!(found.complete, Completeness::UpTo { order: 1, stop: Stop::Sets });
    assert_eq!(found.sets.len(), 20);
    // Many pairs are no more work than few.
    let found = structure.minimal_cut_sets(top, 10, &Limits { max_steps: 1, ..few }, &|| false);
    assert_eq!(found.sets.len(), 20);
}
