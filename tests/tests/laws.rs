//! Laws of the failure logic on whole random policies: a further need takes no cut set away, a further
//! independent backup brings none, and neither names, order nor files matter.

use std::collections::BTreeSet;

use rbp_tests::oracle::{
    Judged, Kind, Model, Names, Need, Role, Shape, Sort, Thing, measure, model, policy, print,
};
use rbp_tests::random::Random;

const SHAPE: Shape = Shape { things: 9, density: 25, to_run: 20, held_out: 0 };
const MODELS: usize = 400;

type Named = (Sort, String);

fn text(model: &Model) -> Vec<(String, String)> {
    vec![("main.rbp".into(), print(model))]
}

/// Whether losses that end a function hold a minimal cut set of it.
fn is_cut(losses: &[Named], judged: &Judged) -> bool {
    judged.cut_sets.iter().any(|set| set.iter().all(|loss| losses.contains(loss)))
}

#[test]
fn a_further_need_takes_no_cut_set_away() {
    let mut random = Random::new(21);
    let (mut models, mut wider) = (Vec::new(), Vec::new());
    for _ in 0..MODELS {
        let small = model(SHAPE, &mut random);
        let mut large = small.clone();
        let new = large.things.len();
        large.things.push(Thing::dependency(Kind::Machine));
        // A trigger rests on what its signal comes from; that is no need of the same sort.
        let can_need: Vec<usize> =
            (0..new).filter(|at| !matches!(large.things[*at].role, Role::Signal(_))).collect();
        let at = random.pick(&can_need).copied().unwrap_or(0);
        large.things[at].needs.push(Need::one(new));
        models.push(text(&small));
        wider.push(text(&large));
    }
    let (before, after) = (measure(&models), measure(&wider));
    let (mut sets, mut more) = (0, 0);
    for ((before, after), text) in before.iter().zip(&after).zip(&wider) {
        for set in &before.cut_sets {
            assert!(is_cut(set, after), "{set:?} is no cut set any more\n{}", text[0].1);
            sets += 1;
        }
        more += usize::from(after.cut_sets.len() > before.cut_sets.len());
    }
    println!("{sets} cut sets kept; {more} models with new ones");
    assert!(sets > 500 && more > 20);
}

/// The backup is a copy of one that the model has, of the same primary, with nothing to rest on but what its copy's
/// activation rests on.
#[test]
fn a_further_backup_brings_no_cut_set() {
    let mut random = Random::new(22);
    let (mut models, mut backed) = (Vec::new(), Vec::new());
    while models.len() < MODELS {
        let small = model(SHAPE, &mut random);
        let Some(of) = small.things.iter().find(|t| t.backup().is_some_and(|b| b.credible()))
        else {
            continue;
        };
        let mut new = of.clone();
        new.needs.clear();
        new.controlled_by.clear();
        let mut large = small.clone();
        large.things.push(new);
        models.push(text(&small));
        backed.push(text(&large));
    }
    let (before, after) = (measure(&models), measure(&backed));
    let (mut sets, mut fewer) = (0, 0);
    for ((before, after), text) in before.iter().zip(&after).zip(&backed) {
        for set in &after.cut_sets {
            assert!(is_cut(set, before), "{set:?} is new\n{}", text[0].1);
            sets += 1;
        }
        fewer += usize::from(after.cut_sets != before.cut_sets);
    }
    println!("{sets} cut sets were there before; {fewer} models have other ones");
    assert!(sets > 300 && fewer > 5);
}

#[test]
fn names_order_and_files_change_nothing() {
    let mut random = Random::new(23);
    let (mut plain, mut scrambled, mut all_names) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..MODELS {
        let model = model(SHAPE, &mut random);
        let names = Names::scrambled(&model, 3, &mut random);
        plain.push(policy(&model, &Names::plain(&model)));
        scrambled.push(policy(&model, &names));
        all_names.push((Names::plain(&model), names));
    }
    let (before, after) = (measure(&plain), measure(&scrambled));
    let mut sets = 0;
    for ((before, after), (old, new)) in before.iter().zip(&after).zip(&all_names) {
        let renamed = |(sort, name): &Named| {
            let at = old.names.iter().position(|n| n == name);
            (*sort, at.map_or(String::new(), |at| new.names[at].clone()))
        };
        let wanted: BTreeSet<Vec<Named>> = before
            .cut_sets
            .iter()
            .map(|set| {
                let mut set: Vec<Named> = set.iter().map(renamed).collect();
                set.sort();
                set
            })
            .collect();
        assert_eq!(after.cut_sets, wanted, "{old:?} {new:?}");
        sets += wanted.len();
    }
    println!("{sets} cut sets are the same under other names");
    assert!(sets > 500);
}
