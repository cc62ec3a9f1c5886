//! What is observed, in the form in which others report it.

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::LossSort;

/// What is known at one moment, and what is asked. Names are those of the rule set, moments are as in
/// `2026-11-25T10:15:30Z`. What is not said is not known, and nothing that is not known is taken to be well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, schemars(title = "Facts"))]
pub struct Facts {
    /// The moment for which is decided.
    pub now: String,
    /// What the signals show. One that is left out is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Observed>,
    /// What is lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub losses: Vec<Lost>,
    /// The backups that have been put to work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub active: Vec<Active>,
    /// What is fenced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fenced: Vec<Fenced>,
    /// Who approves of an activation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// Tests that were held since the rule set was built.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Held>,
    /// Who wants to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The functions that are asked about; where none is, all that are not nominal are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<String>,
    /// The backups that are asked about; where none is, those that are called for are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backups: Vec<String>,
    /// Decide although the rule set is not verified. It is refused otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_unverified: bool,
}

/// Reads facts from JSON. Linear in the text.
///
/// # Errors
///
/// When it is no JSON, or has another form than the schema of [`Facts`].
pub fn read_facts(json: &[u8]) -> Result<Facts, serde_json::Error> {
    let facts: Facts = serde_json::from_slice(json)?;
    // What has fields may be read from a list of their values as well, and there a value in the wrong place is
    // about something else.
    let value: serde_json::Value = serde_json::from_slice(json)?;
    let is_named = value.as_object().is_some_and(|facts| {
        let lists = facts.values().filter_map(serde_json::Value::as_array);
        lists.flatten().all(|entry| !entry.is_array())
    });
    match is_named {
        true => Ok(facts),
        false => Err(serde::de::Error::custom("a list stands where an object must")),
    }
}

/// What a signal shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// The signal.
    pub signal: String,
    /// Whether it is on.
    pub on: bool,
    /// Since when it is so without a break; since now where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// A loss.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lost {
    /// What is lost.
    pub element: String,
    /// How: `lost` where nothing is said.
    #[serde(default = "lost")]
    pub sort: LossSort,
    /// Since when. Without it no deadline can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

fn lost() -> LossSort {
    LossSort::Lost
}

/// A backup at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Active {
    /// The backup.
    pub backup: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// Something that is kept from acting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fenced {
    /// What.
    pub element: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The backup whose activation is approved of.
    pub backup: String,
    /// Who approves.
    pub by: String,
    /// When.
    pub at: String,
}

/// A test that was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The backup.
    pub backup: String,
    /// The test.
    pub test: String,
    /// When.
    pub at: String,
    /// How it went.
    pub passed: bool,
}

/// What is wrong with facts. Nothing is decided on them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Where it stands: `/losses/0/element`.
    pub at: String,
    /// What is wrong.
    pub problem: ProblemSort,
    /// The text in question.
    pub given: String,
}

/// What can be wrong with facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ProblemSort {
    /// It is no JSON of this form.
    Malformed,
    /// The rule set is not verified, and nobody asked for it all the same.
    Unverified,
    /// The rule set has nothing of that name.
    UnknownName,
    /// It is something, and not what may stand there.
    WrongSort,
    /// It is no moment.
    BadTime,
    /// It is later than `now`.
    InTheFuture,
    /// It is before the day on which the rule set was judged.
    BeforeRuleSet,
    /// It is said twice.
    Twice,
    /// It cannot be so together with something else that is said.
    Contradiction,
}

impl Problem {
    /// The problem as a sentence.
    pub fn words(&self) -> String {
        let Problem { at, given, .. } = self;
        match self.problem {
            ProblemSort::Malformed => format!("the facts cannot be read: {given}"),
            ProblemSort::Unverified => {
                "the rule set is not verified: something in it is refuted or unknown".into()
            }
            ProblemSort::UnknownName => {
                format!("{at}: nothing in the rule set is called `{given}`")
            }
            ProblemSort::WrongSort => format!("{at}: `{given}` is not what may stand here"),
            ProblemSort::BadTime => {
                format!("{at}: `{given}` is no moment such as `2026-11-25T10:15:30Z`")
            }
            ProblemSort::InTheFuture => format!("{at}: `{given}` is later than `now`"),
            ProblemSort::BeforeRuleSet => {
                format!("{at}: `{given}` is before the day on which the rule set was judged")
            }
            ProblemSort::Twice => format!("{at}: `{given}` is reported twice"),
            ProblemSort::Contradiction => {
                format!("{at}: this of `{given}` cannot be, together with what else is reported")
            }
        }
    }
}
