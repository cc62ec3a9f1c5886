//! States, single losses, loops and cones against the reference.

use super::*;

#[test]
fn states_agree_and_are_monotone() {
    compare("evaluate", |model, _| {
        let structure = model.build();
        let mut evaluator = Evaluator::new(&structure);
        let mut compared = 0;
        let mut ups: Vec<Bits> = Vec::new();
        for bits in 0..1u32 << model.events {
            let losses: Vec<u32> =
                (0..model.events).filter(|event| bits >> event & 1 == 1).collect();
            let state = evaluator.evaluate(&ids(&losses));
            // The reference is slow: it checks sets of up to three losses; monotonicity is checked for all.
            if losses.len() <= 3 {
                let (running, up) = (model.running(&losses), model.up(&losses));
                for node in nodes(model) {
                    assert_eq!(
                        state.is_running(node),
                        running.contains(&node.index()),
                        "{node:?} {losses:?} {model:?}"
                    );
                    assert_eq!(
                        state.is_up(node),
                        up.contains(&node.index()),
                        "{node:?} {losses:?} {model:?}"
                    );
                    compared += 2;
                }
            }
            for event in &losses {
                let fewer = &ups[(bits & !(1 << event)) as usize];
                assert!(state.up().iter().all(|node| fewer.contains(node)), "{losses:?} {model:?}");
            }
            ups.push(state.up().clone());
        }
        compared
    });
}

#[test]
fn without_latent_nodes_up_is_running() {
    compare("up = running", |model, _| {
        if model.nodes.iter().any(|node| node.spec.latent) {
            return 0;
        }
        let structure = model.build();
        let mut evaluator = Evaluator::new(&structure);
        for event in 0..model.events {
            let state = evaluator.evaluate(&[EventId(event)]);
            assert_eq!(state.running(), state.up(), "{model:?}");
        }
        model.events as usize
    });
}

#[test]
fn single_losses_agree() {
    compare("single losses", |model, _| {
        let structure = model.build();
        let mut expected: Vec<Vec<u32>> = vec![Vec::new(); model.nodes.len()];
        for event in 0..model.events {
            let up = model.up(&[event]);
            for (node, events) in expected.iter_mut().enumerate() {
                if !up.contains(&node) {
                    events.push(event);
                }
            }
        }
        // First few tops, then so many that the short cuts are given up half-way.
        for copies in [1, 1 + 2_000 / model.nodes.len()] {
            let tops: Vec<NodeId> = std::iter::repeat_n(nodes(model), copies).flatten().collect();
            for (found, &top) in structure.single_losses(&tops).iter().zip(&tops) {
                assert_eq!(numbers(found), expected[top.index()], "{top:?} {model:?}");
            }
        }
        // One at a time, so that candidates of one top do not help another.
        for top in nodes(model) {
            assert_eq!(
                numbers(&structure.single_losses(&[top])[0]),
                expected[top.index()],
                "{top:?} {model:?}"
            );
        }
        model.nodes.len() * 3
    });
}

#[test]
fn start_loops_agree() {
    compare("start loops", |model, _| {
        let structure = model.build();
        for latent in [false, true] {
            let found: Vec<Vec<usize>> = structure
                .start_loops(latent)
                .iter()
                .map(|nodes| nodes.iter().map(|node| node.index()).collect())
                .collect();
            assert_eq!(found, model.start_loops(latent), "{latent} {model:?}");
        }
        2
    });
}

#[test]
fn a_cone_answers_like_the_whole() {
    compare("cones", |model, random| {
        let structure = model.build();
        let top = NodeId(random.below(model.nodes.len()) as u32);
        let cone = structure.cone(&[top]).unwrap();
        let new_top = cone.node(top).unwrap();
        assert_eq!(cone.nodes().len(), structure.reachable(&[top]).iter().count());
        for (new, &old) in cone.nodes().iter().enumerate() {
            assert_eq!(cone.node(old), Some(NodeId(new as u32)));
        }
        let limits = Limits::default();
        let in_cone: Vec<Vec<EventId>> = cone
            .structure
            .search_cut_sets(new_top, 2, &limits, &|| false)
            .sets
            .iter()
            .map(|set| set.iter().map(|event| cone.events()[event.index()]).collect())
            .collect();
        assert_eq!(
            in_cone,
            structure.search_cut_sets(top, 2, &limits, &|| false).sets,
            "{top:?} {model:?}"
        );

        let (mut whole, mut part) = (Evaluator::new(&structure), Evaluator::new(&cone.structure));
        for event in 0..model.events {
            let state = whole.evaluate(&[EventId(event)]);
            let losses: Vec<EventId> = cone.event(EventId(event)).into_iter().collect();
            let part_state = part.evaluate(&losses);
            assert_eq!(whole.restoration(&state, top), part.restoration(&part_state, new_top));
        }
        1 + model.events as usize
    });
}
