//! What an acceptance names of all that is found, and where it names nothing, what its author may have meant.

use rbp_grammar::ast::LossSort;
use rustc_hash::FxHashSet;

use crate::db::{Db, SourceFile, Workspace, file};
use crate::diagnostic::Anchor;
use crate::model::{Acceptance, element_from};
use crate::names::{ItemId, Written, namers, written_in};
use crate::owed::outcomes;
use crate::rules::{Outcome, Verdict};

/// Whether an acceptance names an outcome. It never names more than it says.
pub(crate) fn accepts(acceptance: &Acceptance, outcome: &Outcome) -> bool {
    if !concerns(acceptance, outcome) {
        return false;
    }
    match acceptance.finding() {
        Some((_, on)) => {
            let lost = |(_, lost): &(LossSort, ItemId)| on.contains(lost);
            let about = on.contains(&outcome.subject)
                || !outcome.losses.is_empty() && outcome.losses.iter().all(lost);
            is_of_rule(acceptance, outcome) && about
        }
        None => {
            let losses = acceptance.losses();
            !outcome.losses.is_empty() && outcome.losses.iter().all(|loss| losses.contains(loss))
        }
    }
}

/// Whether it is owed to one of the functions that an acceptance is for.
fn concerns(acceptance: &Acceptance, outcome: &Outcome) -> bool {
    let functions = acceptance.functions();
    functions.is_empty() || outcome.functions.iter().any(|f| functions.contains(f))
}

/// Whether an acceptance names the rule or the policy of an outcome.
fn is_of_rule(acceptance: &Acceptance, outcome: &Outcome) -> bool {
    match acceptance.policy() {
        Some(policy) => outcome.policy == Some(policy),
        None => acceptance.finding().is_some_and(|(slug, _)| slug.text == outcome.rule.slug),
    }
}

/// What an acceptance names of all that is refuted, anywhere.
pub(crate) enum Named {
    Something,
    Nothing,
    /// Nothing; what comes nearest.
    Near(Box<Near>),
}

/// A finding of the rule that an acceptance names, on something else than it names.
pub(crate) struct Near {
    /// It is not refuted: what it rests on is not stated.
    pub unknown: bool,
    /// Its subject, as the author of the acceptance writes it.
    pub subject: Written,
    /// What is lost where it is so, likewise.
    pub losses: Vec<Written>,
    /// Where it is shown.
    pub at: Option<Anchor>,
}

/// What an acceptance names, in the light of all that was read: `lost` says whether an import was not.
pub(crate) fn named(db: &dyn Db, acceptance: &Acceptance, lost: bool) -> Named {
    let functions = acceptance.functions();
    let on = acceptance.finding().map(|(_, on)| on).unwrap_or_default();
    // What is owed to a function is owed by what can name it.
    let mut places: Vec<SourceFile> =
        functions.iter().chain(&on).filter_map(|id| file(db, id.file)).collect();
    for function in functions.iter().filter_map(|id| file(db, id.file)) {
        places.extend(namers(db, function));
    }
    if functions.is_empty() {
        places.extend(Workspace::get(db).files(db).iter().flatten());
    }
    let (mut met, mut near) = (FxHashSet::default(), Nearest::default());
    for at in places.into_iter().filter(|at| met.insert(*at)) {
        for outcome in outcomes(db, at, lost).iter() {
            if outcome.verdict == Verdict::Refuted && accepts(acceptance, outcome) {
                return Named::Something;
            }
            if let Some(distance) = distance(db, at, acceptance, outcome) {
                near.take(distance, at, outcome);
            }
        }
    }
    near.told()
        .and_then(|(at, outcome)| told(db, acceptance, at, &outcome))
        .unwrap_or(Named::Nothing)
}

/// How far a finding is from what an acceptance names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    /// It is what is named, and unknown.
    Unknown,
    /// Some of what is lost is named, or what the backup stands in for.
    Part,
    /// What is named is shown where it is told.
    Shown,
    /// A function that it is owed to is named.
    Owed,
    /// It is found in the same file.
    File,
}

/// How far an outcome is from what an acceptance names; `None` where they have nothing to do with each other.
fn distance(
    db: &dyn Db,
    at: SourceFile,
    acceptance: &Acceptance,
    outcome: &Outcome,
) -> Option<Distance> {
    let open = matches!(outcome.verdict, Verdict::Refuted | Verdict::Unknown);
    if !open || !is_of_rule(acceptance, outcome) || !concerns(acceptance, outcome) {
        return None;
    }
    let (_, on) = acceptance.finding()?;
    let primary = || element_from(db, at, outcome.subject)?.primary().map(|primary| primary.id);
    let shown = || {
        let finding = outcome.finding.iter();
        let mut labels = finding.flat_map(|f| std::iter::once(&f.primary).chain(&f.related));
        labels.any(|label| on.contains(&ItemId { file: label.at.file, item: label.at.item }))
    };
    if accepts(acceptance, outcome) {
        Some(Distance::Unknown)
    } else if outcome.losses.iter().any(|(_, lost)| on.contains(lost))
        || primary().is_some_and(|primary| on.contains(&primary))
    {
        Some(Distance::Part)
    } else if shown() {
        Some(Distance::Shown)
    } else if outcome.functions.iter().any(|function| on.contains(function)) {
        Some(Distance::Owed)
    } else {
        let beside =
            outcome.verdict == Verdict::Refuted && on.iter().any(|id| id.file == at.id(db));
        beside.then_some(Distance::File)
    }
}

/// The first of those that come nearest, what is refuted before what is unknown.
#[derive(Default)]
struct Nearest {
    found: Option<((Distance, bool), SourceFile, Outcome)>,
    /// What is merely in the same file is about several subjects.
    several: bool,
}

impl Nearest {
    fn take(&mut self, distance: Distance, at: SourceFile, outcome: &Outcome) {
        let key = (distance, outcome.verdict == Verdict::Unknown);
        let found = self.found.as_ref();
        self.several |= found.is_some_and(|(_, _, found)| found.subject != outcome.subject);
        if found.is_none_or(|(found, ..)| key < *found) {
            self.found = Some((key, at, outcome.clone()));
        }
    }

    /// What is merely in the same file is near only where all of that is about one subject.
    fn told(self) -> Option<(SourceFile, Outcome)> {
        let ((distance, _), at, outcome) = self.found?;
        (distance != Distance::File || !self.several).then_some((at, outcome))
    }
}

/// What to tell of it.
fn told(db: &dyn Db, acceptance: &Acceptance, at: SourceFile, outcome: &Outcome) -> Option<Named> {
    let here = file(db, acceptance.id.file)?;
    let name = |id: ItemId| Some(written_in(db, here, id, element_from(db, at, id)?.name()));
    let losses = outcome.losses.iter().filter_map(|(_, lost)| name(*lost)).collect();
    Some(Named::Near(Box::new(Near {
        unknown: outcome.verdict == Verdict::Unknown,
        subject: name(outcome.subject)?,
        losses,
        at: outcome.finding.as_ref().map(|finding| finding.primary.at),
    })))
}
