//! Whether a backup is put to work: seen, decided, opened and reached, in time.

pub mod authority_without_access;
pub mod decision_too_slow;
mod longer;
pub mod missing_access;
pub mod missing_activation;
pub mod no_authority;
pub mod repeated_authority;
pub mod restoration_exceeds_rto;
pub mod self_approval;
pub mod shared_approver;
pub mod single_approver;
pub mod unobservable_trigger;

use crate::rules::Rule;

/// The rules of this family.
pub(super) const RULES: &[&Rule] = &[
    &missing_activation::RULE,
    &unobservable_trigger::RULE,
    &no_authority::RULE,
    &repeated_authority::RULE,
    &decision_too_slow::RULE,
    &restoration_exceeds_rto::RULE,
    &missing_access::RULE,
    &authority_without_access::RULE,
    &single_approver::RULE,
    &self_approval::RULE,
    &shared_approver::RULE,
];
