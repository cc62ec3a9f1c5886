//! Everything that a file states, as facts that other files may rest on.

use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{ItemKind, Role};

use crate::db::{Db, Declaration, SourceFile, declarations, file, parsed, syntax};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::evidence::records_of;
use crate::model::accept::Acceptance;
use crate::model::element::Element;
use crate::model::lower::{Lowered, Lowering, declared_twice};
use crate::model::policy::{Application, Policy};
use crate::model::scenario::Scenario;
use crate::names::{Imported, ItemId, imports};
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
    pub findings: Vec<Arc<Diagnostic>>,
}

impl Facts {
    /// Its elements.
    pub fn elements(&self) -> impl Iterator<Item = &Arc<Element>> {
        self.elements.iter().flatten()
    }
}

/// What one declaration states.
#[derive(Clone, Default, PartialEq, Eq)]
struct Stated {
    element: Option<Arc<Element>>,
    /// What a use of a template makes besides.
    made: Vec<Arc<Element>>,
    acceptance: Option<Arc<Acceptance>>,
    policy: Option<Arc<Policy>>,
    application: Option<Arc<Application>>,
    scenario: Option<Arc<Scenario>>,
}

impl Stated {
    fn of(db: &dyn Db, at: SourceFile, lowered: Lowered) -> Stated {
        let recorded = |element: Element| match element.role() {
            Role::Backup => Arc::new(records_of(db, at).attach(db, at, element)),
            _ => Arc::new(element),
        };
        Stated {
            element: lowered.element.map(recorded),
            made: lowered.made.into_iter().map(recorded).collect(),
            acceptance: lowered.acceptance.map(Arc::new),
            policy: lowered.policy.map(Arc::new),
            application: lowered.application.map(Arc::new),
            scenario: lowered.scenario.map(Arc::new),
        }
    }
}

/// What one declaration of an open file states, and what was found and named on the way.
#[derive(PartialEq, Eq)]
struct Alone {
    stated: Stated,
    findings: Vec<Arc<Diagnostic>>,
    used: Vec<u32>,
    foreign: Vec<ItemId>,
}

#[salsa::tracked(returns(ref))]
fn alone<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Alone> {
    let at = of.file(db);
    let mut findings = Vec::new();
    let mut lowering = Lowering::new(db, at, &mut findings);
    let lowered = lowering.item(of.item(db), syntax(db, of)?);
    let used = lowering.imported();
    let (_, foreign) = lowering.finish();
    let stated = Stated::of(db, at, lowered);
    let findings = findings.into_iter().map(Arc::new).collect();
    Some(Alone { stated, findings, used, foreign })
}

/// Why nothing of a file could be read.
#[salsa::tracked(returns(ref))]
fn problem(db: &dyn Db, at: SourceFile) -> Option<String> {
    parsed(db, at).problem.clone()
}

/// The facts of a file. Linear in its declarations.
#[salsa::tracked(returns(ref))]
pub fn facts(db: &dyn Db, at: SourceFile) -> Arc<Facts> {
    let declared = declarations(db, at);
    let mut facts = Facts { elements: Vec::with_capacity(declared.len()), ..Facts::default() };
    if let Some(problem) = problem(db, at) {
        let whole = Anchor { file: at.id(db), item: 0, span: Default::default() };
        facts.findings.push(language::unreadable_file::found(whole, problem).into());
    }
    facts.findings.extend(imports(db, at).findings.iter().cloned().map(Arc::new));
    facts.findings.extend(declared_twice(db, at, declared).into_iter().map(Arc::new));
    let (stated, used, foreign) = match at.open(db) {
        true => one_by_one(db, at, &mut facts.findings),
        false => together(db, at, declared, &mut facts.findings),
    };
    let mut made = Vec::new();
    for ((number, syntax), stated) in declared.iter().enumerate().zip(stated) {
        facts.elements.push(stated.element);
        made.extend(stated.made);
        facts.unread |= syntax.item.kind == ItemKind::Error;
        facts.acceptances.extend(stated.acceptance);
        facts.policies.extend(stated.policy.map(|policy| (number as u32, policy)));
        facts.applications.extend(stated.application);
        facts.scenarios.extend(stated.scenario);
    }
    if let Some(last) = made.iter().map(|element| element.id.item as usize).max() {
        facts.elements.resize(last + 1, None);
    }
    for element in made {
        if let Some(place) = facts.elements.get_mut(element.id.item as usize) {
            *place = Some(element);
        }
    }
    facts.foreign = foreign;
    unused_imports(db, at, &used, &mut facts.findings);
    Arc::new(facts)
}

/// The elements of an open file, as queries are asked about each.
#[salsa::tracked(returns(deref))]
pub(crate) fn elements_of<'db>(db: &'db dyn Db, at: SourceFile) -> Box<[Declaration<'db>]> {
    element_numbers(db, at).iter().map(|item| Declaration::new(db, at, *item)).collect()
}

#[salsa::tracked(returns(deref))]
fn element_numbers(db: &dyn Db, at: SourceFile) -> Box<[u32]> {
    facts(db, at).elements().map(|element| element.id.item).collect()
}

/// Its backups, in the same way.
#[salsa::tracked(returns(deref))]
pub(crate) fn backups_of<'db>(db: &'db dyn Db, at: SourceFile) -> Box<[Declaration<'db>]> {
    backup_numbers(db, at).iter().map(|item| Declaration::new(db, at, *item)).collect()
}

