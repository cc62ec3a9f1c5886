//! `rbp-engines DIR` has regorus run the tests of the bundles in a folder, and decide on the facts beside them, and
//! compares its decisions with those that stand there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use regorus::{Engine, Value};
use serde_json::Value as Json;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let folder = std::env::args().nth(1).ok_or("say in which folder the cases are")?;
    let (mut count, mut sets) = (0, 0);
    let start = Instant::now();
    for own in folders(Path::new(&folder))? {
        count += compare(&own)?;
        sets += 1;
    }
    let took = start.elapsed().as_secs();
    println!("regorus: {count} fact sets of {sets} rule sets in {took} s, each decided as by rbp");
    Ok(())
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let all: Result<Vec<PathBuf>, std::io::Error> = fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect();
    let mut all: Vec<PathBuf> = all?.into_iter().filter(|p| p.join("cases.json").is_file()).collect();
    all.sort();
    Ok(all)
}

/// How many fact sets of a folder are decided as by rbp, which is all of them.
fn compare(own: &Path) -> Result<usize, Box<dyn std::error::Error>> {
    let text = |file: &str| fs::read_to_string(own.join("opa").join(file));
    let mut engine = Engine::new();
    engine.add_policy("policy.rego".into(), text("policy.rego")?)?;
    engine.add_policy("policy_test.rego".into(), text("policy_test.rego")?)?;
    engine.add_data(Value::from_json_str(&text("data.json")?)?)?;
    for line in text("policy_test.rego")?.lines().filter(|line| line.starts_with("test_")) {
        let name = line.split(' ').next().unwrap_or_default();
        if engine.eval_rule(format!("data.rbp_test.{name}"))? != Value::Bool(true) {
            return Err(format!("{}: {name} fails in regorus", own.display()).into());
        }
    }
    let cases: Vec<Json> = serde_json::from_str(&fs::read_to_string(own.join("cases.json"))?)?;
    for case in &cases {
        engine.set_input(Value::from_json_str(&case["facts"].to_string())?);
        let answer = engine.eval_rule("data.rbp.decision".into())?;
        let answer = canonical(serde_json::from_str(&answer.to_json_str()?)?);
        let wanted = canonical(case["decision"].clone());
        if answer != wanted {
            eprintln!("{}: {}", own.display(), case["facts"]);
            eprintln!("rbp decides  {wanted}");
            eprintln!("the engine   {answer}");
            return Err("regorus decides otherwise".into());
        }
    }
    Ok(cases.len())
}

/// Reasons and the like are sets: sorted by their text they can be compared.
fn canonical(value: Json) -> Json {
    match value {
        Json::Array(all) => {
            let mut all: Vec<Json> = all.into_iter().map(canonical).collect();
            let told = |one: &Json| ["reason", "rule", "problem"].iter().any(|key| one.get(key).is_some());
            if all.iter().all(told) {
                all.sort_by_key(|one| one.to_string());
                all.dedup();
            }
            Json::Array(all)
        }
        Json::Object(all) => all.into_iter().map(|(key, one)| (key, canonical(one))).collect(),
        other => other,
    }
}
