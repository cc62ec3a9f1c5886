//! `incomplete-readiness`: A backup leaves out what its state obliges it to say.

use num_traits::Zero;
use rbp_grammar::ast::Args;
use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::model::{Activation, Element};
use crate::quantity::duration_words;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "incomplete-readiness",
    Error,
    Readiness,
    "A backup leaves out what its state obliges it to say.",
    Check::Backup(check)
);

/// What must be said, in words, and the clause that says it.
type Duty = (&'static str, &'static str, fn(&Element) -> bool);

const TIME: Duty =
    ("how long it takes to take over", "restores within …", |b| b.has(Head::RestoresWithin));
const STEPS: Duty = ("what is to be done", "instructions \"…\"", |b| {
    b.clause(Head::Instructions).is_some_and(|clause| !clause.is_blank())
        || in_activation(b, Head::Steps)
});
const INSTALLER: Duty = ("who puts it in place", "installed by …", |b| b.has(Head::InstalledBy));
const PLACE: Duty = ("where it is kept", "in …", |b| b.has(Head::In));

/// What each state obliges to say.
fn duties(state: &str) -> &'static [Duty] {
    match state {
        "hot" | "warm" => &[TIME],
        "cold" => &[TIME, STEPS, INSTALLER],
        "stocked" => &[
            TIME,
            ("how much is kept", "stock …", stocked),
            ("until when it may be used", "stock … expires DATE", expires),
            PLACE,
            INSTALLER,
        ],
        "trained" => &[
            ("how often the skill is shown anew", "test NAME { every … }", |b| {
                b.tests().iter().any(|test| test.clause(Head::Every).is_some())
            }),
            ("what opens the way for them", "with KEY", |b| {
                in_activation(b, Head::With) || in_activation(b, Head::Reach)
            }),
        ],
        "contracted" => &[
            TIME,
            ("until when the contract runs", "contract until DATE", |b| b.has(Head::ContractUntil)),
            ("how long delivery takes", "lead time …", |b| b.has(Head::LeadTime)),
            ("what the supplier rests on", "needs …", |b| b.has(Head::Needs) || b.has(Head::In)),
        ],
        "recoverable" => &[
            TIME,
            STEPS,
            ("how what is restored is checked", "verified within …", |b| {
                b.has(Head::VerifiedWithin) || b.tests().iter().any(|test| test.proves("integrity"))
            }),
        ],
        _ => &[],
    }
}

fn in_activation(backup: &Element, head: Head) -> bool {
    backup
        .activation()
        .and_then(|a: Activation<'_>| a.clause(head))
        .is_some_and(|clause| !clause.is_blank())
}

/// A stock of nothing is none.
fn stocked(backup: &Element) -> bool {
    let some = |amount| backup.amount(amount).is_none_or(|amount| !amount.number.is_zero());
    backup
        .clauses(Head::Stock)
        .any(|clause| matches!(&clause.args, Args::Stock { amount, .. } if some(amount)))
}

fn expires(backup: &Element) -> bool {
    // A silent `stock` is told of once, by the duty to state how much.
    let dated = |clause: &rbp_grammar::ast::Clause| {
        matches!(clause.args, Args::Stock { expires: Some(_), .. })
    };
    !backup.has(Head::Stock) || backup.clauses(Head::Stock).all(dated)
}

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let Some(state) = backup.word(Head::Readiness) else { return };
    let duties = duties(state);
    if duties.is_empty() {
        return out.undecided();
    }
    let broken = backup.is_broken();
    let missing: Vec<&Duty> =
        duties.iter().filter(|(_, _, said)| !broken && !said(backup)).collect();
    let late = late(case);
    if missing.is_empty() {
        return out.judge(late);
    }
    if let Some(finding) = late {
        out.refuted(finding);
    }
    let said: Vec<&str> = missing.iter().map(|(what, _, _)| *what).collect();
    let clauses: Vec<String> = missing.iter().map(|(_, clause, _)| format!("`{clause}`")).collect();
    let message =
        format!("`{}` is kept {state}, and does not say {}", backup.name(), listed(&said));
    out.refuted(
        Diagnostic::new(&RULE, backup.clause_at(Head::Readiness), message)
            .here("this obliges to more")
            .help(format!("add {}", clauses.join(", "))),
    );
}

/// A delivery must come before the loss is no longer bearable.
fn late(case: &BackupCase<'_>) -> Option<Diagnostic> {
    let lead = case.backup.duration(Head::LeadTime)?;
    let bounds = case.functions.iter().filter_map(|f| Some((f, f.duration(Head::Mtpd)?)));
    let (function, mtpd) = bounds.min_by_key(|(_, mtpd)| mtpd.ms)?;
    (lead.ms > mtpd.ms).then(|| {
        let message = format!(
            "`{}` is delivered within {}, and `{}` cannot bear more than {}",
            case.backup.name(),
            duration_words(lead.ms),
            function.name(),
            duration_words(mtpd.ms)
        );
        Diagnostic::new(&RULE, lead.at, message)
            .also(mtpd.at, "the longest time that is bearable")
            .help("find a supplier who is quicker, or keep a stock that bridges the time")
    })
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}
