//! Whether a backup falls with its primary.

pub mod corruption_propagates;
mod defeat;
pub mod not_diverse;
pub mod not_independent;
pub mod recovery_loop;
pub mod shared_activation_path;
pub mod shared_credential;
pub mod shared_dependency;
pub mod single_controller;
pub mod unproved_place;

use crate::rules::Rule;

/// The rules of this family.
pub(super) const RULES: &[&Rule] = &[
    &shared_dependency::RULE,
    &shared_credential::RULE,
    &shared_activation_path::RULE,
    &recovery_loop::RULE,
    &corruption_propagates::RULE,
    &single_controller::RULE,
    &not_diverse::RULE,
    &not_independent::RULE,
    &unproved_place::RULE,
];
