//! What a check is given, and what it answers: an outcome for each obligation it looked at.

use std::cell::OnceCell;
use std::sync::Arc;

use rbp_grammar::ast::{LossSort, Span};
use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::analysis::{Analysis, Loss, Restored};
use crate::db::{Day, Db, SourceFile, Workspace, file};
use crate::diagnostic::Diagnostic;
use crate::model::{Element, Timed, element_from};
use crate::names::ItemId;
use crate::rules::Rule;

/// How an obligation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It holds; the check ran and found nothing against it.
    Proved,
    /// It was refuted, and the acceptance names it.
    Accepted(ItemId),
    /// Something that it depends on is not stated, or could not be read.
    Unknown,
    /// It does not hold; the finding is the witness.
    Refuted,
}

impl Verdict {
    /// The verdict's word.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Proved => "proved",
            Verdict::Accepted(_) => "accepted",
            Verdict::Unknown => "unknown",
            Verdict::Refuted => "refuted",
        }
    }
}

/// One obligation and how it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Which rule.
    pub rule: &'static Rule,
    /// The functions it is owed to.
    pub functions: Arc<[ItemId]>,
    /// The element that owes it.
    pub subject: ItemId,
    /// How it ends.
    pub verdict: Verdict,
    /// The losses that refute it, where losses do.
    pub losses: Box<[(LossSort, ItemId)]>,
    /// What to say of it.
    pub finding: Option<Arc<Diagnostic>>,
    /// The policy that it comes from, where one does.
    pub policy: Option<ItemId>,
    /// It stands as far as every import could be read: behind one that could not, somebody may name an element
    /// whom nobody knows.
    pub needs_imports: bool,
}

/// Collects the outcomes of checks.
pub struct Outcomes<'a> {
    all: &'a mut Vec<Outcome>,
    rule: &'static Rule,
    functions: Arc<[ItemId]>,
    subject: ItemId,
    /// Part of what the check rests on could not be read, so nothing is proved by it.
    incomplete: bool,
}

impl<'a> Outcomes<'a> {
    pub(crate) fn new(
        all: &'a mut Vec<Outcome>,
        rule: &'static Rule,
        functions: &Arc<[ItemId]>,
        subject: ItemId,
        incomplete: bool,
    ) -> Outcomes<'a> {
        Outcomes { all, rule, functions: functions.clone(), subject, incomplete }
    }

    fn add(
        &mut self,
        verdict: Verdict,
        losses: Vec<(LossSort, ItemId)>,
        finding: Option<Diagnostic>,
    ) {
        let (rule, functions, subject) = (self.rule, self.functions.clone(), self.subject);
        let (losses, finding) = (losses.into(), finding.map(Arc::new));
        let (policy, needs_imports) = (None, false);
        self.all.push(Outcome {
            rule,
            functions,
            subject,
            verdict,
            losses,
            finding,
            policy,
            needs_imports,
        });
    }

    /// The obligation was checked and holds.
    pub fn proved(&mut self) {
        let verdict = if self.incomplete { Verdict::Unknown } else { Verdict::Proved };
        self.add(verdict, Vec::new(), None);
    }

    /// It holds as far as every import could be read.
    pub fn proved_by_imports(&mut self) {
        self.proved();
        if let Some(outcome) = self.all.last_mut() {
            outcome.needs_imports = true;
        }
    }

    /// It does not hold; the finding says why.
    pub fn refuted(&mut self, finding: Diagnostic) {
        self.add(Verdict::Refuted, Vec::new(), Some(finding));
    }

    /// It does not hold because of these losses, which an acceptance may name.
    pub fn refuted_by(&mut self, losses: Vec<(LossSort, ItemId)>, finding: Diagnostic) {
        self.add(Verdict::Refuted, losses, Some(finding));
    }

    /// It cannot be decided; the finding says what to add.
    pub fn unknown(&mut self, finding: Diagnostic) {
        self.add(Verdict::Unknown, Vec::new(), Some(finding));
    }

    /// It cannot be decided; what is missing is another rule's finding, which is not repeated.
    pub fn undecided(&mut self) {
        self.add(Verdict::Unknown, Vec::new(), None);
    }

    /// Proved where there is no finding, refuted where there is one.
    pub fn judge(&mut self, finding: Option<Diagnostic>) {
        match finding {
            None => self.proved(),
            Some(finding) => self.refuted(finding),
        }
    }
}

/// A function to be checked.
pub struct FunctionCase<'a> {
    /// For looking up other elements.
    pub db: &'a dyn Db,
    /// The file that is checked.
    pub here: SourceFile,
    /// The function.
    pub function: &'a Arc<Element>,
    /// What losses do to it.
    pub analysis: &'a Analysis,
    /// The day on which it is judged.
    pub as_of: Day,
    /// Where it names what it depends on, once that was asked.
    pub(crate) entries: OnceCell<FxHashMap<ItemId, Span>>,
}

