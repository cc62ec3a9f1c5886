//! `readiness-inconsistent`: A backup claims what its state does not allow.

use rbp_grammar::head::Head;

use crate::analysis::decision_bound;
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::quantity::duration_words;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "readiness-inconsistent",
    Error,
    Readiness,
    "A backup claims what its state does not allow.",
    Check::Backup(check)
);

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let Some(state) = backup.word(Head::Readiness) else { return };
    let found = match state {
        "hot" => hot(backup),
        "warm" => in_time(backup),
        "cold" | "stocked" | "recoverable" | "contracted" => by_hand(backup, state),
        "trained" => trained(backup),
        // `unknown-word` tells.
        _ => None,
    };
    match found {
        Some(found) => out.judge(found.map(|(at, message, help)| {
            Diagnostic::new(&RULE, at, message)
                .also(backup.clause_at(Head::Readiness), format!("kept {state}"))
                .help(help)
        })),
        // `incomplete-readiness`, `missing-activation` or `decision-too-slow` tells what is not stated.
        None => out.undecided(),
    }
}

/// What is wrong with the claim, if anything; `None` where the claim is not stated.
type Found = Option<Option<(Anchor, String, &'static str)>>;

/// A hot standby runs already: it takes over in minutes, and somebody must be quick to let it.
fn hot(backup: &Element) -> Found {
    let name = backup.name();
    let restores = backup.duration(Head::RestoresWithin)?;
    if restores.ms > HOUR {
        let took = duration_words(restores.ms);
        let message =
            format!("`{name}` is hot, which means running already, and takes {took} to take over");
        let help = "call it `warm` or `cold`, or shorten the time";
        return Some(Some((restores.at, message, help)));
    }
    if let Some(delay) = backup.duration(Head::DelayedBy).filter(|d| d.ms > 0) {
        let message = format!("`{name}` is hot, and it is kept behind on purpose");
        return Some(Some((delay.at, message, "call it `warm` or `recoverable`")));
    }
    if let Some(late) = in_time(backup)? {
        return Some(Some(late));
    }
    let activation = backup.activation()?;
    let succession = activation.succession();
    let bounds = (0..succession.len()).map(|at| decision_bound(&succession, at));
    let fastest = bounds.collect::<Option<Vec<u64>>>()?.into_iter().min()?;
    Some((fastest > HOUR).then(|| {
        let message = format!(
            "`{name}` is hot, and the decision to use it takes {}",
            duration_words(fastest)
        );
        (activation.clause_at(Head::By), message, "let a controller or somebody on duty decide within minutes, or do not pay for a hot one")
    }))
}

/// What must be delivered takes no less than it takes to come.
fn in_time(backup: &Element) -> Found {
    let restores = backup.duration(Head::RestoresWithin)?;
    let lead = backup.duration(Head::LeadTime).filter(|lead| lead.ms > restores.ms);
    Some(lead.map(|lead| {
        let message = format!(
            "`{}` is delivered within {}, and claims to take over within {}",
            backup.name(),
            duration_words(lead.ms),
            duration_words(restores.ms)
        );
        (restores.at, message, "let the time to take over include the time to deliver")
    }))
}

/// What people must fetch, fit, order or restore takes a minute or more.
fn by_hand(backup: &Element, state: &str) -> Found {
    let restores = backup.duration(Head::RestoresWithin)?;
    if restores.ms >= MINUTE {
        return in_time(backup);
    }
    let doing = match state {
        "cold" => "started from a standstill",
        "stocked" => "fetched and put in place",
        "contracted" => "delivered",
        _ => "restored",
    };
    let message = format!(
        "`{}` must be {doing}, and claims to take over within {}",
        backup.name(),
        duration_words(restores.ms)
    );
    Some(Some((restores.at, message, "state the time that it truly takes, or keep it `hot`")))
}

fn trained(backup: &Element) -> Found {
    let message = format!("`{}` is kept trained, and is nobody who can be", backup.name());
    backup.lineage.as_ref()?;
    Some((!backup.is("actor")).then(|| {
        (backup.name_at(), message, "give it the kind of a person or a team, or another readiness")
    }))
}
