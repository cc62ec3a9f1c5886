//! `rbp verify`.

use std::fmt::Write;
use std::path::Path;

use rbp_compiler::model::day_words;
use rbp_ruleset::verify::{Report, verify};
use serde_json::json;

use super::as_of;
use crate::args::{Verify, VerifyFormat};
use crate::files::{read_stdin, read_text};
use crate::terminal::{Terminal, shown};
use crate::{Done, Failure};

pub fn run(args: &Verify, terminal: &Terminal) -> Result<Done, Failure> {
    let day = day_words(as_of(args.as_of.as_deref())?);
    let text = if args.file == Path::new("-") { read_stdin()? } else { read_text(&args.file)? };
    let name = args.file.display().to_string();
    let rules = rbp_ruleset::read(&text).map_err(|error| {
        Failure::new(format!("{name} is no rule set: {error}"))
            .help("`rbp build -o FILE` writes one; what was edited by hand may not be one any more")
    })?;
    let report = verify(&rules, Some(&day));
    let done = if report.is_verified() { Done::Clean } else { Done::Findings };
    match args.format {
        VerifyFormat::Human => terminal.print(&human(&name, &report, terminal.quiet))?,
        VerifyFormat::Json => {
            let document =
                json!({ "file": name, "verified": report.is_verified(), "report": report });
            let text = serde_json::to_string_pretty(&document)
                .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?;
            terminal.print(&(text + "\n"))?;
        }
    }
    Ok(done)
}

/// What is found, and unless it is to be `quiet`, what was looked at.
fn human(name: &str, report: &Report, quiet: bool) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let subject = finding.subject.as_ref().map_or(String::new(), |s| format!("`{s}`: "));
        let of = finding.functions.iter().filter(|f| Some(*f) != finding.subject.as_ref());
        let of: Vec<String> = of.map(|f| format!("`{f}`")).collect();
        let of = if of.is_empty() { String::new() } else { format!(" (for {})", of.join(", ")) };
        let _ = writeln!(text, "[{}] error: {subject}{}{of}", finding.rule, finding.message);
    }
    if !quiet {
        let gap = if report.findings.is_empty() { "" } else { "\n" };
        text = text + gap + &summary(name, report);
    }
    text.lines().map(|line| shown(line) + "\n").collect()
}

fn summary(name: &str, report: &Report) -> String {
    let mut text = String::new();
    let of = match report.package.as_str() {
        "" => String::new(),
        package => format!(" of `{package}`"),
    };
    let _ = writeln!(text, "{name}: rule set{of}, built as of {}", report.built);
    let _ = writeln!(
        text,
        "  {}: {} in which {}, held against {}",
        counted(report.functions, "function"),
        counted(report.ways, "way"),
        if report.functions == 1 { "it is served" } else { "they are served" },
        counted(report.losses, "single loss").replace("losss", "losses"),
    );
    let _ = writeln!(text, "  {} established anew", counted(report.established, "obligation"));
    if report.accepted > 0 {
        let _ = writeln!(text, "  {} accepted, by acceptances that name them", report.accepted);
    }
    if report.advice > 0 {
        let _ = writeln!(text, "  {} open", counted(report.advice, "warning or hint"));
    }
    for (rule, attested) in &report.attested {
        let _ = writeln!(
            text,
            "  {} of `{rule}` on the compiler's word alone: {}",
            counted(attested.count, "obligation"),
            attested.because
        );
    }
    if !report.elsewhere.is_empty() {
        let _ = writeln!(
            text,
            "  of other packages, and judged in their rule sets: {}",
            report.elsewhere.join(", ")
        );
    }
    let _ = match report.findings.len() {
        0 => writeln!(text, "verified as of {}", report.as_of),
        many => writeln!(text, "NOT verified as of {}: {}", report.as_of, counted(many, "finding")),
    };
    text
}

fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}