impl FunctionCase<'_> {
    /// Another element; the file's own come straight from its facts.
    pub fn element(&self, id: ItemId) -> Option<Arc<Element>> {
        element_from(self.db, self.here, id)
    }

    /// The order of loss that functions of this package survive unless they say otherwise.
    pub fn default_order(&self) -> u32 {
        let packages = Workspace::get(self.db).packages(self.db);
        let package = file(self.db, self.function.id.file).map(|at| at.package(self.db) as usize);
        package.and_then(|number| packages.get(number)).and_then(|p| p.survives).unwrap_or(1)
    }

    /// A loss as acceptances name it.
    pub fn loss(&self, loss: Loss) -> (LossSort, ItemId) {
        (loss.sort, self.analysis.cone.lost(loss).id)
    }
}

/// A backup to be checked by itself.
pub struct BackupCase<'a> {
    /// For looking up other elements.
    pub db: &'a dyn Db,
    /// The file that is checked.
    pub here: SourceFile,
    /// The backup.
    pub backup: &'a Arc<Element>,
    /// What it is a backup for.
    pub primary: Option<Arc<Element>>,
    /// The functions that it protects.
    pub functions: Vec<Arc<Element>>,
    /// The day on which it is judged.
    pub as_of: Day,
}

impl<'a> BackupCase<'a> {
    /// A backup with what it protects and replaces, on a day.
    pub(crate) fn of(
        db: &'a dyn Db,
        here: SourceFile,
        backup: &'a Arc<Element>,
        as_of: Day,
    ) -> BackupCase<'a> {
        let primary = backup.primary().and_then(|primary| element_from(db, here, primary.id));
        let named = backup.named(Head::Protects);
        let functions = named.iter().filter_map(|f| element_from(db, here, f.id)).collect();
        BackupCase { db, here, backup, primary, functions, as_of }
    }

    /// Another element; the file's own come straight from its facts.
    pub fn element(&self, id: ItemId) -> Option<Arc<Element>> {
        element_from(self.db, self.here, id)
    }
}

/// A backup to be checked for one of the functions that it protects.
pub struct PairCase<'a> {
    /// For looking up other elements.
    pub db: &'a dyn Db,
    /// The file that is checked.
    pub here: SourceFile,
    /// The backup.
    pub backup: &'a Arc<Element>,
    /// What it is a backup for.
    pub primary: Option<Arc<Element>>,
    /// The function.
    pub function: Arc<Element>,
    /// What losses do to the function.
    pub analysis: &'a Analysis,
    /// The day on which it is judged.
    pub as_of: Day,
}

impl PairCase<'_> {
    /// Another element; the file's own come straight from its facts.
    pub fn element(&self, id: ItemId) -> Option<Arc<Element>> {
        element_from(self.db, self.here, id)
    }

    /// The single losses after which the function calls on the backup.
    pub fn calls(&self) -> impl Iterator<Item = &Restored> {
        let at = self.analysis.cone.index.get(&self.backup.id).copied();
        self.analysis.restored.iter().filter(move |r| at.is_some_and(|at| r.by.contains(&at)))
    }

    fn held_to(&self, head: Head, loss: Loss) -> Option<Timed> {
        self.function.objective(head, loss.sort, self.analysis.cone.lost(loss))
    }

    /// A loss that calls on the backup and that none of the function's objectives is about.
    pub fn unbounded(&self, head: Head) -> Option<Loss> {
        self.calls().map(|r| r.loss).find(|loss| self.held_to(head, *loss).is_none())
    }

    /// The objective that the backup is held to: the tightest over the losses that call on it, `None`
    /// where one of them has none. Where no single loss does, the widest that the function states.
    pub fn objective(&self, head: Head) -> Option<Timed> {
        if self.unbounded(head).is_some() {
            return None;
        }
        let tightest = self.calls().filter_map(|r| self.held_to(head, r.loss));
        let tightest = tightest.min_by_key(|bound| bound.ms);
        let all = || self.function.objectives(head).into_iter().map(|o| o.bound);
        tightest.or_else(|| all().max_by_key(|bound| bound.ms))
    }
}

/// An element to be checked.
pub struct ElementCase<'a> {
    /// For looking up other elements.
    pub db: &'a dyn Db,
    /// The file that is checked.
    pub here: SourceFile,
    /// The element.
    pub element: &'a Arc<Element>,
    /// The day on which it is judged.
    pub as_of: Day,
}

impl ElementCase<'_> {
    /// Another element; the file's own come straight from its facts.
    pub fn element(&self, id: ItemId) -> Option<Arc<Element>> {
        element_from(self.db, self.here, id)
    }
}
