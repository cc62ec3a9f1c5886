//! `rbp decide`.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rbp_ruleset::RuleSet;
use rbp_ruleset::decide::{Decider, Decision, Facts, Problem, State, moment, read_facts};
use serde_json::json;

use super::read_rule_set;
use crate::args::{Decide, DecideFormat};
use crate::files::{STDIN, read_stdin, read_text};
use crate::terminal::{Terminal, shown_line};
use crate::{Done, Failure};

pub fn run(args: &Decide, terminal: &Terminal) -> Result<Done, Failure> {
    let rules = read_rule_set(&args.rules)?;
    let mut facts = facts(args)?;
    ask(args, &rules, &mut facts)?;
    let decider = Decider::new(&rules)
        .map_err(|error| Failure::new(format!("{}: {error}", args.rules.display())))?;
    let decision = match decider.decide(&facts) {
        Ok(decision) => decision,
        Err(problems) => return refuse(args, terminal, &problems),
    };
    match args.format {
        DecideFormat::Human => terminal.print(&human(&decision))?,
        DecideFormat::Json => terminal.print(&document(&decision)?)?,
    }
    Ok(done(&facts, &decision))
}

/// Something is to be done, or may not be done that was asked about.
fn done(facts: &Facts, decision: &Decision<'_>) -> Done {
    let serves = |state| matches!(state, State::Nominal | State::Degraded);
    let asked = !(facts.backups.is_empty() && facts.functions.is_empty());
    let fine = decision.functions.iter().all(|function| {
        let waits = function.activate.is_empty() && function.stop.is_empty();
        // Where only backups are asked about, the answer is about these.
        (serves(function.state) && waits)
            || (facts.functions.is_empty() && !facts.backups.is_empty())
    });
    let may = facts.backups.is_empty() || decision.backups.iter().all(|backup| backup.may);
    match fine && may && (asked || decision.decayed.is_empty()) {
        true => Done::Clean,
        false => Done::Findings,
    }
}

/// The facts that are given, or those of a day on which nothing is known.
fn facts(args: &Decide) -> Result<Facts, Failure> {
    let mut facts = match &args.facts {
        None => Facts { now: now(), ..Facts::default() },
        Some(path) => {
            let stdin = path.as_os_str() == STDIN;
            let text = if stdin { read_stdin()? } else { read_text(path)? };
            let shown = if stdin { Path::new("standard input") } else { path };
            read_facts(text.as_bytes()).map_err(|error| {
                Failure::new(format!("{}: the facts cannot be read: {error}", shown.display()))
                    .help("docs/decisions.md tells what stands in them, ruleset/facts.schema.json exactly")
            })?
        }
    };
    if let Some(now) = &args.now {
        facts.now.clone_from(now);
    }
    facts.allow_unverified |= args.allow_unverified;
    Ok(facts)
}

/// The moment, by the clock of this machine.
fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Adds what the command line asks.
fn ask(args: &Decide, rules: &RuleSet, facts: &mut Facts) -> Result<(), Failure> {
    let functions: Vec<&str> = rules.functions.iter().map(|f| f.id.as_str()).collect();
    let backups: Vec<&str> = rules.backups.iter().map(|b| b.id.as_str()).collect();
    let elements: Vec<&str> = rules.elements.iter().map(|e| e.id.as_str()).collect();
    for name in &args.functions {
        facts.functions.push(id("function", name, &functions)?);
    }
    for name in &args.backups {
        facts.backups.push(id("backup", name, &backups)?);
    }
    if let Some(name) = &args.actor {
        facts.actor = Some(id("element", name, &elements)?);
    }
    Ok(())
}

/// The whole name of what is named in whole or by its last part.
fn id(sort: &str, name: &str, all: &[&str]) -> Result<String, Failure> {
    if all.contains(&name) {
        return Ok(name.to_owned());
    }
    let ends = |id: &&&str| id.rsplit_once('.').is_some_and(|(_, last)| last == name);
    let found: Vec<&str> = all.iter().filter(ends).copied().collect();
    match found.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] => {
            let last = |id: &str| id.rsplit('.').next().unwrap_or_default().to_owned();
            let names: Vec<String> = all.iter().map(|id| last(id)).collect();
            let near = rbp_grammar::nearest(name, names.iter().map(String::as_str));
            let failure = Failure::new(format!("no {sort} of the rule set is called `{name}`"));
            Err(match near {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure,
            })
        }
        several => Err(Failure::new(format!("several are called `{name}`"))
            .help(format!("say which: {}", several.join(", ")))),
    }
}

/// Nothing is decided on facts that are wrong.
fn refuse(args: &Decide, terminal: &Terminal, problems: &[Problem]) -> Result<Done, Failure> {
    if args.format == DecideFormat::Json {
        terminal.print(&document(&json!({ "problems": problems }))?)?;
    }
    let lines: Vec<String> = problems.iter().map(|p| shown_line(&p.words())).collect();
    Err(Failure::new(format!("nothing is decided: {}", lines.join("\n  also: "))))
}

fn document<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))
}

fn human(decision: &Decision<'_>) -> String {
    decision.words().iter().map(|line| shown_line(line) + "\n").collect()
}
