//! The elements that a function rests on, directly or not, with the backups that protect it and
//! everything their activation rests on.

use std::sync::Arc;

use rbp_grammar::ast::Role;
use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::analysis::bridge::{holds_out_for, leave_out_unheld};
use crate::analysis::coverage::{Loan, coverage_gaps, needed_loan};
use crate::analysis::index::protectors_from;
use crate::db::{Db, SourceFile};
use crate::model::{AuthorityView, BareNeed, Element, NEEDS, element_from};
use crate::names::ItemId;

/// An element's number in its cone.
pub type Index = usize;

/// Stands on a way for elements that are left out of it.
pub(super) const GAP: Index = Index::MAX;

/// The elements of a function. Number 0 is the function itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Cone {
    /// The elements, nearest the function first.
    pub elements: Vec<Arc<Element>>,
    /// Their numbers.
    pub index: FxHashMap<ItemId, Index>,
    /// For each primary in the cone the backups that stand in for it.
    pub stand_ins: FxHashMap<Index, Vec<Index>>,
    /// For each backup that stands in what of it is lent, where that is needed.
    pub loans: FxHashMap<Index, Loan>,
    /// Who can destroy what: (controller, what it controls), by the numbers of the latter.
    pub controllers: Vec<(Arc<Element>, Vec<Index>)>,
    /// A backup was left out because it is not credible.
    pub doubted: bool,
    /// Something in the cone could not be read or means nothing, so nothing about it is proved.
    pub incomplete: bool,
}

/// Which backups stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Those that are credible for the function.
    Credible,
    /// All that are declared.
    Declared,
}

impl Cone {
    /// Whether a backup stands in for something.
    pub fn stands_in(&self, backup: ItemId) -> bool {
        let at = self.index.get(&backup);
        at.is_some_and(|at| self.stand_ins.values().any(|backups| backups.contains(at)))
    }

    /// The cone of a function. Linear in it.
    pub fn of(db: &dyn Db, here: SourceFile, function: &Arc<Element>, standing: Standing) -> Cone {
        let mut functions = vec![function.clone()];
        loop {
            let cone = Gather::new(db, here, &functions, standing).run(function);
            let more: Vec<_> =
                cone.elements.iter().filter(|e| e.role() == Role::Function).cloned().collect();
            if more.len() == functions.len() {
                return cone;
            }
            // A function that rests on another is served by the other's backups as well.
            functions = more;
        }
    }
}

struct Gather<'a> {
    db: &'a dyn Db,
    /// The file of the function.
    here: SourceFile,
    /// Per primary the backups that stand in.
    backups: FxHashMap<ItemId, Vec<Arc<Element>>>,
    cone: Cone,
}

