//! Names that fit: of this file, of its imports, and of other files with the import that they need.

use std::sync::Arc;

use rbp_compiler::db::{Db, Declaration, Workspace, file, parsed};
use rbp_compiler::diagnostic::Level;
use rbp_compiler::evidence::Exercise;
use rbp_compiler::model::{
    ASPECTS, BOUNDS, Bound, Lineage, READINESS, blueprint, element, lineage,
};
use rbp_compiler::names::{ItemId, Lookup, Scope, Space, exports, module, module_paths, path_from};
use rbp_compiler::policy::{fields, functions};
use rbp_compiler::rules;
use rbp_compiler::rules::language::wrong_kind::Wanted;
use rbp_grammar::ast::{self, ItemKind, Outcome, Role};
use rbp_grammar::head::Head;
use smol_str::SmolStr;

use super::context::Context;
use super::{Item, Sort};
use crate::declared::{item, template};
use crate::imports::import;
use crate::mentions::{Means, mentions};

/// The most names of other files that are offered at once.
const FOREIGN: usize = 50;

/// The names that may stand at the place, and whether there are more.
pub fn items(context: &Context<'_>) -> (Vec<Item>, bool) {
    if !context.next.name {
        return (Vec::new(), false);
    }
    let mut names = Names { context, items: Vec::new(), more: false };
    if context.begins && context.path.is_empty() {
        names.fields();
    }
    // What is read borrows from what was written for trial, so it is used at once.
    let _ = context.wanted(|means, _| names.offer(means));
    (names.items, names.more)
}

struct Names<'a> {
    context: &'a Context<'a>,
    items: Vec<Item>,
    more: bool,
}

