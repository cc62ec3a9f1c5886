//! A template where it is defined: everything in it is checked here, once, against what its parameters
//! take.

use std::sync::Arc;

use rbp_grammar::ast::{self, ItemKind, Name, Role, Span, Text, Value};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::db::{Db, Declaration, declarations};
use crate::diagnostic::{Anchor, Diagnostic, Label, Level};
use crate::model::compared::own_findings;
use crate::model::kinds::{FieldType, Lineage, lineage_of};
use crate::model::lower::{Lowering, place_of};
use crate::model::template::fill::Filled;
use crate::model::template::written::shown;
use crate::model::template::{Blueprint, Bound, Draft, Hole, Parameter, Written};
use crate::names::{ItemId, Shape, Space, homes, shape};
use crate::rules::language;
use crate::rules::language::dimension_mismatch;
use crate::rules::language::wrong_kind::Wanted;

/// The names that hold inside a template alone: its parameters, its elements, and its own for the
/// element that a use declares.
pub(in crate::model) struct Inside {
    parameters: Vec<Parameter>,
    names: FxHashMap<SmolStr, usize>,
    own: SmolStr,
    shape: Arc<Shape>,
}

impl Inside {
    /// What a name means here.
    pub fn hole(&self, name: &str) -> Option<Hole> {
        if let Some(number) = self.names.get(name) {
            return Some(Hole::Parameter(*number));
        }
        if let Some(part) = self.shape.part(name) {
            return Some(Hole::Part(part));
        }
        (name == self.own && !self.shape.parts.is_empty()).then_some(Hole::Part(0))
    }

    pub fn parameter(&self, number: usize) -> Option<&Parameter> {
        self.parameters.get(number)
    }

    /// What a part is declared as, and its kind.
    pub fn part(&self, db: &dyn Db, part: u32) -> Option<(Option<Role>, Option<Arc<Lineage>>)> {
        let part = self.shape.parts.get(part as usize)?;
        Some((part.role, part.kind.and_then(|kind| lineage_of(db, kind))))
    }

    fn words(&self) -> Vec<SmolStr> {
        let parts = self.shape.parts.iter().skip(1).map(|part| part.name.clone());
        self.parameters.iter().map(|p| p.name.clone()).chain(parts).collect()
    }
}

/// The template declared by item `item` of a file, read and checked. Linear in what it makes.
#[salsa::tracked(returns(ref))]
pub fn blueprint<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Arc<Blueprint>> {
    let (at, item) = (of.file(db), of.item(db));
    let syntax = declarations(db, at).get(item as usize)?;
    let ItemKind::Template(template) = &syntax.item.kind else { return None };
    let id = ItemId { file: at.id(db), item };
    let name_at = Anchor { file: id.file, item, span: template.name.span };
    let shape = shape(db, of);
    let mut findings = Vec::new();
    let mut lowering = Lowering::new(db, at, &mut findings);
    lowering.begin(item);
    if let Some((trouble, span)) = &shape.trouble {
        let at = Anchor { span: *span, ..name_at };
        lowering.report(language::template_too_large::or_circular(
            at,
            &template.name.text,
            trouble,
        ));
    }
    let parameters = lowering.parameters(&template.parameters);
    let names = parameters.iter().enumerate().rev().map(|(n, p)| (p.name.clone(), n)).collect();
    let own = template.name.text.clone();
    lowering.inside = Some(Inside { parameters, names, own, shape: shape.clone() });
    lowering.inner_names(template);
    let roles = roles(template);
    let mut drafts = vec![lowering.main(template, roles.first().copied())];
    let mut tokens = syntax.item.span.end;
    let mut pieces = vec![(0, id)];
    // What a circle would make is never asked for.
    let sound = if shape.trouble.is_none() { template.elements.as_slice() } else { &[] };
    for element in sound {
        let (made, more) = lowering.inner(element, tokens, drafts.len() as u32);
        drafts.extend(made);
        if let Some(more) = more {
            pieces.extend(more.pieces.iter().map(|(first, id)| (first + tokens, *id)));
            tokens += more.tokens;
        }
    }
    let inside = lowering.inside.take();
    let (used, foreign) = lowering.finish();
    let own = syntax.item.span.end;
    let whole = syntax.problems.is_empty() && drafts.len() == shape.parts.len();
    if shape.trouble.is_some() {
        drafts.clear();
    }
    drafts.iter_mut().for_each(|draft| draft.broken |= !whole);
    let behind = pieces.iter().skip(1).map(|(first, id)| (first - own, *id));
    let written = Written { used: name_at, own, pieces: behind.collect() };
    for draft in &drafts {
        let element = draft.clone().plain(id, syntax.item.span);
        // What a template that it uses says wrong by itself is told there.
        let mine = |label: &Label| label.at.span.start < own;
        let twice = own_findings(&element).into_iter();
        findings.extend(twice.filter(|f| mine(&f.primary) || f.related.iter().any(mine)));
    }
    let ours = |at: Anchor| (at.file == id.file && at.item == item).then_some(&written);
    let mut findings: Vec<Diagnostic> =
        findings.into_iter().map(|finding| shown(finding, ours)).collect();
    findings.dedup();
    let wrong = findings.iter().any(|finding| finding.level == Level::Error);
    drafts.iter_mut().for_each(|draft| draft.unresolved |= wrong);
    Some(Arc::new(Blueprint {
        name: template.name.text.clone(),
        at: name_at,
        parameters: inside.map(|inside| inside.parameters).unwrap_or_default(),
        roles,
        drafts,
        parts: shape.parts.clone(),
        pieces: pieces.into(),
        tokens,
        findings,
        used: used.into_iter().collect(),
        foreign,
    }))
}

