//! What a file declares, as a tree; and what a workspace does, by name.

use rbp_compiler::db::{Db, Workspace};
use rbp_compiler::diagnostic::FileId;
use rbp_grammar::ast::{Accepted, Args, Clause, Element, ItemKind, KindClause, Name, Role};

use crate::source::{Declaration, Place, Source};

/// What sort of thing is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Sort {
    Import,
    Unit,
    Kind,
    Field,
    Dependency,
    Signal,
    Function,
    Backup,
    Activation,
    Test,
    Template,
    Parameter,
    Policy,
    Accept,
    Scenario,
    Evidence,
    Apply,
}

impl Sort {
    /// The sort of an element.
    pub fn of(role: Role) -> Sort {
        match role {
            Role::Dependency => Sort::Dependency,
            Role::Signal => Sort::Signal,
            Role::Function => Sort::Function,
            Role::Backup => Sort::Backup,
        }
    }

    /// The sort in a word.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Import => "import",
            Sort::Unit => "unit",
            Sort::Kind => "kind",
            Sort::Field => "field",
            Sort::Dependency => "dependency",
            Sort::Signal => "signal",
            Sort::Function => "function",
            Sort::Backup => "backup",
            Sort::Activation => "activation",
            Sort::Test => "test",
            Sort::Template => "template",
            Sort::Parameter => "parameter",
            Sort::Policy => "policy",
            Sort::Accept => "acceptance",
            Sort::Scenario => "scenario",
            Sort::Evidence => "evidence",
            Sort::Apply => "apply",
        }
    }
}

/// Something declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// Its kind, or its title where it has none.
    pub detail: Option<String>,
    /// What sort of thing it is.
    pub sort: Sort,
    /// All of it.
    pub whole: Place,
    /// Its name where it stands.
    pub at: Place,
    /// What is declared inside.
    pub inner: Vec<Declared>,
}

/// What a file declares, in the order of the text. Imports are left out.
pub fn document_symbols(db: &dyn Db, id: FileId) -> Vec<Declared> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let numbers = 0..source.parsed.items.len() as u32;
    numbers.filter_map(|number| outline(&source.item(number)?)).collect()
}

fn outline(declaration: &Declaration<'_>) -> Option<Declared> {
    let kind = &declaration.item.kind;
    let of = |name: &Name, sort| named(declaration, name, sort);
    Some(match kind {
        ItemKind::Unit(unit) => {
            let is = unit.definition.as_ref().map(|q| format!("= {q}"));
            Declared { detail: is, ..of(&unit.name, Sort::Unit) }
        }
        ItemKind::Kind(kind) => {
            let fields = kind.clauses.iter().filter_map(|clause| match clause {
                KindClause::Field { name, ty } => {
                    let at = part(declaration, name, Sort::Field);
                    Some(Declared { detail: Some(ty.text.to_string()), ..at })
                }
                _ => None,
            });
            let detail = kind.parent.as_ref().map(|parent| parent.text.to_string());
            Declared { detail, inner: fields.collect(), ..of(&kind.name, Sort::Kind) }
        }
        ItemKind::Element(element) => {
            let is = of(&element.name, Sort::of(element.role));
            Declared { detail: detail(element), inner: blocks(declaration, &element.clauses), ..is }
        }
        ItemKind::Template(template) => {
            let parameters = template.parameters.iter().map(|parameter| {
                let at = part(declaration, &parameter.name, Sort::Parameter);
                Declared { detail: Some(parameter.bound.text.to_string()), ..at }
            });
            let mut inner: Vec<Declared> = parameters.collect();
            inner.extend(blocks(declaration, &template.clauses));
            inner.extend(template.elements.iter().map(|element| {
                let at = part(declaration, &element.name, Sort::of(element.role));
                Declared { detail: detail(element), ..at }
            }));
            let detail = template.kind.as_ref().map(|kind| kind.text.to_string());
            Declared { detail, inner, ..of(&template.name, Sort::Template) }
        }
        ItemKind::Policy(policy) => of(&policy.name, Sort::Policy),
        ItemKind::Scenario(scenario) => of(&scenario.name, Sort::Scenario),
        ItemKind::Accept(accept) => {
            let (name, on) = match &accept.what {
                Accepted::Loss { elements, .. } => ("accept", elements),
                Accepted::Finding { slug, on } => (slug.text.as_str(), on),
            };
            let on: Vec<&str> = on.iter().map(|name| name.text.as_str()).collect();
            let first =
                Name { text: name.into(), span: rbp_grammar::ast::Span { start: 0, end: 1 } };
            Declared { detail: Some(on.join(", ")), ..of(&first, Sort::Accept) }
        }
        ItemKind::Evidence(text) => {
            let name = Name { text: text.text.clone(), span: text.span };
            of(&name, Sort::Evidence)
        }
        ItemKind::Apply(apply) => of(&apply.pack, Sort::Apply),
        ItemKind::Import(_) | ItemKind::Error => return None,
    })
}

