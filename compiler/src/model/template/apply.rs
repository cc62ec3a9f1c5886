//! A use of a template: its arguments are held against the parameters, and elements are made.

use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{self, Args, Item, ItemKind, Name, Need, Role, SignalExpr, Span, Value};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::diagnostic::Anchor;
use crate::model::compared::own_findings;
use crate::model::element::Element;
use crate::model::lower::Lowering;
use crate::model::template::fill::{Filled, Filling, joined, overrides};
use crate::model::template::written::shown;
use crate::model::template::{
    Argument, Blueprint, Bound, Draft, Hole, Parameter, Written, blueprint,
};
use crate::names::{ItemId, Space, made};
use crate::rules::language;
use crate::rules::language::unknown_name::Sought;
use crate::rules::language::{wrong_argument, wrong_kind};

/// What a use gives.
pub(super) struct Applied {
    pub drafts: Vec<Draft>,
    pub blueprint: Arc<Blueprint>,
}

impl Lowering<'_> {
    /// The elements that a use of a template makes, the one that it declares first. Linear in what it
    /// makes.
    pub(in crate::model) fn made(
        &mut self,
        element: &ast::Element,
        used: &ast::TemplateUse,
        syntax: &Arc<Syntax>,
    ) -> Vec<Element> {
        let told = self.findings.len();
        let uses = made(self.db, self.file);
        let this = uses.uses.get(&self.item);
        if this.is_some_and(|this| this.refused) {
            let at = self.at(used.name.span);
            self.report(language::template_too_large::in_file(at));
        }
        let id = self.id();
        let parts = this.map_or(&[][..], |this| &this.shape.parts);
        let first = this.map_or(0, |this| this.first);
        let called = |part: u32| match parts.get(part as usize) {
            Some(named) if part > 0 => {
                SmolStr::from(format!("{}.{}", element.name.text, named.name))
            }
            _ => element.name.text.clone(),
        };
        let number = |part: u32| if part == 0 { id.item } else { first + part - 1 };
        let part = |part| Filled::Made(ItemId { item: number(part), ..id }, called(part));
        let own = syntax.item.span.end;
        let whole = syntax.problems.is_empty();
        let applied = match this.is_some_and(|this| this.refused) {
            true => self.leave(used),
            false => self.apply(element, used, own, &part),
        };
        let (mut drafts, pieces) = match applied {
            Some(applied) => (applied.drafts, applied.blueprint.pieces.clone()),
            None => (vec![self.broken(element)], Arc::default()),
        };
        drafts.truncate(parts.len().max(1));
        let written = Written { used: self.at(element.name.span), own, pieces };
        let mut elements = Vec::with_capacity(drafts.len());
        for (part, mut draft) in drafts.into_iter().enumerate() {
            let part = part as u32;
            draft.broken |= !whole;
            draft.element.name.text = called(part);
            if let Some(lineage) = draft.lineage.clone().filter(|_| part == 0 && !draft.broken) {
                self.requirements(&draft.element, &lineage);
            }
            let foreign = draft.targets.iter().map(|(_, id)| *id);
            self.foreign.extend(foreign.filter(|of| of.file != id.file));
            let id = ItemId { item: number(part), ..id };
            let mut made = draft.into_element(id, syntax);
            made.written = Some(Box::new(written.clone()));
            let twice = own_findings(&made).into_iter();
            // What the template says wrong by itself is told where it is defined.
            let mine = |at: Anchor| at.span.start < own;
            let twice =
                twice.filter(|f| mine(f.primary.at) || f.related.iter().any(|l| mine(l.at)));
            self.findings.extend(twice);
            elements.push(made);
        }
        let ours = |at: Anchor| {
            let made = at.item == id.item || at.item >= uses.declared;
            (at.file == id.file && made).then_some(&written)
        };
        for finding in self.findings.iter_mut().skip(told) {
            *finding = shown(finding.clone(), ours);
        }
        elements
    }

    /// Makes nothing of a use; the template counts as used all the same.
    fn leave(&mut self, used: &ast::TemplateUse) -> Option<Applied> {
        self.resolve(Space::Template, &used.name);
        self.targets.clear();
        None
    }

    /// What the use says itself, where there is nothing to make it from.
    pub(super) fn broken(&mut self, element: &ast::Element) -> Draft {
        let own = self.draft(element, None);
        Draft { broken: true, ..own }
    }

    /// Makes drafts from the template that a use names; `None` where there is none.
    pub(super) fn apply(
        &mut self,
        element: &ast::Element,
        used: &ast::TemplateUse,
        shift: u32,
        part: &dyn Fn(u32) -> Filled,
    ) -> Option<Applied> {
        let id = self.resolve(Space::Template, &used.name);
        self.targets.clear();
        let id = id?;
        let blueprint = blueprint(self.db, self.scope.declaration(id)?).clone()?;
        let (arguments, fit) = self.arguments(used, &blueprint, shift);
        self.clear();
        let unresolved = std::mem::take(&mut self.unresolved);
        let main = blueprint.drafts.first();
        let own = self.draft(element, main.and_then(|main| main.lineage.as_ref()));
        let mut fit = self.role(element, used, &blueprint) && fit;
        let filling = Filling { arguments: &arguments, shift, part };
        let mut drafts = Vec::with_capacity(blueprint.drafts.len().max(1));
        match main {
            None => drafts.push(Draft { broken: true, ..own }),
            Some(main) => {
                fit &= self.sort_of(element, &own, main);
                let before = overrides(&main.element, element).then(|| filling.fill(main, None));
                let made = joined(filling.fill(main, Some(element)), own).sorted();
                if let Some(before) = before {
                    self.weaker(before, &made, &blueprint);
                }
                drafts.push(made);
            }
        }
        let others = blueprint.drafts.iter().skip(1);
        drafts.extend(others.map(|draft| filling.fill(draft, None).sorted()));
        for draft in &mut drafts {
            draft.unresolved |= unresolved;
            draft.broken |= !fit;

            self.lists(&draft.element, shift);
        }
        Some(Applied { drafts, blueprint })
    }

    /// Whether the template makes what the use declares.
    fn role(
        &mut self,
        element: &ast::Element,
        used: &ast::TemplateUse,
        blueprint: &Blueprint,
    ) -> bool {
        let fits = blueprint.roles.contains(&element.role);
        if !fits {
            let at = self.at(used.name.span);
            self.report(wrong_argument::role(at, element.role, blueprint));
        }
        fits
    }

    /// The kind that a use states must be that of the template or a sort of it.
    fn sort_of(&mut self, element: &ast::Element, own: &Draft, main: &Draft) -> bool {
        let (Some(kind), Some(stated), Some(wanted)) = (&element.kind, &own.lineage, &main.lineage)
        else {
            return true;
        };
        let id = wanted.kinds.first().map(|(id, _)| *id);
        let fits = id.is_none_or(|id| stated.descends_from(id));
        if !fits {
            let at = self.at(kind.span);
            self.report(wrong_argument::kind(at, &kind.text, wanted.name()));
        }
        fits
    }

    fn weaker(&mut self, before: Draft, made: &Draft, blueprint: &Blueprint) {
        let (id, span) = (self.id(), Span::default());
        let before = before.sorted().plain(id, span);
        let made = made.clone().plain(id, span);
        let found = language::weaker_than_template::found(&blueprint.name, &before, &made);
        self.findings.extend(found);
    }

    // ---- arguments -----------------------------------------------------------------------------

    /// What stands for each parameter, and whether all is as the template wants it.
    fn arguments(
        &mut self,
        used: &ast::TemplateUse,
        blueprint: &Blueprint,
        shift: u32,
    ) -> (Vec<Option<Argument>>, bool) {
        let mut fit = true;
        let parameters = &blueprint.parameters;
        for (number, (name, _)) in used.arguments.iter().enumerate() {
            let earlier = used.arguments.iter().take(number).find(|(n, _)| n.text == name.text);
            if let Some((first, _)) = earlier {
                let (at, first) = (self.at(name.span), self.at(first.span));
                self.report(language::duplicate_clause::argument(at, &name.text, first));
                fit = false;
            } else if !parameters.iter().any(|p| p.name == name.text) {
                let at = self.at(name.span);
                self.report(language::unknown_word::parameter(at, &name.text, blueprint));
                fit = false;
            }
        }
        let mut arguments = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let given = used.arguments.iter().find(|(name, _)| name.text == parameter.name);
            let argument = match (given, &parameter.default) {
                (Some((_, value)), _) => self.argument(parameter, value),
                (None, Some(default)) => {
                    let mut default = default.clone();
                    let span = default.value.span_mut();
                    *span = Span { start: span.start + shift, end: span.end + shift };
                    Some(default)
                }
                (None, None) if parameter.spoilt => None,
                (None, None) => {
                    let at = self.at(used.name.span);
                    self.report(language::missing_argument::found(at, parameter, blueprint));
                    None
                }
            };
            fit &= argument.is_some();
            arguments.push(argument);
        }
        (arguments, fit)
    }

    /// A value held against what a parameter takes; `None` where it does not fit.
    pub(super) fn argument(&mut self, parameter: &Parameter, value: &Value) -> Option<Argument> {
        let mut argument =
            Argument { value: value.clone(), target: None, hole: None, amount: None };
        let bound = &parameter.bound;
        let fits = match value {
            Value::Name(name) => return self.name_argument(parameter, name, argument),
            Value::Text(_) => *bound == Bound::Text,
            Value::Date(date) => {
                let before = std::mem::take(&mut self.unresolved);
                self.date(date);
                let sound = !std::mem::replace(&mut self.unresolved, before);
                if !sound {
                    return None;
                }
                *bound == Bound::Date
            }
            Value::Quantity(quantity) => {
                argument.amount = Some(self.amount(quantity)?);
                match (bound, &argument.amount) {
                    (Bound::Quantity(wanted), Some(amount)) => {
                        let at = self.at(quantity.span);
                        let beyond =
                            language::number_out_of_range::beyond(at, *wanted, quantity, amount);
                        if let Some(beyond) = beyond {
                            self.report(beyond);
                            return None;
                        }
                        wanted.accepts(&amount.dimension)
                    }
                    (Bound::Unit(dimension), Some(amount)) => amount.dimension == *dimension,
                    _ => false,
                }
            }
        };
        if fits || *bound == Bound::Unknown {
            return Some(argument);
        }
        let at = self.at(value.span());
        self.report(wrong_argument::value(at, value, argument.amount.as_ref(), parameter));
        None
    }

    fn name_argument(
        &mut self,
        parameter: &Parameter,
        name: &Name,
        mut argument: Argument,
    ) -> Option<Argument> {
        let bound = &parameter.bound;
        let at = self.at(name.span);
        if let Some(hole) = self.inside.as_ref().and_then(|inside| inside.hole(&name.text)) {
            argument.hole = Some(hole);
            let fits = match hole {
                Hole::Parameter(number) | Hole::Word(number) => {
                    let given = self.inside.as_ref().and_then(|inside| inside.parameter(number));
                    given.is_some_and(|given| bound.holds(&given.bound))
                }
                Hole::Part(part) => self.part_fits(bound, part),
            };
            if !fits {
                let given = match hole {
                    Hole::Parameter(number) | Hole::Word(number) => {
                        self.inside.as_ref().and_then(|inside| inside.parameter(number))
                    }
                    Hole::Part(_) => None,
                };
                let finding = match given {
                    Some(given) => wrong_argument::parameter(at, given, parameter),
                    None => wrong_argument::name(at, &name.text, parameter, None),
                };
                self.report(finding);
            }
            return fits.then_some(argument);
        }
        if *bound == Bound::Word || *bound == Bound::Unknown {
            let before = self.targets.len();
            self.resolve_softly(name);
            argument.target = self.targets.get(before).map(|(_, id)| *id);
            return Some(argument);
        }
        if !bound.is_element() {
            self.report(wrong_argument::name(at, &name.text, parameter, None));
            return None;
        }
        let wanted = match bound {
            Bound::Signal => wrong_kind::Wanted::Signal,
            Bound::Function => wrong_kind::Wanted::Function,
            _ => wrong_kind::Wanted::Element,
        };
        let id = self.seek(Sought { space: Space::Element, wanted }, name)?;
        argument.target = Some(id);
        let signature = self.signature_of(id)?;
        if !bound.takes(signature.role, signature.lineage.as_deref()) {
            let what = wrong_kind::What {
                role: signature.role,
                kind: signature.lineage.as_deref().map(|kind| kind.name()),
                at: signature.at,
            };
            self.report(wrong_argument::name(at, &name.text, parameter, Some(&what)));
            return None;
        }
        Some(argument)
    }

    fn part_fits(&self, bound: &Bound, part: u32) -> bool {
        let Some((role, lineage)) =
            self.inside.as_ref().and_then(|inside| inside.part(self.db, part))
        else {
            return false;
        };
        // A use says what the outermost is; its kind is known.
        bound.takes(role.unwrap_or(Role::Dependency), lineage.as_deref())
    }

    // ---- lists ---------------------------------------------------------------------------------

    /// A list out of which so many must be there may not name one thing twice, and two parameters may
    /// stand for the same one.
    fn lists(&mut self, element: &ast::Element, own: u32) {
        let mut twice: Vec<Name> = Vec::new();
        each_list(&element.clauses, &mut |names| {
            let mut seen: FxHashMap<&str, &Name> = FxHashMap::default();
            for name in names.iter().copied() {
                // What the template itself names twice is told where it is defined.
                let first = seen.get(name.text.as_str()).copied();
                let pair = first.into_iter().flat_map(|first| [name, first]);
                twice.extend(pair.filter(|name| name.span.start < own).take(1).cloned());
                seen.entry(name.text.as_str()).or_insert(name);
            }
        });
        for name in twice {
            let finding = language::impossible_count::twice(self.at(name.span), &name.text);
            if !self.findings.contains(&finding) {
                self.report(finding);
            }
        }
    }
}

