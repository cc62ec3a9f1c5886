//! `rbp report`.

use super::rules;
use crate::args::Report;
use crate::files::write_whole;
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(args: &Report, terminal: &Terminal) -> Result<Done, Failure> {
    let rules = rules(args.path.as_deref(), args.as_of.as_deref())?;
    if !rules.verified {
        terminal.note("the rule set is not verified, and every page of the report says so");
    }
    let html = rbp_backends::report(&rules);
    match &args.output {
        None => terminal.print(&html)?,
        Some(path) => {
            write_whole(path, &html)?;
            terminal.note(&format!("wrote {}", path.display()));
        }
    }
    Ok(Done::Clean)
}
