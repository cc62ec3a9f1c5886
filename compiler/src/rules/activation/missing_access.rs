//! `missing-access`: Nothing says how those who decide get at a backup.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "missing-access",
    Error,
    Access,
    "Nothing says how those who decide get at a backup.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let Some(activation) = case.backup.activation() else { return };
    let succession = activation.succession();
    let Some(person) = succession.iter().find(|step| !step.automatic) else {
        // A controller is wired to what it switches.
        return;
    };
    let stated = [Head::With, Head::Reach].iter().any(|head| activation.clause(*head).is_some());
    let missing = !stated && !case.backup.is_broken();
    out.judge(missing.then(|| {
        let name = case.backup.name();
        let message = format!("nothing says how whoever decides gets at `{name}`");
        Diagnostic::new(&RULE, person.who.at, message)
            .here("may decide, and has no way in")
            .note("keys, accounts and ways in are often lost together with what they should repair")
            .help("name what opens it (`with KEY`) or how it is reached (`reach WAY within …`)")
    }));
}
