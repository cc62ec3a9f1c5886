//! `missing-freshness`: Nothing says how far a copy may be behind.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "missing-freshness",
    Error,
    Readiness,
    "Nothing says how far a copy may be behind.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, Some(primary)) = (case.backup, &case.primary) else { return };
    if !primary.is("record") {
        return;
    }
    let missing = !backup.has(Head::LagWithin) && !backup.is_broken();
    out.judge(missing.then(|| {
        let (name, of) = (backup.name(), primary.name());
        let message = format!("nothing says how far `{name}` may be behind `{of}`");
        Diagnostic::new(&RULE, backup.name_at(), message)
            .also(primary.name_at(), format!("`{of}` goes on changing"))
            .help("state it: `lag within …`; for a nightly copy, `lag within 24h`")
    }));
}
