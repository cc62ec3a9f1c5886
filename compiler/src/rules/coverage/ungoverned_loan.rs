//! `ungoverned-loan`: Part of a backup is lent, and nothing says who calls it back, or how soon.

use rbp_grammar::ast::Args;
use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "ungoverned-loan",
    Error,
    Coverage,
    "Part of a backup is lent, and nothing says who calls it back, or how soon.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    for clause in backup.clauses(Head::Lends) {
        let Args::Lends { share, recall, by } = &clause.args else { continue };
        let missing = match (recall, by) {
            (Some(_), Some(_)) if backup.has(Head::Reserved) => {
                let message = format!(
                    "`{}` is `reserved`, and {share} of it is lent: it cannot be both",
                    backup.name()
                );
                out.refuted(
                    Diagnostic::new(&RULE, backup.at(clause.span), message)
                        .also(backup.clause_at(Head::Reserved), "nothing of it is lent")
                        .help("drop one of the two"),
                );
                continue;
            }
            (Some(_), Some(_)) => {
                out.proved();
                continue;
            }
            (None, Some(_)) => "how soon it comes back",
            (Some(_), None) => "who may call it back",
            (None, None) => "who may call it back, or how soon it comes",
        };
        let message = format!("{share} of `{}` is lent, and nothing says {missing}", backup.name());
        out.refuted(
            Diagnostic::new(&RULE, backup.at(clause.span), message)
                .note("a reserve that serves other ends is gone on the day it is needed, unless its return is arranged")
                .help(format!("write `lends {share} recall within … by …`, or keep it `reserved`")),
        );
    }
}
