//! `rbp diff`.

use rbp_backends::diff::diff;

use super::rules;
use crate::args::{Diff, DiffFormat};
use crate::terminal::{Terminal, shown};
use crate::{Done, Failure};

pub fn run(args: &Diff, terminal: &Terminal) -> Result<Done, Failure> {
    let old = rules(Some(&args.old), args.as_of.as_deref())?;
    let new = rules(Some(&args.new), args.as_of.as_deref())?;
    let diff = diff(&old, &new);
    terminal.print(&match args.format {
        DiffFormat::Human => shown(&diff.text()),
        DiffFormat::Markdown => diff.markdown(),
        DiffFormat::Json => format!("{:#}\n", diff.json()),
    })?;
    Ok(if diff.is_worse() { Done::Findings } else { Done::Clean })
}
