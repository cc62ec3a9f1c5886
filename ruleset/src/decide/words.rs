//! Decisions as sentences. They hold names and texts as authors wrote them: whoever shows them makes them
//! safe for the place where they are shown.

use super::decision::{BackupDecision, Decay, Decision, FunctionDecision, Reason, State};

/// Names in backticks, with commas.
fn names(all: &[&str]) -> String {
    let all: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
    all.join(", ")
}

impl Decision<'_> {
    /// The decision for people, line by line.
    pub fn words(&self) -> Vec<String> {
        let verified = if self.verified { "" } else { ", which is NOT verified" };
        let (now, as_of) = (&self.now, self.as_of);
        // A policy without `rbp.toml` has no name.
        let of = match self.package {
            "" => String::new(),
            package => format!(" of `{package}`"),
        };
        let mut lines = vec![format!("{now}, by the rule set{of} as judged on {as_of}{verified}")];
        for function in &self.functions {
            lines.push(String::new());
            lines.push(format!("`{}` {}", function.function, function.state.words()));
            lines.extend(function.words().iter().map(|line| format!("  {line}")));
        }
        for backup in &self.backups {
            lines.push(String::new());
            lines.push(backup.words());
            // That nobody is said to act, the line before tells.
            let reasons = backup.reasons.iter().filter(|reason| **reason != Reason::NoActor);
            lines.extend(reasons.map(|reason| format!("  - {}", reason.words())));
            lines.extend(backup.turns().iter().map(|line| format!("  {line}")));
        }
        if !self.decayed.is_empty() {
            lines.extend([String::new(), "has run out:".into()]);
            lines.extend(self.decayed.iter().map(|decay| format!("  - {}", decay.words())));
        }
        if self.nominal > 0 {
            let many = if self.nominal == 1 { "function is" } else { "functions are" };
            lines.extend([String::new(), format!("{} {many} nominal", self.nominal)]);
        }
        lines
    }
}

impl State {
    /// What is so of the function.
    pub fn words(self) -> &'static str {
        match self {
            State::Nominal => "is nominal",
            State::Degraded => "is degraded",
            State::Activate => "needs a backup",
            State::FailSafe => "must fail safe",
            State::Lost => "is lost",
        }
    }
}

impl FunctionDecision<'_> {
    /// The state, and what follows from it, a sentence each.
    pub fn words(&self) -> Vec<String> {
        let mut said = Vec::new();
        for call in &self.activate {
            let (first, others) = call.backups.split_first().unwrap_or((&"", &[]));
            let mut line = format!("activate `{first}` for `{}`", call.primary);
            if !others.is_empty() {
                line += &format!(", or {}", names(others));
            }
            if let Some(by) = &call.by {
                line += &format!(", so that it serves by {by}");
            }
            said.push(line);
        }
        for stop in &self.stop {
            let mut line = format!("stop `{}`: it must not continue", stop.backup);
            if !stop.actions.is_empty() {
                line += &format!(": {}", stop.actions.join("; "));
            }
            said.push(line);
        }
        for serving in &self.serving {
            let until =
                serving.until.as_ref().map(|until| format!(", until {until} as it was proved"));
            said.push(format!("served by `{}`{}", serving.backup, until.unwrap_or_default()));
        }
        for spent in &self.spent {
            let until = spent.until.as_deref().unwrap_or_default();
            said.push(format!("`{}` ran out at {until}, as it was proved", spent.backup));
        }
        if !self.lost.is_empty() {
            said.push(format!("lost: {}", names(&self.lost)));
        }
        if let Some(by) = &self.restore_by {
            said.push(format!("must serve again by {by}"));
        }
        if let Some(by) = &self.end_by {
            said.push(format!("may not be gone after {by}"));
        }
        said
    }
}

impl BackupDecision<'_> {
    /// The backup and the answer: `diesel` for `grid`: `ana` may activate it now.
    pub fn words(&self) -> String {
        let stands = self.stands_in_for.map(|primary| format!(" for `{primary}`"));
        let answer = match (self.may, self.actor) {
            (true, Some(actor)) => format!("`{actor}` may activate it now"),
            (false, Some(actor)) => format!("`{actor}` may not activate it now"),
            _ if self.reasons == [Reason::NoActor] => "may be activated by whose turn it is".into(),
            _ => "may not be activated now".into(),
        };
        format!("`{}`{}: {answer}", self.backup, stands.unwrap_or_default())
    }

    /// Whose turn it is and will be, a sentence each.
    pub fn turns(&self) -> Vec<String> {
        let mut said = Vec::new();
        for (number, turn) in (1..).zip(&self.steps) {
            let who = match (turn.count as usize, turn.who.len()) {
                (1, 1) => names(&turn.who),
                (count, _) => format!("{count} of {}", names(&turn.who)),
            };
            let how = if turn.automatic { "automatic on " } else { "" };
            let when = match (turn.there, &turn.from, &turn.until) {
                (false, ..) => "not there".into(),
                (true, Some(from), Some(until)) if until > from => {
                    format!("from {from}, until {until}")
                }
                (true, Some(from), _) => format!("from {from}"),
                (true, None, _) if self.met_since.is_none() => "once the condition is met".into(),
                (true, None, _) => "only once those before are lost".into(),
            };
            said.push(format!("step {number}, {how}{who}: {when}"));
        }
        said
    }
}

