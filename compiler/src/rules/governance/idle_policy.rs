//! `idle-policy`: A policy that never judges anything.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::{Check, rule};

rule!("idle-policy", Warning, Governance, "A policy never judges anything.", Check::Policy);

/// An applied policy that concerns nothing of the package.
pub(crate) fn unmatched(at: Anchor, name: &str) -> Diagnostic {
    let message =
        format!("the policy `{name}` is applied here, and nothing is of the sort that it judges");
    Diagnostic::new(&RULE, at, message)
        .note("a rule that concerns nothing is always kept")
        .help("apply what concerns the package, or declare what the policy is about")
}

/// A policy without a rule.
pub fn without_rules(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{name}` requires nothing"))
        .help("say what it requires: `require … else \"…\"`")
}

/// A module without a policy.
pub fn empty_pack(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("the module `{name}` holds no policy"))
        .help("name a policy, or a module that holds some")
}
