//! Witness paths are paths, and exist where they must.

use super::*;

#[test]
fn witnesses_are_valid() {
    let mut interrupted = 0;
    compare("witnesses", |model, random| {
        let structure = model.build();
        let mut evaluator = Evaluator::new(&structure);
        let mut compared = 0;
        for _ in 0..6 {
            let losses: Vec<u32> = (0..model.events).filter(|_| random.percent(40)).collect();
            let (running, up) = (model.running(&losses), model.up(&losses));
            let state = evaluator.evaluate(&ids(&losses));
            for top in nodes(model) {
                let witnesses = evaluator.witness(&state, top);
                if up.contains(&top.index()) {
                    assert!(witnesses.is_empty());
                    continue;
                }
                for witness in witnesses {
                    let path: Vec<usize> = witness.path.iter().map(|node| node.index()).collect();
                    assert!(losses.contains(&witness.event.0));
                    assert!(
                        model.nodes[path[0]].events.contains(&witness.event.0),
                        "{witness:?} {model:?}"
                    );
                    assert_eq!(path.last(), Some(&top.index()));
                    for pair in path.windows(2) {
                        let linked = |need: &Need| {
                            let met = |set| reference::met(need, set);
                            need.members.contains(&NodeId(pair[0] as u32))
                                && (!met(&up) || witness.interrupted && !met(&running))
                        };
                        assert!(
                            model.nodes[pair[1]].needs.iter().any(linked),
                            "{witness:?} {losses:?} {model:?}"
                        );
                    }
                    assert!(
                        witness.interrupted || path.iter().all(|node| !up.contains(node)),
                        "{witness:?} {model:?}"
                    );
                    assert!(
                        path.iter().all(|node| !running.contains(node)),
                        "{witness:?} {losses:?} {model:?}"
                    );
                    interrupted += usize::from(witness.interrupted);
                    compared += 1;
                }
            }
        }
        compared
    });
    println!("of these {interrupted} pass nodes that were only interrupted");
    assert!(interrupted > 0);
}

#[test]
fn every_event_of_a_minimal_cut_set_has_a_path() {
    compare("witnesses of minimal cut sets", |model, _| {
        let structure = model.build();
        let mut evaluator = Evaluator::new(&structure);
        let mut compared = 0;
        for top in nodes(model) {
            for set in structure.search_cut_sets(top, 4, &Limits::default(), &|| false).sets {
                let state = evaluator.evaluate(&set);
                let events: Vec<EventId> =
                    evaluator.witness(&state, top).iter().map(|witness| witness.event).collect();
                assert_eq!(events, set, "{top:?} {model:?}");
                compared += 1;
            }
        }
        compared
    });
}