impl<'a> Names<'a> {
    fn db(&self) -> &'a dyn Db {
        self.context.source.db
    }

    fn words(&mut self, words: impl IntoIterator<Item = impl AsRef<str>>, sort: Sort) {
        for word in words {
            self.items.push(Item::new(word.as_ref(), sort).rank(1));
        }
    }

    fn offer(&mut self, means: Means<'_>) {
        match means {
            Means::Element(wanted) => self.elements(&|role, kind| wanted.accepts(role, kind)),
            Means::Anybody => {
                self.elements(&|role, kind| Wanted::Actor.accepts(role, kind));
                self.written(Means::Anybody);
            }
            Means::Expected(outcome) => match outcome {
                Outcome::Passes => self.space(Space::Policy, Sort::Policy),
                Outcome::Activates | Outcome::StaysIdle => {
                    self.elements(&|role, _| role == Role::Backup);
                }
                _ => self.elements(&|role, _| matches!(role, Role::Function | Role::Backup)),
            },
            Means::Kind => self.space(Space::Kind, Sort::Kind),
            Means::Template => self.space(Space::Template, Sort::Template),
            Means::Pack => {
                self.space(Space::Policy, Sort::Policy);
                self.modules(true);
            }
            Means::Module => self.modules(false),
            Means::Imported(path) => self.exported(path),
            Means::Rule => self.rules(|level| level != Level::Error),
            Means::Finding => {
                self.rules(|_| true);
                self.space(Space::Policy, Sort::Policy);
            }
            Means::ParameterBound => {
                self.words(BOUNDS, Sort::Word);
                self.space(Space::Kind, Sort::Kind);
            }
            Means::FieldType => {
                self.words(["text", "name", "date"], Sort::Word);
                self.space(Space::Unit, Sort::Unit);
            }
            Means::Argument(template) => self.arguments(template),
            Means::Given(template, parameter) => self.given(template, parameter),
            Means::Open | Means::FieldValue(_) => self.parameters(&|_| true),
            Means::Required => self.required(),
            Means::Word(Head::Readiness) => self.words(READINESS, Sort::Word),
            Means::Word(Head::Exercise) => self.words(Exercise::WORDS, Sort::Word),
            Means::Word(Head::FromCold) => self.words(["cold"], Sort::Word),
            Means::Word(Head::DiverseBy) => {
                let fields = self.kind().map(|kind| kind.fields.clone()).unwrap_or_default();
                self.words(fields.iter().map(|field| field.name.clone()), Sort::Field);
            }
            Means::Word(head) => self.written(Means::Word(head)),
            Means::Aspect => {
                self.words(ASPECTS, Sort::Word);
                self.items.push(Item::new("load", Sort::Keyword).rank(1));
            }
            Means::Severity => self.words(["error", "warning"], Sort::Word),
            Means::Variable(_) => {
                self.bound();
                self.functions();
            }
            Means::Function => self.functions(),
            Means::Asked => {
                for field in fields() {
                    let item = Item::new(field.name, Sort::Field).docs(field.meaning);
                    let of: Vec<&str> = field.of.iter().map(|owner| owner.words()).collect();
                    self.items.push(item.detail(of.join(", ")).rank(1));
                }
            }
            Means::Own(_)
            | Means::Part
            | Means::Parameter
            | Means::Test
            | Means::FieldName
            | Means::Bound
            | Means::Alias(..)
            | Means::Unit(_)
            | Means::Field => {}
        }
    }

    /// The fields of the element's kind that it has not given yet.
    fn fields(&mut self) {
        let Some(kind) = self.kind() else { return };
        let given = self.fields_given();
        for field in kind.fields.iter().filter(|field| !given.contains(&field.name)) {
            let item = Item::new(field.name.as_str(), Sort::Field);
            let item = item.snippet(format!("{} ${{1}}", field.name));
            self.items.push(item.detail(format!("field of {}", kind.name())).rank(2));
        }
    }

    fn fields_given(&self) -> Vec<SmolStr> {
        let id = self.id();
        let known = id.and_then(|id| item(self.db(), id));
        let mentions = known.map(|known| mentions(&known.kind)).unwrap_or_default();
        let fields = mentions.iter().filter(|mention| mention.means == Means::Field);
        fields.map(|mention| SmolStr::new(mention.text)).collect()
    }

    fn id(&self) -> Option<ItemId> {
        Some(ItemId { file: self.context.source.id, item: self.context.number? })
    }

    /// The kind of the element around the place.
    fn kind(&self) -> Option<Arc<Lineage>> {
        let id = self.id()?;
        if let Some(known) = element(self.db(), id) {
            return known.lineage.clone();
        }
        let kind = template(self.db(), id)?.kind.as_ref()?;
        match Scope::of(self.db(), self.context.source.at).find(Space::Kind, &kind.text) {
            Lookup::Found(id, _) => Some(lineage(
                self.db(),
                Declaration::new(self.db(), file(self.db(), id.file)?, id.item),
            )),
            Lookup::Missing { .. } => None,
        }
    }

    /// The elements that fit: those of the template around, of the file, of its imports, of others.
    fn elements(&mut self, fits: &dyn Fn(Role, Option<&Lineage>) -> bool) {
        let db = self.db();
        self.parameters(&|bound| bound.least().is_some_and(|(role, kind)| fits(role, kind)));
        let fitting = |id: ItemId| {
            let known = element(db, id)?;
            fits(known.role(), known.lineage.as_deref()).then_some(known)
        };
        self.each(Space::Element, &|id, label| {
            let known = fitting(id)?;
            let sort = match known.role() {
                Role::Dependency => Sort::Element,
                Role::Signal => Sort::Signal,
                Role::Function => Sort::Function,
                Role::Backup => Sort::Backup,
            };
            let kind = known.lineage.as_ref().map(|kind| kind.name().to_owned());
            let detail = kind.unwrap_or_else(|| known.role().word().to_owned());
            Some(Item::new(label, sort).detail(detail))
        });
    }

    fn space(&mut self, space: Space, sort: Sort) {
        let db = self.db();
        self.each(space, &|id, label| {
            let found = item(db, id)?;
            let mut offered = Item::new(label, sort);
            if let Some(docs) = &found.docs {
                offered = offered.docs(crate::hover::plain(docs));
            }
            if let ItemKind::Template(template) = &found.kind {
                let names = template.parameters.iter().filter(|p| p.default.is_none());
                let gaps: Vec<String> = names
                    .enumerate()
                    .map(|(number, p)| format!("{}: ${{{}}}", p.name.text, number + 1))
                    .collect();
                offered = offered.snippet(format!("{label}({})", gaps.join(", ")));
            }
            Some(offered)
        });
    }

    /// Offers what a space holds: what is in scope, then what an import would bring.
    fn each(&mut self, space: Space, offered: &dyn Fn(ItemId, &str) -> Option<Item>) {
        let db = self.db();
        let (source, path) = (self.context.source, &self.context.path);
        let scope = Scope::of(db, source.at);
        if !path.is_empty() {
            return self.behind(&scope, space, offered);
        }
        let mut known: Vec<ItemId> = Vec::new();
        for name in scope.known(space).iter() {
            let Lookup::Found(id, through) = scope.find(space, name) else { continue };
            known.push(id);
            let own = id.file == source.id;
            let rank = if own {
                1
            } else if through.is_some() {
                2
            } else {
                3
            };
            self.items.extend(offered(id, name).map(|item| item.rank(rank)));
        }
        let word = self.context.word;
        // Names of elsewhere are many: a few letters narrow them down.
        if word.is_empty() && space == Space::Element {
            self.more = true;
            return;
        }
        let mut foreign = 0;
        for (name, id) in named(db, space, word) {
            if known.contains(&id) || id.file == source.id {
                continue;
            }
            if foreign >= FOREIGN {
                self.more = true;
                break;
            }
            let Some(from) = module_of(db, source.at, id) else { continue };
            let Some(also) = import(source, &from, &name) else { continue };
            if let Some(mut item) = offered(id, &name) {
                foreign += 1;
                let from = format!("import {from}");
                item.detail = Some(item.detail.map_or(from.clone(), |d| format!("{d} · {from}")));
                item.also = vec![also];
                self.items.push(item.rank(6));
            }
        }
    }

    /// What stands behind a dot: the names of a module, or the parts that a template makes.
    fn behind(
        &mut self,
        scope: &Scope<'_>,
        space: Space,
        offered: &dyn Fn(ItemId, &str) -> Option<Item>,
    ) {
        let db = self.db();
        let path = self.context.path.trim_end_matches('.');
        if let Some(from) = scope.module(path) {
            let exported = exports(db, from);
            for name in exported.names(space) {
                let Some(item) = exported.get(space, name) else { continue };
                let id = ItemId { file: from.id(db), item };
                self.items.extend(offered(id, name).map(|item| item.rank(1)));
            }
            return;
        }
        let prefix = format!("{path}.");
        let names = scope.known(space);
        for name in names.iter().filter_map(|name| name.strip_prefix(&prefix)) {
            if let Lookup::Found(id, _) = scope.find(space, &format!("{prefix}{name}")) {
                self.items.extend(offered(id, name).map(|item| item.rank(1)));
            }
        }
    }

    /// The parameters of the template around, where they fit, and its elements.
    fn parameters(&mut self, fits: &dyn Fn(&Bound) -> bool) {
        let Some(id) = self.id() else { return };
        let db = self.db();
        let read = file(db, id.file)
            .and_then(|at| blueprint(db, Declaration::new(db, at, id.item)).clone());
        for parameter in read.iter().flat_map(|read| &read.parameters) {
            if fits(&parameter.bound) {
                let item = Item::new(parameter.name.as_str(), Sort::Parameter);
                self.items.push(item.detail(parameter.bound.words()).rank(0));
            }
        }
    }

    fn modules(&mut self, with_policies: bool) {
        let db = self.db();
        let at = self.context.source.at;
        let prefix = &self.context.path;
        for path in module_paths(db, at) {
            let holds = || {
                let found = module(db, at, &path);
                found.is_some_and(|from| exports(db, from).names(Space::Policy).next().is_some())
            };
            if let Some(rest) = path.strip_prefix(prefix.as_str())
                && (!with_policies || holds())
            {
                self.items.push(Item::new(rest, Sort::Module).rank(2));
            }
        }
        if with_policies && !prefix.is_empty() {
            let path = prefix.trim_end_matches('.').to_owned();
            if let Some(from) = module(db, at, &path) {
                let names: Vec<SmolStr> = exports(db, from).names(Space::Policy).cloned().collect();
                self.words(names, Sort::Policy);
            }
        }
    }

    fn exported(&mut self, path: &str) {
        let db = self.db();
        let Some(from) = module(db, self.context.source.at, path) else { return };
        let all = exports(db, from);
        for space in Space::ALL {
            for name in all.names(space) {
                let sort = match space {
                    Space::Element => Sort::Element,
                    Space::Kind => Sort::Kind,
                    Space::Unit => Sort::Unit,
                    Space::Template => Sort::Template,
                    Space::Policy | Space::Scenario => Sort::Policy,
                };
                if space != Space::Scenario {
                    self.items.push(Item::new(name.as_str(), sort).detail(space.word()).rank(1));
                }
            }
        }
    }

    fn rules(&mut self, fits: fn(Level) -> bool) {
        for rule in rules::all().filter(|rule| fits(rule.level)) {
            let item = Item::new(rule.slug, Sort::Word).detail(rule.level.word());
            self.items.push(item.docs(rule.summary).rank(2));
        }
    }

    fn template_named(&self, name: &str) -> Option<ItemId> {
        match Scope::of(self.db(), self.context.source.at).find(Space::Template, name) {
            Lookup::Found(id, _) => Some(id),
            Lookup::Missing { .. } => None,
        }
    }

    /// The parameters of a template that a use has not given yet.
    fn arguments(&mut self, name: &str) {
        let Some(found) = self.template_named(name).and_then(|id| template(self.db(), id)) else {
            return;
        };
        let given = self.context.reduced.rsplit_once('(').map_or("", |(_, inside)| inside);
        let given: Vec<&str> = given.split_whitespace().collect();
        for parameter in &found.parameters {
            let name = parameter.name.text.as_str();
            if !given.windows(2).any(|pair| pair == [name, ":"]) {
                let item = Item::new(name, Sort::Parameter).snippet(format!("{name}: ${{1}}"));
                self.items.push(item.detail(parameter.bound.text.as_str()).rank(1));
            }
        }
    }

    fn given(&mut self, name: &str, parameter: &str) {
        let db = self.db();
        let Some(id) = self.template_named(name) else { return };
        let read = file(db, id.file)
            .and_then(|at| blueprint(db, Declaration::new(db, at, id.item)).clone());
        let parameter =
            read.and_then(|read| read.parameters.iter().find(|p| p.name == parameter).cloned());
        if let Some(parameter) = parameter.filter(|parameter| parameter.bound.is_element()) {
            self.elements(&|role, kind| parameter.bound.takes(role, kind));
        }
    }

    fn required(&mut self) {
        let mut words: Vec<&str> =
            Head::ALL.iter().filter_map(|head| head.words().split(' ').next()).collect();
        words.retain(|word| !word.is_empty());
        words.dedup();
        self.words(words, Sort::Clause);
    }

    /// The words that the file has in such places already.
    fn written(&mut self, means: Means<'_>) {
        let source = self.context.source;
        let mut words: Vec<SmolStr> = Vec::new();
        for item in &source.parsed.items {
            let all = mentions(&item.syntax.item.kind);
            let same = all.iter().filter(|mention| mention.means == means);
            words.extend(same.map(|mention| SmolStr::new(mention.text)));
        }
        words.sort();
        words.dedup();
        words.retain(|word| !self.items.iter().any(|item| item.label == word.as_str()));
        self.words(words, Sort::Word);
    }

    /// The names that the rules around the place bind: those before it in the policy.
    fn bound(&mut self) {
        let Some(id) = self.id() else { return };
        let Some(ItemKind::Policy(policy)) = item(self.db(), id).map(|item| &item.kind) else {
            return;
        };
        let kind = ItemKind::Policy(policy.clone());
        let all = mentions(&kind);
        let bound = all.iter().filter(|mention| mention.means == Means::Bound);
        let names: Vec<SmolStr> = bound.map(|mention| SmolStr::new(mention.text)).collect();
        self.words(names, Sort::Parameter);
    }

    fn functions(&mut self) {
        for function in functions() {
            let item = Item::new(function.name, Sort::Function).docs(function.meaning);
            let item = item.snippet(format!("{}(${{1}})", function.name));
            self.items.push(item.detail(function.form).rank(3));
        }
    }
}

