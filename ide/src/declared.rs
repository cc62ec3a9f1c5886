//! Where a symbol is declared, what it is called there, and what its declaration says.

use rbp_compiler::db::{Db, file, parsed};
use rbp_compiler::diagnostic::Anchor;
use rbp_compiler::names::{ItemId, declared};
use rbp_grammar::ast::{Args, Clause, Item, ItemKind, KindClause, Name, Span, Template};
use smol_str::SmolStr;

use crate::occurrences::Symbol;
use crate::source::{Place, Source, place};

/// The tree of a declaration.
pub fn item(db: &dyn Db, id: ItemId) -> Option<&Item> {
    let items = &parsed(db, file(db, id.file)?).items;
    Some(&items.get(id.item as usize)?.syntax.item)
}

/// The template that a declaration is.
pub fn template(db: &dyn Db, id: ItemId) -> Option<&Template> {
    match &item(db, id)?.kind {
        ItemKind::Template(template) => Some(template),
        _ => None,
    }
}

/// The name of a symbol where it is declared; `None` where nobody declares it in a file.
pub fn name(db: &dyn Db, symbol: &Symbol) -> Option<(Name, Anchor)> {
    let anchor = |id: ItemId, span: Span| Anchor { file: id.file, item: id.item, span };
    let named = |id: ItemId, name: &Name| Some((name.clone(), anchor(id, name.span)));
    match symbol {
        Symbol::Item(_, id) => named(*id, declared(item(db, *id)?)?.1),
        Symbol::Parameter(id, number) => {
            named(*id, &template(db, *id)?.parameters.get(*number as usize)?.name)
        }
        Symbol::Part(id, known) => {
            let elements = &template(db, *id)?.elements;
            named(*id, &elements.iter().find(|e| e.name.text == *known)?.name)
        }
        Symbol::Field(id, known) => {
            let ItemKind::Kind(kind) = &item(db, *id)?.kind else { return None };
            let name = kind.clauses.iter().find_map(|clause| match clause {
                KindClause::Field { name, .. } if name.text == *known => Some(name),
                _ => None,
            });
            named(*id, name?)
        }
        Symbol::Test(id, known) => {
            let clauses = clauses(&item(db, *id)?.kind);
            let name = clauses.into_iter().find_map(|clause| match &clause.args {
                Args::Test { name, .. } if name.text == *known => Some(name),
                _ => None,
            });
            named(*id, name?)
        }
        Symbol::Bound(id, token) => {
            let span = Span { start: *token, end: *token + 1 };
            let source = Source::of(db, id.file)?;
            let text = SmolStr::new(source.item(id.item)?.word(*token));
            Some((Name { text, span }, anchor(*id, span)))
        }
        Symbol::Module(_)
        | Symbol::Rule(_)
        | Symbol::Clause(_)
        | Symbol::Asked(_)
        | Symbol::Function(_)
        | Symbol::Word(_) => None,
    }
}

/// Every clause of a declaration outside of blocks, those of the elements of a template too.
pub fn clauses(item: &ItemKind) -> Vec<&Clause> {
    match item {
        ItemKind::Element(element) => element.clauses.iter().collect(),
        ItemKind::Template(template) => {
            let inner = template.elements.iter().flat_map(|element| &element.clauses);
            template.clauses.iter().chain(inner).collect()
        }
        ItemKind::Accept(accept) => accept.clauses.iter().collect(),
        _ => Vec::new(),
    }
}

/// Where a symbol is declared: its name, and all of its declaration.
pub fn target(db: &dyn Db, symbol: &Symbol) -> Option<(Place, Place)> {
    if let Symbol::Module(id) = symbol {
        let start = Place { file: *id, bytes: 0..0 };
        let length = file(db, *id)?.text(db).len();
        return Some((start, Place { file: *id, bytes: 0..length }));
    }
    let (_, at) = name(db, symbol)?;
    let name = place(db, at)?;
    let source = Source::of(db, at.file)?;
    let whole = source.parsed.items.get(at.item as usize)?;
    let bytes = match symbol {
        Symbol::Item(..) => whole.start as usize..whole.end as usize,
        _ => name.bytes.clone(),
    };
    Some((name, Place { file: at.file, bytes }))
}
