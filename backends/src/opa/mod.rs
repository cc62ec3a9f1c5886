//! A bundle for policy engines: the same decisions as [`rbp_ruleset::decide`], in Rego.
//!
//! The rules are the same for every rule set, apart from how often a loss can travel, which no engine can
//! find out by itself; everything else is data. One rule for each function instead would cost an engine
//! gigabytes.

mod data;

use rbp_ruleset::RuleSet;
use rbp_ruleset::decide::plan::Plan;
use serde::ser::Error as _;
use serde_json::{Error, json};

use crate::escape::json;

use crate::File;

const POLICY: &str = include_str!("policy.rego");
const TESTS: &str = include_str!("policy_test.rego");

/// The most looks at a level that one function or backup may take: beyond that, engines refuse the rules.
const MAX_LOOKS: usize = 2000;

/// The bundle.
pub(crate) fn files(rules: &RuleSet) -> Result<Vec<File>, Error> {
    let plan = Plan::of(rules).map_err(Error::custom)?;
    let (data, looks) = data::data(&plan)?;
    if looks > MAX_LOOKS {
        return Err(Error::custom(format!(
            "a loss can travel {looks} times around the loops of this rule set, and policy engines take no more than {MAX_LOOKS}"
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
        File::new("policy.rego", POLICY.to_owned() + &settled(looks)),
        File::new("policy_test.rego", TESTS),
    ])
}

/// The two steps of the failure logic, as many looks in a row as are needed.
fn settled(looks: usize) -> String {
    let mut text =
        "\n# ---- made for this rule set ".to_owned() + &"-".repeat(79) + "\n\nstop_all(root) := ";
    text += &format!("s{looks}.stopped if {{\n\ts0 := {{\"stopped\": set(), \"still\": 0 - 1}}\n");
    for at in 0..looks {
        text += &format!("\ts{} := stop(root, {at}, s{at})\n", at + 1);
    }
    text += &format!("}}\n\nsettled(root, stands) := w{looks}.up if {{\n\truns := running(root)\n");
    text += "\tw0 := {\"up\": runs, \"promised\": set(), \"still\": 0 - 1}\n";
    for at in 0..looks {
        text += &format!("\tw{} := look(root, runs, stands, {at}, w{at})\n", at + 1);
    }
    text + "}\n"
}
