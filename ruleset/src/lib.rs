//! The verified rule set: what the compiler proved, as one versioned JSON document that stands alone.
//!
//! Knows nothing of the language or the compiler. Durations are whole milliseconds, days are
//! `2026-10-01`, other quantities are exact fractions of base units with the author's own words
//! beside them. Every list is sorted, so equal policies give equal bytes.

mod after;
mod certify;
pub mod decide;
mod digest;
mod document;
mod logic;
mod parts;
mod report;
#[cfg(test)]
mod schema;
pub mod verify;

pub use after::after;
pub use certify::certify;
pub use digest::{digest, is_unaltered};
pub use logic::times::objective;

pub use document::{
    Acceptance, Certificate, Dependency, Element, Function, Obligation, Package, RuleSet, Signal,
    Verdict,
};
pub use parts::{
    Activation, Amount, Authority, Backup, Condition, Exercise, FailSafe, Fence, HandBack, Lending,
    Load, Loss, LossSort, Need, NeedSort, Objective, Reach, Restoration, Stock, Test, TestResult,
    TimeBudget, TimeStep, Tolerance,
};

/// The version of the document that this crate writes and reads.
pub const VERSION: u32 = 1;

/// The document as text that ends with a line break.
///
/// # Errors
///
/// None in practice: every part of a rule set can be written.
pub fn write(rules: &RuleSet) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(rules)? + "\n")
}

/// Reads a document.
///
/// # Errors
///
/// When the text is no JSON, lacks a field, has one that is not known, or is of another version.
pub fn read(text: &str) -> Result<RuleSet, serde_json::Error> {
    let rules: RuleSet = serde_json::from_str(text)?;
    if rules.version == VERSION {
        return Ok(rules);
    }
    let message =
        format!("rule set of version {}; this program reads version {VERSION}", rules.version);
    Err(serde::de::Error::custom(message))
}
