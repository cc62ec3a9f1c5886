//! What a rule set decides agrees with the failure logic, by brute force on thousands of random models.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::sync::Arc;

use rbp_compiler::db::Package;
use rbp_compiler::emit::rule_set;
use rbp_compiler::session::{FileSpec, Session};
use rbp_ruleset::LossSort;
use rbp_ruleset::decide::{Decider, Facts, Lost, State};
use rbp_tests::oracle::{Loss, Model, Shape, Sort, fails, losses, model, print};
use rbp_tests::policy::AS_OF;
use rbp_tests::random::Random;

const BATCH: usize = 40;

/// The rule sets of many models, each in a package of its own.
fn rule_sets(models: &[Model]) -> Vec<rbp_ruleset::RuleSet> {
    let mut session = Session::new(AS_OF);
    let mut files = Vec::new();
    let mut packages = Vec::new();
    for (number, model) in models.iter().enumerate() {
        let name = format!("p{number}");
        let package = session.add_package(Package { name, ..Package::default() });
        packages.push(package);
        let (path, module) = (format!("p{number}/main.rbp"), "main".to_owned());
        files.push((FileSpec { path, module, package }, Arc::from(print(model))));
    }
    session.add_files(files);
    packages.iter().map(|package| rule_set(session.db(), *package)).collect()
}

fn lost((sort, of): Loss) -> Lost {
    let sort = match sort {
        Sort::Lost => LossSort::Lost,
        Sort::Corrupted => LossSort::Corrupted,
        Sort::Compromised => LossSort::Compromised,
    };
    Lost { element: format!("main.e{of}"), sort, since: None }
}

fn agree(seed: u64, batches: usize, shape: Shape) {
    let mut random = Random::new(seed);
    let (mut asked, mut gone, mut called) = (0, 0, 0);
    for _ in 0..batches {
        let models: Vec<Model> = (0..BATCH).map(|_| model(shape, &mut random)).collect();
        for (model, rules) in models.iter().zip(rule_sets(&models)) {
            let decider = Decider::new(&rules).unwrap();
            let known: Vec<Loss> = losses(model)
                .into_iter()
                .filter(|(_, of)| rules.elements.iter().any(|e| e.id == format!("main.e{of}")))
                .collect();
            for _ in 0..12 {
                let count = random.below(4);
                let some = random.some(count, &known);
                let facts = Facts {
                    now: "2026-11-23T12:00:00Z".into(),
                    losses: some.iter().map(|loss| lost(*loss)).collect(),
                    functions: vec!["main.f".into()],
                    allow_unverified: true,
                    ..Facts::default()
                };
                let decision = decider.decide(&facts).unwrap();
                let state = decision.functions[0].state;
                let ends = fails(model, &some);
                assert_eq!(
                    state == State::Lost,
                    ends,
                    "{state:?} after {some:?}\n{}\n{decision:#?}",
                    print(model)
                );
                asked += 1;
                gone += usize::from(ends);
                called += usize::from(state == State::Activate);
            }
        }
    }
    println!(
        "{asked} sets of losses: {gone} end the function, after {called} backups are called for"
    );
    assert!(gone * 20 > asked && called > 0);
}

#[test]
fn sparse_models_agree() {
    agree(11, 20, Shape { things: 7, density: 25, to_run: 10 });
}

#[test]
fn dense_models_agree() {
    agree(12, 10, Shape { things: 12, density: 38, to_run: 15 });
}

#[test]
fn models_full_of_loops_agree() {
    agree(13, 20, Shape { things: 7, density: 55, to_run: 45 });
}
