//! `stale-acceptance`: An acceptance names nothing that is found.

use crate::accepted::{Named, Near};
use crate::diagnostic::Diagnostic;
use crate::model::Acceptance;
use crate::rules::{Check, rule};

rule!(
    "stale-acceptance",
    Error,
    Governance,
    "An acceptance names nothing that is found.",
    Check::Acceptance
);

/// The finding, where it names nothing.
pub(super) fn finding(acceptance: &Acceptance, named: &Named) -> Option<Diagnostic> {
    let message = format!("{} names nothing that is found", acceptance.words());
    let finding = Diagnostic::new(&RULE, acceptance.head_at(), message);
    Some(match named {
        Named::Something => return None,
        Named::Nothing => finding
            .note("either the risk is gone, or the acceptance was never about it")
            .help("remove it, or name the finding that it is about"),
        Named::Near(near) if near.unknown => unknown(finding, near),
        Named::Near(near) => elsewhere(finding, near),
    })
}

/// It is found on something else.
fn elsewhere(finding: Diagnostic, near: &Near) -> Diagnostic {
    let subject = &near.subject.name;
    let losses: Vec<&str> = near.losses.iter().map(|loss| loss.name.as_str()).collect();
    let also = match losses.as_slice() {
        [] => String::new(),
        [loss] => format!(", or `on {loss}`, the loss that it is about"),
        losses => format!(", or every loss that it is about: `on {}`", losses.join(", ")),
    };
    let mut imports: Vec<&str> = Vec::new();
    for import in
        std::iter::once(&near.subject).chain(&near.losses).filter_map(|w| w.import.as_deref())
    {
        if !imports.contains(&import) {
            imports.push(import);
        }
    }
    let after = match imports.is_empty() {
        true => String::new(),
        false => {
            let imports: Vec<String> =
                imports.iter().map(|path| format!("`import {path}`")).collect();
            format!(", after {}", imports.join(" and "))
        }
    };
    shown(finding, near)
        .note(format!("it is found on `{subject}`"))
        .help(format!("name that: `on {subject}`{also}{after}"))
}

/// Nothing says whether it is so.
fn unknown(finding: Diagnostic, near: &Near) -> Diagnostic {
    let what = match near.at {
        Some(_) => "the finding there says what",
        None => "another finding says what, or what could not be read",
    };
    shown(finding, near)
        .note(format!(
            "whether it is so on `{}` is unknown: something is not stated, and {what}",
            near.subject.name
        ))
        .help("state that first: what is unknown cannot be accepted, only what is found to be so")
}

fn shown(finding: Diagnostic, near: &Near) -> Diagnostic {
    let here = if near.unknown { "something is missing here" } else { "it is found here" };
    match near.at {
        Some(at) => finding.also(at, here),
        None => finding,
    }
}
