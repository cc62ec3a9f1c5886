//! In which state a backup is kept, what that state obliges to, and how fresh a copy is.

pub mod data_loss_exceeds_rpo;
pub mod incomplete_readiness;
pub mod missing_freshness;
pub mod missing_hand_back;
pub mod missing_readiness;
pub mod readiness_inconsistent;
pub mod split_control;
pub mod unproved_readiness;

use crate::rules::Rule;

/// The rules of this family.
pub(super) const RULES: &[&Rule] = &[
    &missing_readiness::RULE,
    &readiness_inconsistent::RULE,
    &incomplete_readiness::RULE,
    &unproved_readiness::RULE,
    &missing_freshness::RULE,
    &data_loss_exceeds_rpo::RULE,
    &split_control::RULE,
    &missing_hand_back::RULE,
];
