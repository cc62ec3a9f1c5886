//! `policy-advice`: The same of a policy whose severity is `warning`.

use crate::rules::{Check, rule};

rule!(
    "policy-advice",
    Warning,
    Governance,
    "A rule of an applied policy of the severity `warning` is broken, or cannot be judged.",
    Check::Policy
);
