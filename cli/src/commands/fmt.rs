//! `rbp fmt`.

use std::path::{Path, PathBuf};

use rbp_grammar::format;
use similar::TextDiff;

use crate::args::Fmt;
use crate::files::{STDIN, all_files_below, read_stdin, read_text, write_whole};
use crate::terminal::{Terminal, shown};
use crate::{Done, Failure};

pub fn run(args: &Fmt, terminal: &Terminal) -> Result<Done, Failure> {
    if args.paths.iter().any(|path| path.as_os_str() == STDIN) {
        if args.paths.len() > 1 {
            return Err(Failure::new("`-` stands alone")
                .help("format standard input or files, not both at once"));
        }
        return stdin(args, terminal);
    }
    let here = [PathBuf::from(".")];
    let mut files = Vec::new();
    for path in if args.paths.is_empty() { &here[..] } else { &args.paths } {
        if path.is_dir() {
            files.extend(all_files_below(path)?);
        } else {
            files.push(path.clone());
        }
    }
    let mut changed = 0;
    for file in &files {
        changed += usize::from(one(args, file, terminal)?);
    }
    let dry = args.check || args.diff;
    let what = if dry { "would change" } else { "formatted" };
    terminal.note(&format!("{what} {changed} of {} files", files.len()));
    Ok(if dry && changed > 0 { Done::Findings } else { Done::Clean })
}

/// Formats one file; returns whether that changes it.
fn one(args: &Fmt, file: &Path, terminal: &Terminal) -> Result<bool, Failure> {
    let old = read_text(file)?;
    let new = formatted(&old, &file.display().to_string())?;
    if old == new {
        return Ok(false);
    }
    let shown_path = file.display().to_string();
    if args.diff {
        terminal.print(&diff(&old, &new, &shown_path))?;
    }
    if args.check && !args.diff {
        terminal.print(&format!("{}\n", shown(&shown_path)))?;
    }
    if !args.check && !args.diff {
        write_whole(file, &new)?;
    }
    Ok(true)
}

fn stdin(args: &Fmt, terminal: &Terminal) -> Result<Done, Failure> {
    let old = read_stdin()?;
    let new = formatted(&old, "standard input")?;
    if args.diff {
        terminal.print(&diff(&old, &new, "standard input"))?;
    } else if !args.check {
        terminal.print(&new)?;
    }
    Ok(if (args.check || args.diff) && old != new { Done::Findings } else { Done::Clean })
}

fn formatted(text: &str, path: &str) -> Result<String, Failure> {
    format(text).map_err(|error| {
        Failure::new(format!("{path}: {error}"))
            .help("nothing was changed; please report it with the file")
    })
}

fn diff(old: &str, new: &str, path: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().header(path, &format!("{path} (formatted)")).to_string();
    shown(&text)
}
