//! A rule set with its look-ups: what back ends ask again and again, worked out once.

use std::collections::{BTreeMap, HashMap, HashSet};

use rbp_ruleset::{
    Acceptance, Backup, Condition, Element, Function, Loss, Objective, Obligation, RuleSet, Signal,
    Verdict, objective,
};

use crate::words;

/// A rule set, indexed.
pub(crate) struct View<'a> {
    pub rules: &'a RuleSet,
    elements: HashMap<&'a str, &'a Element>,
    backups: HashMap<&'a str, &'a Backup>,
    functions: HashMap<&'a str, &'a Function>,
    signals: HashMap<&'a str, &'a Signal>,
    titles: HashMap<&'a str, &'a str>,
    /// How many ids end in a name.
    named: HashMap<&'a str, usize>,
    protectors: BTreeMap<&'a str, Vec<&'a Backup>>,
    obligations: HashMap<&'a str, Vec<&'a Obligation>>,
}

impl<'a> View<'a> {
    /// Costs about what the rule set's size is.
    pub fn new(rules: &'a RuleSet) -> View<'a> {
        let mut view = View {
            rules,
            elements: rules.elements.iter().map(|e| (e.id.as_str(), e)).collect(),
            backups: rules.backups.iter().map(|b| (b.id.as_str(), b)).collect(),
            functions: rules.functions.iter().map(|f| (f.id.as_str(), f)).collect(),
            signals: rules.signals.iter().map(|s| (s.id.as_str(), s)).collect(),
            titles: HashMap::new(),
            named: HashMap::new(),
            protectors: BTreeMap::new(),
            obligations: HashMap::new(),
        };
        let elements = rules.elements.iter().map(|e| (e.id.as_str(), e.title.as_str()));
        let functions = rules.functions.iter().map(|f| (f.id.as_str(), f.title.as_str()));
        let signals = rules.signals.iter().map(|s| (s.id.as_str(), s.title.as_str()));
        for (id, title) in elements.chain(functions).chain(signals) {
            *view.named.entry(last(id)).or_default() += 1;
            view.titles.insert(id, title);
        }
        for backup in &rules.backups {
            for function in &backup.protects {
                view.protectors.entry(function).or_default().push(backup);
            }
        }
        for obligation in &rules.obligations {
            for function in &obligation.functions {
                view.obligations.entry(function).or_default().push(obligation);
            }
        }
        view
    }

    /// `Drills of payroll`. A policy without `rbp.toml` has no name.
    pub fn of_package(&self, what: &str) -> String {
        match self.rules.package.name.as_str() {
            "" => what.to_owned(),
            package => format!("{what} of {package}"),
        }
    }

    /// What an element, function or signal is called: its name where no other has the same, else
    /// its id.
    pub fn name<'b>(&self, id: &'b str) -> &'b str {
        let name = last(id);
        if self.named.get(name).is_some_and(|count| *count > 1) { id } else { name }
    }

    /// The title that an author gave, where it says more than the name.
    pub fn title(&self, id: &str) -> Option<&'a str> {
        self.titles.get(id).copied().filter(|title| *title != last(id) && !title.is_empty())
    }

    /// Title and name: "City grid (city-grid)"; the name alone where there is no title.
    pub fn called(&self, id: &str) -> String {
        match self.title(id) {
            Some(title) => format!("{title} ({})", self.name(id)),
            None => self.name(id).to_owned(),
        }
    }

    /// Names, with commas.
    pub fn names(&self, ids: &[String]) -> String {
        ids.iter().map(|id| self.name(id)).collect::<Vec<_>>().join(", ")
    }

    /// Whether an element, function or signal has that id.
    pub fn is_there(&self, id: &str) -> bool {
        self.titles.contains_key(id)
    }

    /// What the package as a whole owes, and no function is owed.
    pub fn of_whole(&self) -> impl Iterator<Item = &'a Obligation> {
        self.rules.obligations.iter().filter(|o| o.functions.is_empty())
    }

    /// The element of that id.
    pub fn element(&self, id: &str) -> Option<&'a Element> {
        self.elements.get(id).copied()
    }

    /// The function of that id.
    pub fn function(&self, id: &str) -> Option<&'a Function> {
        self.functions.get(id).copied()
    }

    /// The signal of that id.
    pub fn signal(&self, id: &str) -> Option<&'a Signal> {
        self.signals.get(id).copied()
    }

    /// The backup of that id.
    pub fn backup(&self, id: &str) -> Option<&'a Backup> {
        self.backups.get(id).copied()
    }

    /// Who answers for a backup.
    pub fn owner(&self, id: &str) -> Option<&'a str> {
        self.element(id).and_then(|e| e.owner.as_deref())
    }

    /// The backups that are kept for a function.
    pub fn protectors(&self, function: &str) -> &[&'a Backup] {
        self.protectors.get(function).map_or(&[], Vec::as_slice)
    }

    /// The single losses after which a function calls on a backup.
    pub fn calls<'b>(&self, f: &'b Function, backup: &str) -> Vec<&'b Loss> {
        let called = f.restorations.iter().filter(|r| r.by.iter().any(|by| by == backup));
        called.flat_map(|r| &r.after).collect()
    }

    /// How old the data of a copy may be, in milliseconds: by the tightest objective for the single losses
    /// that call on it; where none does, the widest that is stated.
    pub fn rpo(&self, f: &Function, backup: &str) -> Option<u64> {
        let calls = self.calls(f, backup);
        if calls.is_empty() {
            return f.rpo.iter().map(|o| o.within_ms).max();
        }
        calls.iter().filter_map(|loss| self.objective(&f.rpo, loss)).min()
    }

    /// Which of a function's objectives, its RTO or its RPO, holds for a loss: the one for that sort of loss before
    /// the general one. In milliseconds.
    pub fn objective(&self, all: &[Objective], loss: &Loss) -> Option<u64> {
        let lost = self.element(&loss.element);
        let is = |kind: &str| lost.is_some_and(|e| e.kinds.iter().any(|own| own == kind));
        objective(all, loss.sort, is)
    }

    /// How far a copy may be behind by what it promises, with whatever it is a copy of, in
    /// milliseconds; `None` where that is not stated.
    pub fn behind(&self, backup: &Backup) -> Option<u64> {
        let (mut sum, mut copy, mut met) = (0u64, backup, HashSet::new());
        while met.insert(&copy.id) {
            let element = self.element(&copy.id)?;
            let own = element.lag_ms?.saturating_add(element.delayed_ms.unwrap_or(0));
            sum = sum.saturating_add(own);
            match copy.primary.as_deref().and_then(|primary| self.backup(primary)) {
                Some(next) => copy = next,
                None => break,
            }
        }
        Some(sum)
    }

    /// What was accepted, in words.
    pub fn accepted(&self, a: &Acceptance) -> String {
        if !a.losses.is_empty() {
            return words::losses(self, &a.losses);
        }
        let what = a.policy.as_deref().or(a.rule.as_deref()).unwrap_or("a finding");
        if a.on.is_empty() { what.to_owned() } else { format!("{what} on {}", self.names(&a.on)) }
    }

    /// What is owed to a function.
    pub fn obligations(&self, function: &str) -> &[&'a Obligation] {
        self.obligations.get(function).map_or(&[], Vec::as_slice)
    }

    /// How many obligations of a function ended so.
    pub fn ended(&self, function: &Function, verdict: Verdict) -> usize {
        self.obligations(&function.id).iter().filter(|o| o.verdict == verdict).count()
    }
}

fn last(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

/// The signals of a condition.
pub(crate) fn signals_of<'a>(condition: &'a Condition, into: &mut Vec<&'a str>) {
    match condition {
        Condition::Signal(id) => into.push(id),
        Condition::Not(of) => signals_of(of, into),
        Condition::AtLeast { of, .. } => of.iter().for_each(|one| signals_of(one, into)),
    }
}
