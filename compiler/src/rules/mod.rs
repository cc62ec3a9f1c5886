//! The rules: one module each, holding its name, its level, its check and its messages.

use std::sync::LazyLock;

mod definition;
mod outcome;

pub mod activation;
pub mod coverage;
pub mod governance;
pub mod independence;
pub mod invariants;
pub mod language;
pub mod maintenance;
pub mod map;
pub mod readiness;
pub mod records;

pub use definition::{BackupCheck, Check, Component, ElementCheck, FunctionCheck, PairCheck, Rule};
pub use outcome::{BackupCase, ElementCase, FunctionCase, Outcome, Outcomes, PairCase, Verdict};

/// Declares a module's `RULE`, with its page from `pages/`.
macro_rules! rule {
    ($slug:literal, $level:ident, Language, $summary:literal) => {
        rule!($slug, $level, Language, $summary, $crate::rules::Check::Text);
    };
    ($slug:literal, $level:ident, $component:ident, $summary:literal, $check:expr) => {
        /// The rule.
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            slug: $slug,
            level: $crate::diagnostic::Level::$level,
            component: $crate::rules::Component::$component,
            summary: $summary,
            check: $check,
            page: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/src/rules/pages/",
                $slug,
                ".md"
            )),
        };
    };
}
use rule;

/// The families of rules, in the order in which they are checked and listed.
const FAMILIES: &[&[&Rule]] = &[
    map::RULES,
    independence::RULES,
    coverage::RULES,
    activation::RULES,
    maintenance::RULES,
    records::RULES,
    readiness::RULES,
    invariants::RULES,
    governance::RULES,
    language::RULES,
];

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

/// The rules with their checks, by what they are held against.
#[derive(Default)]
pub(crate) struct Checks {
    /// Those of functions.
    pub functions: Vec<(&'static Rule, FunctionCheck)>,
    /// Those of backups.
    pub backups: Vec<(&'static Rule, BackupCheck)>,
    /// Those of backups with a function.
    pub pairs: Vec<(&'static Rule, PairCheck)>,
    /// Those of backups, about duties.
    pub duties: Vec<(&'static Rule, BackupCheck)>,
    /// Those of all elements.
    pub elements: Vec<(&'static Rule, ElementCheck)>,
    /// Those of elements that nothing names.
    pub unused: Vec<(&'static Rule, ElementCheck)>,
}

/// Every check, sorted out once.
pub(crate) fn checks() -> &'static Checks {
    static CHECKS: LazyLock<Checks> = LazyLock::new(|| {
        let mut checks = Checks::default();
        for rule in all() {
            match rule.check {
                Check::Function(check) => checks.functions.push((rule, check)),
                Check::Backup(check) => checks.backups.push((rule, check)),
                Check::Pair(check) => checks.pairs.push((rule, check)),
                Check::Duty(check) => checks.duties.push((rule, check)),
                Check::Element(check) => checks.elements.push((rule, check)),
                Check::Unused(check) => checks.unused.push((rule, check)),
                Check::Text | Check::Acceptance | Check::Policy => {}
            }
        }
        checks
    });
    &CHECKS
}

/// The rule of that name.
pub fn find(slug: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.slug == slug)
}
