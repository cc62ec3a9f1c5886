//! From a declaration's tree to its facts: every name looked up, every quantity measured, every
//! clause held against the table of clauses and the element's kind.

mod clauses;
mod names;
mod policy;
mod quantities;
mod scenario;

use std::sync::Arc;

pub use clauses::{ASPECTS, READINESS};

use rbp_grammar::Syntax;
use rbp_grammar::ast::{self, Accepted, Args, Cause, Clause, ItemKind, Name, Role, Span};
use rbp_grammar::head::{Head, Place};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::db::{Db, Declaration, SourceFile, declarations, file};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::accept::Acceptance;
use crate::model::compared::own_findings;
use crate::model::element::Element;
use crate::model::kinds::{FieldType, Lineage, field_type, lineage};
use crate::model::measure::NoUnit;
use crate::model::policy::{Application, Policy};
use crate::model::scenario::Scenario;
use crate::model::template::{Draft, Hole, Inside, blueprint};
use crate::names::{ItemId, Lookup, Scope, Space, exports, made, modules};
use crate::quantity::Amount;
use crate::rules::language;
use crate::rules::language::wrong_kind::Wanted;

/// What one declaration gives.
#[derive(Default)]
pub(super) struct Lowered {
    pub element: Option<Element>,
    /// What a use of a template makes besides.
    pub made: Vec<Element>,
    pub acceptance: Option<Acceptance>,
    pub scenario: Option<Scenario>,
    pub policy: Option<Policy>,
    pub application: Option<Application>,
}

/// Reads the declarations of one file.
pub(super) struct Lowering<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) file: SourceFile,
    pub(super) scope: Scope<'a>,
    pub(super) findings: &'a mut Vec<Diagnostic>,
    used: FxHashSet<SmolStr>,
    pub(super) foreign: FxHashSet<ItemId>,
    /// Units met so far.
    units: FxHashMap<SmolStr, Amount>,
    /// The declaration being read.
    pub(super) item: u32,
    /// Something in it has no meaning.
    pub(super) unresolved: bool,
    pub(super) targets: Vec<(u32, ItemId)>,
    amounts: Vec<(u32, Amount)>,
    /// In a template: what else has a meaning, and where that stands.
    pub(super) inside: Option<Inside>,
    pub(super) holes: Vec<(u32, Hole)>,
}

