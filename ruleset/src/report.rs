//! What the checker looked at and what it found.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Loss, LossSort, RuleSet};

/// Something that is wrong with a rule set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The rule; `document` where the document itself does not hold together, `certificate` where a way is wrong.
    pub rule: String,
    /// The entry that it is about.
    pub subject: Option<String>,
    /// The functions concerned.
    pub functions: Vec<String>,
    /// What is wrong.
    pub message: String,
}

/// The outcome of checking a rule set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The package.
    pub package: String,
    /// The day on which the rule set was built.
    pub built: String,
    /// The day on which it is judged.
    pub as_of: String,
    /// How many functions it is about.
    pub functions: usize,
    /// In how many ways they are served.
    pub ways: usize,
    /// How many single losses were held against the ways, function by function.
    pub losses: usize,
    /// How many obligations were established anew.
    pub established: usize,
    /// How many are accepted, by acceptances that name them and have not ended.
    pub accepted: usize,
    /// How many warnings and hints are open; they keep no rule set from being verified.
    pub advice: usize,
    /// Per rule how many obligations are taken on the compiler's word, and why.
    pub attested: BTreeMap<String, Attested>,
    /// What is of other packages, and judged in their rule sets.
    pub elsewhere: Vec<String>,
    /// What is wrong; nothing where the rule set is verified.
    pub findings: Vec<Finding>,
}

/// Obligations that the document does not suffice for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Attested {
    /// How many.
    pub count: usize,
    /// Why.
    pub because: String,
}

impl Report {
    pub(crate) fn new(rules: &RuleSet, as_of: &str) -> Report {
        Report {
            package: rules.package.name.clone(),
            built: rules.as_of.clone(),
            as_of: as_of.to_owned(),
            functions: rules.functions.iter().filter(|f| f.package.is_none()).count(),
            ways: 0,
            losses: 0,
            established: 0,
            accepted: 0,
            advice: 0,
            attested: BTreeMap::new(),
            elsewhere: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn fault(&mut self, message: impl Into<String>) {
        let (rule, message) = ("document".to_owned(), message.into());
        self.findings.push(Finding { rule, subject: None, functions: Vec::new(), message });
    }

    pub(crate) fn finding(
        &mut self,
        rule: &str,
        of: &str,
        functions: &[&str],
        why: impl Into<String>,
    ) {
        let functions = functions.iter().map(|f| (*f).to_owned()).collect();
        let (rule, why) = (rule.to_owned(), why.into());
        let (subject, message) = match of {
            "" => (None, format!("of the package as a whole: {why}")),
            of => (Some(of.to_owned()), why),
        };
        self.findings.push(Finding { rule, subject, functions, message });
    }

    pub(crate) fn attest(&mut self, rule: &str, because: &str) {
        let attested = self.attested.entry(rule.to_owned()).or_default();
        attested.count += 1;
        attested.because = because.to_owned();
    }
}

/// After which losses something is so, in words; nothing where no loss shows it.
pub(crate) fn after_words(losses: &[Loss]) -> String {
    let losses: Vec<String> = losses.iter().map(loss_words).collect();
    if losses.is_empty() { String::new() } else { format!(" after {}", losses.join(" and ")) }
}

/// A loss in words.
pub(crate) fn loss_words(loss: &Loss) -> String {
    match loss.sort {
        LossSort::Lost => format!("losing `{}`", loss.element),
        LossSort::Corrupted => format!("corruption of `{}`", loss.element),
        LossSort::Compromised => format!("a compromise of `{}`", loss.element),
    }
}
