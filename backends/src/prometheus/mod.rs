//! Prometheus: recording rules for what the rule set fixes, alerts where it is no longer so, tests of
//! both, and an Alertmanager configuration with a route for each owner.
//!
//! Series that others must deliver: `rbp_signal{signal}` (1 on, 0 off) for signals whose query is not
//! PromQL, `rbp_test_passed_timestamp_seconds{backup,test}`, `rbp_lag_seconds{backup}`,
//! `rbp_lent_ratio{backup}`. What is missing is taken as not known, never as well.

mod alertmanager;
mod alerts;
mod facts;
mod promql;
mod tests;
mod yaml;

use rbp_ruleset::RuleSet;

use self::alerts::alerts;
use self::facts::facts;
use self::yaml::{Rule, group};
use crate::File;
use crate::escape::line;
use crate::view::View;

/// The files of the target.
pub(crate) fn files(rules: &RuleSet) -> Vec<File> {
    let view = View::new(rules);
    let mut all: Vec<Rule> = facts(&view);
    all.extend(alerts(&view));
    let head = head(rules);
    vec![
        File::new("rules.yml", head.clone() + &group(&view.rules.package.name, &all)),
        File::new("tests/deadlines.yml", head.clone() + &tests::deadlines(&view)),
        File::new("tests/triggers.yml", head.clone() + &tests::triggers(&view)),
        File::new("alertmanager.yml", head + &alertmanager::config(&view)),
    ]
}

fn head(rules: &RuleSet) -> String {
    let state = if rules.verified { "verified" } else { "NOT VERIFIED: do not act on it" };
    let name = match rules.package.name.as_str() {
        "" => String::new(),
        package => format!(" {}", line(package)),
    };
    format!("# Made by rbp of the rule set{name} as of {}: {state}.\n", line(&rules.as_of))
}
