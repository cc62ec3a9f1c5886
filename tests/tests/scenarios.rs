//! Scenarios against brute force, on random models: what is said to continue or fail does, whatever is lost
//! together, however many choices there are, and as soon as it is said.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use rbp_compiler::db::Package;
use rbp_compiler::model::facts;
use rbp_compiler::scenario::{Played, Verdict, play};
use rbp_compiler::session::{FileSpec, Session};
use rbp_tests::oracle::{
    Kind, Loss, Model, Role, Shape, Sort, answer, fails, losses, model, print,
};
use rbp_tests::policy::AS_OF;
use rbp_tests::random::Random;

const SHAPES: [Shape; 3] = [
    Shape { things: 8, density: 25, to_run: 10, held_out: 0 },
    Shape { things: 11, density: 38, to_run: 20, held_out: 0 },
    Shape { things: 8, density: 50, to_run: 40, held_out: 0 },
];

/// A scenario as text, whether it must pass, and the number of losses that it is about.
type Said = (String, bool, &'static str);

#[test]
fn scenarios_end_as_brute_force_says() {
    let batches = std::env::var("RBP_BATCHES").ok().and_then(|b| b.parse().ok()).unwrap_or(600);
    let mut counts: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for seed in 0..batches {
        let mut random = Random::new(seed);
        let model = model(SHAPES[seed as usize % SHAPES.len()], &mut random);
        let said = scenarios(&model, &mut random);
        let mut text = print(&model);
        for (number, (body, _, _)) in said.iter().enumerate() {
            let _ = writeln!(text, "scenario s{number} {{ {body} }}");
        }
        for ((body, passes, sort), played) in said.iter().zip(played(&text)) {
            let wanted = if *passes { Verdict::Passed } else { Verdict::Failed };
            let verdict = match played.verdict() {
                // A time of which a step is not stated is no pass, and brute force takes it for none.
                Verdict::Open if *sort == "a time" && untimed(&played) => Verdict::Passed,
                verdict => verdict,
            };
            assert_eq!(verdict, wanted, "{text}\n{body}\n{:#?}", played.expectations);
            // What was left open was held against nothing.
            if played.verdict() != Verdict::Open {
                *counts.entry((sort, *passes)).or_default() += 1;
            }
        }
    }
    for ((sort, passes), count) in &counts {
        println!("{sort}: {count} {}", if *passes { "passed" } else { "failed" });
    }
    let enough = |sort, passes| counts.get(&(sort, passes)).is_some_and(|count| *count > 50);
    for sort in ["several losses", "any so many of a kind", "a time"] {
        assert!(enough(sort, true) && enough(sort, false), "{sort}: {counts:?}");
    }
}

/// Whether it was left open because nothing says how long a step takes.
fn untimed(played: &Played) -> bool {
    let mut open = played.expectations.iter().filter(|judged| judged.verdict == Verdict::Open);
    open.all(|judged| judged.notes.iter().any(|note| note.starts_with("nothing says how")))
}

fn played(text: &str) -> Vec<Played> {
    let mut session = Session::new(AS_OF);
    let package = session.add_package(Package { name: "p".into(), ..Package::default() });
    let spec = FileSpec { path: "main.rbp".into(), module: "main".into(), package };
    session.add_files(vec![(spec, Arc::from(text))]);
    let source = session.sources()[0];
    let scenarios = facts(session.db(), source).scenarios.clone();
    scenarios.iter().map(|scenario| play(session.db(), scenario)).collect()
}

fn scenarios(model: &Model, random: &mut Random) -> Vec<Said> {
    let mut said = Vec::new();
    let there = model.reachable();
    let thing = |at: usize| !matches!(model.things[at].role, Role::Signal(_));
    let mut all: Vec<Loss> = losses(model);
    all.retain(|(_, at)| there.contains(at) && thing(*at));
    for _ in 0..4 {
        let many = random.between(1, 3);
        let chosen = random.some(many, &all);
        if chosen.is_empty() {
            continue;
        }
        let ends = fails(model, &chosen);
        let lost = lost(&chosen);
        said.push((format!("{lost} expect f continues"), !ends, "several losses"));
        said.push((format!("{lost} expect f fails"), ends, "several losses"));
    }
    for kind in [Kind::Machine, Kind::Record, Kind::Actor] {
        let mut of: Vec<usize> = there.clone();
        of.retain(|at| thing(*at) && model.things[*at].kind == kind);
        let many = random.between(1, 3);
        if of.len() < many {
            continue;
        }
        let ends: Vec<bool> =
            subsets(&of, many).iter().map(|set| fails(model, &gone(set))).collect();
        let lose = format!("lose any {many} of kind {}", kind.word());
        let sort = "any so many of a kind";
        said.push((format!("{lose} expect f continues"), !ends.contains(&true), sort));
        said.push((format!("{lose} expect f fails"), !ends.contains(&false), sort));
    }
    for (loss, seconds) in answer(model).restored {
        if let Some(seconds) = seconds.filter(|_| all.contains(&loss)) {
            let within = |time: u64| format!("{} expect f continues within {time}s", lost(&[loss]));
            said.push((within(seconds), true, "a time"));
            if seconds > 0 {
                said.push((within(seconds - 1), false, "a time"));
            }
        }
    }
    said
}

fn gone(set: &[usize]) -> Vec<Loss> {
    set.iter().map(|at| (Sort::Lost, *at)).collect()
}

fn lost(losses: &[Loss]) -> String {
    let clause = |(sort, at): &Loss| {
        let word = match sort {
            Sort::Lost => "lose",
            Sort::Corrupted => "corrupt",
            Sort::Compromised => "compromise",
        };
        format!("{word} e{at}")
    };
    losses.iter().map(clause).collect::<Vec<_>>().join(" ")
}

fn subsets(of: &[usize], many: usize) -> Vec<Vec<usize>> {
    if many == 0 {
        return vec![Vec::new()];
    }
    let mut sets = Vec::new();
    for (number, first) in of.iter().enumerate() {
        for mut rest in subsets(&of[number + 1..], many - 1) {
            rest.insert(0, *first);
            sets.push(rest);
        }
    }
    sets
}
