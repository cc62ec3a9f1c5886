//! From a declaration's tree to its facts: every name looked up, every quantity measured, every
//! clause held against the table of clauses and the element's kind.

mod scenario;

use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{
    self, Accepted, Args, Cause, Clause, ItemKind, Name, Need, Role, SignalExpr, Span,
};
use rbp_grammar::head::{Head, Place};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::db::{Db, SourceFile, file, parsed};
use crate::diagnostic::{Anchor, Diagnostic, Level};
use crate::model::accept::Acceptance;
use crate::model::compared::own_loads;
use crate::model::day::day;
use crate::model::element::Element;
use crate::model::kinds::{FieldType, Lineage, field_type, lineage, lineage_of};
use crate::model::measure::{NoUnit, measured};
use crate::model::scenario::Scenario;
use crate::model::signature::{self, Signature};
use crate::model::stated::is_unevaluated;
use crate::model::template::{Bound, Draft, Hole, Inside, blueprint};
use crate::names::{ItemId, Lookup, Scope, Space, homes};
use crate::quantity::Amount;
use crate::rules::language;
use crate::rules::language::unknown_name::Sought;
use crate::rules::language::wrong_kind::Wanted;

/// The words that some clauses take.
const READINESS: [&str; 7] =
    ["hot", "warm", "cold", "stocked", "trained", "contracted", "recoverable"];
const EXERCISES: [&str; 4] = ["tabletop", "drill", "functional", "full-scale"];
const ASPECTS: [&str; 8] =
    ["activation", "restore", "split-control", "skills", "sample", "delivery", "role", "integrity"];

