//! `rbp build`.

use std::path::PathBuf;

use rbp_compiler::check::Checked;
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::emit::rule_set;
use rbp_compiler::model::day_words;
use rbp_compiler::session::Session;

use super::{as_of, open};
use crate::args::Build;
use crate::files::write_whole;
use crate::render::{Format, Lines, Report, render};
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(args: &Build, terminal: &Terminal) -> Result<Done, Failure> {
    let as_of = as_of(args.as_of.as_deref())?;
    let paths: Vec<PathBuf> = args.path.iter().cloned().collect();
    let (session, _, package) = open(&paths, as_of)?;
    let rules = rule_set(session.db(), package);
    if !rules.verified {
        let day = day_words(as_of);
        let checked = open_files(&session, package);
        let report = Report {
            places: &session,
            checked: &checked,
            as_of: &day,
            color: terminal.color,
            lines: Lines::default(),
        };
        if !args.allow_unverified {
            terminal.print(&render(&report, Format::Human)?)?;
            let open = rules.obligations.iter().filter(|o| {
                matches!(o.verdict, rbp_ruleset::Verdict::Refuted | rbp_ruleset::Verdict::Unknown)
            });
            terminal.failure(
                &Failure::new(format!("no rule set was built: {}", what_is_open(open.count())))
                    .help("mend what is found above; `--allow-unverified` writes it all the same, marked as not verified"),
            );
            return Ok(Done::Findings);
        }
        terminal.note("the rule set is marked as not verified: something is open");
    }
    let text = rbp_ruleset::write(&rules)
        .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?;
    match &args.output {
        None => terminal.print(&text)?,
        Some(path) => {
            write_whole(path, &text)?;
            terminal.note(&format!(
                "wrote {}: {}, {}, {}",
                path.display(),
                counted(rules.functions.len(), "function", "functions"),
                counted(rules.obligations.len(), "obligation", "obligations"),
                if rules.verified { "verified" } else { "NOT verified" }
            ));
        }
    }
    Ok(Done::Clean)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Why a rule set is not verified.
fn what_is_open(count: usize) -> String {
    match count {
        0 => "something in it was not evaluated".into(),
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
