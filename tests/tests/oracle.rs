//! The compiler against brute force, on thousands of random models: single points of failure, minimal
//! cut sets up to order 3, restoration times, and what the rules conclude from them.

#![allow(clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use rbp_tests::oracle::{
    Answer, Judged, Loss, Model, Names, Shape, Sort, answer, measure, model, print, shrink,
};
use rbp_tests::random::Random;

/// How many models are looked at together, in one session.
const BATCH: usize = 40;

#[derive(Default)]
struct Counts {
    models: usize,
    sets: BTreeMap<usize, usize>,
    addressed: usize,
    sorts: BTreeMap<Sort, usize>,
    times: usize,
    slow: usize,
    doubtful: usize,
    loops: usize,
    verdicts: BTreeMap<(&'static str, &'static str), usize>,
}

#[test]
fn sparse_models_agree() {
    compare(1, 60, Shape::SPARSE);
}

#[test]
fn dense_models_agree() {
    compare(2, 25, Shape::DENSE);
}

#[test]
fn models_full_of_loops_agree() {
    compare(3, 40, Shape::LOOPED);
}

#[test]
fn restoration_times_agree() {
    compare(4, 30, Shape { things: 10, density: 12, to_run: 0, held_out: 0 });
}

#[test]
fn backups_that_hold_out_until_another_is_there_agree() {
    compare(5, 50, Shape { things: 9, density: 12, to_run: 5, held_out: 60 });
}

fn compare(seed: u64, batches: usize, shape: Shape) {
    let mut random = Random::new(seed);
    let mut counts = Counts::default();
    let batches = std::env::var("RBP_BATCHES").ok().and_then(|b| b.parse().ok()).unwrap_or(batches);
    for _ in 0..batches {
        let models: Vec<Model> = (0..BATCH).map(|_| model(shape, &mut random)).collect();
        let texts: Vec<_> = models.iter().map(text).collect();
        for (model, judged) in models.iter().zip(measure(&texts)) {
            let answer = answer(model);
            if let Some(difference) = difference(model, &answer, &judged) {
                report(model, &difference);
            }
            count(&mut counts, &answer, &judged);
        }
    }
    let Counts { models, sets, addressed, sorts, times, slow, doubtful, loops, verdicts } = counts;
    println!(
        "{models} models; minimal cut sets by order {sets:?}; single losses by sort {sorts:?}, {addressed} of them take a backup too"
    );
    println!(
        "{times} restoration times compared, {slow} of them not 0, {doubtful} left out for loops of needs to run; {loops} models with loops"
    );
    for ((slug, verdict), number) in verdicts {
        println!("  {slug}: {verdict} {number}");
    }
}

fn text(model: &Model) -> Vec<(String, String)> {
    vec![("main.rbp".into(), print(model))]
}

fn report(model: &Model, difference: &str) {
    let still = |m: &Model| {
        let judged = measure(&[text(m)]);
        self::difference(m, &answer(m), &judged[0]).is_some()
    };
    let small = shrink(model, still);
    let judged = measure(&[text(&small)]);
    let smaller = self::difference(&small, &answer(&small), &judged[0]).unwrap_or_default();
    panic!("{}\n{smaller}\nin the model as it was found: {difference}", print(&small));
}

/// What the oracle and the compiler differ in.
fn difference(model: &Model, answer: &Answer, judged: &Judged) -> Option<String> {
    let names = Names::plain(model).names;
    let named = |loss: &Loss| (loss.0, names[loss.1].clone());
    let mut differences = String::new();
    let mut differ = |what: &str, oracle: String, compiler: String| {
        if oracle != compiler {
            differences += &format!("{what}\n  oracle:   {oracle}\n  compiler: {compiler}\n");
        }
    };
    differ("something is left out", "false".into(), judged.incomplete.to_string());
    let mut sets: BTreeSet<Vec<(Sort, String)>> = BTreeSet::new();
    for set in &answer.cut_sets {
        let mut set: Vec<_> = set.iter().map(named).collect();
        set.sort();
        sets.insert(set);
    }
    differ("cut sets", format!("{sets:?}"), format!("{:?}", judged.cut_sets));
    let unaddressed: BTreeSet<_> = answer.unaddressed.iter().map(named).collect();
    differ("unaddressed", format!("{unaddressed:?}"), format!("{:?}", judged.unaddressed));

    let times: BTreeMap<_, _> = answer.restored.iter().map(|(l, time)| (named(l), *time)).collect();
    let compiled = judged.restored.iter().map(|(loss, ms)| {
        // Where the oracle does not know, anything is right.
        let known = times.get(loss).is_none_or(Option::is_some);
        (loss.clone(), known.then_some(ms / 1000))
    });
    let compiled: BTreeMap<_, _> = compiled.collect();
    differ("restored", format!("{times:?}"), format!("{compiled:?}"));

    let verdict = |refuted: bool| Some(if refuted { "refuted" } else { "proved" });
    let mut rule = |slug: &str, wanted: Option<&str>| {
        differ(slug, format!("{wanted:?}"), format!("{:?}", judged.verdict(slug)));
    };
    rule("single-point-of-failure", verdict(!answer.unaddressed.is_empty()));
    if model.order > 1 {
        rule("cut-set-within-tolerance", verdict(answer.cut_sets.iter().any(|set| set.len() > 1)));
    }
    let family = |sort: Sort| match answer.defeated.contains(&sort) {
        true => Some("refuted"),
        false => answer.protected.then_some("proved"),
    };
    rule("corruption-propagates", family(Sort::Corrupted));
    rule("single-controller", family(Sort::Compromised));
    let lost =
        ["shared-dependency", "shared-credential", "shared-activation-path", "recovery-loop"];
    let worst = lost.iter().filter_map(|slug| judged.verdict(slug)).max();
    differ("independence", format!("{:?}", family(Sort::Lost)), format!("{worst:?}"));
    (!differences.is_empty()).then_some(differences)
}

fn count(counts: &mut Counts, answer: &Answer, judged: &Judged) {
    counts.models += 1;
    for set in &answer.cut_sets {
        *counts.sets.entry(set.len()).or_default() += 1;
        if let [loss] = set[..] {
            *counts.sorts.entry(loss.0).or_default() += 1;
            counts.addressed += usize::from(!answer.unaddressed.contains(&loss));
        }
    }
    counts.times += answer.restored.values().flatten().count();
    counts.slow += answer.restored.values().flatten().filter(|time| **time > 0).count();
    counts.doubtful += answer.restored.values().filter(|time| time.is_none()).count();
    counts.loops += usize::from(!judged.loops.is_empty());
    for slug in [
        "single-point-of-failure",
        "cut-set-within-tolerance",
        "shared-dependency",
        "shared-credential",
        "shared-activation-path",
        "recovery-loop",
        "corruption-propagates",
        "single-controller",
    ] {
        *counts.verdicts.entry((slug, judged.verdict(slug).unwrap_or("not owed"))).or_default() +=
            1;
    }
}
