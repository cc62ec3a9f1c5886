//! `rbp-engines policies DIR COUNT SEED` writes random policies, each a package in a folder of its own.
//! `rbp-engines cases DIR COUNT SEED` makes random facts for each rule set that was built there, decides on
//! them, and writes bundle, facts and decisions. `rbp-engines regorus DIR` has regorus decide, and compares.

mod facts;
mod policy;
mod random;

use std::fs;
use std::path::{Path, PathBuf};

use random::Random;
use rbp_backends::target;
use rbp_ruleset::decide::{Decider, Facts};
use regorus::{Engine, Value};
use serde_json::{Value as Json, json};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let args: Vec<String> = std::env::args().collect();
    let number = |at: usize| args.get(at).and_then(|n| n.parse::<u64>().ok()).unwrap_or(1);
    let folder = Path::new(args.get(2).map_or(".", |folder| folder));
    match args.get(1).map(String::as_str) {
        Some("policies") => policies(folder, number(3), number(4)),
        Some("cases") => cases(folder, number(3), number(4)),
        Some("regorus") => regorus(folder),
        _ => Err("say policies, cases or regorus, and a folder".into()),
    }
}

fn policies(folder: &Path, count: u64, seed: u64) -> Outcome {
    let mut random = Random::new(seed);
    for at in 0..count {
        let own = folder.join(format!("{at:04}"));
        fs::create_dir_all(&own)?;
        fs::write(own.join("rbp.toml"), "[package]\nname = \"made\"\n")?;
        fs::write(own.join("main.rbp"), policy::policy(&mut random))?;
    }
    Ok(())
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let all: Result<Vec<PathBuf>, std::io::Error> = fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect();
    let mut all: Vec<PathBuf> = all?.into_iter().filter(|p| p.join("rules.json").is_file()).collect();
    all.sort();
    Ok(all)
}

/// Reasons and the like are sets: sorted by their text they can be compared.
fn canonical(value: Json) -> Json {
    match value {
        Json::Array(all) => {
            let mut all: Vec<Json> = all.into_iter().map(canonical).collect();
            if all.iter().all(|one| one.get("reason").is_some() || one.get("rule").is_some() || one.get("problem").is_some()) {
                all.sort_by_key(|one| one.to_string());
                all.dedup();
            }
            Json::Array(all)
        }
        Json::Object(all) => all.into_iter().map(|(key, one)| (key, canonical(one))).collect(),
        other => other,
    }
}

fn decided(decider: &Decider, facts: &Json) -> Result<Json, serde_json::Error> {
    let facts: Facts = match serde_json::from_value(facts.clone()) {
        Ok(facts) => facts,
        Err(_) => return Ok(json!({"problems": [{"at": "", "problem": "malformed", "given": ""}]})),
    };
    Ok(canonical(match decider.decide(&facts) {
        Ok(decision) => serde_json::to_value(decision)?,
        Err(problems) => json!({ "problems": problems }),
    }))
}

fn cases(folder: &Path, count: u64, seed: u64) -> Outcome {
    let mut random = Random::new(seed);
    for own in folders(folder)? {
        let rules = rbp_ruleset::read(&fs::read_to_string(own.join("rules.json"))?)?;
        let decider = Decider::new(&rules)?;
        let opa = target("opa").ok_or("no target `opa`")?;
        fs::create_dir_all(own.join("opa"))?;
        for file in opa.files(&rules)? {
            fs::write(own.join("opa").join(file.path), file.text)?;
        }
        let mut cases = Vec::new();
        for _ in 0..count {
            let facts = facts::facts(&rules, &mut random);
            let decision = decided(&decider, &facts)?;
            cases.push(json!({"facts": facts, "decision": decision}));
        }
        fs::write(own.join("cases.json"), serde_json::to_string(&cases)?)?;
    }
    Ok(())
}

fn regorus(folder: &Path) -> Outcome {
    let (mut count, mut sets) = (0, 0);
    for own in folders(folder)? {
        let mut engine = Engine::new();
        for file in ["policy.rego", "policy_test.rego"] {
            engine.add_policy(file.into(), fs::read_to_string(own.join("opa").join(file))?)?;
        }
        engine.add_data(Value::from_json_str(&fs::read_to_string(own.join("opa/data.json"))?)?)?;
        let tests: Json = serde_json::from_str(&engine.eval_rule("data.rbp_test".into()).map_or("null".into(), |v| v.to_string()))?;
        let _ = tests;
        let cases: Vec<Json> = serde_json::from_str(&fs::read_to_string(own.join("cases.json"))?)?;
        for case in cases {
            engine.set_input(Value::from_json_str(&case["facts"].to_string())?);
            let answer = engine.eval_rule("data.rbp.decision".into())?;
            let answer = canonical(serde_json::from_str(&answer.to_json_str()?)?);
            if answer != case["decision"] {
                eprintln!("{}: {}", own.display(), case["facts"]);
                eprintln!("rbp decides  {}", case["decision"]);
                eprintln!("the engine   {answer}");
                return Err("regorus decides otherwise".into());
            }
            count += 1;
        }
        sets += 1;
    }
    println!("regorus: {count} fact sets of {sets} rule sets, each decided as by rbp");
    Ok(())
}
