//! What a backup must not damage while it preserves a function: protection, accountability,
//! fairness, one control at a time, safety.

pub mod conflicting_control;
mod duties;
pub mod overloaded_deputy;
pub mod unaudited_access;
pub mod uncompensated_duty;
pub mod unsafe_continuation;
pub mod weaker_protection;

use crate::model::Element;
use crate::rules::Rule;

/// Classifications of data that anybody may see.
pub(super) const OPEN: [&str; 3] = ["public", "open", "unclassified"];

/// Whether a backup holds a copy of what its primary holds. People who stand in hold none: what they
/// may see is a matter of their access.
fn holds_copy(backup: &Element, primary: &Element) -> bool {
    !backup.is("actor") || primary.is("actor")
}

/// The rules of this family.
pub(super) const RULES: &[&Rule] = &[
    &weaker_protection::RULE,
    &unaudited_access::RULE,
    &uncompensated_duty::RULE,
    &overloaded_deputy::RULE,
    &conflicting_control::RULE,
    &unsafe_continuation::RULE,
];
