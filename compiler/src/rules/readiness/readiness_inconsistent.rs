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
        "warm" => None,
        "cold" | "stocked" | "recoverable" | "contracted" => by_hand(backup, state),
        "trained" => trained(backup),
        // `unknown-word` tells.
        _ => return out.undecided(),
    };
    out.judge(found.map(|(at, message, help)| {
        Diagnostic::new(&RULE, at, message)
            .also(backup.clause_at(Head::Readiness), format!("kept {state}"))
            .help(help)
    }));
}

type Found = Option<(Anchor, String, &'static str)>;

/// A hot standby runs already: it takes over in minutes, and somebody must be quick to let it.
fn hot(backup: &Element) -> Found {
    let name = backup.name();
    if let Some(restores) = backup.duration(Head::RestoresWithin).filter(|r| r.ms > HOUR) {
        let took = duration_words(restores.ms);
        let message =
            format!("`{name}` is hot, which means running already, and takes {took} to take over");
        return Some((restores.at, message, "call it `warm` or `cold`, or shorten the time"));
    }
    if let Some(delay) = backup.duration(Head::DelayedBy).filter(|d| d.ms > 0) {
        let message = format!("`{name}` is hot, and it is kept behind on purpose");
        return Some((delay.at, message, "call it `warm` or `recoverable`"));
    }
    let activation = backup.activation()?;
    let succession = activation.succession();
    let bounds = (0..succession.len()).map(|at| decision_bound(&succession, at));
    let fastest = bounds.collect::<Option<Vec<u64>>>()?.into_iter().min()?;
    (fastest > HOUR).then(|| {
        let message = format!(
            "`{name}` is hot, and the decision to use it takes {}",
            duration_words(fastest)
        );
        (activation.clause_at(Head::By), message, "let a controller or somebody on duty decide within minutes, or do not pay for a hot one")
    })
}

/// What people must fetch, fit, order or restore takes more than a minute, and no less than it takes to come.
fn by_hand(backup: &Element, state: &str) -> Found {
    let restores = backup.duration(Head::RestoresWithin)?;
    let name = backup.name();
    if restores.ms < MINUTE {
        let doing = match state {
            "cold" => "started from a standstill",
            "stocked" => "fetched and put in place",
            "contracted" => "delivered",
            _ => "restored",
        };
        let message = format!(
            "`{name}` must be {doing}, and claims to take over within {}",
            duration_words(restores.ms)
        );
        return Some((
            restores.at,
            message,
            "state the time that it truly takes, or keep it `hot`",
        ));
    }
    let lead = backup.duration(Head::LeadTime).filter(|lead| lead.ms > restores.ms)?;
    let message = format!(
        "`{name}` is delivered within {}, and claims to take over within {}",
        duration_words(lead.ms),
        duration_words(restores.ms)
    );
    Some((restores.at, message, "let the time to take over include the time to deliver"))
}

fn trained(backup: &Element) -> Found {
    let message = format!("`{}` is kept trained, and is nobody who can be", backup.name());
    (!backup.is("actor") && backup.lineage.is_some()).then(|| {
        (backup.name_at(), message, "give it the kind of a person or a team, or another readiness")
    })
}