#[salsa::tracked(returns(deref))]
fn backup_numbers(db: &dyn Db, at: SourceFile) -> Box<[u32]> {
    let backups = facts(db, at).elements().filter(|element| element.role() == Role::Backup);
    backups.map(|backup| backup.id.item).collect()
}

/// The declarations of an open file, in the same way.
#[salsa::tracked(returns(deref))]
fn numbered<'db>(db: &'db dyn Db, at: SourceFile) -> Box<[Declaration<'db>]> {
    (0..declared(db, at)).map(|item| Declaration::new(db, at, item)).collect()
}

#[salsa::tracked(returns(copy))]
fn declared(db: &dyn Db, at: SourceFile) -> u32 {
    declarations(db, at).len() as u32
}

/// What the declarations state, the numbers of the imported names that they use, and the declarations that they name.
type Read = (Vec<Stated>, Vec<u32>, Vec<ItemId>);

fn together(
    db: &dyn Db,
    at: SourceFile,
    items: &[Arc<Syntax>],
    findings: &mut Vec<Arc<Diagnostic>>,
) -> Read {
    let mut found = Vec::new();
    let mut lowering = Lowering::new(db, at, &mut found);
    let lowered = |(number, syntax)| lowering.item(number, syntax);
    let lowered = (0..).zip(items).map(lowered);
    let stated = lowered.map(|lowered| Stated::of(db, at, lowered)).collect();
    let used = lowering.imported();
    let (_, foreign) = lowering.finish();
    findings.extend(found.into_iter().map(Arc::new));
    (stated, used, foreign)
}

fn one_by_one(db: &dyn Db, at: SourceFile, findings: &mut Vec<Arc<Diagnostic>>) -> Read {
    let (mut stated, mut used, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
    for own in numbered(db, at).iter().filter_map(|of| alone(db, *of).as_ref()) {
        stated.push(own.stated.clone());
        findings.extend(own.findings.iter().cloned());
        used.extend(&own.used);
        foreign.extend(&own.foreign);
    }
    foreign.sort_unstable();
    foreign.dedup();
    (stated, used, foreign)
}

fn unused_imports(db: &dyn Db, at: SourceFile, used: &[u32], findings: &mut Vec<Arc<Diagnostic>>) {
    let imports = imports(db, at);
    let mut idle = vec![true; imports.names.len()];
    for number in used {
        if let Some(idle) = idle.get_mut(*number as usize) {
            *idle = false;
        }
    }
    let is_idle = |imported: &Imported| idle.get(imported.number as usize) == Some(&true);
    let mut unused: Vec<_> =
        imports.names.iter().filter(|(_, imported)| is_idle(imported)).collect();
    unused.sort_by_key(|(_, imported)| imported.number);
    for (name, imported) in unused {
        let place = Anchor { file: at.id(db), item: imported.item, span: imported.span };
        findings.push(language::unused_import::found(place, name).into());
    }
}

/// One element by its declaration. A query of its own, so that a file which rests on an element of
/// another is checked again only when that element changes.
#[salsa::tracked(returns(ref))]
fn element_of<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Arc<Element>> {
    let at = of.file(db);
    match at.open(db) {
        true => element_in_open(db, of),
        false => facts(db, at).elements.get(of.item(db) as usize).cloned().flatten(),
    }
}

/// The same of an open file.
fn element_in_open<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Arc<Element>> {
    match alone(db, of) {
        Some(own) => own.stated.element.clone(),
        None => made_element(db, of).clone(),
    }
}

/// What a use of a template makes besides in an open file.
#[salsa::tracked(returns(ref))]
fn made_element<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Arc<Element>> {
    facts(db, of.file(db)).elements.get(of.item(db) as usize).cloned().flatten()
}

#[salsa::tracked(returns(ref))]
fn policy_of<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Arc<Policy>> {
    let policies = &facts(db, of.file(db)).policies;
    policies.iter().find(|(number, _)| *number == of.item(db)).map(|(_, policy)| policy.clone())
}

/// One policy by its declaration.
pub fn policy(db: &dyn Db, id: ItemId) -> Option<Arc<Policy>> {
    policy_of(db, Declaration::new(db, file(db, id.file)?, id.item)).clone()
}

/// The facts of a steady file.
#[salsa::tracked(returns(ref))]
fn steady_facts(db: &dyn Db, at: SourceFile) -> Option<Arc<Facts>> {
    at.steady(db).then(|| facts(db, at).clone())
}

/// One element by its declaration.
pub fn element(db: &dyn Db, id: ItemId) -> Option<Arc<Element>> {
    element_of(db, Declaration::new(db, file(db, id.file)?, id.item)).clone()
}

/// The same, asked for while `here` is checked. Elements of steady files come straight from the facts of these, and
/// those of `here` from its own, on which the check rests anyway: what is remembered of a file stays short that way.
pub fn element_from(db: &dyn Db, here: SourceFile, id: ItemId) -> Option<Arc<Element>> {
    let facts = match id.file == here.id(db) {
        true if here.open(db) => {
            return element_in_open(db, Declaration::new(db, here, id.item));
        }
        true => facts(db, here),
        false => {
            let home = file(db, id.file)?;
            match steady_facts(db, home) {
                Some(facts) => facts,
                None => return element_of(db, Declaration::new(db, home, id.item)).clone(),
            }
        }
    };
    facts.elements.get(id.item as usize).cloned().flatten()
}
