//! What a change does: to every obligation, to what ends each function, to how long backups take, and to what is
//! promised and stated.

mod lost;
mod owed;
mod stated;
mod times;
mod write;

use std::collections::BTreeSet;

use rbp_ruleset::{Acceptance, RuleSet};

use crate::view::View;

/// The difference of two rule sets.
#[derive(Debug)]
pub struct Diff {
    /// Whether each is verified.
    verified: (bool, bool),
    /// The days on which they were judged.
    as_of: (String, String),
    /// The package as a whole, then functions, backups, other elements and signals, each by id.
    parts: Vec<Part>,
    /// Acceptances that came or went, in words.
    acceptances: Vec<String>,
}

/// What changed of one thing.
#[derive(Debug)]
struct Part {
    of: Of,
    /// Its id; nothing for the package.
    id: String,
    name: String,
    whole: Option<Whole>,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Package,
    Function,
    Backup,
    Dependency,
    Signal,
}

/// It came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    New,
    Gone,
}

/// One thing that changed.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    sort: Sort,
    about: About,
    words: String,
}

/// How it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Worse,
    Better,
    Other,
}

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Sort::Worse => "worse",
            Sort::Better => "better",
            Sort::Other => "changed",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Obligation,
    CutSet,
    Time,
    /// What a function promises.
    Objective,
    /// What is there against a loss: backups, fail safes, fences, tests.
    Protection,
    /// Anything else that is stated.
    Statement,
}

impl About {
    fn word(self) -> &'static str {
        match self {
            About::Obligation => "obligation",
            About::CutSet => "cut-set",
            About::Time => "time",
            About::Objective => "objective",
            About::Protection => "protection",
            About::Statement => "statement",
        }
    }
}

impl Diff {
    /// Whether something that held no longer does, something new ends a function, something takes longer, or
    /// protection was taken away.
    pub fn is_worse(&self) -> bool {
        let lines = self.parts.iter().flat_map(|part| &part.lines);
        self.verified == (true, false) || lines.into_iter().any(|line| line.sort == Sort::Worse)
    }
}

/// Compares two rule sets. About linear in both.
pub fn diff(old: &RuleSet, new: &RuleSet) -> Diff {
    let (old, new) = (&View::new(old), &View::new(new));
    let both = |ids: &dyn for<'a> Fn(&View<'a>) -> Vec<&'a str>| -> BTreeSet<String> {
        ids(old).into_iter().chain(ids(new)).map(str::to_owned).collect()
    };
    let functions = both(&|view| view.rules.functions.iter().map(|f| f.id.as_str()).collect());
    let elements = both(&|view| view.rules.elements.iter().map(|e| e.id.as_str()).collect());
    let signals = both(&|view| view.rules.signals.iter().map(|s| s.id.as_str()).collect());
    let is_backup = |id: &&String| old.backup(id).or(new.backup(id)).is_some();
    let (backups, others): (Vec<&String>, Vec<_>) = elements.iter().partition(is_backup);
    let parts = [package(old, new)].into_iter();
    let parts = parts.chain(functions.iter().map(|id| function(old, new, id)));
    let parts = parts.chain(backups.into_iter().map(|id| backup(old, new, id)));
    let parts = parts.chain(others.into_iter().map(|id| dependency(old, new, id)));
    let parts = parts.chain(signals.iter().map(|id| signal(old, new, id)));
    let mut parts: Vec<Part> =
        parts.filter(|part| part.whole.is_some() || !part.lines.is_empty()).collect();
    parts.iter_mut().for_each(|part| part.lines.sort());
    Diff {
        verified: (old.rules.verified, new.rules.verified),
        as_of: (old.rules.as_of.clone(), new.rules.as_of.clone()),
        parts,
        acceptances: acceptances(old, new),
    }
}

/// Something that is in at least one of the two.
fn part(old: &View<'_>, new: &View<'_>, of: Of, id: &str, lines: Vec<Line>) -> Part {
    let whole = match (old.is_there(id), new.is_there(id)) {
        (false, true) => Some(Whole::New),
        (true, false) => Some(Whole::Gone),
        _ => None,
    };
    let view = if whole == Some(Whole::Gone) { old } else { new };
    Part { of, id: id.to_owned(), name: view.called(id), whole, lines }
}

fn package(old: &View<'_>, new: &View<'_>) -> Part {
    let name = "The package as a whole".to_owned();
    let mut lines = owed::by_package(old, new);
    lines.extend(owed::by_policies(old, new));
    Part { of: Of::Package, id: String::new(), name, whole: None, lines }
}

fn function(old: &View<'_>, new: &View<'_>, id: &str) -> Part {
    let mut lines = Vec::new();
    if new.function(id).is_some() {
        lines.extend(owed::to_function(old, new, id));
        lines.extend(lost::cut_sets(old, new, id));
    } else {
        let words = "it is no longer in the rule set, so nothing is owed to it".to_owned();
        lines.push(Line { sort: Sort::Worse, about: About::Objective, words });
    }
    if let (Some(before), Some(after)) = (old.function(id), new.function(id)) {
        lines.extend(times::times(new, before, after));
        lines.extend(stated::function((old, before), (new, after)));
    }
    part(old, new, Of::Function, id, lines)
}

fn backup(old: &View<'_>, new: &View<'_>, id: &str) -> Part {
    let mut lines = owed::with_backup(old, new, id);
    if let (Some(before), Some(after)) = (old.backup(id), new.backup(id)) {
        lines.extend(stated::backup((old, before), (new, after)));
    }
    lines.extend(element(old, new, id));
    part(old, new, Of::Backup, id, lines)
}

fn dependency(old: &View<'_>, new: &View<'_>, id: &str) -> Part {
    part(old, new, Of::Dependency, id, element(old, new, id))
}

fn element(old: &View<'_>, new: &View<'_>, id: &str) -> Vec<Line> {
    let both = old.element(id).zip(new.element(id));
    both.map_or_else(Vec::new, |(before, after)| stated::element((old, before), (new, after)))
}

fn signal(old: &View<'_>, new: &View<'_>, id: &str) -> Part {
    let both = old.signal(id).zip(new.signal(id));
    let lines =
        both.map_or_else(Vec::new, |(before, after)| stated::signal((old, before), (new, after)));
    part(old, new, Of::Signal, id, lines)
}

fn acceptances(old: &View<'_>, new: &View<'_>) -> Vec<String> {
    let words = |view: &View<'_>, a: &Acceptance| {
        format!("{}, by {} until {}: {}", view.accepted(a), a.by, a.until, a.because)
    };
    let all = |view: &View<'_>| -> BTreeSet<String> {
        view.rules.acceptances.iter().map(|a| words(view, a)).collect()
    };
    let (before, after) = (all(old), all(new));
    let came = after.difference(&before).map(|a| format!("accepted: {a}"));
    let went = before.difference(&after).map(|a| format!("no longer accepted: {a}"));
    came.chain(went).collect()
}
