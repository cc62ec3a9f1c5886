//! `orphan-backup`: A backup protects nothing: a stockpile.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "orphan-backup",
    Error,
    FunctionMap,
    "A backup protects nothing: a stockpile.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    if backup.is_broken() {
        return out.proved();
    }
    let name = backup.name();
    let finding = if !backup.has(Head::Protects) {
        let message = format!("`{name}` protects no function, so it is a stockpile and no backup");
        Some(
            Diagnostic::new(&RULE, backup.name_at(), message)
                .help("name what it is kept for: `protects …`"),
        )
    } else if !backup.names_primary() {
        let message = format!("`{name}` does not say what it stands in for");
        Some(
            Diagnostic::new(&RULE, backup.name_at(), message)
                .help(format!("name its primary: `backup {name} for …`")),
        )
    } else {
        unreached(case)
    };
    out.judge(finding);
}

/// A backup whose primary the function does not rest on would never be called on.
fn unreached(case: &BackupCase<'_>) -> Option<Diagnostic> {
    let primary = case.primary.as_ref()?;
    let idle = case.functions.iter().find(|function| {
        let analysis = crate::analysis::analysis(case.db, function.id);
        analysis.is_some_and(|a| !a.cone.incomplete && !a.cone.index.contains_key(&primary.id))
    })?;
    let (backup, function) = (case.backup.name(), idle.name());
    let message = format!(
        "`{backup}` would never be called on: `{function}` does not rest on `{}`",
        primary.name()
    );
    Some(
        Diagnostic::new(&RULE, case.backup.clause_at(Head::Protects), message)
            .also(idle.name_at(), format!("`{function}` is declared here"))
            .help(format!(
                "add `{}` to what `{function}` depends on, or drop it from `protects`",
                primary.name()
            )),
    )
}
