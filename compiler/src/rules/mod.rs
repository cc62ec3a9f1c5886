//! The rules: one module each, holding its name, its level, its check and its messages.

mod definition;

pub mod language;

pub use definition::{Component, Rule};

/// Declares a module's `RULE`, with its page from `pages/`.
macro_rules! rule {
    ($slug:literal, $level:ident, $component:ident, $summary:literal) => {
        /// The rule.
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            slug: $slug,
            level: $crate::diagnostic::Level::$level,
            component: $crate::rules::Component::$component,
            summary: $summary,
            page: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules/pages/", $slug, ".md")),
        };
    };
}
use rule;

/// Every rule, in the order of their components.
pub const ALL: &[&Rule] = language::RULES;

/// The rule of that name.
pub fn find(slug: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.slug == slug)
}
