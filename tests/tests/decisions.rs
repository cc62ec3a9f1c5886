//! What a rule set decides agrees with the failure logic, by brute force on thousands of random models, and
//! is what `docs/decisions.md` tells case by case.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::sync::Arc;

use rbp_compiler::db::Package;
use rbp_compiler::emit::rule_set;
use rbp_compiler::session::{FileSpec, Session};
use rbp_ruleset::LossSort;
use rbp_ruleset::decide::{Active, Approval, Decider, Facts, Fenced, Held, Lost, Observed, State};
use rbp_tests::markdown::blocks;
use rbp_tests::oracle::{Loss, Model, Need, Shape, Sort, Thing, fails, losses, model, print};
use rbp_tests::policy::{AS_OF, Policy};
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

/// The model in which what holds out until another one is there does so for ever; what does so for one that does not
/// count stands in for nothing.
fn by_itself(model: &Model) -> Model {
    let mut changed = model.clone();
    for (at, thing) in changed.things.iter_mut().enumerate() {
        let Some(backup) = thing.backup_mut() else { continue };
        let other = |by: usize| model.things[by].backup().map(|b| b.primary);
        if backup.until.is_some_and(|(by, _)| other(by) == Some(backup.primary)) {
            match model.counts(at) {
                true => backup.until = None,
                false => backup.protects = false,
            }
        }
    }
    changed
}

/// A function is lost where the failure logic says that the losses end it: at once, or once what holds out for something
/// that is lost has run out. Only until then the two may differ.
fn agree(seed: u64, batches: usize, shape: Shape) {
    agree_on(seed, batches, shape.held_out > 0, |random| model(shape, random));
}

fn agree_on(seed: u64, batches: usize, held_out: bool, make: impl Fn(&mut Random) -> Model) {
    let mut random = Random::new(seed);
    let (mut asked, mut gone, mut later, mut called) = (0, 0, 0, 0);
    for _ in 0..batches {
        let models: Vec<Model> = (0..BATCH).map(|_| make(&mut random)).collect();
        for (model, rules) in models.iter().zip(rule_sets(&models)) {
            let decider = Decider::new(&rules).unwrap();
            let by_itself = by_itself(model);
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
                let (ends, at_once) = (fails(model, &some), fails(&by_itself, &some));
                let lost = state == State::Lost;
                assert!(
                    (!lost || ends) && (lost || !at_once),
                    "{state:?} after {some:?}\n{}\n{decision:#?}",
                    print(model)
                );
                asked += 1;
                gone += usize::from(ends);
                later += usize::from(ends && !lost);
                called += usize::from(state == State::Activate);
            }
        }
    }
    println!(
        "{asked} sets of losses: {gone} end the function, {later} of them once something has run out; after {called} \
         backups are called for"
    );
    assert!(gone * 20 > asked && called > 0 && (later > 0) == held_out);
}

#[test]
fn sparse_models_agree() {
    agree(11, 20, Shape::SPARSE);
}

#[test]
fn dense_models_agree() {
    agree(12, 10, Shape::DENSE);
}

#[test]
fn models_full_of_loops_agree() {
    agree(13, 20, Shape::LOOPED);
}

#[test]
fn models_in_which_backups_hold_out_agree() {
    agree(14, 20, Shape { things: 9, density: 15, to_run: 10, held_out: 70 });
}

#[test]
fn backups_that_call_on_one_another_agree() {
    let shape = Shape { things: 8, density: 12, to_run: 30, held_out: 0 };
    agree_on(15, 20, false, |random| knotted(model(shape, random), random));
}

/// The model with two backups that call on what the other one stands in for, or rest on it, and a function that rests
/// on the first of these.
fn knotted(mut model: Model, random: &mut Random) -> Model {
    let backup = |(at, thing): (usize, &Thing)| Some((at, thing.backup()?.primary));
    let backups: Vec<(usize, usize)> = model.things.iter().enumerate().filter_map(backup).collect();
    let mut pairs = backups.iter().zip(backups.iter().skip(1));
    let Some((&(first, line), &(second, desk))) = pairs.find(|(a, b)| a.1 != b.1) else {
        return model;
    };
    let call = |of: &mut Model, backup: usize, on: usize, reach: bool| {
        let rule = of.things[backup].backup_mut().and_then(|b| b.activation.as_mut());
        let Some(rule) = rule else { return };
        match reach {
            true => rule.reach.push((vec![on], None)),
            false => rule.with.push(Need::one(on)),
        }
    };
    call(&mut model, first, desk, random.percent(50));
    if random.percent(30) {
        call(&mut model, second, line, random.percent(50));
    }
    let to_run = random.percent(30);
    model.things[desk].needs.push(Need { to_run, ..Need::one(line) });
    let other = random.below(model.things.len().min(4));
    let of = if random.percent(50) || other == line { vec![line] } else { vec![line, other] };
    model.things[second].needs.push(Need { k: 1, of, to_run: true });
    model.depends.push(Need::one(line));
    model
}

