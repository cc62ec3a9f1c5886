//! Every rule on every element of a file, then acceptances, settings and allowances.

use std::cell::OnceCell;
use std::sync::Arc;

use rbp_grammar::ast::{Args, Role};
use rbp_grammar::head::Head;
use rustc_hash::FxHashSet;

use crate::analysis::{acceptances_for, analysis, used_elsewhere};
use crate::db::{Day, Db, Declaration, SourceFile, Workspace, file};
use crate::diagnostic::{Anchor, Diagnostic, Level};
use crate::evidence::evidence_findings;
use crate::model::{Acceptance, Element, element_from, facts, shown};
use crate::names::{ItemId, homes, imports_lost, namers};
use crate::policy::{idle, ruled, unsure};
use crate::rules::language::unknown_name;
use crate::rules::{
    BackupCase, ElementCase, FunctionCase, Outcome, Outcomes, PairCase, Verdict, checks, governance,
};

/// The outcome of every obligation owed by the elements of a file, before acceptances, as far as every import could
/// be read.
#[salsa::tracked(returns(ref))]
fn outcomes(db: &dyn Db, at: SourceFile) -> Arc<Vec<Outcome>> {
    let mut found = Vec::new();
    for element in facts(db, at).elements() {
        match at.open(db) {
            false => owed(db, at, element, &mut found),
            true => {
                let element = Declaration::new(db, at, element.id.item);
                found.extend(outcomes_of(db, element).iter().cloned());
            }
        }
    }
    found.extend(ruled(db, at).into_iter().flat_map(|ruled| ruled.outcomes.iter().cloned()));
    found.shrink_to_fit();
    Arc::new(found)
}

/// The outcomes that are left where an import could not be read, and what comes in the place of the others.
#[salsa::tracked(returns(ref))]
fn outcomes_left(db: &dyn Db, at: SourceFile) -> Arc<Vec<Outcome>> {
    let left = outcomes(db, at).iter().filter(|outcome| !outcome.needs_imports);
    let unsure = unsure(db, at).into_iter().flat_map(|ruled| &ruled.outcomes);
    Arc::new(left.chain(unsure).cloned().collect())
}

/// Every outcome in the light of all that was read.
fn standing(db: &dyn Db, at: SourceFile, lost: bool) -> &Arc<Vec<Outcome>> {
    if lost { outcomes_left(db, at) } else { outcomes(db, at) }
}

/// What one element of an open file owes. It is looked at again only where something changes on which it
/// rests.
#[salsa::tracked(returns(ref))]
fn outcomes_of<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Vec<Outcome> {
    let (at, mut found) = (of.file(db), Vec::new());
    if let Some(element) = element_from(db, at, ItemId { file: at.id(db), item: of.item(db) }) {
        owed(db, at, &element, &mut found);
    }
    found
}

/// Everything that an element owes.
fn owed(db: &dyn Db, here: SourceFile, element: &Arc<Element>, found: &mut Vec<Outcome>) {
    match element.role() {
        Role::Function => function(db, here, element, found),
        Role::Backup => backup(db, here, element, found),
        Role::Dependency | Role::Signal => {}
    }
    each(db, here, element, found);
}

fn function(db: &dyn Db, here: SourceFile, function: &Arc<Element>, found: &mut Vec<Outcome>) {
    let Some(analysis) = analysis(db, function.id) else { return };
    let as_of = Workspace::get(db).as_of(db);
    let case = FunctionCase { db, here, function, analysis, as_of, entries: OnceCell::new() };
    let incomplete = analysis.cone.incomplete || analysis.too_large;
    let owed = Arc::from([function.id]);
    for (rule, check) in &checks().functions {
        check(&case, &mut Outcomes::new(found, rule, &owed, function.id, incomplete));
    }
}

/// What a backup owes by itself on a day, apart from what it owes to each function.
pub(crate) fn outcomes_of_backup(
    db: &dyn Db,
    here: SourceFile,
    backup: &Arc<Element>,
    as_of: Day,
) -> Vec<Outcome> {
    let mut found = Vec::new();
    alone(db, here, backup, as_of, &mut found);
    found
}

