//! The document and its tables.

use std::collections::BTreeMap;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::parts::{
    Amount, Backup, Load, Loss, Need, Objective, Restoration, Stock, TimeBudget, Tolerance,
};

/// A rule set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// The version of this document's form.
    pub version: u32,
    /// True when every obligation is proved or accepted. A document with `false` must not be acted
    /// on: it was asked for with `--allow-unverified`.
    pub verified: bool,
    /// The day on which everything was judged.
    pub as_of: String,
    /// The package it was built from.
    pub package: Package,
    /// The critical functions.
    pub functions: Vec<Function>,
    /// Everything that can be lost: dependencies and backups.
    pub elements: Vec<Element>,
    /// The observables.
    pub signals: Vec<Signal>,
    /// The backups, with their activation rules and tests.
    pub backups: Vec<Backup>,
    /// What was accepted.
    pub acceptances: Vec<Acceptance>,
    /// Every obligation with its verdict.
    pub obligations: Vec<Obligation>,
    /// Why no loss ends a function, for each function of the package.
    pub certificates: Vec<Certificate>,
    /// SHA-256 over the canonical form of everything else, in hexadecimal digits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
}

/// Ways in which a function is served. Whatever is lost, a way serves as long as nothing is lost that takes
/// one of its elements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The function.
    pub function: String,
    /// For each way the dependencies and backups that it uses.
    pub ways: Vec<Vec<String>>,
}

/// Where a rule set comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// The package's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// How many losses at once each of its functions survives unless it says otherwise.
    pub survives: u32,
    /// The packages that it rests on, directly or through others, the standard library aside.
    pub dependencies: Vec<Dependency>,
}

/// A package that another uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// Its own name, with which the ids of its elements begin.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A critical function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Its name within the rule set.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The other package that declares it, and in whose rule set its own obligations are.
    pub package: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it cannot do without.
    pub depends_on: Vec<Need>,
    /// Recovery time objectives.
    pub rto: Vec<Objective>,
    /// Recovery point objectives.
    pub rpo: Vec<Objective>,
    /// Maximum tolerable period of disruption.
    pub mtpd_ms: Option<u64>,
    /// What it uses.
    pub demand: Option<Load>,
    /// The least acceptable level.
    pub minimum: Option<Load>,
    /// How long the minimum alone is acceptable.
    pub may_degrade_ms: Option<u64>,
    /// The losses that must not end it.
    pub survives: Vec<Tolerance>,
    /// What its continuity may cost.
    pub budget: Option<Amount>,
    /// When it was last changed.
    pub changed: Option<String>,
    /// Words that policies select by.
    pub tags: Vec<String>,
    /// What ends it: the minimal sets of losses, smallest first; everything up to `cut_sets_to`.
    pub cut_sets: Vec<Vec<Loss>>,
    /// The greatest number of losses up to which `cut_sets` has every set; 0 where something was
    /// not read.
    pub cut_sets_to: u32,
    /// The single losses after which backups are called on.
    pub restorations: Vec<Restoration>,
    /// How long each backup that is kept for it takes, step by step.
    pub time_budgets: Vec<TimeBudget>,
}

/// Something that can be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// Its name within the rule set.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its kind and the kinds that is a sort of, nearest first; with its module where two kinds share a name.
    pub kinds: Vec<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it rests on.
    pub needs: Vec<Need>,
    /// Who or what can destroy it.
    pub controlled_by: Vec<String>,
    /// Nobody can alter or delete it.
    pub immutable: bool,
    /// How far it may be behind what it follows.
    pub lag_ms: Option<u64>,
    /// How much later than its primary it takes a change.
    pub delayed_ms: Option<u64>,
    /// How much it can carry or hold.
    pub capacity: Option<Amount>,
    /// What is stored in it.
    pub stock: Option<Stock>,
    /// How long a repair takes at most.
    pub repaired_ms: Option<u64>,
    /// How often it fails.
    pub fails: Option<Amount>,
    /// The share of time in which it is not there.
    pub unavailability: Option<Amount>,
    /// When it was last changed.
    pub changed: Option<String>,
    /// When its contract ends.
    pub contract_until: Option<String>,
    /// What it costs.
    pub cost: Option<Amount>,
    /// The classification of the data it holds.
    pub data: Option<String>,
    /// Its data are encrypted.
    pub encrypted: bool,
    /// Its use is recorded.
    pub audited: bool,
    /// People are paid for the duty.
    pub compensated: bool,
    /// Who agreed to the duty.
    pub agreed_by: Vec<String>,
    /// The fields of its kind, as written.
    pub fields: BTreeMap<String, String>,
    /// What those of them amount to that are quantities.
    pub measures: BTreeMap<String, Amount>,
}

/// An observable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// Its name within the rule set.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What observes it.
    pub from: Vec<Need>,
    /// What is asked of the monitor.
    pub query: Option<String>,
    /// How long until it is seen.
    pub within_ms: Option<u64>,
}

/// A risk that somebody accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Its number, to which obligations refer.
    pub id: u32,
    /// The losses that it names; empty where it names a finding.
    pub losses: Vec<Loss>,
    /// The rule whose finding it names.
    pub rule: Option<String>,
    /// The policy whose finding it names.
    pub policy: Option<String>,
    /// The elements on which it names that finding.
    pub on: Vec<String>,
    /// The functions that it is for; empty for all.
    pub functions: Vec<String>,
    /// The reason.
    pub because: String,
    /// Who accepted it.
    pub by: String,
    /// Its last day; after that it counts as absent.
    pub until: String,
}

/// An obligation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// The functions it is owed to; none where a policy asks it of the package as a whole, or of what protects no
    /// function.
    pub functions: Vec<String>,
    /// The component of a credible backup that it belongs to.
    pub component: String,
    /// The rule.
    pub rule: String,
    /// The policy that it comes from, where one does.
    pub policy: Option<String>,
    /// The element that owes it; nothing where the package as a whole does.
    pub subject: String,
    /// How it ended.
    pub verdict: Verdict,
    /// The acceptance that names it.
    pub acceptance: Option<u32>,
    /// The losses that refute it, where losses do.
    pub losses: Vec<Loss>,
    /// What was found, where anything was.
    pub message: Option<String>,
}

/// How an obligation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It was checked and holds.
    Proved,
    /// It does not hold, and an acceptance names it.
    Accepted,
    /// It could not be decided.
    Unknown,
    /// It does not hold.
    Refuted,
}
