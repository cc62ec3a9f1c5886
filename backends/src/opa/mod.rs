//! A bundle for policy engines: the same decisions as [`rbp_ruleset::decide`], in Rego.
//!
//! The rules are the same for every rule set, apart from how often a loss can travel, which no engine can
//! find out by itself; everything else is data. One rule for each function instead would cost an engine
//! gigabytes.
//!
//! The rules run unchanged in OPA, regorus and rego-cpp (`tests/engines.sh`), and so do without what one of
//! them gets wrong:
//!
//! - rego-cpp orders numbers as texts in `min`, `max` and `sort`, prints texts into texts with their quotes
//!   in `sprintf`, reads `some key, value in` within comprehensions as an error, and there takes a function's
//!   parameter as an index of data (`d.nodes[parameter]`) for any index. It keeps no answer of a function, nor
//!   of a rule that is undefined, copies all that it knows at every call of a built-in function, and stops at
//!   ten million steps.
//! - regorus and rego-cpp go on with the value before where one in the head of a rule or a comprehension is
//!   undefined: such values are made in the body. No local variable has the name of a rule.

mod data;
mod rounds;

use rbp_ruleset::RuleSet;
use rbp_ruleset::decide::plan::Plan;
use serde::ser::Error as _;
use serde_json::{Error, json};

use crate::escape::json;

use crate::File;
use rounds::Rounds;

/// The rules, part after part.
const POLICY: [&str; 8] = [
    include_str!("policy/facts.rego"),
    include_str!("policy/moments.rego"),
    include_str!("policy/failure.rego"),
    include_str!("policy/backups.rego"),
    include_str!("policy/authority.rego"),
    include_str!("policy/decay.rego"),
    include_str!("policy/functions.rego"),
    include_str!("policy/decision.rego"),
];
const TESTS: &str = include_str!("policy_test.rego");

/// The most rounds in which a loss, or a start, may go on: beyond that, engines
/// take seconds.
const MAX_ROUNDS: usize = 2000;

/// How many rounds `spread_on` and `rise_on` take at a time.
const AT_A_TIME: usize = 8;

/// The bundle.
pub(crate) fn files(rules: &RuleSet) -> Result<Vec<File>, Error> {
    let plan = Plan::of(rules).map_err(Error::custom)?;
    let (data, rounds) = data::data(&plan)?;
    let most = rounds.steps.max(rounds.promises).max(rounds.stages);
    if most > MAX_ROUNDS {
        return Err(Error::custom(format!(
            "a loss can travel through {most} elements of this rule set one after the other, and policy engines take no more than {MAX_ROUNDS}"
        )));
    }
    let manifest = json!({
        "revision": rules.digest,
        "rego_version": 1,
        "roots": ["rbp", "rbp_data", "rbp_test"],
        "metadata": {
            "package": plan.package,
            "version": rules.package.version,
            "as_of": plan.as_of,
            "verified": plan.verified,
        },
    });
    Ok(vec![
        File::new(".manifest", json(&serde_json::to_string_pretty(&manifest)?) + "\n"),
        File::new("data.json", json(&serde_json::to_string(&json!({ "rbp_data": data }))?) + "\n"),
        File::new("policy.rego", POLICY.join("\n") + &made(&rounds)),
        File::new("policy_test.rego", TESTS),
    ])
}

/// The failure logic, in as many rounds as are needed.
fn made(rounds: &Rounds) -> String {
    let blocks = rounds.steps.div_ceil(AT_A_TIME);
    let chain = |first: &str, step: &str, times: usize| {
        let mut text = format!("\tw0 := {first}\n");
        for at in 0..times {
            text += &format!("\tw{} := {step}(w{at})\n", at + 1);
        }
        text
    };
    let spread = chain("{\"stopped\": stops, \"last\": stops}", "spread_on", blocks);
    let rise = chain("world", "rise_on", blocks);
    let keep = chain("risen(start(stands, promises - gone, late))", "keep", rounds.promises - 1);
    let again = chain("kept(stands, not_running)", "again", rounds.stages - 1);
    let line = "-".repeat(79);
    format!(
        "\n# ---- made for this rule set {line}\n\nstopped := w{blocks}.stopped if {{\n{spread}}}\n\n\
         risen(world) := w{blocks} if {{\n{rise}}}\n\n\
         kept(stands, late) := w{} if {{\n{keep}}}\n\n\
         settled(stands) := w{}.down if {{\n{again}}}\n",
        rounds.promises - 1,
        rounds.stages - 1
    )
}