#[test]
fn what_holds_out_only_for_what_does_not_count_does_not_count() {
    let state = |diesel: &str| {
        let backup = |name: &str, covers: &str| {
            format!(
                "backup {name} : machine for grid {{ protects ward  covers {covers}\n\
                   activate {{ when dead  by ana within 1min }} }}\n"
            )
        };
        let policy = Policy::check(&format!(
            "dependency grid : machine\ndependency eye : machine\ndependency ana : actor\n\
             signal dead {{ from eye  query \"volts < 9\"  within 1s }}\n\
             function ward {{ depends on grid  demand 5 kW for 9h }}\n{}{}",
            backup("battery", "5 kW for 1h resupplied by diesel within 5min"),
            backup("diesel", diesel),
        ));
        let rules = rule_set(policy.session.db(), policy.session.package(policy.checked[0].0));
        let decider = Decider::new(&rules).unwrap();
        decider.decide(&worded(&["lost grid"])).unwrap().functions[0].state
    };
    assert_eq!(state("5 kW for 24h"), State::Activate);
    assert_eq!(state("2 kW for 24h"), State::Lost);
    assert_eq!(state("5 kW for 1h resupplied by battery within 5min"), State::Lost);
}

/// The facts of a case, as the page words them.
fn worded(words: &[&str]) -> Facts {
    let (mut day, mut clock) = ("2026-11-23", "10:00:30");
    for word in words {
        day = word.strip_prefix("on day ").unwrap_or(day);
        clock = word.strip_prefix("now ").unwrap_or(clock);
    }
    let at = |clock: &str| format!("{day}T{clock}Z");
    let mut facts = Facts { now: at(clock), allow_unverified: true, ..Facts::default() };
    for words in words {
        let words: Vec<&str> = words.split(' ').collect();
        let id = |at: usize| format!("main.{}", words[at]);
        let since = words.get(2).map(|clock| at(clock));
        match words[0] {
            "now" => {}
            "on" if words[1] == "day" => {}
            "on" | "off" => {
                facts.signals.push(Observed { signal: id(1), on: words[0] == "on", since });
            }
            "lost" => facts.losses.push(Lost { element: id(1), sort: LossSort::Lost, since }),
            "corrupted" => {
                facts.losses.push(Lost { element: id(1), sort: LossSort::Corrupted, since });
            }
            "active" => facts.active.push(Active { backup: id(1), since }),
            "fenced" => facts.fenced.push(Fenced { element: id(1), since }),
            "approved" => {
                facts.approvals.push(Approval { backup: id(1), by: id(2), at: at(words[3]) });
            }
            "tested" => facts.tests.push(Held {
                backup: id(1),
                test: words[2].into(),
                at: format!("{}T08:00:00Z", words[3]),
                passed: words[4] == "passed",
            }),
            "actor" => facts.actor = Some(id(1)),
            "ask" => facts.backups.push(id(1)),
            other => panic!("`{other}` is no fact"),
        }
    }
    facts
}

/// What stands between backticks in a cell.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_page_tells_what_is_decided() {
    let page = std::fs::read_to_string("../docs/decisions.md").unwrap();
    // Each policy is about the cases below it, to the next one.
    let policies = blocks(&page).into_iter().filter(|block| block.words[0] == "rbp");
    let mut policies = policies.map(|block| {
        let policy = Policy::check(&block.text);
        let package = policy.session.package(policy.checked[0].0);
        Decider::new(&rule_set(policy.session.db(), package)).unwrap()
    });
    let mut decider = policies.next().unwrap();
    let example = blocks(&page).into_iter().find(|block| block.words[0] == "json").unwrap();
    let facts: Facts = serde_json::from_str(&example.text).unwrap();
    decider.decide(&Facts { allow_unverified: true, ..facts }).unwrap();
    let (mut cases, mut wrong) = (0, String::new());
    for row in page.lines().skip_while(|line| *line != "```rbp").skip(1) {
        if row == "```rbp" {
            decider = policies.next().unwrap();
        }
        if !row.starts_with("| ") || !row.ends_with(" |") {
            continue;
        }
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let [facts, decided] = cells[..] else { continue };
        if facts.trim() == "facts" || !decided.contains('`') || facts.contains("POST") {
            continue;
        }
        let facts = worded(&quoted(facts));
        let said: Vec<String> = match decider.decide(&facts) {
            Ok(decision) => decision.words(),
            Err(problems) => problems.iter().map(|problem| problem.words()).collect(),
        };
        let said: Vec<String> = said.iter().map(|line| line.replace('`', "")).collect();
        for line in quoted(decided) {
            let there = |said: &String| {
                let said = said.trim_start();
                said.strip_prefix("- ").unwrap_or(said) == line
            };
            if !said.iter().any(there) {
                wrong += &format!("{row}\n  lacks `{line}` in:\n    {}\n", said.join("\n    "));
            }
        }
        cases += 1;
    }
    println!("{cases} cases");
    assert!(wrong.is_empty() && cases > 40, "{wrong}");
}
