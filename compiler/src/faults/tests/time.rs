//! Times and stand-ins against the definition.

use super::*;

#[test]
fn times_agree() {
    let (mut timed, mut positive, mut in_groups) = (0, 0, 0);
    compare("times", |model, _| {
        let structure = model.build();
        let mut evaluator = Evaluator::new(&structure);
        let mut compared = 0;
        for losses in (0..=2).flat_map(|size| model.subsets(size)) {
            let state = evaluator.evaluate(&ids(&losses));
            let expected = model.times(&losses);
            let all = evaluator.times(&state);
            for (node, time) in all.to_vec() {
                assert_eq!(
                    Some(&time),
                    expected.get(&node.index()),
                    "{node:?} {losses:?} {model:?}"
                );
            }
            for node in nodes(model) {
                let time = expected.get(&node.index()).copied();
                assert_eq!(
                    evaluator.restoration(&state, node),
                    time,
                    "{node:?} {losses:?} {model:?}"
                );
                compared += 1;
                timed += usize::from(time.is_some() && !state.is_running(node));
                positive += usize::from(time.is_some_and(|time| time > 0));
            }
            in_groups += usize::from(model.has_groups(&losses));
        }
        compared
    });
    println!(
        "of these {timed} nodes started, {positive} took time; {in_groups} states had loops among the started"
    );
    assert!(positive > 10_000 && in_groups > 1_000);
}

#[test]
fn stand_ins_carry_the_top() {
    let mut called = 0;
    compare("stand-ins", |model, _| {
        let structure = model.build();
        let mut evaluator = Evaluator::new(&structure);
        let mut compared = 0;
        for losses in (0..=2).flat_map(|size| model.subsets(size)) {
            let state = evaluator.evaluate(&ids(&losses));
            for top in nodes(model) {
                let stand_ins = evaluator.stand_ins(&state, top);
                let Some(time) = evaluator.restoration(&state, top) else {
                    assert!(stand_ins.is_empty());
                    continue;
                };
                // All other latent nodes can be missing, and the top is back all the same.
                let mut without_others = model.clone();
                for (index, node) in without_others.nodes.iter_mut().enumerate() {
                    if node.spec.latent && !stand_ins.contains(&NodeId(index as u32)) {
                        node.needs = vec![Need { k: 1, ..Need::default() }];
                    }
                }
                assert!(
                    without_others.up(&losses).contains(&top.index()),
                    "{top:?} {losses:?} {stand_ins:?} {model:?}"
                );
                if !model.has_groups(&losses)
                    && !model.nodes.iter().any(|node| node.needs.iter().any(|need| need.ordered))
                {
                    let times = without_others.times(&losses);
                    assert_eq!(
                        times.get(&top.index()),
                        Some(&time),
                        "{top:?} {losses:?} {stand_ins:?} {model:?}"
                    );
                }
                called += usize::from(!stand_ins.is_empty());
                compared += 1;
            }
        }
        compared
    });
    println!("of these {called} had stand-ins");
    assert!(called > 10_000);
}
