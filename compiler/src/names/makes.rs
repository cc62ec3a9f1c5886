//! What the uses of templates make: how many elements, what each is called, and its number.
//!
//! Only names and kinds are looked at here, never what an element says: the meaning of names rests on
//! it, so it must not rest on them.

use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{self, ItemKind, Name, Role, Span};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::db::{Db, Declaration, SourceFile, declarations, file};
use crate::diagnostic::Anchor;
use crate::names::{ItemId, Lookup, Scope, Space};

/// How deep templates may use one another.
pub const MAX_DEPTH: usize = 16;
/// The most elements that one use may make.
pub const MAX_MADE: usize = 1_000;
/// The most words, signs and numbers that the uses of one file may make together; each takes some eighty bytes.
pub const MAX_TOKENS: usize = 1_000_000;
/// The most that the uses of all files may make together.
pub const MAX_TOKENS_IN_ALL: usize = 50 * MAX_TOKENS;

/// One element that a template makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is called behind the name of the use: `watch`, or `copy.watch` where the template uses
    /// another; empty for the element that the use itself declares.
    pub name: SmolStr,
    /// What it is declared as; the use says it of the one that it declares.
    pub role: Option<Role>,
    /// Its kind.
    pub kind: Option<ItemId>,
}

/// Why a template makes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It uses itself, by way of these templates.
    Circular(Vec<SmolStr>),
    /// It uses templates that use templates, too often.
    Deep,
    /// It makes too many elements.
    Many,
}

/// What a template makes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// The element that a use declares, then the others in the order of the template; none where
    /// there is trouble.
    pub parts: Vec<Part>,
    by_name: FxHashMap<SmolStr, u32>,
    /// How many tokens it is written with, the templates that it uses included.
    pub tokens: usize,
    /// Why it makes nothing, and where the template says so.
    pub trouble: Option<(Trouble, Span)>,
}

impl Shape {
    /// The part of that name.
    pub fn part(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }
}

/// The template that an item declares.
fn template(db: &dyn Db, id: ItemId) -> Option<(SourceFile, &ast::Template)> {
    let at = file(db, id.file)?;
    match &declarations(db, at).get(id.item as usize)?.item.kind {
        ItemKind::Template(template) => Some((at, template)),
        _ => None,
    }
}

/// What the template declared by item `item` of a file makes. Linear in what it makes.
#[salsa::tracked(returns(clone))]
pub fn shape<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Arc<Shape> {
    let at = of.file(db);
    let id = ItemId { file: at.id(db), item: of.item(db) };
    let mut shape = Shape::default();
    let Some((_, declared)) = template(db, id) else { return Arc::new(shape) };
    let kind = declared.kind.as_ref().and_then(|kind| find(db, at, Space::Kind, kind));
    shape.parts.push(Part { name: SmolStr::default(), role: None, kind });
    let mut walk = Walk { db, shape, path: Vec::new(), outermost: Span::default() };
    walk.template(id, "");
    let mut shape = walk.shape;
    if shape.trouble.is_some() {
        shape.parts.clear();
    }
    for (number, part) in shape.parts.iter().enumerate().skip(1) {
        shape.by_name.entry(part.name.clone()).or_insert(number as u32);
    }
    Arc::new(shape)
}

fn find(db: &dyn Db, at: SourceFile, space: Space, name: &Name) -> Option<ItemId> {
    match Scope::of(db, at).find(space, &name.text) {
        Lookup::Found(id, _) => Some(id),
        Lookup::Missing { .. } => None,
    }
}

/// Follows a template into those that it uses.
struct Walk<'a> {
    db: &'a dyn Db,
    shape: Shape,
    /// The templates that it is in.
    path: Vec<(ItemId, SmolStr)>,
    /// The use in the first of them.
    outermost: Span,
}

impl Walk<'_> {
    fn template(&mut self, id: ItemId, prefix: &str) {
        let Some((at, template)) = template(self.db, id) else { return };
        if let Some(first) = self.path.iter().position(|(known, _)| *known == id) {
            let circle = self.path.iter().skip(first).map(|(_, name)| name.clone());
            let circle = circle.chain([template.name.text.clone()]).collect();
            return self.trouble(Trouble::Circular(circle));
        }
        if self.path.len() >= MAX_DEPTH {
            return self.trouble(Trouble::Deep);
        }
        let items = declarations(self.db, at);
        let tokens = items.get(id.item as usize).map_or(0, |i| i.item.span.end as usize);
        self.shape.tokens += tokens;
        self.path.push((id, template.name.text.clone()));
        for element in &template.elements {
            if self.path.len() == 1 {
                self.outermost = element.name.span;
            }
            self.element(at, element, prefix);
            if self.shape.trouble.is_some() {
                return;
            }
        }
        self.path.pop();
    }

    fn element(&mut self, at: SourceFile, element: &ast::Element, prefix: &str) {
        if self.shape.parts.len() >= MAX_MADE || self.shape.tokens > MAX_TOKENS {
            return self.trouble(Trouble::Many);
        }
        let db = self.db;
        let name = SmolStr::from(format!("{prefix}{}", element.name.text));
        let used = element.template.as_ref();
        let used = used.and_then(|used| find(db, at, Space::Template, &used.name));
        let mut kind = element.kind.as_ref().and_then(|kind| find(db, at, Space::Kind, kind));
        if let (None, Some((at, used))) = (kind, used.and_then(|used| template(db, used))) {
            kind = used.kind.as_ref().and_then(|kind| find(db, at, Space::Kind, kind));
        }
        self.shape.parts.push(Part { name: name.clone(), role: Some(element.role), kind });
        if let Some(used) = used {
            self.template(used, &format!("{name}."));
        }
    }

    fn trouble(&mut self, trouble: Trouble) {
        self.shape.trouble.get_or_insert((trouble, self.outermost));
    }
}