impl<'a> Lowering<'a> {
    pub fn new(
        db: &'a dyn Db,
        file: SourceFile,
        findings: &'a mut Vec<Diagnostic>,
    ) -> Lowering<'a> {
        Lowering {
            db,
            file,
            scope: Scope::of(db, file),
            findings,
            used: FxHashSet::default(),
            foreign: FxHashSet::default(),
            units: FxHashMap::default(),
            item: 0,
            unresolved: false,
            targets: Vec::new(),
            amounts: Vec::new(),
            inside: None,
            holes: Vec::new(),
        }
    }

    /// The numbers of the imported names that were used, in order.
    pub fn imported(&self) -> Vec<u32> {
        let used = self.used.iter().filter_map(|name| Some(self.scope.import(name)?.number));
        let mut used: Vec<u32> = used.collect();
        used.sort_unstable();
        used
    }

    /// The imported names that were used, and the declarations of other files that were named.
    pub fn finish(self) -> (FxHashSet<SmolStr>, Vec<ItemId>) {
        let mut foreign: Vec<ItemId> = self.foreign.into_iter().collect();
        foreign.sort();
        (self.used, foreign)
    }

    /// Turns to another declaration.
    pub fn begin(&mut self, number: u32) {
        self.item = number;
        self.unresolved = false;
        self.clear();
    }

    /// Forgets what was remembered of the words met so far.
    pub fn clear(&mut self) {
        self.targets.clear();
        self.amounts.clear();
        self.holes.clear();
    }

    pub fn item(&mut self, number: u32, syntax: &Arc<Syntax>) -> Lowered {
        self.begin(number);
        for problem in &syntax.problems {
            let at = self.at(problem.span);
            self.findings.push(language::broken_declaration::found(at, problem));
        }
        self.duplicate_name(&syntax.item);
        let mut lowered = Lowered::default();
        match &syntax.item.kind {
            ItemKind::Unit(unit) => self.unit(unit),
            ItemKind::Kind(kind) => self.kind(kind),
            ItemKind::Element(element) => match &element.template {
                Some(used) => {
                    let mut made = self.made(element, used, syntax).into_iter();
                    lowered.element = made.next();
                    lowered.made = made.collect();
                }
                None => lowered.element = Some(self.element(element, syntax)),
            },
            ItemKind::Template(_) => self.template(),
            ItemKind::Accept(accept) => lowered.acceptance = Some(self.acceptance(accept, syntax)),
            ItemKind::Policy(p) => lowered.policy = Some(self.policy(p, syntax)),
            ItemKind::Apply(a) => lowered.application = Some(self.application(a)),
            ItemKind::Scenario(s) => lowered.scenario = Some(self.scenario(s, syntax)),
            _ => {}
        }
        lowered
    }

    /// What was found when the template was read.
    fn template(&mut self) {
        let Some(read) = blueprint(self.db, self.declaration()) else { return };
        self.findings.extend(read.findings.iter().cloned());
        self.used.extend(read.used.iter().cloned());
        self.foreign.extend(&read.foreign);
    }

    fn declaration(&self) -> Declaration<'a> {
        Declaration::new(self.db, self.file, self.item)
    }

    pub(super) fn id(&self) -> ItemId {
        ItemId { file: self.file.id(self.db), item: self.item }
    }

    pub(super) fn at(&self, span: Span) -> Anchor {
        Anchor { file: self.file.id(self.db), item: self.item, span }
    }

    pub(super) fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// A name of the file's own that comes from elsewhere as well.
    fn duplicate_name(&mut self, item: &ast::Item) {
        let Some((space, name)) = crate::names::declared(item) else { return };
        if let Some(imported) = self.scope.imported(space, &name.text) {
            let first = Anchor { item: imported.item, span: imported.span, ..self.at(name.span) };
            let at = self.at(name.span);
            self.report(language::duplicate_name::imported_too(at, space, &name.text, first));
            // Of the import that is enough said.
            self.used.insert(name.text.clone());
        }
        if matches!(&item.kind, ItemKind::Element(element) if element.template.is_some()) {
            self.made_and_imported(&name.text, name.span);
        }
    }

    /// What a use makes, where an imported module of that name has it too, or a module whose elements
    /// are called in rule sets as these are.
    fn made_and_imported(&mut self, name: &str, span: Span) {
        let Some(used) = made(self.db, self.file).uses.get(&self.item) else { return };
        let imported = self.scope.module(name);
        let own = (self.file.package(self.db), format!("{}.{name}", self.file.module(self.db)));
        let below = modules(self.db).get(&own).copied();
        if imported.is_none() && below.is_none() {
            return;
        }
        let at = self.at(span);
        for part in used.shape.parts.iter().skip(1) {
            let dotted = format!("{name}.{}", part.name);
            if let Some(import) = self.scope.imported_module_with(name, &part.name) {
                let import = Anchor { item: import.item, ..self.at(import.span) };
                self.report(language::duplicate_name::made_too(at, &dotted, name, import));
                self.used.insert(name.into());
            }
            let there = below.map(|below| (below, Scope::of(self.db, below)));
            if let Some((below, scope)) = there
                && let Lookup::Found(id, _) = scope.find(Space::Element, &part.name)
                && id.file == below.id(self.db)
            {
                let other = name_of(self.db, id);
                self.report(language::duplicate_name::called_alike(at, &dotted, &own.1, other));
            }
        }
    }

    fn unit(&mut self, unit: &ast::Unit) {
        if let Some(definition) = &unit.definition {
            let own = crate::model::measure::unit(self.db, self.declaration());
            match own {
                Err(NoUnit::Circular) => {
                    let at = self.at(unit.name.span);
                    self.report(language::circular_definition::unit(at, &unit.name.text));
                }
                _ => {
                    self.amount(definition);
                }
            }
        }
    }

    fn kind(&mut self, kind: &ast::Kind) {
        if let Some(parent) = &kind.parent {
            self.resolve(Space::Kind, parent);
        }
        if lineage(self.db, self.declaration()).circular {
            let at = self.at(kind.name.span);
            self.report(language::circular_definition::kind(at, &kind.name.text));
        }
        let mut fields: Vec<&Name> = Vec::new();
        for clause in &kind.clauses {
            match clause {
                ast::KindClause::Field { name, ty } => {
                    if let Some(first) = fields.iter().find(|first| first.text == name.text) {
                        let (at, first) = (self.at(name.span), self.at(first.span));
                        self.report(language::duplicate_name::field(at, &name.text, first));
                    }
                    fields.push(name);
                    self.use_units(&ty.text);
                    if field_type(self.db, &self.scope, &ty.text) == FieldType::Unknown {
                        let known = self.scope.known(Space::Unit);
                        let at = self.at(ty.span);
                        self.report(language::unknown_word::field_type(at, &ty.text, &known));
                    }
                }
                ast::KindClause::Requires(words) => {
                    let own = lineage(self.db, self.declaration());
                    for word in words {
                        let clause = Head::ALL
                            .iter()
                            .any(|h| h.words().split(' ').next() == Some(&word.text));
                        if !clause && !own.fields.iter().any(|f| f.name == word.text) {
                            let at = self.at(word.span);
                            self.report(language::unknown_word::required(at, &word.text));
                        }
                    }
                }
                ast::KindClause::Error => {}
            }
        }
    }

    fn element(&mut self, element: &ast::Element, syntax: &Arc<Syntax>) -> Element {
        let lineage = self.words(element, None);
        if let Some(lineage) = &lineage
            && syntax.problems.is_empty()
        {
            self.requirements(element, lineage);
        }
        self.targets.sort_by_key(|(token, _)| *token);
        self.amounts.sort_by_key(|(token, _)| *token);
        let element = Element {
            id: self.id(),
            lineage,
            unresolved: self.unresolved,
            broken: !syntax.problems.is_empty(),
            syntax: syntax.clone(),
            targets: self.targets.drain(..).collect(),
            amounts: self.amounts.drain(..).collect(),
            written: None,
            records: Box::default(),
        };
        self.findings.extend(own_findings(&element));
        element
    }

    /// Looks up and measures all that an element says, and returns its kind. `inherited` is the kind
    /// that it has from a template.
    fn words(
        &mut self,
        element: &ast::Element,
        inherited: Option<&Arc<Lineage>>,
    ) -> Option<Arc<Lineage>> {
        let kind = element.kind.as_ref().and_then(|kind| self.resolve(Space::Kind, kind));
        let kind = kind.and_then(|kind| self.scope.declaration(kind));
        let lineage = kind.map(|kind| lineage(self.db, kind));
        if let Some(primary) = &element.primary {
            self.resolve_as(Wanted::Primary, primary);
        }
        let all = lineage.as_ref().or(inherited);
        self.clauses(&element.clauses, place_of(element.role), all.map(|lineage| &**lineage));
        lineage
    }

    /// An element of which a template or its use says a part.
    pub(super) fn draft(
        &mut self,
        element: &ast::Element,
        inherited: Option<&Arc<Lineage>>,
    ) -> Draft {
        let lineage = self.words(element, inherited);
        let draft = Draft {
            element: element.clone(),
            lineage,
            targets: self.targets.drain(..).collect(),
            holes: self.holes.drain(..).collect(),
            amounts: self.amounts.drain(..).collect(),
            unresolved: std::mem::take(&mut self.unresolved),
            broken: false,
        };
        draft.sorted()
    }

    pub(super) fn requirements(&mut self, element: &ast::Element, lineage: &Lineage) {
        for (word, at) in &lineage.requires {
            let given = element.clauses.iter().any(|clause| match &clause.args {
                Args::Field { name, .. } => name.text == *word,
                _ => clause.head.words().split(' ').next() == Some(word.as_str()),
            });
            if !given {
                let place = self.at(element.name.span);
                let finding = language::missing_requirement::found(
                    place,
                    &element.name.text,
                    lineage.name(),
                    word,
                    *at,
                );
                self.report(finding);
            }
        }
    }

    fn acceptance(&mut self, accept: &ast::Accept, syntax: &Arc<Syntax>) -> Acceptance {
        match &accept.what {
            Accepted::Loss { elements, .. } => {
                elements.iter().for_each(|name| self.resolve_as(Wanted::Element, name));
            }
            Accepted::Finding { slug, on } => {
                if let Lookup::Found(id, through) = self.scope.find(Space::Policy, &slug.text) {
                    // What an applied policy finds is accepted by the policy's name.
                    self.used.extend(through);
                    self.targets.push((slug.span.start, id));
                } else if crate::rules::find(&slug.text).is_none() {
                    self.unknown_finding(slug);
                }
                on.iter().for_each(|name| {
                    self.resolve(Space::Element, name);
                });
            }
        }
        accept.functions.iter().for_each(|name| self.resolve_as(Wanted::Function, name));
        self.clauses(&accept.clauses, Place::Accept, None);
        self.targets.sort_by_key(|(token, _)| *token);
        Acceptance {
            id: self.id(),
            syntax: syntax.clone(),
            targets: self.targets.drain(..).collect(),
        }
    }
}

