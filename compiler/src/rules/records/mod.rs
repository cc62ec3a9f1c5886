//! Whether files of test records can be read, and are about tests that are declared.

pub mod bad_record;
pub mod future_record;
pub mod missing_evidence;
pub mod unmatched_record;
pub mod unreadable_evidence;
pub mod weak_record;

use crate::rules::Rule;

/// The rules of this family.
pub(super) const RULES: &[&Rule] = &[
    &missing_evidence::RULE,
    &unreadable_evidence::RULE,
    &bad_record::RULE,
    &future_record::RULE,
    &unmatched_record::RULE,
    &weak_record::RULE,
];
