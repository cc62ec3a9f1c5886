//! What a rule is. Each has a module of its own beside this one, and a page in `pages/`.

use crate::diagnostic::Level;
use crate::rules::outcome::{BackupCase, ElementCase, FunctionCase, Outcomes, PairCase};

/// The component of a credible backup that a rule belongs to: the source's nine, its invariants,
/// and what is said of the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Component {
    FunctionMap,
    SinglePoints,
    Backup,
    Coverage,
    Activation,
    Independence,
    Maintenance,
    Access,
    Readiness,
    Invariants,
    /// Acceptances, costs and what is no backup at all.
    Governance,
    /// The text: names, kinds, dimensions, form.
    Language,
}

impl Component {
    /// Every component, in the order in which reports show them.
    pub const ALL: [Component; 12] = [
        Component::FunctionMap,
        Component::SinglePoints,
        Component::Backup,
        Component::Coverage,
        Component::Activation,
        Component::Independence,
        Component::Maintenance,
        Component::Access,
        Component::Readiness,
        Component::Invariants,
        Component::Governance,
        Component::Language,
    ];

    /// The component's name.
    pub fn title(self) -> &'static str {
        match self {
            Component::FunctionMap => "Critical Function Map",
            Component::SinglePoints => "Single Point of Failure Assessment",
            Component::Backup => "Backup Component",
            Component::Coverage => "Capacity Coverage Requirement",
            Component::Activation => "Activation Rule",
            Component::Independence => "Independence Check",
            Component::Maintenance => "Maintenance Test",
            Component::Access => "Access and Authority Plan",
            Component::Readiness => "Synchronization or Readiness State",
            Component::Invariants => "Invariants",
            Component::Governance => "Acceptance and Cost",
            Component::Language => "Language",
        }
    }
}

/// Judges a function.
pub type FunctionCheck = fn(&FunctionCase<'_>, &mut Outcomes<'_>);
/// Judges a backup by itself.
pub type BackupCheck = fn(&BackupCase<'_>, &mut Outcomes<'_>);
/// Judges a backup for one function.
pub type PairCheck = fn(&PairCase<'_>, &mut Outcomes<'_>);
/// Judges an element.
pub type ElementCheck = fn(&ElementCase<'_>, &mut Outcomes<'_>);

/// What a rule is held against, and the check itself.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// The text; reported where it is read.
    Text,
    /// Each function with its analysis.
    Function(FunctionCheck),
    /// Each backup by itself.
    Backup(BackupCheck),
    /// Each backup with each function that it protects.
    Pair(PairCheck),
    /// Each backup, with the duties of those who work it: any file may add to these.
    Duty(BackupCheck),
    /// Each element.
    Element(ElementCheck),
    /// Each element that no other declaration names.
    Unused(ElementCheck),
    /// What policies say; judged where they are applied.
    Policy,
    /// Each acceptance; held against the outcomes of all other rules.
    Acceptance,
}

/// A rule: what it is called, how grave a breach is, its check and its page.
#[derive(Debug)]
pub struct Rule {
    /// Its name, as in `rbp explain shared-dependency`.
    pub slug: &'static str,
    /// The level of a breach unless settings say otherwise.
    pub level: Level,
    /// The component it belongs to.
    pub component: Component,
    /// What a breach is, in one line.
    pub summary: &'static str,
    /// What it is held against.
    pub check: Check,
    /// Its page in Markdown: why, a wrong example, a cured one.
    pub page: &'static str,
}

// A rule is itself and no other, wherever it is compared.
impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        self.slug == other.slug
    }
}
impl Eq for Rule {}
