//! What the compiler says of printed models, in the oracle's terms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rbp_compiler::analysis::{Analysis, Loss, Reason, analysis};
use rbp_compiler::db::{Package, file};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::model::{element, facts};
use rbp_compiler::names::ItemId;
use rbp_compiler::session::{FileSpec, Session};
use rbp_grammar::ast::{LossSort, Role};

use super::evaluate::Sort;
use crate::policy::AS_OF;

/// A loss by the name of what is lost.
pub type Named = (Sort, String);

/// An obligation: the rule, of what, for what, because of which losses, how it ends.
pub type Obligation = (&'static str, String, Vec<String>, Vec<Named>, &'static str);

/// What the compiler found of one policy with one function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// The minimal cut sets up to the order that was asked for.
    pub cut_sets: BTreeSet<Vec<Named>>,
    /// The single losses that no backup addresses.
    pub unaddressed: BTreeSet<Named>,
    /// After which single losses backups serve, and in how many milliseconds.
    pub restored: BTreeMap<Named, u64>,
    /// Every obligation.
    pub obligations: BTreeSet<Obligation>,
    /// The elements that must hold off one another at the start.
    pub loops: BTreeSet<Vec<String>>,
    /// Not everything could be searched.
    pub incomplete: bool,
}

impl Judged {
    /// How the obligations of a rule end: `None` where there are none, else the worst.
    pub fn verdict(&self, slug: &str) -> Option<&'static str> {
        let mine = self.obligations.iter().filter(|(rule, ..)| *rule == slug);
        mine.map(|(.., verdict)| *verdict).max()
    }
}

/// Checks many policies side by side in one session, each in a package of its own.
pub fn measure(policies: &[Vec<(String, String)>]) -> Vec<Judged> {
    let mut session = Session::new(AS_OF);
    let mut files = Vec::new();
    for (number, policy) in policies.iter().enumerate() {
        let name = format!("p{number}");
        let package = session.add_package(Package { name, ..Package::default() });
        for (path, text) in policy {
            let module = path.trim_end_matches(".rbp").replace('/', ".");
            let spec = FileSpec { path: format!("p{number}/{path}"), module, package };
            files.push((spec, Arc::from(text.as_str())));
        }
    }
    let mut ids = session.add_files(files).into_iter();
    let checked: BTreeMap<FileId, _> = session.check_all().into_iter().collect();
    let mut all = Vec::new();
    for policy in policies {
        let mut judged = Judged::default();
        for id in ids.by_ref().take(policy.len()) {
            if let Some(checked) = checked.get(&id) {
                judged.obligations.extend(checked.obligations.iter().map(|o| {
                    let losses = o.losses.iter();
                    let mut losses: Vec<Named> =
                        losses.map(|(sort, of)| (self::sort(*sort), name(&session, *of))).collect();
                    losses.sort();
                    let mut functions: Vec<String> =
                        o.functions.iter().map(|f| name(&session, *f)).collect();
                    functions.sort();
                    (o.rule.slug, name(&session, o.subject), functions, losses, o.verdict.word())
                }));
            }
            analyses(&session, id, &mut judged);
        }
        all.push(judged);
    }
    all
}

fn name(session: &Session, id: ItemId) -> String {
    element(session.db(), id).map_or(String::new(), |e| e.name().to_owned())
}

fn analyses(session: &Session, id: FileId, judged: &mut Judged) {
    let Some(at) = file(session.db(), id) else { return };
    for function in facts(session.db(), at).elements().filter(|e| e.role() == Role::Function) {
        if let Some(found) = analysis(session.db(), function.id) {
            read(found, judged);
        }
    }
}

fn read(found: &Analysis, judged: &mut Judged) {
    let named = |loss: &Loss| (sort(loss.sort), found.cone.lost_name(*loss).to_owned());
    for cut in &found.cuts {
        judged.cut_sets.insert(vec![named(&cut.loss)]);
        if cut.reason == Reason::Unaddressed {
            judged.unaddressed.insert(named(&cut.loss));
        }
    }
    for set in &found.larger {
        let mut set: Vec<Named> = set.iter().map(named).collect();
        set.sort();
        judged.cut_sets.insert(set);
    }
    judged.restored.extend(found.restored.iter().map(|r| (named(&r.loss), r.ms)));
    for members in &found.loops {
        let mut names: Vec<String> =
            members.iter().map(|at| found.cone.elements[*at].name().to_owned()).collect();
        names.sort();
        judged.loops.insert(names);
    }
    judged.incomplete |=
        found.too_large || found.complete_to < found.order || found.cone.incomplete;
}

fn sort(sort: LossSort) -> Sort {
    match sort {
        LossSort::Lost => Sort::Lost,
        LossSort::Corrupted => Sort::Corrupted,
        LossSort::Compromised => Sort::Compromised,
    }
}
