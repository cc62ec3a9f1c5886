//! What is said of a file: what its elements owe, then acceptances, settings and allowances.

use std::sync::Arc;

use rbp_grammar::ast::Args;
use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::accepted::{accepts, named};
use crate::analysis::acceptances_for;
use crate::db::{Db, SourceFile, Workspace};
use crate::diagnostic::{Anchor, Diagnostic, Level};
use crate::evidence::evidence_findings;
use crate::model::{Acceptance, Element, Facts, element_from, facts, shown};
use crate::names::{ItemId, homes, imports_lost};
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
