//! From the compiled model to a book.

use std::collections::{BTreeMap, HashSet};

use rbp_compiler::db::{Db, Declaration, SourceFile, Workspace, file, parsed};
use rbp_compiler::model::lineage;
use rbp_compiler::names::{ItemId, Lookup, Scope, Space, declared, exports};
use rbp_grammar::ParsedItem;
use rbp_grammar::ast::{self, Args, ItemKind, KindClause, Name, PolicyClause, Role, Template};
use rbp_grammar::head::Head;

use super::written::{about, bare, value};
use super::{Book, Entry, Facts, Field, Inside, Link, Module, Parameter, Requirement};

/// A declaration that could not be read: it would be missing from the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The path of its file.
    pub file: String,
    /// The line on which it begins.
    pub line: usize,
}

/// The book of a package, by its number; number 0 is the standard library. Linear in its declarations.
///
/// # Errors
///
/// With the declarations that cannot be read.
pub fn book(db: &dyn Db, package: u32) -> Result<Book, Vec<Unread>> {
    let workspace = Workspace::get(db);
    let Some(about) = workspace.packages(db).get(package as usize) else { return Err(Vec::new()) };
    let all = workspace.files(db).iter().flatten();
    let public: HashSet<SourceFile> = all
        .filter(|at| at.package(db) == package && about.offers(at.module(db)))
        .copied()
        .collect();
    let gatherer = Gatherer { db, public };
    let (mut modules, mut unread) = (Vec::new(), Vec::new());
    let mut files: Vec<SourceFile> = gatherer.public.iter().copied().collect();
    files.sort_by_key(|at| at.module(db).to_owned());
    for at in files {
        match gatherer.module(at) {
            Ok(module) => modules.push(module),
            Err(lines) => unread.extend(lines),
        }
    }
    if !unread.is_empty() {
        return Err(unread);
    }
    let mut book = Book { name: about.name.clone(), version: about.version.clone(), modules };
    bear(&mut book);
    Ok(book)
}

struct Gatherer<'a> {
    db: &'a dyn Db,
    public: HashSet<SourceFile>,
}

