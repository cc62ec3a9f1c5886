//! What is said of a file: what its elements owe, then acceptances, settings and allowances.

use std::sync::Arc;

use rbp_grammar::ast::Args;
use rbp_grammar::head::Head;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::acceptances_for;
use crate::db::{Db, SourceFile, Workspace, file};
use crate::diagnostic::{Anchor, Diagnostic, Level};
use crate::evidence::evidence_findings;
use crate::model::{Acceptance, Element, Facts, element_from, facts, shown};
use crate::names::{ItemId, homes, imports_lost, namers};
pub use crate::owed::Obligations;
use crate::owed::outcomes;
use crate::policy::idle;
use crate::rules::language::unknown_name;
use crate::rules::{Outcome, Verdict, governance};

/// What a file is told, and how its obligations end.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Checked {
    /// What is said, in the order of the file.
    pub diagnostics: Vec<Arc<Diagnostic>>,
    /// Every obligation, acceptances applied.
    pub obligations: Obligations,
}

impl Checked {
    /// What is said, in the order of the file.
    pub fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().map(|finding| &**finding)
    }

    /// Whether an obligation is refuted or unknown, or the text has errors: then no rule set is built
    /// from it.
    pub fn is_open(&self) -> bool {
        let error = self.diagnostics.iter().any(|d| d.level == Level::Error);
        let open = |o: &Outcome| {
            o.verdict == Verdict::Unknown
                || (o.verdict == Verdict::Refuted && o.rule.level == Level::Error)
        };
        error || self.obligations.iter().any(open)
    }
}

/// Checks a file. What it says is complete: language, obligations, acceptances.
///
/// Whether an import is lost is asked last, and both answers are kept: an import that breaks anywhere, as every one
/// does that is being written, would otherwise have everything checked again.
pub fn checked(db: &dyn Db, at: SourceFile) -> &Arc<Checked> {
    if imports_lost(db) { checked_in_part(db, at) } else { checked_in_full(db, at) }
}

#[salsa::tracked(returns(ref), no_eq)]
fn checked_in_full(db: &dyn Db, at: SourceFile) -> Arc<Checked> {
    check(db, at, false)
}

#[salsa::tracked(returns(ref), no_eq)]
fn checked_in_part(db: &dyn Db, at: SourceFile) -> Arc<Checked> {
    check(db, at, true)
}

fn check(db: &dyn Db, at: SourceFile, lost: bool) -> Arc<Checked> {
    let as_of = Workspace::get(db).as_of(db);
    let accepted = acceptances_for(db, at);
    let outcomes = outcomes(db, at, lost);
    let holding = |outcome: &Outcome| -> Vec<&Acceptance> {
        let holds = accepted.iter().filter(|a| a.holds(as_of) && accepts(a, outcome));
        holds.map(|a| &**a).collect()
    };
    let mut checked = Checked { obligations: outcomes.clone(), ..Checked::default() };
    let refuted = |outcome: &&Outcome| outcome.verdict == Verdict::Refuted;
    if !accepted.is_empty() && outcomes.iter().filter(refuted).any(|o| !holding(o).is_empty()) {
        let each = outcomes.iter().flat_map(|outcome| parts(db, at, outcome, &holding(outcome)));
        checked.obligations = each.collect();
    }
    for outcome in checked.obligations.iter() {
        if !matches!(outcome.verdict, Verdict::Accepted(_)) {
            checked.diagnostics.extend(outcome.finding.clone());
        }
    }
    let facts = facts(db, at);
    checked.diagnostics.extend(facts.findings.iter().cloned());
    checked.diagnostics.extend(idle(db, at, lost).iter().cloned().map(Arc::new));
    checked.diagnostics.extend(evidence_findings(db, at, as_of).into_iter().map(Arc::new));
    for acceptance in &facts.acceptances {
        let named = named(db, acceptance, lost);
        let found = governance::acceptance_findings(acceptance, &named, as_of);
        checked.diagnostics.extend(found.into_iter().map(Arc::new));
    }
    for finding in checked.diagnostics.iter_mut().filter(|finding| finding.stranger.is_some()) {
        let finding = Arc::make_mut(finding);
        if let Some((space, name)) = finding.stranger.take() {
            unknown_name::at_home(finding, &name, &homes(db, at, space, &name));
        }
    }
    settle(db, at, &mut checked.diagnostics);
    Arc::new(checked)
}

/// An outcome by who accepts it: what is owed to several functions may be accepted for some of them, and
/// stands for the others.
fn parts(db: &dyn Db, at: SourceFile, outcome: &Outcome, holding: &[&Acceptance]) -> Vec<Outcome> {
    if outcome.verdict != Verdict::Refuted {
        return vec![outcome.clone()];
    }
    let mut parts = Vec::new();
    let mut rest: Vec<ItemId> = outcome.functions.to_vec();
    for acceptance in holding {
        let named = acceptance.functions();
        let (functions, others): (Vec<ItemId>, Vec<ItemId>) =
            rest.iter().partition(|f| named.is_empty() || named.contains(f));
        if functions.is_empty() && !rest.is_empty() {
            continue;
        }
        rest = others;
        let verdict = Verdict::Accepted(acceptance.id);
        parts.push(Outcome { functions: functions.into(), verdict, ..outcome.clone() });
        if rest.is_empty() {
            return parts;
        }
    }
    if parts.is_empty() {
        return vec![outcome.clone()];
    }
    let names = rest.iter().filter_map(|f| element_from(db, at, *f));
    let names: Vec<String> = names.map(|f| format!("`{}`", f.name())).collect();
    let note = format!("nothing accepts it for {}", names.join(", "));
    let finding = outcome.finding.as_deref().cloned().map(|finding| finding.note(note).into());
    parts.push(Outcome { functions: rest.into(), finding, ..outcome.clone() });
    parts
}

