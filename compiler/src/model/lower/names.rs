//! What names mean, and whether that fits where they stand.

use rbp_grammar::ast::{Name, Need, SignalExpr, Span};
use rbp_grammar::{around, nearest};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::Lowering;
use crate::db::Declaration;
use crate::model::kinds::Lineage;
use crate::model::signature::{self, Kinds, Signature};
use crate::names::{ItemId, Lookup, Space, homes};
use crate::rules::language;
use crate::rules::language::unknown_name::Sought;
use crate::rules::language::wrong_kind::Wanted;

impl Lowering<'_> {
    /// Looks a name up and remembers what it means; reports it where it means nothing.
    pub(in crate::model) fn resolve(&mut self, space: Space, name: &Name) -> Option<ItemId> {
        self.seek(Sought { space, wanted: Wanted::Element }, name)
    }

    pub(in crate::model) fn seek(&mut self, sought: Sought, name: &Name) -> Option<ItemId> {
        let space = sought.space;
        match self.scope.find(space, &name.text) {
            Lookup::Found(id, through) => {
                self.used.extend(through);
                self.remember(name, id);
                Some(id)
            }
            Lookup::Missing { .. }
                if self.scope.failed(&name.text)
                    || space == Space::Element && self.scope.unmade(&name.text) =>
            {
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
                        let known = self.scope.known(space);
                        let inside = match space {
                            Space::Element => self.known_inside(),
                            _ => Vec::new(),
                        };
                        let names = around(&name.text, &known).iter().chain(&inside);
                        let near = nearest(&name.text, names.map(SmolStr::as_str));
                        language::unknown_name::found(self.db, at, sought, name, near, self.file)
                    }
                };
                self.report(finding);
                self.unresolved = true;
                None
            }
        }
    }

    /// The same for a name that may be a mere word: nothing is reported.
    pub(in crate::model) fn resolve_softly(&mut self, name: &Name) {
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
    pub(super) fn resolve_as(&mut self, wanted: Wanted, name: &Name) {
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

    /// Declarations of this file are looked at directly, those of others and of open files through a query.
    pub(in crate::model) fn signature_of(&self, id: ItemId) -> Option<Signature> {
        let (db, here) = (self.db, self.file);
        match (id.file == here.id(db), self.scope.is_open()) {
            (true, false) => signature::read(db, &mut Kinds::of(db, &self.scope), here, id.item),
            (true, true) => signature::signature_in_open(db, Declaration::new(db, here, id.item)),
            (false, _) => signature::signature(db, self.scope.declaration(id)?),
        }
    }

    /// A finding that is neither a rule's nor a policy's; a policy may only lack its import.
    pub(super) fn unknown_finding(&mut self, slug: &Name) {
        if homes(self.db, self.file, Space::Policy, &slug.text).is_empty() {
            let at = self.at(slug.span);
            return self.report(language::unknown_word::rule(at, &slug.text));
        }
        self.seek(Sought { space: Space::Policy, wanted: Wanted::Element }, slug);
    }

    pub(super) fn resolve_need(&mut self, wanted: Wanted, need: &Need) {
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

    pub(super) fn named_twice(&mut self, names: &[&Name]) {
        let mut seen = FxHashSet::default();
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.text.as_str())) {
            let at = self.at(twice.span);
            self.report(language::impossible_count::twice(at, &twice.text));
        }
    }

    pub(super) fn count(&mut self, count: u32, of: usize, span: Span) {
        if count == 0 || count as usize > of {
            let at = self.at(span);
            self.report(language::impossible_count::found(at, count, of));
        }
    }

    pub(super) fn resolve_signals(&mut self, expr: &SignalExpr) {
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
}

/// The signal that an expression is, where it is no more than that.
fn plain_signal(expr: &SignalExpr) -> Option<&Name> {
    match expr {
        SignalExpr::Signal(name) => Some(name),
        _ => None,
    }
}
