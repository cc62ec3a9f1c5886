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
use crate::render::{Format, Report, render};
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
        let report =
            Report { places: &session, checked: &checked, as_of: &day, color: terminal.color };
        if !args.allow_unverified {
            terminal.print(&render(&report, Format::Human)?)?;
            let open = rules.obligations.iter().filter(|o| {
                matches!(o.verdict, rbp_ruleset::Verdict::Refuted | rbp_ruleset::Verdict::Unknown)
            });
            terminal.failure(
                &Failure::new(format!("no rule set was built: {} obligations are refuted or unknown, or something was not evaluated", open.count()))
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
                "wrote {}: {} functions, {} obligations, {}",
                path.display(),
                rules.functions.len(),
                rules.obligations.len(),
                if rules.verified { "verified" } else { "NOT verified" }
            ));
        }
    }
    Ok(Done::Clean)
}

/// The files of a package in which something is open.
fn open_files(session: &Session, package: u32) -> Vec<(FileId, std::sync::Arc<Checked>)> {
    let mut checked = session.check_all();
    checked.retain(|(id, checked)| session.package(*id) == package && checked.is_open());
    checked
}