/// What one declaration gives.
#[derive(Default)]
pub(super) struct Lowered {
    pub element: Option<Element>,
    /// What a use of a template makes besides.
    pub made: Vec<Element>,
    pub acceptance: Option<Acceptance>,
    pub scenario: Option<Scenario>,
    pub unevaluated: Option<Anchor>,
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
        if let Some(what) = is_unevaluated(&syntax.item.kind) {
            let at = self.at(Span { start: 0, end: 1 });
            self.findings.push(language::not_evaluated::found(at, what));
            lowered.unevaluated = Some(at);
        }
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
            ItemKind::Scenario(s) => lowered.scenario = Some(self.scenario(s, syntax)),
            _ => {}
        }
        lowered
    }

    /// What was found when the template was read.
    fn template(&mut self) {
        let Some(read) = blueprint(self.db, self.file, self.item) else { return };
        self.findings.extend(read.findings.iter().cloned());
        self.used.extend(read.used.iter().cloned());
        self.foreign.extend(&read.foreign);
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

    fn duplicate_name(&mut self, item: &ast::Item) {
        let Some((space, name)) = crate::names::declared(item) else { return };
        if let Some(imported) = self.scope.imported(space, &name.text) {
            let first = Anchor { item: imported.item, span: imported.span, ..self.at(name.span) };
            let at = self.at(name.span);
            self.report(language::duplicate_name::imported_too(at, space, &name.text, first));
            // Of the import that is enough said.
            self.used.insert(name.text.clone());
        }
        let Lookup::Found(first, _) = self.scope.find(space, &name.text) else { return };
        if first != self.id() && first.file == self.file.id(self.db) && !name.text.contains('.') {
            let at = self.at(name.span);
            let first = name_of(self.db, first);
            self.report(language::duplicate_name::declared(at, space, &name.text, first));
        }
    }

    // ---- names -------------------------------------------------------------------------------

    /// Looks a name up and remembers what it means; reports it where it means nothing.
    pub(super) fn resolve(&mut self, space: Space, name: &Name) -> Option<ItemId> {
        self.seek(Sought { space, wanted: Wanted::Element }, name)
    }

    pub(super) fn seek(&mut self, sought: Sought, name: &Name) -> Option<ItemId> {
        let space = sought.space;
        match self.scope.find(space, &name.text) {
            Lookup::Found(id, through) => {
                self.used.extend(through);
                self.remember(name, id);
                Some(id)
            }
            Lookup::Missing { .. } if self.scope.failed(&name.text) => {
                self.unresolved = true;
                None
            }
            Lookup::Missing { module } => {
                let at = self.at(name.span);
                let finding = match module {
                    Some(module) => {
                        language::unknown_name::in_module(self.db, at, space, name, module)
                    }
                    None => {
                        let homes = homes(self.db, self.file, space, &name.text);
                        let mut known = self.scope.known(space);
                        if space == Space::Element {
                            known.extend(self.known_inside());
                        }
                        let file = self.file;
                        language::unknown_name::found(
                            self.db, at, sought, name, &homes, &known, file,
                        )
                    }
                };
                self.report(finding);
                self.unresolved = true;
                None
            }
        }
    }

    /// The same for a name that may be a mere word: nothing is reported.
    pub(super) fn resolve_softly(&mut self, name: &Name) {
        if self.open_word(name) {
            return;
        }
        if let Lookup::Found(id, through) = self.scope.find(Space::Element, &name.text) {
            self.used.extend(through);
            self.remember(name, id);
        }
    }

    fn remember(&mut self, name: &Name, id: ItemId) {
        self.targets.push((name.span.start, id));
        if id.file != self.file.id(self.db) {
            self.foreign.insert(id);
        }
    }

    /// Looks an element up and checks what it is.
    fn resolve_as(&mut self, wanted: Wanted, name: &Name) {
        if self.open_element(wanted, name) {
            return;
        }
        let sought = Sought { space: Space::Element, wanted };
        let Some(id) = self.seek(sought, name) else { return };
        let Some(what) = self.signature_of(id) else { return };
        if !what.unknown && !wanted.accepts(what.role, what.lineage.as_deref()) {
            let kind = what.lineage.as_deref().map(Lineage::name);
            let what = language::wrong_kind::What { role: what.role, kind, at: what.at };
            let at = self.at(name.span);
            self.report(language::wrong_kind::found(at, &name.text, wanted, &what));
        }
    }

    /// Declarations of this file are looked at directly, those of others through a query.
    pub(super) fn signature_of(&self, id: ItemId) -> Option<Signature> {
        match id.file == self.file.id(self.db) {
            true => signature::read(self.db, &self.scope, self.file, id.item),
            false => signature::signature(self.db, file(self.db, id.file)?, id.item),
        }
    }

    fn resolve_need(&mut self, wanted: Wanted, need: &Need) {
        match need {
            Need::One(name) => self.resolve_as(wanted, name),
            Need::Some { count, of, span } => {
                for name in of {
                    self.resolve_as(wanted, name);
                }
                self.count(count.value, of.len(), *span);
                self.named_twice(&of.iter().collect::<Vec<_>>());
            }
        }
    }

    fn named_twice(&mut self, names: &[&Name]) {
        let mut seen = FxHashSet::default();
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.text.as_str())) {
            let at = self.at(twice.span);
            self.report(language::impossible_count::twice(at, &twice.text));
        }
    }

    fn count(&mut self, count: u32, of: usize, span: Span) {
        if count == 0 || count as usize > of {
            let at = self.at(span);
            self.report(language::impossible_count::found(at, count, of));
        }
    }

    fn resolve_signals(&mut self, expr: &SignalExpr) {
        match expr {
            SignalExpr::Signal(name) => self.resolve_as(Wanted::Signal, name),
            SignalExpr::Not(inner) => self.resolve_signals(inner),
            SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
                self.resolve_signals(left);
                self.resolve_signals(right);
            }
            SignalExpr::Some { count, of, span } => {
                of.iter().for_each(|inner| self.resolve_signals(inner));
                self.count(count.value, of.len(), *span);
                let names: Vec<&Name> = of.iter().filter_map(plain_signal).collect();
                self.named_twice(&names);
            }
        }
    }

    // ---- quantities and dates ----------------------------------------------------------------

    fn measure(
        &mut self,
        quantity: &ast::Quantity,
        wanted: language::dimension_mismatch::Wanted,
        clause: &str,
    ) {
        if self.open_quantity(quantity, wanted, clause) {
            return;
        }
        let Some(amount) = self.amount(quantity) else { return };
        if !wanted.accepts(&amount.dimension) {
            let at = self.at(quantity.span);
            self.report(language::dimension_mismatch::in_clause(
                at, clause, &wanted, quantity, &amount,
            ));
            self.unresolved = true;
        }
        let at = self.at(quantity.span);
        if let Some(found) = language::number_out_of_range::beyond(at, wanted, quantity, &amount) {
            self.report(found);
            self.unresolved = true;
        }
        self.amounts.push((quantity.span.start, amount));
    }

    pub(super) fn amount(&mut self, quantity: &ast::Quantity) -> Option<Amount> {
        let result =
            match (self.units.get(&quantity.unit), crate::quantity::number(&quantity.number)) {
                (Some(one), Some(number)) => {
                    let number = Amount { number, dimension: Default::default() };
                    crate::quantity::product(&number, one, 1).ok_or(NoUnit::OutOfRange)
                }
                (_, None) => Err(NoUnit::OutOfRange),
                (None, Some(_)) => {
                    let one = ast::Quantity { number: "1".into(), ..quantity.clone() };
                    if let Ok(one) = measured(self.db, &self.scope, &one) {
                        self.units.insert(quantity.unit.clone(), one);
                    }
                    measured(self.db, &self.scope, quantity)
                }
            };
        self.use_units(&quantity.unit);
        self.unresolved |= result.is_err();
        match result {
            Ok(amount) => Some(amount),
            Err(NoUnit::Unknown(unit)) if self.scope.failed(&unit) => None,
            Err(NoUnit::Unknown(unit)) => {
                let name = Name { text: unit, span: quantity.span };
                let homes = homes(self.db, self.file, Space::Unit, &name.text);
                let known = self.scope.known(Space::Unit);
                let at = self.at(quantity.span);
                let sought = Sought { space: Space::Unit, wanted: Wanted::Element };
                let finding = language::unknown_name::found(
                    self.db, at, sought, &name, &homes, &known, self.file,
                );
                self.report(finding);
                None
            }
            Err(NoUnit::Circular) => None,
            Err(NoUnit::OutOfRange) => {
                let at = self.at(quantity.span);
                self.report(language::number_out_of_range::found(at, &quantity.number));
                None
            }
        }
    }

    pub(super) fn use_units(&mut self, unit: &str) {
        for name in unit.split('/').filter(|n| !n.is_empty() && *n != "%") {
            if let Lookup::Found(id, through) = self.scope.find(Space::Unit, name) {
                self.used.extend(through);
                if id.file != self.file.id(self.db) {
                    self.foreign.insert(id);
                }
            }
        }
    }

    pub(super) fn date(&mut self, date: &ast::Date) {
        if let Some(name) = date.parameter() {
            return self.open_value(name, date.span, &Bound::Date);
        }
        if day(date).is_none() {
            let at = self.at(date.span);
            self.report(language::invalid_date::found(at, &date.text));
            self.unresolved = true;
        }
    }

    // ---- declarations ------------------------------------------------------------------------

    fn unit(&mut self, unit: &ast::Unit) {
        if let Some(definition) = &unit.definition {
            let own = crate::model::measure::unit(self.db, self.file, self.item);
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
        if lineage(self.db, self.file, self.item).circular {
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
                    let own = lineage(self.db, self.file, self.item);
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
        };
        self.findings.extend(own_loads(&element));
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
        let lineage = kind.and_then(|kind| lineage_of(self.db, kind));
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
                if crate::rules::find(&slug.text).is_none() {
                    let at = self.at(slug.span);
                    self.report(language::unknown_word::rule(at, &slug.text));
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

    // ---- clauses -----------------------------------------------------------------------------

    fn clauses(&mut self, clauses: &[Clause], place: Place, lineage: Option<&Lineage>) {
        for (number, clause) in clauses.iter().enumerate() {
            let info = clause.head.info();
            if !info.places.contains(&place) {
                let at = self.at(clause.span);
                self.report(language::misplaced_clause::found(at, clause.head, place));
            }
            let same = |other: &&Clause| repeats(clause, other);
            if clause.head != Head::Broken
                && let Some(first) = clauses.get(..number).and_then(|c| c.iter().find(same))
            {
                let (at, first) = (self.at(clause.span), self.at(first.span));
                self.report(language::duplicate_clause::found(at, clause, first));
            }
            self.clause(clause, place, lineage);
        }
    }

    fn clause(&mut self, clause: &Clause, place: Place, lineage: Option<&Lineage>) {
        let words = clause.head.words();
        let measure = language::dimension_mismatch::Wanted::of(clause.head.info().measure);
        let duration = language::dimension_mismatch::Wanted::Duration;
        match &clause.args {
            Args::Names(names) => self.names(clause.head, names),
            Args::Needs { needs, .. } => {
                let wanted = match clause.head {
                    Head::With => Wanted::Credential,
                    Head::InstalledBy => Wanted::Actor,
                    _ => Wanted::Element,
                };
                needs.iter().for_each(|need| self.resolve_need(wanted, need));
            }
            Args::Quantity(quantity) => self.measure(quantity, measure, words),
            Args::Date(date) => self.date(date),
            Args::Load { amount, duration: time, resupply } => {
                self.measure(amount, measure, words);
                let words = format!("{words} … for");
                time.iter().for_each(|t| self.measure(t, duration, &words));
                if let Some((by, within)) = resupply.as_deref() {
                    self.resolve_as(Wanted::Element, by);
                    self.measure(within, duration, "resupplied by … within");
                }
            }
            Args::Objective { bound, cause } => {
                self.measure(bound, measure, words);
                if let Some(Cause::LossOfKind(kind)) = cause.as_deref() {
                    self.resolve(Space::Kind, kind);
                }
            }
            Args::SurvivesAny { order, kind } => {
                let at = self.at(order.span);
                self.findings.extend(language::impossible_count::losses(at, order.value));
                kind.iter().for_each(|kind| {
                    self.resolve(Space::Kind, kind);
                });
            }
            Args::SurvivesEach(names) => {
                names.iter().for_each(|name| self.resolve_as(Wanted::Element, name));
            }
            Args::Stock { amount, expires } => {
                self.measure(amount, measure, words);
                expires.iter().for_each(|date| self.date(date));
            }
            Args::Lends { share, recall, by } => {
                self.measure(share, measure, words);
                recall.iter().for_each(|r| self.measure(r, duration, "recall within"));
                by.iter().for_each(|by| self.resolve_softly(by));
            }
            Args::Allow { slug, because } => self.allow(slug, because),
            Args::Field { name, value } => self.field(name, value, place, lineage),
            Args::Activate(clauses) => self.clauses(clauses, Place::Activate, None),
            Args::Test { clauses, .. } => self.clauses(clauses, Place::Test, None),
            Args::Condition { when, hold } => {
                self.resolve_signals(when);
                let words = format!("{words} … for");
                hold.iter().for_each(|hold| self.measure(hold, duration, &words));
            }
            Args::By(authorities) => {
                for authority in authorities {
                    let wanted = if authority.automatic { Wanted::Element } else { Wanted::Actor };
                    self.resolve_need(wanted, &authority.who);
                    authority.within.iter().for_each(|w| self.measure(w, duration, "by … within"));
                }
            }
            Args::Fence { target, via } => {
                self.resolve_as(Wanted::Element, target);
                via.iter().for_each(|name| self.resolve_as(Wanted::Element, name));
            }
            Args::Reach { via, within } => {
                via.iter().for_each(|name| self.resolve_as(Wanted::Element, name));
                within.iter().for_each(|w| self.measure(w, duration, "reach … within"));
            }
            Args::FailSafe { when, .. } => self.resolve_signals(when),
            Args::Proves(proofs) => self.proofs(proofs),
            Args::Last { date, evidence, .. } => {
                self.date(date);
                evidence.iter().for_each(|text| self.text(text));
            }
            Args::Texts(texts) => texts.iter().for_each(|text| self.text(text)),
            Args::Quality { degraded: Some(text) } => self.text(text),
            _ => {}
        }
    }

    fn allow(&mut self, slug: &Name, because: &ast::Text) {
        let at = self.at(slug.span);
        match crate::rules::find(&slug.text) {
            None => self.report(language::unknown_word::rule(at, &slug.text)),
            Some(rule) if rule.level == Level::Error => {
                self.report(language::misplaced_allowance::of_error(at, &slug.text));
            }
            Some(_) if because.text.trim().is_empty() => {
                self.report(language::misplaced_allowance::without_reason(at, &slug.text));
            }
            Some(_) => {}
        }
    }

    fn names(&mut self, head: Head, names: &[Name]) {
        for name in names {
            match head {
                Head::Protects => self.resolve_as(Wanted::Function, name),
                Head::ControlledBy | Head::IndependentOf => self.resolve_as(Wanted::Element, name),
                Head::Owner | Head::AgreedBy | Head::AcceptedBy => self.resolve_softly(name),
                Head::Readiness => self.one_of(name, "readiness state", &READINESS),
                Head::Exercise => self.one_of(name, "level of exercise", &EXERCISES),
                Head::FromCold => self.one_of(name, "state that a test starts from", &["cold"]),
                Head::Tags | Head::Data => self.open_plain_word(name),
                _ => {}
            }
        }
    }

    fn proofs(&mut self, proofs: &[ast::Proof]) {
        for proof in proofs {
            match proof {
                ast::Proof::Aspect(name) => {
                    self.one_of(name, "thing that a test can prove", &ASPECTS)
                }
                ast::Proof::Load { amount, duration } => {
                    self.measure(amount, language::dimension_mismatch::Wanted::Any, "proves load");
                    let wanted = language::dimension_mismatch::Wanted::Duration;
                    duration.iter().for_each(|d| self.measure(d, wanted, "proves load … for"));
                }
            }
        }
    }

    fn one_of(&mut self, name: &Name, what: &str, words: &[&str]) {
        if !words.contains(&name.text.as_str()) {
            let at = self.at(name.span);
            self.report(language::unknown_word::found(at, &name.text, what, words));
        }
    }

    fn field(&mut self, name: &Name, value: &ast::Value, place: Place, lineage: Option<&Lineage>) {
        if let ast::Value::Date(date) = value {
            self.date(date);
        }
        let known = lineage.and_then(|l| l.fields.iter().find(|f| f.name == name.text));
        if self.open_field(value, known.map_or(&FieldType::Unknown, |field| &field.ty))
            && known.is_some()
        {
            return;
        }
        let amount = match value {
            ast::Value::Quantity(quantity) => {
                let amount = self.amount(quantity);
                self.amounts.extend(amount.clone().map(|a| (quantity.span.start, a)));
                amount
            }
            _ => None,
        };
        let at = self.at(name.span);
        let Some(field) = known else {
            return self.report(language::unknown_field::found(at, &name.text, place, lineage));
        };
        match (value, &field.ty) {
            (_, FieldType::Unknown)
            | (ast::Value::Text(_), FieldType::Text)
            | (ast::Value::Name(_), FieldType::Name)
            | (ast::Value::Date(_), FieldType::Date) => {}
            (ast::Value::Quantity(written), FieldType::Quantity(takes)) => {
                if let Some(amount) = amount.filter(|amount| amount.dimension != *takes) {
                    let at = self.at(written.span);
                    self.report(language::dimension_mismatch::in_field(
                        at, field, takes, written, &amount,
                    ));
                }
            }
            _ => self.report(language::unknown_field::wrong_type(at, field)),
        }
    }
}

/// The place of a declaration's name.
fn name_of(db: &dyn Db, id: ItemId) -> Anchor {
    let span = file(db, id.file).and_then(|at| {
        let items = &parsed(db, at).items;
        crate::names::declared(&items.get(id.item as usize)?.syntax.item).map(|(_, name)| name.span)
    });
    Anchor { file: id.file, item: id.item, span: span.unwrap_or_default() }
}

/// The signal that an expression is, where it is no more than that.
fn plain_signal(expr: &SignalExpr) -> Option<&Name> {
    match expr {
        SignalExpr::Signal(name) => Some(name),
        _ => None,
    }
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
