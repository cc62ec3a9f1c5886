//! From verdicts to the rule set.

mod analysis;
mod elements;
mod obligations;
mod parts;

use std::collections::BTreeSet;
use std::sync::Arc;

use rbp_grammar::ast::Role;
use rbp_ruleset::{Dependency, Package, RuleSet, VERSION};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::analysis::protectors;
use crate::check::checked;
use crate::db::{Day, Db, SourceFile, Workspace, file};
use crate::model::{Element, day_words, element, facts, policy};
use crate::names::{ItemId, Space, exports};

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
        certificates: Vec::new(),
        digest: String::new(),
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

/// What each element is called in the rule set of a package.
pub fn called(db: &dyn Db, package: u32) -> Vec<(String, ItemId)> {
    let names = Names::of(db, package);
    names.ids.into_iter().map(|(id, (name, _))| (name, id)).collect()
}

fn package_of(db: &dyn Db, number: u32) -> Package {
    let packages = Workspace::get(db).packages(db);
    let Some(own) = packages.get(number as usize) else {
        let (name, version) = (String::new(), String::new());
        return Package { name, version, survives: 1, dependencies: Vec::new() };
    };
    let mut used = BTreeSet::new();
    let mut next = vec![own];
    while let Some(package) = next.pop() {
        for (_, at) in &package.dependencies {
            if used.insert(*at) {
                next.extend(packages.get(*at as usize));
            }
        }
    }
    let used = used.iter().filter_map(|at| packages.get(*at as usize));
    let used = used.map(|p| Dependency { name: p.name.clone(), version: p.version.clone() });
    let mut dependencies: Vec<Dependency> = used.collect();
    dependencies.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Package {
        name: own.name.clone(),
        version: own.version.clone(),
        survives: own.survives.unwrap_or(1),
        dependencies,
    }
}

/// What goes into a rule set, and what each of it is called there.
pub(super) struct Names<'a> {
    pub db: &'a dyn Db,
    /// The package.
    package: u32,
    /// The day of judgement.
    pub as_of: Day,
    /// The package's own files.
    pub files: Vec<SourceFile>,
    pub elements: Vec<Arc<Element>>,
    ids: FxHashMap<ItemId, (String, u32)>,
    /// Names that kinds of several files have.
    shared_kinds: FxHashSet<SmolStr>,
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
            // A function of another package is served by the backups that are kept for it there.
            let backups = match named.role() {
                Role::Function => protectors(db, named.id),
                _ => &[],
            };
            let more = named.targets().chain(backups.iter().copied());
            let more = more.filter(|id| seen.insert(*id)).filter_map(|id| element(db, id));
            elements.extend(more.collect::<Vec<_>>());
            next += 1;
        }
        let named = elements.iter().zip(0..);
        let ids = named.map(|(e, number)| (e.id, (qualified(db, package, e), number))).collect();
        let (shared_kinds, as_of) = (shared_kinds(db), Workspace::get(db).as_of(db));
        Names { db, package, as_of, files, elements, ids, shared_kinds }
    }

    /// What an element is called in the rule set.
    pub fn id(&self, id: ItemId) -> String {
        self.ids.get(&id).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// An element's place in the order of files and declarations.
    pub fn order(&self, id: ItemId) -> u32 {
        self.ids.get(&id).map_or(0, |(_, number)| *number)
    }

    /// The package that declares an element, where it is another.
    pub fn package_of(&self, element: &Element) -> Option<String> {
        let package = file(self.db, element.id.file)?.package(self.db);
        let packages = Workspace::get(self.db).packages(self.db);
        let other = packages.get(package as usize).filter(|_| package != self.package)?;
        Some(other.name.clone())
    }

    /// What a policy is called in the rule set.
    pub fn policy(&self, id: ItemId) -> String {
        let name = policy(self.db, id).map(|policy| policy.name().to_owned());
        in_module(self.db, self.package, id, &name.unwrap_or_default())
    }

    /// What a kind is called in the rule set: its name, with its module before it where another kind is
    /// called so too. The standard library's have theirs alone.
    pub fn kind(&self, id: ItemId, name: &str) -> String {
        let standard = file(self.db, id.file).is_some_and(|at| at.package(self.db) == 0);
        match standard || !self.shared_kinds.contains(name) {
            true => name.to_owned(),
            false => in_module(self.db, self.package, id, name),
        }
    }
}

fn shared_kinds(db: &dyn Db) -> FxHashSet<SmolStr> {
    let files = Workspace::get(db).files(db).iter().flatten();
    let (mut once, mut shared) = (FxHashSet::default(), FxHashSet::default());
    for name in files.flat_map(|at| exports(db, *at).names(Space::Kind)) {
        if !once.insert(name.clone()) {
            shared.insert(name.clone());
        }
    }
    shared
}

fn qualified(db: &dyn Db, package: u32, element: &Element) -> String {
    in_module(db, package, element.id, element.name())
}

/// Module and name; for what another package declares, that package's name first.
fn in_module(db: &dyn Db, package: u32, id: ItemId, name: &str) -> String {
    let Some(at) = file(db, id.file) else { return name.to_owned() };
    let module = at.module(db);
    if at.package(db) == package {
        return format!("{module}.{name}");
    }
    let packages = Workspace::get(db).packages(db);
    let of = packages.get(at.package(db) as usize).map_or("", |p| p.name.as_str());
    format!("{of}.{module}.{name}")
}
