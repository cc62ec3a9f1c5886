//! `unaudited-access`: Nothing records who gets at a backup.

use std::sync::Arc;

use rbp_grammar::head::Head;

use super::{OPEN, holds_copy};
use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "unaudited-access",
    Error,
    Invariants,
    "Nothing records who gets at a backup.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let guarded = backup.word(Head::Data).filter(|class| !OPEN.contains(class));
    let activation = backup.activation();
    let with = activation.as_ref().map(|a| a.needs_of(Head::With)).unwrap_or_default();
    let opened = with.iter().flat_map(|need| &need.of);
    let credentials: Vec<_> =
        opened.filter_map(|target| Some((target, case.element(target.id)?))).collect();
    if guarded.is_none() && credentials.is_empty() {
        return;
    }
    if backup.has(Head::Audited) || backup.is_broken() {
        return out.proved();
    }
    if let Some(class) = guarded {
        let primary = case.primary.as_ref();
        let told = primary.is_some_and(|p| p.has(Head::Audited) && holds_copy(backup, p));
        // Where the primary is audited, `weaker-protection` says that its copy is not.
        if !told {
            out.refuted(holds(backup, class));
        }
        return;
    }
    let mut proved = true;
    for (target, credential) in &credentials {
        if !credential.has(Head::Audited) {
            proved = false;
            if !credential.is_broken() {
                out.refuted(opened_with(backup, credential, backup.at(target.name.span)));
            }
        }
    }
    if proved {
        out.proved();
    }
}

fn holds(backup: &Element, class: &str) -> Diagnostic {
    let message =
        format!("`{}` holds `data {class}`, and nothing records who reads it", backup.name());
    Diagnostic::new(&RULE, backup.clause_at(Head::Data), message)
        .note("a copy is read where nobody looks; without a record nobody can answer for it")
        .help("record every access and say so: `audited`")
        .edit(backup.end_at(), "\n  audited")
}

fn opened_with(
    backup: &Element,
    credential: &Arc<Element>,
    at: crate::diagnostic::Anchor,
) -> Diagnostic {
    let name = credential.name();
    let message =
        format!("`{}` is opened with `{name}`, and nothing records who uses it", backup.name());
    let finding = Diagnostic::new(&RULE, at, message)
        .also(credential.name_at(), format!("`{name}` is declared here"))
        .note("what opens a backup in an emergency opens it on any other day as well")
        .help(format!(
            "record every use and say so: `audited` on `{name}`, or on `{}`",
            backup.name()
        ));
    match credential.all_clauses().is_empty() {
        true => finding,
        false => finding.edit(credential.end_at(), "  audited"),
    }
}