impl Gatherer<'_> {
    fn module(&self, at: SourceFile) -> Result<Module, Vec<Unread>> {
        let (db, text) = (self.db, at.text(self.db));
        let read = parsed(db, at);
        let known = exports(db, at);
        let (mut entries, mut unread) = (Vec::new(), Vec::new());
        for (number, item) in read.items.iter().enumerate() {
            let bytes = read.bytes(text, number, item.syntax.item.span);
            let line = text.get(..bytes.start).unwrap_or("").matches('\n').count() + 1;
            if !item.syntax.problems.is_empty() {
                unread.push(Unread { file: at.path(db).to_owned(), line });
                continue;
            }
            // Of two declarations of one name the first counts.
            let first = |(space, name): &(Space, &Name)| {
                known.get(*space, &name.text) == Some(number as u32)
            };
            let Some((_, name)) = declared(&item.syntax.item).filter(first) else { continue };
            let id = ItemId { file: at.id(db), item: number as u32 };
            let Some((facts, title)) = self.facts(at, id, item) else { continue };
            entries.push(Entry {
                name: name.text.to_string(),
                title: title.map(|title| title.text.to_string()),
                docs: item.syntax.item.docs.as_ref().map(ToString::to_string),
                line,
                source: bare(text.get(bytes).unwrap_or("")),
                facts,
            });
        }
        if !unread.is_empty() {
            return Err(unread);
        }
        let (path, file) = (self.path(at), at.path(db).to_owned());
        Ok(Module { path, about: about(text), file, entries })
    }

    fn facts<'b>(
        &self,
        at: SourceFile,
        id: ItemId,
        item: &'b ParsedItem,
    ) -> Option<(Facts, Option<&'b ast::Text>)> {
        Some(match &item.syntax.item.kind {
            ItemKind::Unit(unit) => {
                let definition = unit.definition.as_ref().map(ToString::to_string);
                (Facts::Unit { definition }, unit.title.as_ref())
            }
            ItemKind::Kind(kind) => (self.kind(at, id, kind), kind.title.as_ref()),
            ItemKind::Template(template) => (self.template(at, template), template.title.as_ref()),
            ItemKind::Policy(policy) => (rules(&policy.clauses), policy.title.as_ref()),
            ItemKind::Element(element) => (self.element(at, element), element.title.as_ref()),
            _ => return None,
        })
    }

    /// A kind with what it inherits, its own first.
    fn kind(&self, at: SourceFile, id: ItemId, kind: &ast::Kind) -> Facts {
        let lineage = lineage(self.db, Declaration::new(self.db, at, id.item));
        let (mut fields, mut requires) = (Vec::new(), Vec::new());
        for (of, name) in &lineage.kinds {
            let from = (*of != id).then(|| self.to(*of, Space::Kind, name));
            for clause in self.clauses_of(*of) {
                match clause {
                    KindClause::Field { name, ty } => fields.push(Field {
                        name: name.text.to_string(),
                        ty: ty.text.to_string(),
                        from: from.clone(),
                    }),
                    KindClause::Requires(words) => requires.extend(words.iter().map(|word| {
                        Requirement { word: word.text.to_string(), from: from.clone() }
                    })),
                    KindClause::Error => {}
                }
            }
        }
        let parent = kind.parent.as_ref().map(|parent| self.link(at, Space::Kind, parent));
        Facts::Kind { parent, children: Vec::new(), fields, requires }
    }

    fn clauses_of(&self, kind: ItemId) -> &[KindClause] {
        let item = file(self.db, kind.file)
            .and_then(|at| parsed(self.db, at).items.get(kind.item as usize));
        match item.map(|item| &item.syntax.item.kind) {
            Some(ItemKind::Kind(kind)) => &kind.clauses,
            _ => &[],
        }
    }

    fn template(&self, at: SourceFile, template: &Template) -> Facts {
        let parameters = template.parameters.iter().map(|parameter| Parameter {
            name: parameter.name.text.to_string(),
            bound: self.bound(at, &parameter.bound),
            default: parameter.default.as_ref().map(value),
        });
        let inside = template.elements.iter().map(|element| Inside {
            role: element.role.word(),
            name: element.name.text.to_string(),
            kind: element.kind.as_ref().map(|kind| self.link(at, Space::Kind, kind)),
        });
        Facts::Template {
            backup: template.primary.is_some(),
            kind: template.kind.as_ref().map(|kind| self.link(at, Space::Kind, kind)),
            primary: template.primary.as_ref().map(|primary| primary.text.to_string()),
            parameters: parameters.collect(),
            inside: inside.collect(),
        }
    }

    fn element(&self, at: SourceFile, element: &ast::Element) -> Facts {
        if element.role == Role::Signal {
            let query = element.clauses.iter().find(|clause| clause.head == Head::Query);
            let query = query.and_then(|clause| match &clause.args {
                Args::Texts(texts) => texts.first().map(|text| text.text.to_string()),
                _ => None,
            });
            return Facts::Signal { query };
        }
        let kind = element.kind.as_ref().map(|kind| self.link(at, Space::Kind, kind));
        let template = element.template.as_ref();
        let template = template.map(|used| self.link(at, Space::Template, &used.name));
        Facts::Element { role: element.role.word(), kind, template }
    }

    /// What a parameter takes: a kind, a unit, or a word of the language.
    fn bound(&self, at: SourceFile, name: &Name) -> Link {
        let kind = self.link(at, Space::Kind, name);
        if kind.module.is_empty() { self.link(at, Space::Unit, name) } else { kind }
    }

    /// What a name in a file means.
    fn link(&self, at: SourceFile, space: Space, name: &Name) -> Link {
        match Scope::of(self.db, at).find(space, &name.text) {
            Lookup::Found(id, _) => {
                let last = name.text.rsplit('.').next().unwrap_or(&name.text);
                self.to(id, space, self.name_of(id).as_deref().unwrap_or(last))
            }
            Lookup::Missing { .. } => {
                Link { name: name.text.to_string(), module: String::new(), space, told: false }
            }
        }
    }

    fn name_of(&self, id: ItemId) -> Option<String> {
        let at = file(self.db, id.file)?;
        let item = parsed(self.db, at).items.get(id.item as usize)?;
        declared(&item.syntax.item).map(|(_, name)| name.text.to_string())
    }

    fn to(&self, id: ItemId, space: Space, name: &str) -> Link {
        let at = file(self.db, id.file);
        Link {
            name: name.to_owned(),
            module: at.map(|at| self.path(at)).unwrap_or_default(),
            space,
            told: at.is_some_and(|at| self.public.contains(&at)),
        }
    }

    /// The path of a module as other packages import it.
    fn path(&self, at: SourceFile) -> String {
        let packages = Workspace::get(self.db).packages(self.db);
        let package = packages.get(at.package(self.db) as usize);
        match package.map(|package| package.name.as_str()) {
            None | Some("") => at.module(self.db).to_owned(),
            Some(name) => format!("{name}.{}", at.module(self.db)),
        }
    }
}

/// What a policy cites, and the texts of its rules.
fn rules(clauses: &[PolicyClause]) -> Facts {
    let (mut cites, mut warning, mut texts) = (Vec::new(), false, Vec::new());
    let mut next: Vec<&PolicyClause> = clauses.iter().rev().collect();
    while let Some(clause) = next.pop() {
        match clause {
            PolicyClause::Cite(cite) => cites.push(cite.text.to_string()),
            PolicyClause::Severity(word) => warning = word.text == "warning",
            PolicyClause::ForEach { rules, .. } => next.extend(rules.iter().rev()),
            PolicyClause::Require { otherwise, .. } => texts.push(otherwise.text.to_string()),
            PolicyClause::Error => {}
        }
    }
    Facts::Policy { cites, warning, rules: texts }
}

/// Tells each kind of the kinds that are sorts of it.
fn bear(book: &mut Book) {
    let mut children: BTreeMap<(String, String), Vec<Link>> = BTreeMap::new();
    for module in &book.modules {
        for entry in &module.entries {
            if let Facts::Kind { parent: Some(parent), .. } = &entry.facts {
                let child = Link {
                    name: entry.name.clone(),
                    module: module.path.clone(),
                    space: Space::Kind,
                    told: true,
                };
                let of = (parent.module.clone(), parent.name.clone());
                children.entry(of).or_default().push(child);
            }
        }
    }
    for module in &mut book.modules {
        for entry in &mut module.entries {
            if let Facts::Kind { children: own, .. } = &mut entry.facts {
                let of = (module.path.clone(), entry.name.clone());
                *own = children.remove(&of).unwrap_or_default();
                own.sort_by(|a, b| (&a.name, &a.module).cmp(&(&b.name, &b.module)));
            }
        }
    }
}
