//! `unproved-readiness`: No passed test shows what the state of a backup obliges it to prove.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::rules::maintenance::{evidence, held, starts_as_kept};
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "unproved-readiness",
    Error,
    Readiness,
    "No passed test shows what the state of a backup obliges it to prove.",
    Check::Backup(check)
);

/// What a test must have shown of each state.
fn duties(backup: &Element, state: &str) -> &'static [&'static str] {
    match state {
        "hot" if backup.is("record") => &["activation", "split-control"],
        "hot" => &["activation"],
        "warm" => &["activation", "restore"],
        "cold" => &["restore", "skills"],
        "stocked" => &["sample"],
        "trained" => &["role"],
        "contracted" => &["delivery"],
        "recoverable" => &["restore"],
        _ => &[],
    }
}

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let Some(state) = backup.word(Head::Readiness) else { return };
    let tests = backup.tests();
    let held_any = tests.iter().filter_map(|test| held(test, case.as_of));
    if !held_any.into_iter().any(|result| result.passed) {
        // `untested-backup` and `failed-test` tell.
        return out.undecided();
    }
    let shown: Vec<_> = evidence(backup, case.as_of).collect();
    let missing: Vec<String> = duties(backup, state)
        .iter()
        .filter(|aspect| {
            let starts = ["activation", "restore"].contains(aspect);
            !shown.iter().any(|test| test.proves(aspect) && (!starts || starts_as_kept(test)))
        })
        .map(|aspect| format!("`{aspect}`"))
        .collect();
    if missing.is_empty() {
        return if duties(backup, state).is_empty() { out.undecided() } else { out.proved() };
    }
    let words = missing.join(" and ");
    let message = format!(
        "`{}` is kept {state}, and no passed test that counts proves {words}",
        backup.name()
    );
    let mut finding = Diagnostic::new(&RULE, backup.clause_at(Head::Readiness), message)
        .here(format!("what is kept {state} must show {words}"));
    for test in &tests {
        finding = finding.also(test.clause_at(Head::Proves), "this is what is tested");
    }
    out.refuted(
        finding.help(format!(
            "hold a test that does: `proves {}`",
            missing.join(", ").replace('`', "")
        )),
    );
}
