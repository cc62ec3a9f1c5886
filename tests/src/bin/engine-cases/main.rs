//! Random policies and random facts for policy engines, with what `rbp decide` says of them. `tests/engines.sh` has
//! the engines decide on the same.

mod facts;
mod policy;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use rbp_backends::target;
use rbp_ruleset::decide::{Decider, read_facts};
use rbp_tests::markdown::blocks;
use rbp_tests::random::Random;
use serde_json::{Value, json};

/// Makes random policies and facts for policy engines.
#[derive(Debug, Parser)]
struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Writes random policies and those of docs/decisions.md, each a package in a folder of its own
    Policies {
        folder: PathBuf,
        #[arg(long, default_value_t = 67)]
        count: u64,
        #[arg(long, default_value_t = 7)]
        seed: u64,
    },
    /// Writes the bundle of each rule set that was built there (`rules.json`), with random facts and the decisions on
    /// them
    Facts {
        folder: PathBuf,
        #[arg(long, default_value_t = 10)]
        count: u64,
        #[arg(long, default_value_t = 3)]
        seed: u64,
    },
}

fn main() -> Result<(), Box<dyn Error>> {
    match Options::parse().what {
        What::Policies { folder, count, seed } => policies(&folder, count, seed),
        What::Facts { folder, count, seed } => cases(&folder, count, seed),
    }
}

/// Its policies have in them what decisions turn on.
const PAGE: &str = include_str!("../../../../docs/decisions.md");

fn policies(folder: &Path, count: u64, seed: u64) -> Result<(), Box<dyn Error>> {
    let mut random = Random::new(seed);
    let made = (0..count).map(|at| (format!("{at:04}"), policy::policy(&mut random)));
    let page = blocks(PAGE).into_iter().filter(|block| block.words[0] == "rbp");
    // Those of the page come first: not every engine gets through all.
    let page = page.enumerate().map(|(at, block)| (format!("0-page-{at}"), block.text));
    for (name, text) in page.chain(made) {
        let own = folder.join(name);
        fs::create_dir_all(&own)?;
        fs::write(own.join("rbp.toml"), "[package]\nname = \"made\"\n")?;
        fs::write(own.join("main.rbp"), text)?;
    }
    Ok(())
}

fn cases(folder: &Path, count: u64, seed: u64) -> Result<(), Box<dyn Error>> {
    let mut random = Random::new(seed);
    let all: Result<Vec<PathBuf>, std::io::Error> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect();
    let mut all = all?;
    all.sort();
    for own in all {
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
            cases.push(json!({ "facts": facts, "decision": decision }));
        }
        fs::write(own.join("cases.json"), serde_json::to_string(&cases)?)?;
    }
    Ok(())
}

/// The decision as a bundle words it: facts of another form are a problem among others.
fn decided(decider: &Decider, facts: &Value) -> Result<Value, serde_json::Error> {
    let Ok(facts) = read_facts(facts.to_string().as_bytes()) else {
        return Ok(json!({ "problems": [{ "at": "", "problem": "malformed", "given": "" }] }));
    };
    match decider.decide(&facts) {
        Ok(decision) => serde_json::to_value(decision),
        Err(problems) => Ok(json!({ "problems": problems })),
    }
}

/// One of them, of which there are some.
fn one<T: Clone>(random: &mut Random, of: &[T]) -> T {
    of[random.below(of.len())].clone()
}