/// The module path by which a file names a declaration's file.
pub fn module_of(db: &dyn Db, here: rbp_compiler::db::SourceFile, id: ItemId) -> Option<String> {
    let workspace = Workspace::get(db);
    let package = workspace.packages(db).get(here.package(db) as usize);
    let dependencies = package.map_or(&[][..], |package| &package.dependencies);
    path_from(db, here, file(db, id.file)?, dependencies)
}

/// The declarations of a file by space and name.
#[salsa::tracked(returns(ref))]
fn declared_in(db: &dyn Db, at: rbp_compiler::db::SourceFile) -> Arc<[(Space, SmolStr, u32)]> {
    let items = parsed(db, at).items.iter().enumerate();
    let named = items.filter_map(|(number, item)| {
        let (space, name): (Space, &ast::Name) = rbp_compiler::names::declared(&item.syntax.item)?;
        Some((space, name.text.clone(), number as u32))
    });
    named.collect()
}

/// Every declaration of every file, by space and name.
#[salsa::tracked(returns(ref))]
fn all_declared(db: &dyn Db) -> Vec<(Space, SmolStr, ItemId)> {
    let mut all = Vec::new();
    for at in Workspace::get(db).files(db).iter().flatten() {
        let file = at.id(db);
        let own = declared_in(db, *at).iter();
        all.extend(
            own.map(|(space, name, item)| (*space, name.clone(), ItemId { file, item: *item })),
        );
    }
    all.sort_unstable();
    all
}

/// The declarations of a space whose names begin with a word.
fn named<'a>(
    db: &'a dyn Db,
    space: Space,
    word: &'a str,
) -> impl Iterator<Item = (SmolStr, ItemId)> + 'a {
    let all = all_declared(db);
    let start = all.partition_point(|(s, name, _)| (*s, name.as_str()) < (space, word));
    let rest = all.get(start..).unwrap_or(&[]).iter();
    let fitting = rest.take_while(move |(s, name, _)| *s == space && name.starts_with(word));
    fitting.map(|(_, name, id)| (name.clone(), *id))
}