impl<'a> Gather<'a> {
    fn new(
        db: &'a dyn Db,
        here: SourceFile,
        functions: &[Arc<Element>],
        wanted: Standing,
    ) -> Gather<'a> {
        let mut backups: FxHashMap<ItemId, Vec<Arc<Element>>> = FxHashMap::default();
        let mut doubted = false;
        for function in functions {
            for id in protectors_from(db, here, function.id) {
                let Some(backup) = element_from(db, here, *id) else { continue };
                let Some(primary) = backup.primary() else { continue };
                let standing = backups.entry(primary.id).or_default();
                let primary = element_from(db, here, primary.id);
                let counts = wanted == Standing::Declared
                    || coverage_gaps(&backup, function, primary.as_deref()).is_empty();
                doubted |= !counts;
                if counts && !standing.iter().any(|b| b.id == backup.id) {
                    standing.push(backup);
                }
            }
        }
        for standing in backups.values_mut() {
            let of = |backup: &Arc<Element>| (backup.id, holds_out_for(db, here, backup));
            doubted |= leave_out_unheld(standing, of);
        }
        let cone = Cone {
            elements: Vec::new(),
            index: FxHashMap::default(),
            stand_ins: FxHashMap::default(),
            loans: FxHashMap::default(),
            controllers: Vec::new(),
            doubted,
            incomplete: false,
        };
        Gather { db, here, backups, cone }
    }

    fn run(mut self, function: &Arc<Element>) -> Cone {
        self.add(function.clone());
        let mut next = 0;
        while let Some(element) = self.cone.elements.get(next).cloned() {
            self.visit(next, &element);
            next += 1;
        }
        self.gather_controllers();
        self.cone
    }

    fn add(&mut self, element: Arc<Element>) -> Index {
        let next = self.cone.elements.len();
        let at = *self.cone.index.entry(element.id).or_insert(next);
        if at == next {
            self.cone.elements.push(element);
        }
        at
    }

    fn name(&mut self, id: ItemId) {
        if self.cone.index.contains_key(&id) {
            return;
        }
        match element_from(self.db, self.here, id) {
            Some(element) => {
                self.add(element);
            }
            None => self.cone.incomplete = true,
        }
    }

    fn needs<'n>(&mut self, needs: impl Iterator<Item = BareNeed<'n>>) {
        for need in needs {
            let mut known = 0;
            for id in need.of() {
                known += 1;
                self.name(id);
            }
            self.cone.incomplete |= need.named() != known;
        }
    }

    fn visit(&mut self, at: Index, element: &Arc<Element>) {
        self.cone.incomplete |= element.is_partial();
        self.needs(element.bare_needs(NEEDS));
        self.needs(element.bare_needs(&[Head::From]));
        if element.role() == Role::Backup {
            self.backup_needs(element);
        }
        for backup in self.backups.get(&element.id).cloned().unwrap_or_default() {
            let number = self.add(backup.clone());
            self.cone.stand_ins.entry(at).or_default().push(number);
            self.activation(&backup);
            if let Some(loan) = needed_loan(self.db, self.here, &backup) {
                loan.by.into_iter().for_each(|by| self.name(by));
                self.cone.loans.insert(number, loan);
            }
        }
    }

    /// What a backup rests on, whether it stands in for anything here or not; of a copy also what it
    /// follows, since it takes over what is wrong there, and what would notice that in time.
    fn backup_needs(&mut self, backup: &Arc<Element>) {
        self.needs(backup.bare_needs(&[Head::InstalledBy]));
        if backup.has(Head::LagWithin)
            && let Some(primary) = backup.primary()
        {
            self.name(primary.id);
            let delayed = backup.activation().filter(|_| backup.has(Head::DelayedBy));
            if let Some((when, _)) = delayed.and_then(|activation| activation.when()) {
                self.signals(backup, when);
            }
        }
        if let Some((by, _)) = backup.load(Head::Covers).and_then(|load| load.resupply) {
            match backup.target(by) {
                Some(id) => self.name(id),
                None => self.cone.incomplete = true,
            }
        }
    }

    fn activation(&mut self, backup: &Arc<Element>) {
        let Some(activation) = backup.activation() else { return };
        if let Some((when, _)) = activation.when() {
            self.signals(backup, when);
        }
        for AuthorityView { who, .. } in activation.succession() {
            self.cone.incomplete |= who.named as usize != who.of.len();
            who.of.iter().for_each(|target| self.name(target.id));
        }
        self.needs(activation.bare_needs(&[Head::With]));
        self.needs(activation.bare_needs(&[Head::FundedBy]));
        for (_, via, _) in activation.fences() {
            via.iter().for_each(|target| self.name(target.id));
        }
        for (via, _, _) in activation.reaches() {
            via.iter().for_each(|target| self.name(target.id));
        }
    }

    fn signals(&mut self, backup: &Element, expr: &rbp_grammar::ast::SignalExpr) {
        use rbp_grammar::ast::SignalExpr;
        match expr {
            SignalExpr::Signal(name) => match backup.target(name) {
                Some(id) => self.name(id),
                None => self.cone.incomplete = true,
            },
            SignalExpr::Not(inner) => self.signals(backup, inner),
            SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
                self.signals(backup, left);
                self.signals(backup, right);
            }
            SignalExpr::Some { of, .. } => of.iter().for_each(|inner| self.signals(backup, inner)),
        }
    }

    fn gather_controllers(&mut self) {
        let mut controlled: Vec<(ItemId, Vec<Index>)> = Vec::new();
        for (at, element) in self.cone.elements.iter().enumerate() {
            for controller in element.named(Head::ControlledBy) {
                match controlled.iter_mut().find(|(id, _)| *id == controller.id) {
                    Some((_, all)) => all.push(at),
                    None => controlled.push((controller.id, vec![at])),
                }
            }
        }
        for (id, all) in controlled {
            if let Some(controller) = element_from(self.db, self.here, id) {
                self.cone.controllers.push((controller, all));
            }
        }
    }
}
