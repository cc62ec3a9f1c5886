//! `weak-evidence`: A test cannot show what it is said to prove.

use rbp_grammar::ast::Proof;
use rbp_grammar::head::Head;

use super::{held, is_tabletop};
use crate::diagnostic::Diagnostic;
use crate::model::Test;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "weak-evidence",
    Error,
    Maintenance,
    "A test cannot show what it is said to prove.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let cold = case.backup.word(Head::Readiness) == Some("cold");
    for test in case.backup.tests() {
        let (name, backup) = (&test.name.text, case.backup.name());
        if test.proofs().is_empty() {
            if test.clause(Head::Proves).is_none() && !case.backup.is_broken() {
                let message = format!("nothing says what the test `{name}` of `{backup}` proves");
                out.unknown(
                    Diagnostic::new(&RULE, test.clause_at(Head::Proves), message)
                        .help("state it, for example `proves activation, restore`"),
                );
            }
            continue;
        }
        let finding = talked(&test).or_else(|| if cold { warm(&test) } else { None });
        let result = held(&test, case.as_of).filter(|result| result.passed && finding.is_none());
        let Some(result) = result.filter(|result| result.evidence.is_none()) else {
            out.judge(finding);
            continue;
        };
        let message = format!(
            "nothing says where it is recorded that the test `{name}` of `{backup}` passed"
        );
        out.unknown(
            Diagnostic::new(&RULE, result.at, message).help("name the record: `evidence \"…\"`"),
        );
    }
}

fn talked(test: &Test<'_>) -> Option<Diagnostic> {
    if !is_tabletop(test) {
        return None;
    }
    let first = test.proofs().first()?;
    let message = format!(
        "the test `{}` of `{}` is talked through at a table, and is said to prove {}",
        test.name.text,
        test.backup.name(),
        words(first)
    );
    Some(
        Diagnostic::new(&RULE, test.clause_at(Head::Exercise), message)
            .also(test.clause_at(Head::Proves), "this takes doing")
            .note("a tabletop exercise shows whether people know the plan; nothing is switched, restored or carried")
            .help("hold a `drill`, a `functional` or a `full-scale` exercise"),
    )
}

/// What stands cold must be shown to start cold.
fn warm(test: &Test<'_>) -> Option<Diagnostic> {
    let starts = |proof: &&Proof| match proof {
        Proof::Aspect(name) => ["restore", "activation"].contains(&name.text.as_str()),
        Proof::Load { .. } => true,
    };
    let proof = test.proofs().iter().find(starts).filter(|_| !test.from_cold())?;
    let message = format!(
        "`{}` stands cold, and the test `{}`, which is to prove {}, does not start from cold",
        test.backup.name(),
        test.name.text,
        words(proof)
    );
    Some(
        Diagnostic::new(&RULE, test.clause_at(Head::Proves), message)
            .also(test.backup.clause_at(Head::Readiness), "cold")
            .help("start the test from a standstill and say so: `from cold`"),
    )
}

fn words(proof: &Proof) -> String {
    match proof {
        Proof::Aspect(name) => format!("`{}`", name.text),
        Proof::Load { amount, .. } => format!("a load of {amount}"),
    }
}
