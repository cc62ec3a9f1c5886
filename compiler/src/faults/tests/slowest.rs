//! The bound on restoration against every restoration there is.

use super::*;

#[test]
fn nothing_is_slower() {
    let (mut bounded, mut positive, mut met) = (0, 0, 0);
    compare("slowest", |model, _| {
        let structure = model.build();
        let mut evaluator = Evaluator::new(&structure);
        let mut slowest_found = vec![0; model.nodes.len()];
        for losses in (0..=3).flat_map(|size| model.subsets(size)) {
            let state = evaluator.evaluate(&ids(&losses));
            for node in nodes(model) {
                let time = evaluator.restoration(&state, node).unwrap_or(0);
                slowest_found[node.index()] = time.max(slowest_found[node.index()]);
            }
        }
        for node in nodes(model) {
            let Some(bound) = structure.slowest(node) else { continue };
            let found = slowest_found[node.index()];
            assert!(found <= bound, "{node:?} takes {found}, bound {bound}: {model:?}");
            bounded += 1;
            positive += usize::from(bound > 0);
            met += usize::from(bound > 0 && found == bound);
        }
        model.nodes.len()
    });
    println!("{bounded} nodes have a bound, {positive} above 0; {met} of these are met exactly");
    assert!(positive > 1_000 && met > 100);
}