/// The names that a file declares more than once. Asked for the whole file, so that no declaration rests on where its
/// own name stands.
pub(super) fn declared_twice(
    db: &dyn Db,
    at: SourceFile,
    items: &[Arc<Syntax>],
) -> Vec<Diagnostic> {
    let (own, file) = (exports(db, at), at.id(db));
    let each = (0..).zip(items).filter_map(|(item, syntax)| {
        let (space, name) = crate::names::declared(&syntax.item)?;
        let first = own.get(space, &name.text).filter(|first| *first != item)?;
        if name.text.contains('.') {
            return None;
        }
        let first = name_of(db, ItemId { file, item: first });
        let again = Anchor { file, item, span: name.span };
        Some(language::duplicate_name::declared(again, space, &name.text, first))
    });
    each.collect()
}

/// The place of a declaration's name.
fn name_of(db: &dyn Db, id: ItemId) -> Anchor {
    let span = file(db, id.file).and_then(|at| {
        let items = declarations(db, at);
        crate::names::declared(&items.get(id.item as usize)?.item).map(|(_, name)| name.span)
    });
    Anchor { file: id.file, item: id.item, span: span.unwrap_or_default() }
}

/// Whether one clause states anew what the other states, where that may be stated once.
pub(super) fn repeats(clause: &Clause, other: &Clause) -> bool {
    match (&other.args, &clause.args) {
        (Args::Field { name: a, .. }, Args::Field { name: b, .. }) => a.text == b.text,
        (Args::Test { .. }, _) | (_, Args::Test { .. }) => false,
        (Args::Objective { cause: a, .. }, Args::Objective { cause: b, .. }) => {
            other.head == clause.head && same_cause(a.as_deref(), b.as_deref())
        }
        _ => other.head == clause.head && !clause.head.info().repeatable,
    }
}

/// Where the clauses of an element stand.
pub(super) fn place_of(role: Role) -> Place {
    match role {
        Role::Dependency => Place::Dependency,
        Role::Signal => Place::Signal,
        Role::Function => Place::Function,
        Role::Backup => Place::Backup,
    }
}

/// Whether two objectives are for the same cause, wherever they stand.
fn same_cause(a: Option<&Cause>, b: Option<&Cause>) -> bool {
    match (a, b) {
        (Some(Cause::LossOfKind(a)), Some(Cause::LossOfKind(b))) => a.text == b.text,
        (a, b) => a == b,
    }
}
