//! What the tables are made of.

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A quantity, exact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// The number of base units: a whole number, or a fraction such as `1/3600`.
    pub number: String,
    /// The base units, such as `W` or `EUR per time`.
    pub unit: String,
    /// As the author wrote it.
    pub written: String,
}

/// A level, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// How much.
    pub amount: Amount,
    /// For how long.
    pub for_ms: Option<u64>,
    /// Who resupplies it.
    pub resupplied_by: Option<String>,
    /// How soon.
    pub resupplied_within_ms: Option<u64>,
}

/// At least `count` of `of` must be there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Why.
    pub sort: NeedSort,
    /// How many.
    pub count: u32,
    /// Of which.
    pub of: Vec<String>,
    /// Required while running, no bar to starting.
    pub to_run: bool,
}

/// Which clause states a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NeedSort {
    /// It rests on it.
    Needs,
    /// It stands in it.
    In,
    /// It is a hazard that takes it.
    ExposedTo,
    /// Of a function.
    DependsOn,
    /// Who puts a backup in place, who decides, what opens, pays or observes.
    Uses,
}

/// A sort of loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LossSort {
    /// Gone or unreachable.
    Lost,
    /// Present but wrong.
    Corrupted,
    /// In the hands of somebody else.
    Compromised,
}

/// One loss.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// The sort.
    pub sort: LossSort,
    /// Of what.
    pub element: String,
}

/// A bound, for every loss or for some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// The bound.
    pub within_ms: u64,
    /// The sort of loss it is for; for every sort where neither this nor a kind is given.
    pub on: Option<LossSort>,
    /// The kind whose loss it is for.
    pub of_kind: Option<String>,
}

/// Losses that must not end a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// Any so many of them.
    pub order: u32,
    /// Of this kind only.
    pub of_kind: Option<String>,
    /// Each of these alone; then `order` is 1.
    pub each_of: Vec<String>,
}

/// What brings a function back after the loss of one thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Restoration {
    /// After any one of these losses.
    pub after: Vec<Loss>,
    /// The backups that are called on, nearest the function first.
    pub by: Vec<String>,
    /// How long until it serves again.
    pub within_ms: u64,
}

/// How long a backup takes from the loss until it serves, when everything that it needs is there
/// and the fastest of its authorities decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeBudget {
    /// The backup.
    pub backup: String,
    /// What takes time, in the order in which it happens.
    pub steps: Vec<TimeStep>,
    /// Whether the bound of every step is stated, when the backup is put to work, and by whom.
    pub complete: bool,
}

/// One step of a time budget.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeStep {
    /// What happens: `detect`, `hold`, `decide`, `reach`, `recall`, `restore` or `verify`.
    pub step: String,
    /// The bound.
    pub ms: u64,
}

/// A backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Its name; the element of that name holds what it rests on.
    pub id: String,
    /// The other package that declares it, and in whose rule set its own obligations are.
    pub package: Option<String>,
    /// Its place in the order of files and declarations: of two that are equally quick the first is called on.
    pub order: u32,
    /// What it stands in for.
    pub primary: Option<String>,
    /// The functions it is kept for.
    pub protects: Vec<String>,
    /// How ready it is kept.
    pub readiness: Option<String>,
    /// How much it carries.
    pub covers: Option<Load>,
    /// It is said to serve as well as its primary.
    pub full: bool,
    /// What is less than full, where it serves degraded.
    pub degraded: Option<String>,
    /// From the decision until it serves.
    pub restores_ms: Option<u64>,
    /// Checking it before it serves.
    pub verified_ms: Option<u64>,
    /// Until lost work is done again.
    pub catches_up_ms: Option<u64>,
    /// How long delivery takes.
    pub lead_time_ms: Option<u64>,
    /// What it must share nothing with.
    pub independent_of: Vec<String>,
    /// The fields in which it must differ from its primary.
    pub diverse_by: Vec<String>,
    /// Who puts it in place.
    pub installed_by: Vec<Need>,
    /// How it is put to work.
    pub instructions: Vec<String>,
    /// Kept for this purpose alone.
    pub reserved: bool,
    /// What is lent for ordinary work.
    pub lends: Option<Lending>,
    /// When it must be replaced.
    pub retire_by: Option<String>,
    /// How it is activated.
    pub activation: Option<Activation>,
    /// How it is shown to work.
    pub tests: Vec<Test>,
}

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// How much.
    pub amount: Amount,
    /// Its last good day.
    pub expires: Option<String>,
}

/// What is lent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lending {
    /// The share.
    pub share: Amount,
    /// How soon it is back.
    pub recall_ms: Option<u64>,
    /// Who recalls it: an entry of the document, or in words.
    pub by: Option<String>,
}

/// An activation rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Activation {
    /// What must be observed.
    pub when: Option<Condition>,
    /// For how long.
    pub hold_ms: Option<u64>,
    /// Who decides, in order of succession.
    pub by: Vec<Authority>,
    /// What is fenced first.
    pub fences: Vec<Fence>,
    /// What opens it.
    pub with: Vec<Need>,
    /// The ways to it.
    pub reach: Vec<Reach>,
    /// What pays for it.
    pub funded_by: Vec<Need>,
    /// What is done, in order.
    pub steps: Vec<String>,
    /// How the primary takes over again.
    pub hand_back: Option<HandBack>,
    /// When not to continue; this beats activation.
    pub fail_safe: Vec<FailSafe>,
}

/// An observation that a rule waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The signal is on.
    Signal(String),
    /// It is not so.
    Not(Box<Condition>),
    /// At least so many are so.
    AtLeast {
        /// How many.
        count: u32,
        /// Of which.
        of: Vec<Condition>,
    },
}

/// One step in the order of succession.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// A controller rather than people.
    pub automatic: bool,
    /// Who; all that are counted must act.
    pub who: Need,
    /// The bound on the decision, from the moment the condition is met.
    pub within_ms: Option<u64>,
}

/// What is kept from acting, and through what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fence {
    /// What.
    pub target: String,
    /// Through what.
    pub via: Vec<String>,
}

/// A way to a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// All of these.
    pub via: Vec<String>,
    /// How long it takes.
    pub within_ms: Option<u64>,
}

/// How the primary takes over again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HandBack {
    /// When this is observed for that long.
    When {
        /// What.
        condition: Condition,
        /// For how long.
        hold_ms: Option<u64>,
    },
    /// As written.
    How(String),
}

/// When not to continue, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FailSafe {
    /// When.
    pub when: Condition,
    /// What to do.
    pub action: Option<String>,
}

/// A level of exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Exercise {
    /// Talked through.
    Tabletop,
    /// One step practised.
    Drill,
    /// Done for real, in part.
    Functional,
    /// Done for real, in whole.
    FullScale,
}

/// A test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// How often.
    pub every_ms: Option<u64>,
    /// The level of exercise.
    pub exercise: Option<Exercise>,
    /// From a standstill.
    pub from_cold: bool,
    /// What it shows.
    pub proves: Vec<String>,
    /// The loads that it shows.
    pub loads: Vec<Load>,
    /// Who holds it; the backup's owner where it names none.
    pub owner: Option<String>,
    /// How it last went.
    pub last: Option<TestResult>,
    /// The last day on which it is not overdue.
    pub due: Option<String>,
    /// The last day on which its result counts.
    pub expires: Option<String>,
}

/// How a test went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TestResult {
    /// When.
    pub day: String,
    /// How.
    pub passed: bool,
    /// Where that is recorded.
    pub evidence: Option<String>,
}