/// A use of a template in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct TemplateUse {
    /// The template, where there is one of that name.
    pub template: Option<ItemId>,
    /// What it makes.
    pub shape: Arc<Shape>,
    /// The number of the second element that it makes; the first has the declaration's.
    pub first: u32,
    /// Together with the uses before it, it makes more than a file may hold.
    pub refused: bool,
    /// The place of the name that it declares.
    pub at: Anchor,
}

/// The uses of templates in a file.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Made {
    /// By the number of the declaration.
    pub uses: FxHashMap<u32, TemplateUse>,
    /// Of each element beyond the declarations: its use, and which of the template's parts it is.
    pub beyond: Vec<(u32, u32)>,
    /// The number of the first of them: how many declarations there are.
    pub declared: u32,
    /// How many words, signs and numbers they are made of.
    pub tokens: usize,
}

impl Made {
    /// The use that makes an element, and which of the template's parts it is.
    pub fn by(&self, item: u32) -> Option<(&TemplateUse, u32)> {
        match item.checked_sub(self.declared) {
            None => Some((self.uses.get(&item)?, 0)),
            Some(beyond) => {
                let (used, part) = self.beyond.get(beyond as usize)?;
                Some((self.uses.get(used)?, *part))
            }
        }
    }
}

/// What the declarations of a file say that use templates. It stands when others change.
#[derive(Debug, PartialEq, Eq)]
struct Uses {
    /// Each with its number.
    all: Vec<(u32, Arc<Syntax>)>,
    /// How many declarations there are.
    declared: u32,
}

#[salsa::tracked(returns(ref))]
fn uses(db: &dyn Db, at: SourceFile) -> Uses {
    let declared = declarations(db, at);
    let uses = declared.iter().enumerate().filter(|(_, syntax)| match &syntax.item.kind {
        ItemKind::Element(element) => element.template.is_some(),
        _ => false,
    });
    let all = uses.map(|(item, syntax)| (item as u32, syntax.clone())).collect();
    Uses { all, declared: declared.len() as u32 }
}

/// What the uses of templates in a file make. Linear in its declarations and in what is made.
#[salsa::tracked(returns(ref))]
pub fn made(db: &dyn Db, at: SourceFile) -> Made {
    let uses = uses(db, at);
    let mut made = Made { declared: uses.declared, ..Made::default() };
    let mut scope = None;
    let mut tokens = 0_usize;
    for (item, syntax) in &uses.all {
        let ItemKind::Element(element) = &syntax.item.kind else { continue };
        let Some(used) = &element.template else { continue };
        let scope = scope.get_or_insert_with(|| Scope::of(db, at));
        let template = match scope.find(Space::Template, &used.name.text) {
            Lookup::Found(id, _) => Some(id),
            Lookup::Missing { .. } => None,
        };
        let found = template
            .and_then(|id| Some(shape(db, Declaration::new(db, file(db, id.file)?, id.item))));
        let mut shape = found.unwrap_or_default();
        tokens = tokens.saturating_add(shape.tokens);
        let refused = tokens > MAX_TOKENS;
        if refused {
            shape = Arc::default();
        }
        made.tokens += shape.tokens;
        let (item, first) = (*item, made.declared + made.beyond.len() as u32);
        made.beyond.extend((1..shape.parts.len() as u32).map(|part| (item, part)));
        let at = Anchor { file: at.id(db), item, span: element.name.span };
        made.uses.insert(item, TemplateUse { template, shape, first, refused, at });
    }
    made
}

/// The element that declaration `of` makes from a template under that name.
pub fn made_by(db: &dyn Db, of: ItemId, name: &str) -> Option<ItemId> {
    let used = made(db, file(db, of.file)?).uses.get(&of.item)?;
    let part = used.shape.part(name)?;
    Some(ItemId { file: of.file, item: used.first + part - 1 })
}

/// The names of all that a file's uses make beside what they declare, for suggestions.
pub(crate) fn made_names(db: &dyn Db, at: SourceFile) -> Vec<SmolStr> {
    let items = declarations(db, at);
    let made = made(db, at);
    let named = made.beyond.iter().filter_map(|(item, part)| {
        let ItemKind::Element(element) = &items.get(*item as usize)?.item.kind else {
            return None;
        };
        let part = made.uses.get(item)?.shape.parts.get(*part as usize)?;
        Some(SmolStr::from(format!("{}.{}", element.name.text, part.name)))
    });
    named.collect()
}
