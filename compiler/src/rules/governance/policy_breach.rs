//! `policy-breach`: A rule of an applied policy is broken, or cannot be judged.

use crate::rules::{Check, rule};

rule!(
    "policy-breach",
    Error,
    Governance,
    "A rule of an applied policy is broken, or cannot be judged.",
    Check::Policy
);