fn each_list(clauses: &[ast::Clause], visit: &mut dyn FnMut(&[&Name])) {
    for clause in clauses {
        let mut need = |need: &Need| {
            if let Need::Some { of, .. } = need {
                visit(&of.iter().collect::<Vec<_>>());
            }
        };
        match &clause.args {
            Args::Needs { needs, .. } => needs.iter().for_each(need),
            Args::By(all) => all.iter().for_each(|authority| need(&authority.who)),
            Args::Condition { when, .. } | Args::FailSafe { when, .. } => each_signal(when, visit),
            Args::Activate(inner) => each_list(inner, visit),
            _ => {}
        }
    }
}

fn each_signal(expr: &SignalExpr, visit: &mut dyn FnMut(&[&Name])) {
    match expr {
        SignalExpr::Signal(_) => {}
        SignalExpr::Not(inner) => each_signal(inner, visit),
        SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
            each_signal(left, visit);
            each_signal(right, visit);
        }
        SignalExpr::Some { of, .. } => {
            let names = of.iter().filter_map(|inner| match inner {
                SignalExpr::Signal(name) => Some(name),
                _ => None,
            });
            visit(&names.collect::<Vec<_>>());
            of.iter().for_each(|inner| each_signal(inner, visit));
        }
    }
}

impl Draft {
    /// The element that it is, where nothing is left open.
    pub(super) fn into_element(self, id: ItemId, of: &Syntax) -> Element {
        let mut element = self.plain(id, of.item.span);
        if let Some(docs) = &of.item.docs
            && let Some(syntax) = Arc::get_mut(&mut element.syntax)
        {
            syntax.item.docs = Some(docs.clone());
        }
        element
    }

    /// The same without documentation.
    pub(super) fn plain(self, id: ItemId, span: Span) -> Element {
        let kind = ItemKind::Element(Box::new(self.element));
        Element {
            id,
            lineage: self.lineage,
            unresolved: self.unresolved,
            broken: self.broken,
            syntax: Arc::new(Syntax {
                item: Item { docs: None, span, kind },
                problems: Vec::new(),
            }),
            targets: self.targets.into(),
            amounts: self.amounts.into(),
            written: None,
            records: Box::default(),
        }
    }
}