impl Reason<'_> {
    /// The reason as a sentence.
    pub fn words(&self) -> String {
        match self {
            Reason::NoRule => "nothing says when it is activated and by whom".into(),
            Reason::NotObserved { signals } => {
                format!("its condition is not met, by what {} shows", names(signals))
            }
            Reason::NotKnown { signals } => format!(
                "nobody knows whether its condition is met: nothing is heard of {}",
                names(signals)
            ),
            Reason::NotHeld { until } => format!("its condition must last until {until}"),
            Reason::FailSafe { action: Some(action) } => format!("it must not continue: {action}"),
            Reason::FailSafe { action: None } => "it must not continue".into(),
            Reason::FailSafeUnknown { signals } => format!(
                "nobody knows whether it may continue: nothing is heard of {}",
                names(signals)
            ),
            Reason::AlreadyActive => "it is active".into(),
            Reason::AlreadyServed { by } => {
                format!("`{by}` serves in the same place, and two would act against each other")
            }
            Reason::NotReady { missing } => {
                format!("it is not ready: {} is not there", names(missing))
            }
            Reason::NoAccess { missing } => {
                format!("what its activation calls on is not there: {}", names(missing))
            }
            Reason::NotFenced { element, via } => {
                format!("`{element}` must be fenced first, via {}", names(via))
            }
            Reason::NoActor => "nobody is said to act".into(),
            Reason::NotAuthorised => "who acts is not in its order of succession".into(),
            Reason::ActorLost => "who acts is lost".into(),
            Reason::StepNotThere { step } => {
                format!("step {step} is not there: too few of it are left to decide")
            }
            Reason::NotYourTurn { step, from: Some(from) } => {
                format!("it is the turn of step {step} from {from} on")
            }
            Reason::NotYourTurn { step, from: None } => {
                format!("it is the turn of step {step} only once those before are lost")
            }
            Reason::ApprovalMissing { step, have, need } => {
                format!("step {step} needs {need} people together, and there are {have}")
            }
            Reason::Decayed { rule, test, day, owner } => {
                let line = decayed("it", rule, *test, day.as_deref());
                owner.map_or(line.clone(), |owner| format!("{line}; ask `{owner}`"))
            }
            Reason::AcceptanceExpired { acceptance: _, rule, until, by } => {
                format!("`{rule}` was accepted by `{by}` until {until}, and is open again")
            }
        }
    }
}

impl Decay<'_> {
    /// What has run out, as a sentence.
    pub fn words(&self) -> String {
        let line = match (self.acceptance, self.of) {
            (Some(number), _) => {
                format!("acceptance {number} ended on {}", self.day.as_deref().unwrap_or("?"))
            }
            (None, of) => decayed(
                &format!("`{}`", of.unwrap_or_default()),
                self.rule,
                self.test,
                self.day.as_deref(),
            ),
        };
        self.owner.map_or(line.clone(), |owner| format!("{line}; ask `{owner}`"))
    }
}

fn decayed(of: &str, rule: &str, test: Option<&str>, day: Option<&str>) -> String {
    let test = test.unwrap_or("?");
    match (rule, day) {
        ("overdue-test", Some(day)) => {
            format!("{of} is overdue: its test `{test}` was due by {day}")
        }
        ("overdue-test", None) => format!("{of} is overdue: its test `{test}` has not been held"),
        ("failed-test", Some(day)) => format!("{of} failed its test `{test}` on {day}"),
        ("expired-stock", Some(day)) => format!("{of} has expired: its stock was good until {day}"),
        ("lapsed-contract", Some(day)) => format!("{of} has lapsed: its contract ended on {day}"),
        ("retired-backup", Some(day)) => format!("{of} was to be retired by {day}"),
        ("untested-backup", _) => format!("{of} has never been tested"),
        (rule, _) => format!("{of}: `{rule}`"),
    }
}
