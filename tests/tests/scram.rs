//! Random trees against SCRAM: with k-of-n, with shared gates and events, written as a document, read back, counted
//! and weighed by both.

#![allow(clippy::expect_used, clippy::panic)]

use rbp_compiler::faults::tree::Effort;
use rbp_compiler::open_psa::{BasicEvent, Tree, read, write};
use rbp_tests::random::Random;
use rbp_tests::scram::analyse;
use rbp_tests::trees::{Replicas, Shape, fat_tree, random_tree};

const TREES: u64 = 160;
/// Trees with more sets are left out: SCRAM lists every set, and takes minutes for some.
const MOST: u128 = 100_000;

#[test]
fn random_trees_have_the_same_sets_and_probabilities() {
    let folder = std::env::temp_dir().join(format!("rbp-scram-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the trees");
    let (mut compared, mut most, mut several) = (0, 0, 0);
    for seed in 1..=TREES {
        let mut random = Random::new(seed);
        let shape = Shape {
            events: random.between(20, 60),
            inputs: random.between(2, 5),
            shared: random.between(0, 40),
            some: [0, 30, 60][random.below(3)],
        };
        let (tree, of) = random_tree(&mut random, shape);
        several +=
            usize::from(tree.gates.iter().any(|g| g.k > 1 && (g.k as usize) < g.inputs.len()));
        let sets = compare(tree, &of, &folder.join("tree.xml"), seed);
        most = most.max(sets.unwrap_or(0));
        compared += usize::from(sets.is_some());
    }
    let (tree, of) = fat_tree(4, Replicas::InPods(3));
    compare(tree, &of, &folder.join("tree.xml"), 0);
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    println!("{compared} trees, {several} with k-of-n, the largest with {most} minimal cut sets");
    assert!(compared > 100 && several > 30 && most > 1_000);
}

/// How many sets there are, which SCRAM and the engine must agree on; `None` where they are too many.
fn compare(
    tree: rbp_compiler::faults::tree::FaultTree,
    of: &[f64],
    file: &std::path::Path,
    seed: u64,
) -> Option<u64> {
    let solution = tree.solve(&Effort::default()).expect("small trees are solved");
    let total: u128 = solution.counts().expect("small numbers").iter().sum();
    if total > MOST {
        return None;
    }
    let probability = solution.probability(of).expect("asked for");
    let events: Vec<BasicEvent> = of
        .iter()
        .enumerate()
        .map(|(at, p)| BasicEvent {
            name: format!("e{at}"),
            label: format!("event <{at}> & \"more\""),
            probability: Some(*p),
        })
        .collect();
    let text = write(&[Tree { name: "top".into(), tree }], &events).expect("no loops");
    std::fs::write(file, &text).expect("the file is written");
    let answers = analyse(file, true).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    assert_eq!(answers.len(), 1, "seed {seed}");
    assert_eq!(u128::from(answers[0].sets), total, "seed {seed}: {text}");
    let theirs = answers[0].probability.expect("asked for");
    // Its report has six digits.
    assert!((theirs - probability).abs() <= 1e-5 * theirs, "{theirs} {probability} seed {seed}");

    let again = read(&text, None).expect("what is written is read");
    let again_solved = again.tree.solve(&Effort::default()).expect("small trees are solved");
    assert_eq!(again_solved.counts(), solution.counts(), "seed {seed}");
    let of: Vec<f64> = again.probabilities.iter().map(|p| p.unwrap_or(0.0)).collect();
    let read_back = again_solved.probability(&of).expect("asked for");
    assert!((read_back - probability).abs() <= 1e-9 * probability, "seed {seed}");
    Some(answers[0].sets)
}

/// Trees over groups with common causes, by each model: a pumps' tree with 2 to 5 members, of which some must fail.
#[test]
fn common_causes_weigh_the_same() {
    let folder = std::env::temp_dir().join(format!("rbp-causes-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the trees");
    let file = folder.join("tree.xml");
    let mut random = Random::new(7);
    for round in 0..60 {
        let model = ["beta-factor", "MGL", "alpha-factor", "phi-factor"][round % 4];
        let members = random.between(3, 5);
        let text = group_document(&mut random, model, members);
        std::fs::write(&file, &text).expect("the file is written");
        let theirs = analyse(&file, true).unwrap_or_else(|error| panic!("{error}: {text}"));
        let ours = read(&text, None).unwrap_or_else(|fault| panic!("{fault:?}: {text}"));
        let solution = ours.tree.solve(&Effort::default()).expect("small trees are solved");
        let total: u128 = solution.counts().expect("small numbers").iter().sum();
        assert_eq!(total, u128::from(theirs[0].sets), "{text}");
        let of: Vec<f64> = ours.probabilities.iter().map(|p| p.expect("stated")).collect();
        let probability = solution.probability(&of).expect("asked for");
        let theirs = theirs[0].probability.expect("asked for");
        assert!((theirs - probability).abs() <= 1e-5 * theirs, "{theirs} {probability}: {text}");
    }
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

fn group_document(random: &mut Random, model: &str, members: usize) -> String {
    let (lowest, highest) = match model {
        "beta-factor" => (members, members),
        "MGL" => (2, random.between(2, members)),
        _ => (1, random.between(2, members)),
    };
    let mut shares: Vec<f64> =
        (lowest..=highest).map(|_| random.between(1, 90) as f64 / 100.0).collect();
    if model.starts_with("phi") {
        let sum: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= sum);
    }
    let factors: String = (lowest..)
        .zip(shares)
        .map(|(level, share)| {
            format!("<factor level=\"{level}\"><float value=\"{share}\"/></factor>")
        })
        .collect();
    let events: String = (0..members).map(|at| format!("<basic-event name=\"p{at}\"/>")).collect();
    let (least, all) = (random.between(2, members - 1), random.between(1, 300) as f64 / 1000.0);
    format!(
        "<opsa-mef><define-fault-tree name=\"t\"><define-gate name=\"top\"><or><basic-event name=\"grid\"/>\
         <atleast min=\"{least}\">{events}</atleast></or></define-gate>\
         <define-CCF-group name=\"pumps\" model=\"{model}\"><members>{events}</members>\
         <distribution><float value=\"{all}\"/></distribution><factors>{factors}</factors></define-CCF-group>\
         </define-fault-tree><model-data><define-basic-event name=\"grid\"><float value=\"1e-3\"/>\
         </define-basic-event></model-data></opsa-mef>"
    )
}
