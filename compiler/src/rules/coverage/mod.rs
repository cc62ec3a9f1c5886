//! Whether a backup carries enough, for long enough, well enough, and for all who call on it at once.

pub mod borrowed_reserve;
pub mod insufficient_duration;
pub mod insufficient_load;
pub mod insufficient_pool;
pub mod insufficient_quality;
pub mod over_budget;
pub mod overcommitted_backup;
pub mod ungoverned_loan;

use crate::rules::Rule;

/// The rules of this family.
pub(super) const RULES: &[&Rule] = &[
    &insufficient_load::RULE,
    &insufficient_duration::RULE,
    &insufficient_quality::RULE,
    &overcommitted_backup::RULE,
    &insufficient_pool::RULE,
    &borrowed_reserve::RULE,
    &ungoverned_loan::RULE,
    &over_budget::RULE,
];
