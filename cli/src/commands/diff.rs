//! `rbp diff`.

use std::path::Path;

use rbp_backends::diff::diff;

use super::{is_rule_set, rules};
use crate::args::{Diff, DiffFormat};
use crate::terminal::{Terminal, shown};
use crate::{Done, Failure};

pub fn run(args: &Diff, terminal: &Terminal) -> Result<Done, Failure> {
    // The day is for packages; where neither is one, it is for nothing.
    let both = is_rule_set(&args.old) && is_rule_set(&args.new);
    let read = |path: &Path| {
        let day = args.as_of.as_deref().filter(|_| both || !is_rule_set(path));
        rules(Some(path), day)
    };
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let diff = diff(&old, &new);
    terminal.print(&match args.format {
        DiffFormat::Human => shown(&diff.text()),
        DiffFormat::Markdown => diff.markdown(),
        DiffFormat::Json => format!("{:#}\n", diff.json()),
    })?;
    Ok(if diff.is_worse() { Done::Findings } else { Done::Clean })
}
