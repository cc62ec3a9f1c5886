//! From verdicts to the rule set.

mod elements;
mod obligations;
mod parts;

use std::collections::BTreeSet;
use std::sync::Arc;

use rbp_grammar::ast::Role;
use rbp_ruleset::{Dependency, Package, RuleSet, VERSION};
use rustc_hash::FxHashMap;

use crate::check::checked;
use crate::db::{Db, SourceFile, Workspace, file};
use crate::model::{Element, day_words, element, facts};
use crate::names::ItemId;

/// The rule set of a package: its own elements and, of other packages, what they rest on. Whether
/// it may be handed out, [`RuleSet::verified`] says.
pub fn rule_set(db: &dyn Db, package: u32) -> RuleSet {
    let names = Names::of(db, package);
    let mut rules = RuleSet {
        version: VERSION,
        verified: !names.files.iter().any(|at| checked(db, *at).is_open()),
        as_of: day_words(Workspace::get(db).as_of(db)),
        package: package_of(db, package),
        functions: Vec::new(),
        elements: Vec::new(),
        signals: Vec::new(),
        backups: Vec::new(),
        acceptances: obligations::acceptances(&names),
        obligations: obligations::obligations(&names),
    };
    for element in &names.elements {
        match element.role() {
            Role::Function => rules.functions.push(elements::function(&names, element)),
            Role::Signal => rules.signals.push(elements::signal(&names, element)),
            Role::Dependency => rules.elements.push(elements::element(&names, element)),
            Role::Backup => {
                rules.elements.push(elements::element(&names, element));
                rules.backups.push(elements::backup(&names, element));
            }
        }
    }
    rules.functions.sort_by(|a, b| a.id.cmp(&b.id));
    rules.elements.sort_by(|a, b| a.id.cmp(&b.id));
    rules.signals.sort_by(|a, b| a.id.cmp(&b.id));
    rules.backups.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

fn package_of(db: &dyn Db, number: u32) -> Package {
    let packages = Workspace::get(db).packages(db);
    let Some(own) = packages.get(number as usize) else {
        return Package { name: String::new(), version: String::new(), dependencies: Vec::new() };
    };
    let used = own.dependencies.iter().filter_map(|(name, at)| {
        let version = packages.get(*at as usize)?.version.clone();
        Some(Dependency { name: name.clone(), version })
    });
    let mut dependencies: Vec<Dependency> = used.collect();
    dependencies.sort_by(|a, b| a.name.cmp(&b.name));
    Package { name: own.name.clone(), version: own.version.clone(), dependencies }
}

/// What goes into a rule set, and what each of it is called there.
pub(super) struct Names<'a> {
    pub db: &'a dyn Db,
    /// The package's own files.
    pub files: Vec<SourceFile>,
    pub elements: Vec<Arc<Element>>,
    ids: FxHashMap<ItemId, String>,
}

impl<'a> Names<'a> {
    fn of(db: &'a dyn Db, package: u32) -> Names<'a> {
        let all = Workspace::get(db).files(db).iter().flatten();
        let files: Vec<SourceFile> = all.filter(|at| at.package(db) == package).copied().collect();
        let mut elements: Vec<Arc<Element>> = Vec::new();
        let mut seen: BTreeSet<ItemId> = BTreeSet::new();
        for own in files.iter().flat_map(|at| facts(db, *at).elements()) {
            seen.insert(own.id);
            elements.push(own.clone());
        }
        let mut next = 0;
        while let Some(named) = elements.get(next).cloned() {
            let more =
                named.targets().filter(|id| seen.insert(*id)).filter_map(|id| element(db, id));
            elements.extend(more.collect::<Vec<_>>());
            next += 1;
        }
        let ids = elements.iter().map(|e| (e.id, qualified(db, package, e))).collect();
        Names { db, files, elements, ids }
    }

    /// What an element is called in the rule set.
    pub fn id(&self, id: ItemId) -> String {
        self.ids.get(&id).cloned().unwrap_or_default()
    }
}

/// Module and name; for an element of another package, that package's name first.
fn qualified(db: &dyn Db, package: u32, element: &Element) -> String {
    let Some(at) = file(db, element.id.file) else { return element.name().to_owned() };
    let (module, name) = (at.module(db), element.name());
    if at.package(db) == package {
        return format!("{module}.{name}");
    }
    let packages = Workspace::get(db).packages(db);
    let of = packages.get(at.package(db) as usize).map_or("", |p| p.name.as_str());
    format!("{of}.{module}.{name}")
}
