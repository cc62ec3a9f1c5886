//! The commands, one module each.

pub mod add;
pub mod build;
pub mod check;
pub mod completions;
pub mod cut_sets;
pub mod decide;
pub mod diff;
pub mod doc;
pub mod explain;
pub mod export;
pub mod fmt;
pub mod graph;
pub mod lock;
pub mod lsp;
pub mod new;
pub mod report;
pub mod serve;
pub mod test;
pub mod verify;
pub mod why;

use std::path::{Path, PathBuf};

use rbp_compiler::db::{Day, parsed};
use rbp_compiler::emit::rule_set;
use rbp_compiler::model::{day_of, facts};
use rbp_compiler::names::ItemId;
use rbp_compiler::names::MAX_TOKENS_IN_ALL;
use rbp_compiler::session::Session;
use rbp_grammar::ast::Role;
use rbp_ruleset::{RuleSet, Verdict};

use crate::files::read_text;
use crate::packages::{self, Loaded};
use crate::{Failure, evidence};

/// The functions of the package, in the order of its files.
fn functions(session: &Session) -> Vec<(ItemId, String)> {
    let mut functions = Vec::new();
    for file in session.sources() {
        for element in facts(session.db(), file).elements() {
            if element.role() == Role::Function {
                functions.push((element.id, element.name().to_owned()));
            }
        }
    }
    functions
}

/// What is said where a function rests on something that is written wrong.
fn unread(function: &str) -> String {
    format!(
        "part of what `{function}` rests on cannot be read, so more may end it; `rbp check` says what"
    )
}

/// The day that was asked for, or today's in UTC.
///
/// # Errors
///
/// When it is no date.
fn as_of(asked: Option<&str>) -> Result<Day, Failure> {
    match asked {
        Some(text) => day_of(text).ok_or_else(|| {
            Failure::new(format!("`{text}` is no date"))
                .help("write year, month and day: --as-of 2026-10-01")
        }),
        None => Ok(today()),
    }
}

/// Today in UTC.
pub fn today() -> Day {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = now.map_or(0, |since| since.as_secs() / 86_400);
    Day(i32::try_from(days).unwrap_or(i32::MAX))
}

/// Whether a path names a rule set rather than a policy.
fn is_rule_set(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

/// The rule set in a file.
///
/// # Errors
///
/// When it cannot be read, is no rule set of this version, or was changed after it was built.
fn read_rule_set(path: &Path) -> Result<RuleSet, Failure> {
    let mut rules = rbp_ruleset::read(&read_text(path)?).map_err(|error| {
        Failure::new(format!("{} is no rule set that can be read: {error}", path.display()))
            .help("`rbp build` writes one")
    })?;
    if !rbp_ruleset::is_unaltered(&rules) {
        let message =
            format!("{} was changed after it was built: its digest does not match", path.display());
        return Err(Failure::new(message).help(
            "build it anew with `rbp build`, and change the policy rather than what is built of it",
        ));
    }
    // A refuted obligation may stand in a verified rule set where its rule is but a warning.
    rules.verified &= rules.obligations.iter().all(|o| o.verdict != Verdict::Unknown);
    Ok(rules)
}

/// The rule set in a file. One that says that it is verified must stand up to the checker.
///
/// # Errors
///
/// When it cannot be read or was changed after it was built, does not stand up, or a day is asked for: it was judged
/// already.
fn judged(path: &Path, as_of_day: Option<&str>) -> Result<RuleSet, Failure> {
    if as_of_day.is_some() {
        return Err(Failure::new("a rule set was judged when it was built")
            .help("leave out --as-of, or name the package"));
    }
    let rules = read_rule_set(path)?;
    if rules.verified {
        confirm(&rules)?;
    }
    Ok(rules)
}

/// What is handed out as verified must stand up to the checker, which shares no code with the compiler.
///
/// # Errors
///
/// When it does not.
fn confirm(rules: &RuleSet) -> Result<(), Failure> {
    let report = rbp_ruleset::verify::verify(rules, None);
    let Some(first) = report.findings.first() else { return Ok(()) };
    let subject = first.subject.as_deref().unwrap_or("the document");
    let message = format!(
        "nothing was written: the rule set does not stand up to its own checker: `{}` of `{subject}`: {}",
        first.rule, first.message
    );
    Err(Failure::new(message).help(
        "a rule set that was changed by hand says so under `rbp verify`; where a policy was built, this is a defect of rbp: please report it with the policy",
    ))
}

/// The rule set of a package, verified or not, or the one in a file that ends in `.json`.
///
/// # Errors
///
/// When something cannot be read, a rule set was changed after it was built, or a day is asked for and it was
/// judged already.
fn rules(path: Option<&Path>, as_of_day: Option<&str>) -> Result<RuleSet, Failure> {
    match path {
        Some(path) if is_rule_set(path) => judged(path, as_of_day),
        path => {
            let (session, _, package) = open_one(path, as_of(as_of_day)?)?;
            must_be_read(&session)?;
            Ok(rule_set(session.db(), package))
        }
    }
}

/// What cannot be read would be taken to be gone.
fn must_be_read(session: &Session) -> Result<(), Failure> {
    for file in session.sources() {
        let parsed = parsed(session.db(), file);
        if parsed.problem.is_some() || parsed.items.iter().any(|i| !i.syntax.problems.is_empty()) {
            let path = file.path(session.db());
            let message = format!("{path} cannot be read as a policy");
            return Err(Failure::new(message).help(
                "`rbp check` says where; a rule set is a file that ends in .json, as `rbp build` writes it",
            ));
        }
    }
    Ok(())
}

/// A session with the one package that a path names; that of the current folder where none is named.
///
/// # Errors
///
/// When something cannot be read, or there are several packages below the path.
fn open_one(path: Option<&Path>, as_of: Day) -> Result<(Session, Loaded, u32), Failure> {
    let path = path.unwrap_or(Path::new("."));
    let opened = open(&[path.to_owned()], as_of)?;
    opened.1.must_be_one(path)?;
    Ok(opened)
}

/// A session with everything that the paths name, and what they name themselves.
///
/// # Errors
///
/// When something cannot be read.
fn open(paths: &[PathBuf], as_of: Day) -> Result<(Session, Loaded, u32), Failure> {
    let here = [PathBuf::from(".")];
    let mut loaded = packages::load(if paths.is_empty() { &here } else { paths })?;
    if let Some(why) = loaded.unaccepted.pop() {
        return Err(why);
    }
    let mut session = Session::new(as_of);
    let first = session.load(std::mem::take(&mut loaded.sources)) + loaded.first;
    let (words, most) = (session.words_made(), MAX_TOKENS_IN_ALL);
    if words > most {
        return Err(Failure::new(format!(
            "the templates used in these files make {words} words together, more than the {most} that can be reckoned with"
        ))
        .help("check the packages one by one, or let the templates make less"));
    }
    evidence::supply(&mut session)?;
    Ok((session, loaded, first))
}
