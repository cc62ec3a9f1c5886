//! What must continue, and which losses end it: the critical function map and the assessment of single
//! points of failure.

pub mod circular_start_up;
pub mod cut_set_within_tolerance;
pub mod function_without_dependency;
pub mod function_without_owner;
pub mod function_without_rto;
pub mod orphan_backup;
pub mod orphan_dependency;
pub mod single_point_of_failure;

use crate::rules::Rule;

/// The rules of this family.
pub(super) const RULES: &[&Rule] = &[
    &function_without_dependency::RULE,
    &function_without_rto::RULE,
    &function_without_owner::RULE,
    &orphan_backup::RULE,
    &orphan_dependency::RULE,
    &single_point_of_failure::RULE,
    &cut_set_within_tolerance::RULE,
    &circular_start_up::RULE,
];
