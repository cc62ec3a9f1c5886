//! Everything that a file states, as facts that other files may rest on.

use std::sync::Arc;

use rbp_grammar::ast::ItemKind;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::db::{Db, SourceFile, file, parsed};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::evidence::records_of;
use crate::model::accept::Acceptance;
use crate::model::element::Element;
use crate::model::lower::Lowering;
use crate::model::policy::{Application, Policy};
use crate::model::scenario::Scenario;
use crate::names::{ItemId, imports};
use crate::rules::language;

/// A file's facts.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Facts {
    /// Its elements, by number of their declaration; behind the declarations, what uses of templates
    /// make besides.
    pub elements: Vec<Option<Arc<Element>>>,
    /// Its acceptances.
    pub acceptances: Vec<Arc<Acceptance>>,
    /// Its policies, by number of their declaration.
    pub policies: Vec<(u32, Arc<Policy>)>,
    /// What it applies.
    pub applications: Vec<Arc<Application>>,
    /// Its scenarios.
    pub scenarios: Vec<Arc<Scenario>>,
    /// Of some declaration not even the sort could be read.
    pub unread: bool,
    /// Declarations of other files that it names; sorted.
    pub foreign: Vec<ItemId>,
    /// What is wrong with its text: form, names, kinds, dimensions.
    pub findings: Vec<Diagnostic>,
}

impl Facts {
    /// Its elements.
    pub fn elements(&self) -> impl Iterator<Item = &Arc<Element>> {
        self.elements.iter().flatten()
    }
}

/// The facts of a file. Linear in its declarations.
#[salsa::tracked(returns(ref))]
pub fn facts(db: &dyn Db, at: SourceFile) -> Arc<Facts> {
    let parsed = parsed(db, at);
    let mut facts = Facts { elements: Vec::with_capacity(parsed.items.len()), ..Facts::default() };
    if let Some(problem) = &parsed.problem {
        let whole = Anchor { file: at.id(db), item: 0, span: Default::default() };
        facts.findings.push(language::unreadable_file::found(whole, problem));
    }
    facts.findings.extend(imports(db, at).findings.iter().cloned());
    let mut lowering = Lowering::new(db, at, &mut facts.findings);
    let records = records_of(db, at);
    let mut made = Vec::new();
    for (number, item) in parsed.items.iter().enumerate() {
        let lowered = lowering.item(number as u32, &item.syntax);
        facts
            .elements
            .push(lowered.element.map(|element| Arc::new(records.attach(db, at, element))));
        made.extend(lowered.made.into_iter().map(|element| records.attach(db, at, element)));
        facts.unread |= item.syntax.item.kind == ItemKind::Error;
        facts.acceptances.extend(lowered.acceptance.map(Arc::new));
        facts.policies.extend(lowered.policy.map(|policy| (number as u32, Arc::new(policy))));
        facts.applications.extend(lowered.application.map(Arc::new));
        facts.scenarios.extend(lowered.scenario.map(Arc::new));
    }
    let (used, foreign) = lowering.finish();
    if let Some(last) = made.iter().map(|element| element.id.item as usize).max() {
        facts.elements.resize(last + 1, None);
    }
    for element in made {
        if let Some(place) = facts.elements.get_mut(element.id.item as usize) {
            *place = Some(Arc::new(element));
        }
    }
    facts.foreign = foreign;
    unused_imports(db, at, &used, &mut facts.findings);
    Arc::new(facts)
}

fn unused_imports(
    db: &dyn Db,
    at: SourceFile,
    used: &FxHashSet<SmolStr>,
    findings: &mut Vec<Diagnostic>,
) {
    let imports = imports(db, at);
    let mut unused: Vec<_> =
        imports.names.iter().filter(|(name, _)| !used.contains(*name)).collect();
    unused.sort_by_key(|(_, imported)| (imported.item, imported.span));
    for (name, imported) in unused {
        let place = Anchor { file: at.id(db), item: imported.item, span: imported.span };
        findings.push(language::unused_import::found(place, name));
    }
}

/// One element by its declaration. A query of its own, so that a file which rests on an element of
/// another is checked again only when that element changes.
#[salsa::tracked(returns(ref))]
fn element_of(db: &dyn Db, at: SourceFile, item: u32) -> Option<Arc<Element>> {
    facts(db, at).elements.get(item as usize).cloned().flatten()
}

#[salsa::tracked(returns(ref))]
fn policy_of(db: &dyn Db, at: SourceFile, item: u32) -> Option<Arc<Policy>> {
    let policies = &facts(db, at).policies;
    policies.iter().find(|(number, _)| *number == item).map(|(_, policy)| policy.clone())
}

/// One policy by its declaration.
pub fn policy(db: &dyn Db, id: ItemId) -> Option<Arc<Policy>> {
    policy_of(db, file(db, id.file)?, id.item).clone()
}

/// One element by its declaration.
pub fn element(db: &dyn Db, id: ItemId) -> Option<Arc<Element>> {
    element_of(db, file(db, id.file)?, id.item).clone()
}

/// The same, asked for while `here` is checked: its own elements come straight from its facts, on
/// which the check rests anyway. What is remembered of a file stays short that way.
pub fn element_from(db: &dyn Db, here: SourceFile, id: ItemId) -> Option<Arc<Element>> {
    match here.id(db) == id.file {
        true => facts(db, here).elements.get(id.item as usize).cloned().flatten(),
        false => element(db, id),
    }
}
