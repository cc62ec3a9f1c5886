//! What is decided.

#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// The answer to some facts. Lists are sorted by name unless they say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, schemars(title = "Decision"))]
pub struct Decision<'a> {
    /// The package of the rule set.
    pub package: &'a str,
    /// The day on which the rule set was judged.
    pub as_of: &'a str,
    /// Whether the rule set is verified.
    pub verified: bool,
    /// The moment for which this was decided.
    pub now: String,
    /// The functions that were asked about, or all that are not nominal.
    pub functions: Vec<FunctionDecision<'a>>,
    /// How many functions beside those are nominal; 0 where functions were asked about.
    pub nominal: u32,
    /// The backups that were asked about, or that are called for.
    pub backups: Vec<BackupDecision<'a>>,
    /// What has run out or is not known to work any more, and is not accepted.
    pub decayed: Vec<Decay<'a>>,
}

/// The state of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It serves, and nothing that it or its backups rest on is lost.
    Nominal,
    /// It serves, by itself or by a backup, and something that it or its backups rest on is lost.
    Degraded,
    /// It does not serve, and would once backups are activated.
    Activate,
    /// It does not serve, and would only by backups that must not continue.
    FailSafe,
    /// It does not serve, and no backup brings it back.
    Lost,
}

/// A function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FunctionDecision<'a> {
    /// The function.
    pub function: &'a str,
    /// Its state.
    pub state: State,
    /// What is lost of all that it and its backups rest on.
    pub lost: Vec<&'a str>,
    /// The active backups that serve in the place of what is not there.
    pub serving: Vec<Serving<'a>>,
    /// The active backups that have carried what they cover for as long as they do, and serve no longer.
    pub spent: Vec<Serving<'a>>,
    /// What is to be activated: one of each list.
    pub activate: Vec<Call<'a>>,
    /// The active backups that must not continue.
    pub stop: Vec<Stop<'a>>,
    /// When its recovery time objective is reached, where it does not serve and that can be told.
    pub restore_by: Option<String>,
    /// When its maximum tolerable period of disruption ends, likewise.
    pub end_by: Option<String>,
}

/// A backup that serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Serving<'a> {
    /// The backup.
    pub backup: &'a str,
    /// Until when it carries what it covers, where that can be told.
    pub until: Option<String>,
}

/// A loss that calls for a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Call<'a> {
    /// What is not there.
    #[serde(rename = "for")]
    pub primary: &'a str,
    /// The backups that can be called on, the one that serves soonest first.
    pub backups: Vec<&'a str>,
    /// By when one of them must serve, where something serves until then and that can be told.
    pub by: Option<String>,
}

/// A backup that must not continue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stop<'a> {
    /// The backup.
    pub backup: &'a str,
    /// What to do instead, in the order of its rule.
    pub actions: Vec<&'a str>,
}

/// Whether a backup may be activated now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BackupDecision<'a> {
    /// The backup.
    pub backup: &'a str,
    /// What it stands in for.
    pub stands_in_for: Option<&'a str>,
    /// Who wants to act.
    pub actor: Option<&'a str>,
    /// Whether that one may activate it now.
    pub may: bool,
    /// Every reason why not.
    pub reasons: Vec<Reason<'a>>,
    /// Since when its condition is met, where it is.
    pub met_since: Option<String>,
    /// The order of succession.
    pub steps: Vec<Turn<'a>>,
}

/// A step in the order of succession.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Turn<'a> {
    /// A controller rather than people.
    pub automatic: bool,
    /// How many of these must act together.
    pub count: u32,
    /// Who is named.
    pub who: Vec<&'a str>,
    /// Whether enough of them are there.
    pub there: bool,
    /// From when it is their turn, where the condition is met and it will be by itself.
    pub from: Option<String>,
    /// When their bound ends, where they have one and the condition is met.
    pub until: Option<String>,
}

/// Why a backup may not be activated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "reason", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reason<'a> {
    /// It has no activation rule that says when, and who.
    NoRule,
    /// Its condition is not met.
    NotObserved {
        /// The signals that are not as they should be.
        signals: Vec<&'a str>,
    },
    /// Nobody knows whether its condition is met.
    NotKnown {
        /// The signals that are not reported, or whose monitor is lost.
        signals: Vec<&'a str>,
    },
    /// Its condition is met, and not for long enough.
    NotHeld {
        /// When it will be, if it lasts.
        until: String,
    },
    /// A condition is met in which it must not continue.
    FailSafe {
        /// What to do instead.
        action: Option<&'a str>,
    },
    /// Nobody knows whether a condition is met in which it must not continue.
    FailSafeUnknown {
        /// The signals that are not reported, or whose monitor is lost.
        signals: Vec<&'a str>,
    },
    /// It is active.
    AlreadyActive,
    /// Another backup serves in the same place.
    AlreadyServed {
        /// The other one.
        by: &'a str,
    },
    /// It is lost, or what it needs is not there.
    NotReady {
        /// What is not there.
        missing: Vec<&'a str>,
    },
    /// What opens, reaches, pays for or fences is not there.
    NoAccess {
        /// What is not there.
        missing: Vec<&'a str>,
    },
    /// Something must be fenced first.
    NotFenced {
        /// What.
        element: &'a str,
        /// Through what.
        via: Vec<&'a str>,
    },
    /// Nobody said who wants to act.
    NoActor,
    /// The actor is not in the order of succession.
    NotAuthorised,
    /// Too few of a step are there for any of it to act.
    StepNotThere {
        /// The actor's step in the order of succession, counted from 1.
        step: u32,
    },
    /// The actor is lost.
    ActorLost,
    /// It is not the actor's turn.
    NotYourTurn {
        /// The actor's step in the order of succession, counted from 1.
        step: u32,
        /// From when it is; `null` where it is only once those before are lost.
        from: Option<String>,
    },
    /// Others must approve.
    ApprovalMissing {
        /// The actor's step in the order of succession, counted from 1.
        step: u32,
        /// How many places are taken, by the actor and by those who approve.
        have: u32,
        /// How many must be.
        need: u32,
    },
    /// It is not known to work any more.
    Decayed {
        /// The rule that finds it.
        rule: &'a str,
        /// The test.
        test: Option<&'a str>,
        /// The last day on which it was well.
        day: Option<String>,
        /// Who answers for it.
        owner: Option<&'a str>,
    },
    /// What is wrong with it was accepted, and is no longer.
    AcceptanceExpired {
        /// The acceptance's number.
        acceptance: u32,
        /// The rule whose finding was accepted.
        rule: &'a str,
        /// The last day of the acceptance.
        until: &'a str,
        /// Who accepted it.
        by: &'a str,
    },
}

/// Something that has run out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Decay<'a> {
    /// The rule that finds it.
    pub rule: &'a str,
    /// Of which element; `null` for an acceptance.
    pub of: Option<&'a str>,
    /// The test.
    pub test: Option<&'a str>,
    /// The acceptance's number.
    pub acceptance: Option<u32>,
    /// The last day on which it was well.
    pub day: Option<String>,
    /// Who answers for it.
    pub owner: Option<&'a str>,
}
