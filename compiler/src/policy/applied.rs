//! Rules and elements brought together: what the policies that a package applies say of the elements of
//! one of its files.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::bench::Bench;
use super::eval::Judge;
use super::functions::Answers;
use crate::db::{Day, Db, Declaration, SourceFile, Workspace, file};
use crate::diagnostic::Diagnostic;
use crate::model::{Application, Element, Policy, element_from, elements_of, facts, policy};
use crate::names::{ItemId, imports_lost};
use crate::owed::owed_by;
use crate::rules::Outcome;
use crate::rules::governance::idle_policy;

/// What policies say of elements.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ruled {
    /// An outcome for each rule on each element that it concerns.
    pub outcomes: Arc<Vec<Outcome>>,
    /// The policies that concern something here, by their places in what the package applies.
    touched: Vec<usize>,
    /// Who names an element was asked by these: a policy by its place in what the package applies, judging an
    /// element by its number, or none.
    asked: Vec<(Option<u32>, usize)>,
}

#[salsa::tracked(returns(ref))]
fn applied_in(db: &dyn Db, at: SourceFile) -> Vec<Arc<Application>> {
    facts(db, at).applications.clone()
}

/// Every `apply` of the workspace, in the order of files and declarations.
#[salsa::tracked(returns(ref))]
fn applications(db: &dyn Db) -> Vec<Arc<Application>> {
    let files = Workspace::get(db).files(db).iter().flatten();
    let applying = files.filter(|at| at.outline(db).applies);
    applying.flat_map(|at| applied_in(db, *at).iter().cloned()).collect()
}

/// What a package applies: each policy with the `apply` that says so.
type Laws = Vec<(Arc<Application>, Arc<Policy>)>;

/// What every package applies, by its number.
#[salsa::tracked(returns(ref))]
fn all_laws(db: &dyn Db) -> FxHashMap<u32, Laws> {
    let mut all: FxHashMap<u32, Laws> = FxHashMap::default();
    for application in applications(db) {
        let Some(at) = file(db, application.id.file) else { continue };
        let policies = application.policies.iter().filter_map(|id| policy(db, *id));
        let laws = policies.map(|policy| (application.clone(), policy));
        all.entry(at.package(db)).or_default().extend(laws);
    }
    all
}

fn laws(db: &dyn Db, at: SourceFile) -> &[(Arc<Application>, Arc<Policy>)] {
    all_laws(db).get(&at.package(db)).map_or(&[], Vec::as_slice)
}

/// What the policies that the file's package applies say of its elements, in one piece or in many. Every import
/// is taken for read: one that breaks anywhere would otherwise have everything judged again. Where one could
/// not be read, the outcomes that need it are to be replaced by those of [`unsure`].
pub(crate) fn ruled(db: &dyn Db, at: SourceFile) -> Vec<&Arc<Ruled>> {
    let alone = |db, of| &owed_by(db, of).ruled;
    pieces(db, at, ruled_together, alone, ruled_at_large)
}

/// What is said in place of the outcomes that need every import to be read, where one could not be.
pub(crate) fn unsure(db: &dyn Db, at: SourceFile) -> Vec<&Arc<Ruled>> {
    pieces(db, at, unsure_together, unsure_alone, unsure_at_large)
}

fn pieces<'db>(
    db: &'db dyn Db,
    at: SourceFile,
    together: impl Fn(&'db dyn Db, SourceFile) -> &'db Arc<Ruled>,
    alone: impl Fn(&'db dyn Db, Declaration<'db>) -> &'db Arc<Ruled>,
    at_large: impl Fn(&'db dyn Db, SourceFile) -> &'db Arc<Ruled>,
) -> Vec<&'db Arc<Ruled>> {
    if laws(db, at).is_empty() {
        return Vec::new();
    }
    match at.open(db) {
        false => vec![together(db, at)],
        true => {
            let each = elements_of(db, at).iter().map(|of| alone(db, *of));
            each.chain([at_large(db, at)]).collect()
        }
    }
}

#[salsa::tracked(returns(ref))]
fn ruled_together(db: &dyn Db, at: SourceFile) -> Arc<Ruled> {
    let mut ruled = Ruled::default();
    for element in facts(db, at).elements() {
        ruled.judge(db, at, Some(element));
    }
    ruled.judge(db, at, None);
    Arc::new(ruled)
}

/// What the policies say of one element, or of none by itself.
pub(crate) fn judged(db: &dyn Db, at: SourceFile, element: Option<&Arc<Element>>) -> Arc<Ruled> {
    let mut ruled = Ruled::default();
    ruled.judge(db, at, element);
    Arc::new(ruled)
}

/// What is said in an open file of no element by itself.
#[salsa::tracked(returns(ref))]
fn ruled_at_large(db: &dyn Db, at: SourceFile) -> Arc<Ruled> {
    judged(db, at, None)
}

#[salsa::tracked(returns(ref))]
fn unsure_together(db: &dyn Db, at: SourceFile) -> Arc<Ruled> {
    Ruled::unsure(db, at, asked_together(db, at))
}

#[salsa::tracked(returns(ref))]
fn unsure_alone<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Arc<Ruled> {
    Ruled::unsure(db, of.file(db), asked_alone(db, of))
}

#[salsa::tracked(returns(ref))]
fn unsure_at_large(db: &dyn Db, at: SourceFile) -> Arc<Ruled> {
    Ruled::unsure(db, at, &ruled_at_large(db, at).asked)
}

// What was asked changes less often than what came of it.

#[salsa::tracked(returns(ref))]
fn asked_together(db: &dyn Db, at: SourceFile) -> Vec<(Option<u32>, usize)> {
    ruled_together(db, at).asked.clone()
}