/// Holds a backup against the rules that concern it alone, and returns what it protects and replaces.
fn alone(
    db: &dyn Db,
    here: SourceFile,
    backup: &Arc<Element>,
    as_of: Day,
    found: &mut Vec<Outcome>,
) -> (Vec<Arc<Element>>, Option<Arc<Element>>) {
    let primary = backup.primary().and_then(|primary| element_from(db, here, primary.id));
    let named = backup.named(Head::Protects);
    let functions: Vec<Arc<Element>> =
        named.iter().filter_map(|f| element_from(db, here, f.id)).collect();
    let owed: Arc<[ItemId]> = functions.iter().map(|f| f.id).collect();
    let case = BackupCase {
        db,
        here,
        backup,
        primary: primary.clone(),
        functions: functions.clone(),
        as_of,
    };
    for (rule, check) in &checks().backups {
        check(&case, &mut Outcomes::new(found, rule, &owed, backup.id, backup.is_partial()));
    }
    (functions, primary)
}

fn backup(db: &dyn Db, here: SourceFile, backup: &Arc<Element>, found: &mut Vec<Outcome>) {
    let as_of = Workspace::get(db).as_of(db);
    let (functions, primary) = alone(db, here, backup, as_of, found);
    for function in functions {
        let Some(analysis) = analysis(db, function.id) else { continue };
        let incomplete = analysis.cone.incomplete || backup.is_partial();
        let owed = Arc::from([function.id]);
        let case =
            PairCase { db, here, backup, primary: primary.clone(), function, analysis, as_of };
        for (rule, check) in &checks().pairs {
            check(&case, &mut Outcomes::new(found, rule, &owed, backup.id, incomplete));
        }
    }
}

fn each(db: &dyn Db, here: SourceFile, element: &Arc<Element>, found: &mut Vec<Outcome>) {
    let used = match here.open(db) {
        true => is_used(db, Declaration::new(db, here, element.id.item)),
        false => used(db, here, element.id.item),
    };
    let case = ElementCase { db, here, element, used, as_of: Workspace::get(db).as_of(db) };
    let owed: Arc<[ItemId]> = element.named(Head::Protects).iter().map(|f| f.id).collect();
    for (rule, check) in &checks().elements {
        check(&case, &mut Outcomes::new(found, rule, &owed, element.id, element.is_partial()));
    }
}

#[salsa::tracked(returns(copy))]
fn is_used<'db>(db: &'db dyn Db, of: Declaration<'db>) -> bool {
    used(db, of.file(db), of.item(db))
}

/// Whether another declaration names that one.
fn used(db: &dyn Db, here: SourceFile, item: u32) -> bool {
    used_elsewhere(db, here).contains(&item) || used_here(db, here).contains(&item)
}

/// The declarations of a file that others of the same file name.
#[salsa::tracked(returns(ref))]
fn used_here(db: &dyn Db, at: SourceFile) -> FxHashSet<u32> {
    let id = at.id(db);
    let elements = facts(db, at).elements();
    let named = elements.flat_map(|e| e.targets().filter(|t| *t != e.id).collect::<Vec<_>>());
    named.filter(|target| target.file == id).map(|target| target.item).collect()
}

/// What a file is told, and how its obligations end.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Checked {
    /// What is said, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Every obligation, acceptances applied.
    pub obligations: Arc<Vec<Outcome>>,
}