/// Whether an acceptance names an outcome. It never names more than it says.
pub(crate) fn accepts(acceptance: &Acceptance, outcome: &Outcome) -> bool {
    let functions = acceptance.functions();
    let concerned = functions.is_empty() || outcome.functions.iter().any(|f| functions.contains(f));
    if !concerned {
        return false;
    }
    match acceptance.finding() {
        Some((slug, on)) => {
            let lost = |(_, lost): &(_, ItemId)| on.contains(lost);
            let about = on.contains(&outcome.subject)
                || !outcome.losses.is_empty() && outcome.losses.iter().all(lost);
            let named = match acceptance.policy() {
                Some(policy) => outcome.policy == Some(policy),
                None => slug.text == outcome.rule.slug,
            };
            named && about
        }
        None => {
            let losses = acceptance.losses();
            !outcome.losses.is_empty() && outcome.losses.iter().all(|loss| losses.contains(loss))
        }
    }
}

/// What an acceptance names of all that is refuted, anywhere.
pub(crate) enum Named {
    Something,
    /// Not all of what one finding is about: its subject, and its losses.
    Part(String, Vec<String>),
    Nothing,
}

fn named(db: &dyn Db, acceptance: &Acceptance, lost: bool) -> Named {
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
    let (mut met, mut near) = (FxHashSet::default(), None);
    for at in places.into_iter().filter(|at| met.insert(*at)) {
        for outcome in outcomes(db, at, lost).iter().filter(|o| o.verdict == Verdict::Refuted) {
            if accepts(acceptance, outcome) {
                return Named::Something;
            }
            if near.is_none() && is_near(db, at, acceptance, outcome) {
                near = Some((at, outcome.clone()));
            }
        }
    }
    let Some((at, near)) = near else { return Named::Nothing };
    let name = |id: ItemId| element_from(db, at, id).map(|e| e.name().to_owned());
    let losses = near.losses.iter().filter_map(|(_, lost)| name(*lost));
    Named::Part(name(near.subject).unwrap_or_default(), losses.collect())
}

/// Whether an acceptance is about the rule of an outcome, and names some of its losses or what its backup stands in for.
fn is_near(db: &dyn Db, at: SourceFile, acceptance: &Acceptance, outcome: &Outcome) -> bool {
    let functions = acceptance.functions();
    let concerned = functions.is_empty() || outcome.functions.iter().any(|f| functions.contains(f));
    let Some((slug, on)) = acceptance.finding().filter(|_| concerned) else { return false };
    let primary = || element_from(db, at, outcome.subject)?.primary().map(|primary| primary.id);
    slug.text == outcome.rule.slug
        && outcome.policy.is_none()
        && (outcome.losses.iter().any(|(_, lost)| on.contains(lost))
            || primary().is_some_and(|primary| on.contains(&primary)))
}

/// Applies the package's levels and the declarations' allowances, and puts everything in order.
fn settle(db: &dyn Db, at: SourceFile, diagnostics: &mut Vec<Arc<Diagnostic>>) {
    let packages = Workspace::get(db).packages(db);
    let lints = packages.get(at.package(db) as usize).map_or(&[][..], |p| &p.lints);
    let mut places = Places { db, here: at, own: facts(db, at), others: FxHashMap::default() };
    diagnostics.retain_mut(|d| {
        if d.rule.level == Level::Error {
            // An error can be accepted, with a reason and an end; it cannot be turned down.
            return true;
        }
        match lints.iter().find(|(slug, _)| slug == d.rule.slug) {
            Some((_, None)) => return false,
            Some((_, Some(level))) if d.level != *level => Arc::make_mut(d).level = *level,
            _ => {}
        }
        !places.allowed(d)
    });
    diagnostics.iter_mut().for_each(|diagnostic| places.as_written(diagnostic));
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.at, d.rule.slug);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
}

/// The elements at the places that findings of a file are about, those of others looked up once.
struct Places<'a> {
    db: &'a dyn Db,
    here: SourceFile,
    own: &'a Facts,
    others: FxHashMap<ItemId, Option<Arc<Element>>>,
}

impl Places<'_> {
    fn element(&mut self, at: Anchor) -> Option<&Arc<Element>> {
        let id = ItemId { file: at.file, item: at.item };
        if at.file != self.here.id(self.db) {
            let found = || element_from(self.db, self.here, id);
            self.others.entry(id).or_insert_with(found);
        }
        self.met(at)
    }

    /// The element that is there, where it is of this file or was looked up.
    fn met(&self, at: Anchor) -> Option<&Arc<Element>> {
        let id = ItemId { file: at.file, item: at.item };
        match at.file == self.here.id(self.db) {
            true => self.own.elements.get(at.item as usize)?.as_ref(),
            false => self.others.get(&id)?.as_ref(),
        }
    }

    fn allowed(&mut self, diagnostic: &Diagnostic) -> bool {
        let Some(element) = self.element(diagnostic.primary.at) else { return false };
        element.clauses(Head::Allow).any(|clause| match &clause.args {
            Args::Allow { slug, .. } => slug.text == diagnostic.rule.slug,
            _ => false,
        })
    }

    /// Shows what is said of elements that templates make where the author wrote it.
    fn as_written(&mut self, diagnostic: &mut Arc<Diagnostic>) {
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
        let edits = diagnostic.edits.iter().map(|edit| edit.at);
        let mut made = false;
        for at in labels.map(|label| label.at).chain(edits) {
            made |= self.element(at).is_some_and(|element| element.written().is_some());
        }
        if made {
            let written = |at: Anchor| self.met(at)?.written();
            *diagnostic = Arc::new(shown((**diagnostic).clone(), written));
        }
    }
}
