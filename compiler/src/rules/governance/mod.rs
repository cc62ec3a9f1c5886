//! What is accepted and what it costs.

pub mod capacity_reservation;
pub mod expired_acceptance;
pub mod fail_safe_default;
pub mod idle_policy;
pub mod policy_advice;
pub mod policy_breach;
pub mod robustness_margin;
pub mod stale_acceptance;
pub mod unowned_acceptance;

use crate::accepted::Named;
use crate::db::Day;
use crate::diagnostic::Diagnostic;
use crate::model::Acceptance;
use crate::rules::Rule;

/// The rules of this family.
pub(super) const RULES: &[&Rule] = &[
    &expired_acceptance::RULE,
    &stale_acceptance::RULE,
    &unowned_acceptance::RULE,
    &policy_breach::RULE,
    &policy_advice::RULE,
    &idle_policy::RULE,
    &capacity_reservation::RULE,
    &robustness_margin::RULE,
    &fail_safe_default::RULE,
];

/// What is wrong with an acceptance, by what it names of all that was found.
pub(crate) fn acceptance_findings(
    acceptance: &Acceptance,
    named: &Named,
    as_of: Day,
) -> Vec<Diagnostic> {
    let found = [
        unowned_acceptance::finding(acceptance),
        expired_acceptance::finding(acceptance, as_of),
        stale_acceptance::finding(acceptance, named),
    ];
    found.into_iter().flatten().collect()
}