#[salsa::tracked(returns(ref))]
fn asked_alone<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Vec<(Option<u32>, usize)> {
    owed_by(db, of).ruled.asked.clone()
}

impl Ruled {
    /// Judges an element by every policy, or what concerns no element by itself.
    fn judge(&mut self, db: &dyn Db, at: SourceFile, element: Option<&Arc<Element>>) {
        let (day, answers) = (Workspace::get(db).as_of(db), Answers::default());
        for (place, law) in laws(db, at).iter().enumerate() {
            if self.judge_by(db, at, (place, law), element, (day, &answers, false)) {
                self.asked.push((element.map(|element| element.id.item), place));
            }
        }
    }

    /// What comes of asking all that again where an import could not be read.
    fn unsure(db: &dyn Db, at: SourceFile, asked: &[(Option<u32>, usize)]) -> Arc<Ruled> {
        let (laws, answers, mut ruled) = (laws(db, at), Answers::default(), Ruled::default());
        let day = Workspace::get(db).as_of(db);
        for (item, place) in asked {
            let element = item.map(|item| ItemId { file: at.id(db), item });
            let element = element.and_then(|id| element_from(db, at, id));
            if let Some(law) = laws.get(*place).filter(|_| element.is_some() == item.is_some()) {
                ruled.judge_by(db, at, (*place, law), element.as_ref(), (day, &answers, true));
            }
        }
        Arc::new(ruled)
    }

    /// Judges by one policy, and returns whether it was asked who names an element.
    fn judge_by(
        &mut self,
        db: &dyn Db,
        at: SourceFile,
        (place, (application, policy)): (usize, &(Arc<Application>, Arc<Policy>)),
        element: Option<&Arc<Element>>,
        (day, answers, lost): (Day, &Answers, bool),
    ) -> bool {
        let judge = Judge::new(db, at, policy, day, answers, lost);
        let mut bench = Bench::applied(judge, application);
        match element {
            Some(element) => bench.element(element),
            None => bench.at_large(),
        }
        if bench.touched {
            self.touched.push(place);
        }
        let asked = bench.asked();
        let outcomes = bench.outcomes.into_iter();
        Arc::make_mut(&mut self.outcomes)
            .extend(outcomes.map(|outcome| Outcome { needs_imports: asked, ..outcome }));
        asked
    }
}

/// What a policy says of the elements of a file on a day, applied or not.
pub(crate) fn on_day(db: &dyn Db, at: SourceFile, policy: &Policy, day: Day) -> Vec<Outcome> {
    let answers = Answers::default();
    let mut bench = Bench::tried(Judge::new(db, at, policy, day, &answers, imports_lost(db)));
    facts(db, at).elements().for_each(|element| bench.element(element));
    bench.at_large();
    bench.outcomes
}

/// The policies that concern something in a file, each with the `apply` that says so.
type Touched = FxHashSet<(ItemId, ItemId)>;

#[salsa::tracked(returns(ref))]
fn touched(db: &dyn Db, at: SourceFile) -> Touched {
    touched_by(db, at, ruled(db, at))
}

/// Those that may concern something more where an import could not be read.
#[salsa::tracked(returns(ref))]
fn touched_perhaps(db: &dyn Db, at: SourceFile) -> Touched {
    touched_by(db, at, unsure(db, at))
}

fn touched_by(db: &dyn Db, at: SourceFile, pieces: Vec<&Arc<Ruled>>) -> Touched {
    let laws = laws(db, at);
    let mut met = vec![false; laws.len()];
    for place in pieces.into_iter().flat_map(|ruled| &ruled.touched) {
        if let Some(met) = met.get_mut(*place) {
            *met = true;
        }
    }
    let touched = laws.iter().zip(met).filter(|(_, met)| *met);
    touched.map(|((application, policy), _)| (application.id, policy.id)).collect()
}

/// So many files are asked together: where something changes in one of them, the others are not asked again.
const TOGETHER: usize = 32;

/// The policies that concern something in the files from `number * TOGETHER` on, where an import could not be read
/// or every one could.
#[salsa::tracked(returns(ref))]
fn touched_among(db: &dyn Db, workspace: Workspace, number: usize, lost: bool) -> Touched {
    let files = workspace.files(db).iter().skip(number * TOGETHER).take(TOGETHER).flatten();
    let each = files.flat_map(|at| {
        let perhaps = lost.then(|| touched_perhaps(db, *at));
        touched(db, *at).iter().chain(perhaps.into_iter().flatten())
    });
    each.copied().collect()
}

/// The policies that a file applies and that concern nothing in its package, where an import could not be read
/// or every one could.
pub(crate) fn idle(db: &dyn Db, at: SourceFile, lost: bool) -> &[Diagnostic] {
    if facts(db, at).applications.is_empty() { &[] } else { idle_in(db, at, lost) }
}

/// A query of its own: it rests on every file of the package, and seldom comes out otherwise.
#[salsa::tracked(returns(deref))]
fn idle_in(db: &dyn Db, at: SourceFile, lost: bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for application in &facts(db, at).applications {
        for policy in application.policies.iter().filter_map(|id| policy(db, *id)) {
            let pair = (application.id, policy.id);
            let workspace = Workspace::get(db);
            let mut parts = 0..workspace.files(db).len().div_ceil(TOGETHER);
            let concerns = parts.any(|at| touched_among(db, workspace, at, lost).contains(&pair));
            if !policy.is_partial() && !concerns {
                found.push(idle_policy::unmatched(application.at, policy.name()));
            }
        }
    }
    found
}