/// What the element of a template may be declared as: whatever may have all of its clauses.
fn roles(template: &ast::Template) -> Vec<Role> {
    let possible: &[Role] = match (&template.primary, &template.kind) {
        (Some(_), _) => &[Role::Backup],
        (None, Some(_)) => &[Role::Dependency, Role::Backup],
        (None, None) => &[Role::Dependency, Role::Backup, Role::Function],
    };
    let fits = |role: &&Role| {
        let place = place_of(**role);
        template.clauses.iter().all(|clause| clause.head.info().places.contains(&place))
    };
    let fitting: Vec<Role> = possible.iter().filter(fits).copied().collect();
    if fitting.is_empty() { possible.to_vec() } else { fitting }
}

impl Lowering<'_> {
    fn parameters(&mut self, declared: &[ast::Parameter]) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for parameter in declared {
            let at = self.at(parameter.name.span);
            if let Some(first) = parameters.iter().find(|p| p.name == parameter.name.text) {
                let first = first.at;
                self.report(language::duplicate_name::parameter(at, &parameter.name.text, first));
            }
            let bound = Bound::of(self.db, &self.scope, &parameter.bound.text);
            match &bound {
                Bound::Unknown => self.unknown_bound(&parameter.bound),
                Bound::Kind(_) => _ = self.resolve(Space::Kind, &parameter.bound),
                Bound::Unit(_) => self.use_units(&parameter.bound.text),
                _ => {}
            }
            let name = parameter.name.text.clone();
            let mut read = Parameter { name, bound, default: None, spoilt: false, at };
            if let Some(value) = &parameter.default {
                read.default = self.argument(&read, value);
                read.spoilt = read.default.is_none();
            }
            parameters.push(read);
        }
        self.clear();
        parameters
    }

    fn unknown_bound(&mut self, bound: &Name) {
        if self.scope.failed(&bound.text) {
            return;
        }
        let at = self.at(bound.span);
        let homes = homes(self.db, self.file, Space::Kind, &bound.text);
        let known = self.scope.known(Space::Kind);
        self.report(language::unknown_word::bound(at, &bound.text, &homes, &known));
    }

    /// No element of a template may be called as another of its names.
    fn inner_names(&mut self, template: &ast::Template) {
        let mut known: FxHashMap<&str, Span> = FxHashMap::default();
        known.insert(&template.name.text, template.name.span);
        let parameters = template.parameters.iter().map(|parameter| &parameter.name);
        for name in parameters.chain(template.elements.iter().map(|element| &element.name)) {
            if let Some(first) = known.get(name.text.as_str()) {
                let (at, first) = (self.at(name.span), self.at(*first));
                // Two parameters of one name are told already.
                if template.elements.iter().any(|element| element.name.span == name.span) {
                    self.report(language::duplicate_name::inner(at, &name.text, first));
                }
                continue;
            }
            known.insert(&name.text, name.span);
        }
    }

    /// The element that a use declares, as far as the template says what it is.
    fn main(&mut self, template: &ast::Template, role: Option<Role>) -> Draft {
        let element = ast::Element {
            role: role.unwrap_or(Role::Backup),
            name: template.name.clone(),
            kind: template.kind.clone(),
            primary: template.primary.clone(),
            template: None,
            title: template.title.clone(),
            clauses: template.clauses.clone(),
        };
        self.draft(&element, None)
    }

    /// One of the elements that a template makes besides, with those that it makes itself.
    fn inner(
        &mut self,
        element: &ast::Element,
        tokens: u32,
        first: u32,
    ) -> (Vec<Draft>, Option<Arc<Blueprint>>) {
        let Some(used) = &element.template else {
            let draft = self.draft(element, None);
            self.complete(&draft);
            return (vec![draft], None);
        };
        let part = |part| Filled::Part(first + part);
        let Some(made) = self.apply(element, used, tokens, &part) else {
            return (vec![self.broken(element)], None);
        };
        if let Some(draft) = made.drafts.first() {
            self.complete(draft);
        }
        (made.drafts, Some(made.blueprint))
    }

    /// Nothing is added later to what a template makes besides, so it must have what its kind requires.
    fn complete(&mut self, draft: &Draft) {
        if let Some(lineage) = draft.lineage.clone().filter(|_| !draft.broken) {
            self.requirements(&draft.element, &lineage);
        }
    }

    // ---- words that stand for something else ------------------------------------------------

    /// Whether a name is one that holds inside the template alone; it is then remembered as left open.
    /// `fits` says whether a parameter may stand there.
    fn left_open(&mut self, name: &str, span: Span, fits: impl Fn(&Bound) -> bool) -> Open {
        let Some(hole) = self.inside.as_ref().and_then(|inside| inside.hole(name)) else {
            return Open::No;
        };
        self.holes.push((span.start, hole));
        let Hole::Parameter(number) = hole else { return Open::Fitting };
        let parameter = self.inside.as_ref().and_then(|inside| inside.parameter(number));
        match parameter {
            Some(parameter) if !fits(&parameter.bound) => Open::Unfit(Box::new(parameter.clone())),
            _ => Open::Fitting,
        }
    }

    /// The same for a name of an element; `true` where it is left open.
    pub(in crate::model) fn open_element(&mut self, wanted: Wanted, name: &Name) -> bool {
        let Some(hole) = self.inside.as_ref().and_then(|inside| inside.hole(&name.text)) else {
            return false;
        };
        if let Hole::Part(part) = hole {
            self.holes.push((name.span.start, hole));
            self.open_part(wanted, name, part);
            return true;
        }
        if let Open::Unfit(parameter) =
            self.left_open(&name.text, name.span, |bound| bound.fits(wanted))
        {
            let at = self.at(name.span);
            self.report(language::wrong_kind::parameter(at, &parameter, wanted.words()));
        }
        true
    }

    fn open_part(&mut self, wanted: Wanted, name: &Name, part: u32) {
        let inside = self.inside.as_ref();
        let Some((role, lineage)) = inside.and_then(|inside| inside.part(self.db, part)) else {
            return;
        };
        // A use says what the outermost is; its kind is known.
        let any = if wanted == Wanted::Function { Role::Function } else { Role::Dependency };
        let role = role.unwrap_or(any);
        if wanted.accepts(role, lineage.as_deref()) {
            return;
        }
        let kind = lineage.as_ref().map(|lineage| lineage.name());
        let at = self.at(name.span);
        let what = language::wrong_kind::What { role, kind, at };
        self.report(language::wrong_kind::found(at, &name.text, wanted, &what));
    }

    /// The same for a name that may be a mere word.
    pub(in crate::model) fn open_word(&mut self, name: &Name) -> bool {
        let fits =
            |bound: &Bound| bound.is_element() || matches!(bound, Bound::Word | Bound::Unknown);
        match self.left_open(&name.text, name.span, fits) {
            Open::No => false,
            Open::Fitting => true,
            Open::Unfit(parameter) => {
                let at = self.at(name.span);
                self.report(language::wrong_kind::parameter(at, &parameter, "a name"));
                true
            }
        }
    }

    /// The same for a word that names nothing, such as a tag.
    pub(in crate::model) fn open_plain_word(&mut self, name: &Name) {
        let hole = self.inside.as_ref().and_then(|inside| inside.hole(&name.text));
        if let Some(Hole::Parameter(number)) = hole
            && self.open_word(name)
            && let Some((_, last)) = self.holes.last_mut()
        {
            *last = Hole::Word(number);
        }
    }

    /// The same for a quantity.
    pub(in crate::model) fn open_quantity(
        &mut self,
        quantity: &ast::Quantity,
        wanted: dimension_mismatch::Wanted,
        clause: &str,
    ) -> bool {
        let Some(name) = quantity.parameter() else { return false };
        match self.left_open(name, quantity.span, |bound| bound.measures(wanted)) {
            Open::No => self.unresolved = true,
            Open::Fitting => {}
            Open::Unfit(parameter) => {
                let at = self.at(quantity.span);
                self.report(dimension_mismatch::of_parameter(at, clause, wanted, &parameter));
            }
        }
        true
    }

    /// The same for a text or a date.
    pub(in crate::model) fn open_value(&mut self, name: &str, span: Span, wanted: &Bound) {
        match self.left_open(name, span, |bound| wanted.holds(bound)) {
            Open::No => self.unresolved = true,
            Open::Fitting => {}
            Open::Unfit(parameter) => {
                let at = self.at(span);
                self.report(language::wrong_kind::parameter(at, &parameter, &wanted.words()));
            }
        }
    }

    /// A text, which may be a parameter.
    pub(in crate::model) fn text(&mut self, text: &Text) {
        if text.parameter {
            self.open_value(&text.text, text.span, &Bound::Text);
        }
    }

    /// Whether the value of a field is a parameter.
    pub(in crate::model) fn open_field(&mut self, value: &Value, ty: &FieldType) -> bool {
        let Value::Name(name) = value else { return false };
        let fits = |bound: &Bound| match ty {
            FieldType::Text => Bound::Text.holds(bound),
            FieldType::Name => bound.is_element() || Bound::Word.holds(bound),
            FieldType::Date => Bound::Date.holds(bound),
            FieldType::Quantity(dimension) => bound.is_of(dimension),
            FieldType::Unknown => true,
        };
        let parameter = |hole| matches!(hole, Hole::Parameter(_));
        let inside = self.inside.as_ref().and_then(|inside| inside.hole(&name.text));
        if !inside.is_some_and(parameter) {
            return false;
        }
        if let Open::Unfit(parameter) = self.left_open(&name.text, name.span, fits) {
            let at = self.at(name.span);
            let wanted = match ty {
                FieldType::Text => Bound::Text.words(),
                FieldType::Date => Bound::Date.words(),
                FieldType::Quantity(dimension) => dimension_mismatch::field_takes(dimension),
                FieldType::Name | FieldType::Unknown => Bound::Word.words(),
            };
            self.report(language::wrong_kind::parameter(at, &parameter, &wanted));
        }
        if let (Some(Hole::Parameter(number)), Some((_, last))) = (inside, self.holes.last_mut()) {
            *last = Hole::Word(number);
        }
        true
    }

    /// What else would have been understood inside a template, for suggestions.
    pub(in crate::model) fn known_inside(&self) -> Vec<SmolStr> {
        self.inside.as_ref().map(Inside::words).unwrap_or_default()
    }
}

/// Whether a word stands for something that only a use says.
enum Open {
    No,
    Fitting,
    /// It does, and what it stands for does not fit there.
    Unfit(Box<Parameter>),
}
