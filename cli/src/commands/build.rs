//! `rbp build`.

use std::path::Path;

use rbp_backends::{TARGETS, Target, target};
use rbp_compiler::check::Checked;
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::emit::rule_set;
use rbp_compiler::model::day_words;
use rbp_compiler::session::Session;
use rbp_ruleset::{Obligation, RuleSet, Verdict};

use super::{as_of, confirm, is_rule_set, judged, open_one};
use crate::args::{ALL, Build};
use crate::files::write_whole;
use crate::folder::Waiting;
use crate::render::{Format, Lines, Report, render};
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(args: &Build, terminal: &Terminal) -> Result<Done, Failure> {
    let read = args.path.as_ref().is_some_and(|path| is_rule_set(path));
    let mut rules = match &args.path {
        Some(path) if read => judged(path, args.as_of.as_deref())?,
        path => {
            let as_of = as_of(args.as_of.as_deref())?;
            let (session, loaded, package) = open_one(path.as_deref(), as_of)?;
            if args.locked {
                loaded.must_be_locked()?;
            }
            let rules = rule_set(session.db(), package);
            if !rules.verified && !args.allow_unverified {
                let day = day_words(as_of);
                let checked = open_files(&session, package);
                let report = Report {
                    places: &session,
                    checked: &checked,
                    as_of: &day,
                    color: terminal.color,
                    lines: Lines::default(),
                };
                terminal.print(&render(&report, Format::Human)?)?;
            }
            rules
        }
    };
    if !rules.verified {
        if !args.allow_unverified {
            let open = |v| matches!(v, Verdict::Refuted | Verdict::Unknown);
            let open = rules.obligations.iter().filter(|o| open(o.verdict)).count();
            for o in rules.obligations.iter().filter(|o| open_without_word(o)) {
                terminal.note(&format!(
                    "`{}` of `{}` is not decided: something that it rests on is not stated, or accepted to be open",
                    o.rule, o.subject
                ));
            }
            let found = if read { "something in it is open" } else { "mend what is found above" };
            terminal.failure(
                &Failure::new(format!("no rule set was built: {}", what_is_open(open)))
                    .help(format!("{found}; `--allow-unverified` writes it all the same, marked as not verified")),
            );
            return Ok(Done::Findings);
        }
        terminal.note("the rule set is marked as not verified: something is open");
    }
    if !read {
        rbp_ruleset::certify(&mut rules).map_err(|error| no_json(&error))?;
        if rules.verified {
            confirm(&rules)?;
        }
    }
    match &args.output {
        Some(folder) if !args.targets.is_empty() => {
            write_targets(&rules, &args.targets, folder, terminal)?;
        }
        output => write_document(&rules, output.as_deref(), terminal)?,
    }
    Ok(Done::Clean)
}

/// The rule set itself.
fn write_document(
    rules: &RuleSet,
    output: Option<&Path>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let text = rbp_ruleset::write(rules).map_err(|error| no_json(&error))?;
    let Some(path) = output else { return terminal.print(&text) };
    write_whole(path, &text)?;
    terminal.note(&format!(
        "wrote {}: {}, {}, {}",
        path.display(),
        counted(rules.functions.len(), "function", "functions"),
        counted(rules.obligations.len(), "obligation", "obligations"),
        if rules.verified { "verified" } else { "NOT verified" }
    ));
    Ok(())
}

/// Each target in its folder; none takes its place before all are written.
fn write_targets(
    rules: &RuleSet,
    names: &[String],
    folder: &Path,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let all = names.iter().any(|name| name == ALL);
    let asked: Vec<&Target> = match all {
        true => TARGETS.iter().collect(),
        false => names.iter().filter_map(|name| target(name)).collect(),
    };
    let mut waiting = Vec::new();
    for target in asked {
        let place = folder.join(target.name);
        if waiting.iter().any(|(_, other, _)| *other == place) {
            continue;
        }
        let failed =
            |error| Failure::new(format!("the target `{}` was not made: {error}", target.name));
        let files = target.files(rules).map_err(failed)?;
        waiting.push((Waiting::write(&place, &files)?, place, files.len()));
    }
    for (folder, place, count) in waiting {
        folder.take_place()?;
        terminal.note(&format!("wrote {}: {}", place.display(), counted(count, "file", "files")));
    }
    Ok(())
}

fn no_json(error: &serde_json::Error) -> Failure {
    Failure::new(format!("cannot write JSON: {error}"))
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Whether an obligation is open, and nothing was said of it.
fn open_without_word(o: &Obligation) -> bool {
    o.verdict == Verdict::Unknown && o.message.is_none()
}

/// Why a rule set is not verified.
fn what_is_open(count: usize) -> String {
    match count {
        0 => "its files have errors".into(),
        1 => "1 obligation is refuted or unknown".into(),
        n => format!("{n} obligations are refuted or unknown"),
    }
}

/// The files of a package in which something is open.
fn open_files(session: &Session, package: u32) -> Vec<(FileId, std::sync::Arc<Checked>)> {
    let mut checked = session.check_all();
    checked.retain(|(id, checked)| session.package(*id) == package && checked.is_open());
    checked
}