fn detail(element: &Element) -> Option<String> {
    let kind = element.kind.as_ref().map(|kind| kind.text.to_string());
    let used = element.template.as_ref().map(|used| used.name.text.to_string());
    let primary = element.primary.as_ref().map(|primary| format!("for {}", primary.text));
    let parts: Vec<String> = kind.or(used).into_iter().chain(primary).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn named(declaration: &Declaration<'_>, name: &Name, sort: Sort) -> Declared {
    let file = declaration.source.id;
    let item = declaration.source.parsed.items.get(declaration.number as usize);
    let whole = item.map_or(0..0, |item| item.start as usize..item.end as usize);
    Declared {
        name: name.text.to_string(),
        detail: None,
        sort,
        whole: Place { file, bytes: whole },
        at: Place { file, bytes: declaration.bytes(name.span) },
        inner: Vec::new(),
    }
}

fn part(declaration: &Declaration<'_>, name: &Name, sort: Sort) -> Declared {
    let at = Place { file: declaration.source.id, bytes: declaration.bytes(name.span) };
    let whole = at.clone();
    Declared { name: name.text.to_string(), detail: None, sort, whole, at, inner: Vec::new() }
}

/// The activation rule and the tests of an element.
fn blocks(declaration: &Declaration<'_>, clauses: &[Clause]) -> Vec<Declared> {
    let file = declaration.source.id;
    let found = clauses.iter().filter_map(|clause| {
        let whole = Place { file, bytes: declaration.bytes(clause.span) };
        let (name, span, sort) = match &clause.args {
            Args::Activate(_) => {
                let start = clause.span.start;
                let span = rbp_grammar::ast::Span { start, end: start + 1 };
                ("activate", span, Sort::Activation)
            }
            Args::Test { name, .. } => (name.text.as_str(), name.span, Sort::Test),
            _ => return None,
        };
        let at = Place { file, bytes: declaration.bytes(span) };
        let (name, inner) = (name.to_owned(), Vec::new());
        Some(Declared { name, detail: None, sort, whole, at, inner })
    });
    found.collect()
}

/// A declaration found by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What is declared.
    pub declared: Declared,
    /// The module that it stands in.
    pub module: String,
}

/// The declarations whose names hold the letters of a query in their order, at most `limit`; the
/// nearest first. The standard library counts only where the query is not empty.
pub fn workspace_symbols(db: &dyn Db, query: &str, limit: usize) -> Vec<Hit> {
    let mut found: Vec<(u32, Hit)> = Vec::new();
    for at in Workspace::get(db).files(db).iter().flatten() {
        if query.is_empty() && at.package(db) == 0 {
            continue;
        }
        let source = Source::open(db, *at);
        for (number, item) in source.parsed.items.iter().enumerate() {
            let Some((_, name)) = rbp_compiler::names::declared(&item.syntax.item) else {
                continue;
            };
            let Some(score) = score(query, &name.text) else { continue };
            let own = u32::from(at.package(db) == 0);
            let Some(declaration) = source.item(number as u32) else { continue };
            if let Some(declared) = outline(&declaration) {
                found.push((score * 2 + own, Hit { declared, module: at.module(db).to_owned() }));
            }
        }
    }
    found.sort_by(|(a, x), (b, y)| {
        let key = |hit: &Hit| (hit.declared.name.clone(), hit.declared.at.clone());
        a.cmp(b).then_with(|| key(x).cmp(&key(y)))
    });
    found.into_iter().map(|(_, hit)| hit).take(limit).collect()
}

/// How far a name is from a query: 0 the same, then one that begins so, holds it, or holds its
/// letters in order.
pub fn score(query: &str, name: &str) -> Option<u32> {
    let (query, lower) = (query.to_lowercase(), name.to_lowercase());
    if lower == query {
        return Some(0);
    }
    if lower.starts_with(&query) {
        return Some(1);
    }
    if lower.contains(&query) {
        return Some(2);
    }
    let mut letters = lower.chars();
    query.chars().all(|c| letters.any(|l| l == c)).then_some(3)
}
