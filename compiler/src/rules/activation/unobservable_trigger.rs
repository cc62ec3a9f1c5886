//! `unobservable-trigger`: What should call for a backup cannot be seen.

use rbp_grammar::ast::Role;
use rbp_grammar::head::Head;

use crate::analysis::trigger;
use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "unobservable-trigger",
    Error,
    Activation,
    "What should call for a backup cannot be seen.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let Some(activation) = backup.activation() else { return };
    let Some((when, _)) = activation.when() else { return };
    let names = trigger::names(when);
    let mut proved = true;
    for name in &names {
        let Some(signal) = backup.target(name).and_then(|id| case.element(id)) else {
            // The name means nothing, and its own finding says so.
            return out.undecided();
        };
        if signal.role() == Role::Signal && !signal.has(Head::From) && !signal.is_broken() {
            proved = false;
            let message =
                format!("`{}` waits for `{}`, and nothing observes that", backup.name(), name.text);
            out.refuted(
                Diagnostic::new(&RULE, backup.at(name.span), message)
                    .here("never seen")
                    .also(signal.name_at(), format!("`{}` does not say who reports it", name.text))
                    .help(format!("name what observes it: `from …` in `{}`", name.text)),
            );
        }
    }
    let fail_safes = activation.fail_safes();
    let forbidding: Vec<_> = fail_safes.iter().map(|(when, _, _)| *when).collect();
    if trigger::meetable(backup, when, &[]) == Some(false) {
        proved = false;
        let message = format!("what `{}` waits for can never be", backup.name());
        out.refuted(
            Diagnostic::new(&RULE, activation.clause_at(Head::When), message)
                .here("no state of the signals meets this")
                .help("a signal and its contrary are both asked for: drop one of them"),
        );
    } else if trigger::meetable(backup, when, &forbidding) == Some(false) {
        proved = false;
        let message = format!("whenever `{}` is called for, it must not continue", backup.name());
        let mut finding = Diagnostic::new(&RULE, activation.clause_at(Head::When), message)
            .here("no state of the signals meets this alone");
        for (_, _, at) in &fail_safes {
            finding = finding.also(*at, "this forbids it");
        }
        out.refuted(finding.help("let `fail safe when` name another danger than the loss itself"));
    }
    if proved {
        out.proved();
    }
}