impl Checked {
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

#[salsa::tracked(returns(ref))]
fn checked_in_full(db: &dyn Db, at: SourceFile) -> Arc<Checked> {
    check(db, at, false)
}

#[salsa::tracked(returns(ref))]
fn checked_in_part(db: &dyn Db, at: SourceFile) -> Arc<Checked> {
    check(db, at, true)
}

fn check(db: &dyn Db, at: SourceFile, lost: bool) -> Arc<Checked> {
    let as_of = Workspace::get(db).as_of(db);
    let accepted = acceptances_for(db, at);
    let outcomes = standing(db, at, lost);
    let holding = |outcome: &Outcome| -> Vec<&Acceptance> {
        let holds = accepted.iter().filter(|a| a.holds(as_of) && accepts(a, outcome));
        holds.map(|a| &**a).collect()
    };
    let mut checked = Checked { obligations: outcomes.clone(), ..Checked::default() };
    let refuted = |outcome: &&Outcome| outcome.verdict == Verdict::Refuted;
    if !accepted.is_empty() && outcomes.iter().filter(refuted).any(|o| !holding(o).is_empty()) {
        let each = outcomes.iter().flat_map(|outcome| parts(db, at, outcome, &holding(outcome)));
        checked.obligations = Arc::new(each.collect());
    }
    for outcome in checked.obligations.iter() {
        if !matches!(outcome.verdict, Verdict::Accepted(_)) {
            checked.diagnostics.extend(outcome.finding.as_deref().cloned());
        }
    }
    let facts = facts(db, at);
    checked.diagnostics.extend(facts.findings.iter().cloned());
    checked.diagnostics.extend(idle(db, at, lost).iter().cloned());
    checked.diagnostics.extend(evidence_findings(db, at, as_of));
    for acceptance in &facts.acceptances {
        let matched = matched(db, acceptance, lost);
        checked.diagnostics.extend(governance::acceptance_findings(acceptance, matched, as_of));
    }
    for finding in &mut checked.diagnostics {
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
            let about = |id: &ItemId| {
                *id == outcome.subject || outcome.losses.iter().any(|(_, lost)| lost == id)
            };
            let named = match acceptance.policy() {
                Some(policy) => outcome.policy == Some(policy),
                None => slug.text == outcome.rule.slug,
            };
            named && on.iter().any(about)
        }
        None => {
            let losses = acceptance.losses();
            !outcome.losses.is_empty() && outcome.losses.iter().all(|loss| losses.contains(loss))
        }
    }
}

/// Whether an acceptance names anything that is refuted, anywhere.
fn matched(db: &dyn Db, acceptance: &Acceptance, lost: bool) -> bool {
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
    let mut met = FxHashSet::default();
    places.retain(|at| met.insert(*at));
    let refuted = |o: &&Outcome| o.verdict == Verdict::Refuted;
    let in_file = |at: &SourceFile| {
        standing(db, *at, lost).iter().filter(refuted).any(|o| accepts(acceptance, o))
    };
    places.iter().any(in_file)
}

/// Applies the package's levels and the declarations' allowances, and puts everything in order.
fn settle(db: &dyn Db, at: SourceFile, diagnostics: &mut Vec<Diagnostic>) {
    let packages = Workspace::get(db).packages(db);
    let lints = packages.get(at.package(db) as usize).map_or(&[][..], |p| &p.lints);
    diagnostics.retain_mut(|d| {
        if d.rule.level == Level::Error {
            // An error can be accepted, with a reason and an end; it cannot be turned down.
            return true;
        }
        match lints.iter().find(|(slug, _)| slug == d.rule.slug) {
            Some((_, None)) => false,
            Some((_, Some(level))) => {
                d.level = *level;
                !allowed(db, at, d)
            }
            None => !allowed(db, at, d),
        }
    });
    as_written(db, at, diagnostics);
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.at, d.rule.slug);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
}

/// Shows what is said of elements that templates make where the author wrote it.
fn as_written(db: &dyn Db, here: SourceFile, diagnostics: &mut [Diagnostic]) {
    for diagnostic in diagnostics {
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
        let elements: Vec<(Anchor, Option<Arc<Element>>)> =
            labels.map(|label| (label.at, made_element(db, here, label.at))).collect();
        if elements.iter().all(|(_, element)| element.is_none()) {
            continue;
        }
        let written = |at: Anchor| {
            let same = |(other, _): &&(Anchor, _)| (other.file, other.item) == (at.file, at.item);
            elements.iter().find(same)?.1.as_ref()?.written()
        };
        *diagnostic = shown(diagnostic.clone(), written);
    }
}

/// The element at a place, where a template makes it.
fn made_element(db: &dyn Db, here: SourceFile, at: Anchor) -> Option<Arc<Element>> {
    let element = element_from(db, here, ItemId { file: at.file, item: at.item });
    element.filter(|element| element.written().is_some())
}

fn allowed(db: &dyn Db, here: SourceFile, diagnostic: &Diagnostic) -> bool {
    let at = diagnostic.primary.at;
    let Some(element) = element_from(db, here, ItemId { file: at.file, item: at.item }) else {
        return false;
    };
    element.clauses(Head::Allow).any(|clause| match &clause.args {
        Args::Allow { slug, .. } => slug.text == diagnostic.rule.slug,
        _ => false,
    })
}
