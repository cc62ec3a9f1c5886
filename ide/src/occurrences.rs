//! What each name of a declaration means: the way from a place to a symbol.

use std::ops::Range;
use std::sync::Arc;

use rbp_compiler::db::{self, Db, file, parsed};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::model::{BOUNDS, Lineage, blueprint, element, lineage};
use rbp_compiler::names::{ItemId, Lookup, Scope, Space, exports, module};
use rbp_compiler::policy::{fields, functions};
use rbp_compiler::rules;
use rbp_grammar::ast::{self, ItemKind, Outcome};
use rbp_grammar::head::Head;
use smol_str::SmolStr;

use crate::mentions::{Means, Mention, mentions};
use crate::source::{Declaration, Source};

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A declaration.
    Item(Space, ItemId),
    /// A file, as a module.
    Module(FileId),
    /// A parameter of a template, by its number.
    Parameter(ItemId, u32),
    /// An element that a template makes besides, by its name there.
    Part(ItemId, SmolStr),
    /// A field of a kind.
    Field(ItemId, SmolStr),
    /// A test of a backup.
    Test(ItemId, SmolStr),
    /// A name that a rule of a policy binds, by the token that binds it.
    Bound(ItemId, u32),
    /// A rule of the compiler.
    Rule(&'static str),
    /// A clause.
    Clause(Head),
    /// A field that policies may ask for.
    Asked(&'static str),
    /// A function of policies.
    Function(&'static str),
    /// A word that goes with a clause, such as a readiness state.
    Word(SmolStr),
}

/// A name where it stands, with what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The bytes of the file.
    pub bytes: Range<usize>,
    /// What it means.
    pub symbol: Symbol,
    /// It is where that is declared.
    pub declares: bool,
    /// It is a name that an import gives.
    pub alias: bool,
    /// The element of the model that it names, also one that a template makes.
    pub element: Option<ItemId>,
}

/// What the names of a file mean, in the order of the text. Linear in the file.
pub fn occurrences(source: &Source<'_>) -> Vec<Occurrence> {
    let scope = Scope::of(source.db, source.at);
    let numbers = 0..source.parsed.items.len() as u32;
    numbers.flat_map(|number| in_item(source, &scope, number)).collect()
}

/// What the names of a declaration mean, in the order of the text.
pub fn in_item(source: &Source<'_>, scope: &Scope<'_>, number: u32) -> Vec<Occurrence> {
    let Some(declaration) = source.item(number) else { return Vec::new() };
    Resolver { declaration: &declaration, scope, found: Vec::new() }.all()
}

/// What stands at a byte, or ends there. Cost: reading the declaration.
pub fn at(source: &Source<'_>, byte: usize) -> Vec<Occurrence> {
    let Some(number) = source.item_at(byte) else { return Vec::new() };
    let scope = Scope::of(source.db, source.at);
    let all = in_item(source, &scope, number);
    let touches = |o: &&Occurrence| o.bytes.start <= byte && byte <= o.bytes.end;
    let mut found: Vec<Occurrence> = all.iter().filter(touches).cloned().collect();
    // Where two names meet at the byte, as in `EUR/year`, the one that begins there counts.
    if found.iter().any(|o| o.bytes.start == byte || byte < o.bytes.end) {
        found.retain(|o| byte < o.bytes.end);
    }
    found
}

/// Looks up the names of one declaration.
struct Resolver<'a> {
    declaration: &'a Declaration<'a>,
    scope: &'a Scope<'a>,
    found: Vec<Occurrence>,
}

impl<'a> Resolver<'a> {
    fn all(mut self) -> Vec<Occurrence> {
        for mention in mentions(&self.declaration.item.kind) {
            self.mention(&mention);
        }
        self.found.sort_by(|a, b| {
            (a.bytes.start, a.bytes.end, &a.symbol).cmp(&(b.bytes.start, b.bytes.end, &b.symbol))
        });
        self.found
    }

    fn db(&self) -> &'a dyn Db {
        self.declaration.source.db
    }

    fn id(&self) -> ItemId {
        ItemId { file: self.declaration.source.id, item: self.declaration.number }
    }

    fn template(&self) -> Option<&'a ast::Template> {
        match &self.declaration.item.kind {
            ItemKind::Template(template) => Some(template),
            _ => None,
        }
    }

    fn add(&mut self, bytes: Range<usize>, symbol: Symbol) -> &mut Occurrence {
        let element = match symbol {
            Symbol::Item(Space::Element, id) => Some(id),
            _ => None,
        };
        self.found.push(Occurrence { bytes, symbol, declares: false, alias: false, element });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    fn declare(&mut self, mention: &Mention<'_>, symbol: Symbol) {
        if let Some(bytes) = self.declaration.token(mention.span.start) {
            self.add(bytes, symbol).declares = true;
        }
    }

    fn one(&mut self, mention: &Mention<'_>, symbol: Symbol) {
        let bytes = self.declaration.bytes(mention.span);
        self.add(bytes, symbol);
    }

    fn mention(&mut self, mention: &Mention<'_>) {
        let (id, text) = (self.id(), SmolStr::new(mention.text));
        match mention.means {
            Means::Own(space) => self.declare(mention, Symbol::Item(space, id)),
            Means::Part => self.declare(mention, Symbol::Part(id, text)),
            Means::Parameter => {
                if let Some(number) = self.parameter(mention.text) {
                    self.declare(mention, Symbol::Parameter(id, number));
                }
            }
            Means::Test => self.declare(mention, Symbol::Test(id, text)),
            Means::FieldName => self.declare(mention, Symbol::Field(id, text)),
            Means::Bound => self.declare(mention, Symbol::Bound(id, mention.span.start)),
            Means::Module => self.module(mention),
            Means::Imported(path) => self.imported(mention, path, mention.text, false),
            Means::Alias(path, Some(name)) => self.imported(mention, path, name, true),
            Means::Alias(path, None) => {
                if let Some(from) = module(self.db(), self.declaration.source.at, path) {
                    let bytes = self.declaration.bytes(mention.span);
                    let id = from.id(self.db());
                    self.add(bytes, Symbol::Module(id)).alias = true;
                }
            }
            Means::Pack => self.pack(mention),
            Means::Element(_) | Means::Anybody => self.path(mention, Space::Element),
            Means::Expected(outcome) => self.expected(mention, outcome),
            Means::Kind => self.path(mention, Space::Kind),
            Means::Template => self.path(mention, Space::Template),
            Means::Unit(_) => self.unit(mention),
            Means::Rule => self.rule(mention),
            Means::Finding => match self.scope.find(Space::Policy, mention.text) {
                Lookup::Found(..) => self.path(mention, Space::Policy),
                Lookup::Missing { .. } => self.rule(mention),
            },
            Means::ParameterBound if BOUNDS.contains(&mention.text) => {
                self.one(mention, Symbol::Word(text));
            }
            Means::ParameterBound => match self.scope.find(Space::Kind, mention.text) {
                Lookup::Found(..) => self.path(mention, Space::Kind),
                Lookup::Missing { .. } => self.path(mention, Space::Unit),
            },
            Means::FieldType if ["text", "name", "date"].contains(&mention.text) => {
                self.one(mention, Symbol::Word(text));
            }
            Means::FieldType => self.path(mention, Space::Unit),
            Means::Field => self.field(mention),
            Means::FieldValue(_) | Means::Open => self.open(mention),
            Means::Argument(template) => {
                if let Some((of, number)) = self.argument(template, mention.text) {
                    self.one(mention, Symbol::Parameter(of, number));
                }
            }
            Means::Given(template, parameter) => {
                if self.takes_element(template, parameter) {
                    self.path(mention, Space::Element);
                } else {
                    self.open(mention);
                }
            }
            Means::Required => self.required(mention),
            Means::Word(_) | Means::Aspect | Means::Severity => {
                match self.parameter(mention.text) {
                    Some(number) => self.one(mention, Symbol::Parameter(id, number)),
                    None => self.one(mention, Symbol::Word(text)),
                }
            }
            Means::Variable(Some(at)) => self.variable(mention, at),
            Means::Variable(None) => {}
            Means::Asked => {
                if let Some(field) = fields().find(|field| field.name == mention.text) {
                    self.one(mention, Symbol::Asked(field.name));
                }
            }
            Means::Function => {
                if let Some(known) = functions().iter().find(|f| f.name == mention.text) {
                    self.one(mention, Symbol::Function(known.name));
                }
            }
        }
    }

    /// The number of a parameter of the template around.
    fn parameter(&self, name: &str) -> Option<u32> {
        let parameters = &self.template()?.parameters;
        parameters.iter().position(|p| p.name.text == name).map(|number| number as u32)
    }

    /// What a name means inside the template around, before anything outside counts.
    fn inside(&self, name: &str) -> Option<Symbol> {
        let template = self.template()?;
        if let Some(number) = self.parameter(name) {
            return Some(Symbol::Parameter(self.id(), number));
        }
        if template.elements.iter().any(|element| element.name.text == name) {
            return Some(Symbol::Part(self.id(), name.into()));
        }
        (template.name.text == name).then(|| Symbol::Item(Space::Template, self.id()))
    }

    fn open(&mut self, mention: &Mention<'_>) {
        if let Some(number) = self.parameter(mention.text) {
            self.one(mention, Symbol::Parameter(self.id(), number));
        }
    }

    /// A name with or without dots: each part by itself.
    fn path(&mut self, mention: &Mention<'_>, space: Space) {
        let mut parts = mention.text.split('.').enumerate();
        let token = |n: usize| mention.span.start + 2 * n as u32;
        let Some((_, first)) = parts.next() else { return };
        let Some(bytes) = self.declaration.token(token(0)) else { return };
        let whole = match self.scope.find(space, mention.text) {
            Lookup::Found(id, _) => Some(id),
            Lookup::Missing { .. } => None,
        };
        let inside = if space == Space::Element { self.inside(first) } else { None };
        let mut symbol = match inside {
            Some(symbol) => symbol,
            None => match self.scope.module(first) {
                Some(module) if mention.text.contains('.') => Symbol::Module(module.id(self.db())),
                _ => match self.scope.find(space, first) {
                    Lookup::Found(id, _) => Symbol::Item(space, id),
                    Lookup::Missing { .. } => return,
                },
            },
        };
        self.add(bytes, symbol.clone());
        for (number, part) in parts {
            let Some(next) = self.below(&symbol, space, part) else { return };
            let Some(bytes) = self.declaration.token(token(number)) else { return };
            self.add(bytes, next.clone());
            symbol = next;
        }
        if let Some(last) = self.found.last_mut()
            && space == Space::Element
            && matches!(last.symbol, Symbol::Part(..))
        {
            last.element = whole;
        }
    }

    /// What a name means behind a dot.
    fn below(&self, of: &Symbol, space: Space, name: &str) -> Option<Symbol> {
        let db = self.db();
        match of {
            Symbol::Module(id) => {
                let item = exports(db, file(db, *id)?).get(space, name)?;
                Some(Symbol::Item(space, ItemId { file: *id, item }))
            }
            Symbol::Item(Space::Element, id) => {
                let at = file(db, id.file)?;
                let items = &parsed(db, at).items;
                let ItemKind::Element(element) = &items.get(id.item as usize)?.syntax.item.kind
                else {
                    return None;
                };
                part(db, id.file, element, name)
            }
            Symbol::Part(template, known) => {
                let items = &parsed(db, file(db, template.file)?).items;
                let ItemKind::Template(found) =
                    &items.get(template.item as usize)?.syntax.item.kind
                else {
                    return None;
                };
                let element = found.elements.iter().find(|e| e.name.text == *known)?;
                part(db, template.file, element, name)
            }
            _ => None,
        }
    }

    fn module(&mut self, mention: &Mention<'_>) {
        if let Some(from) = module(self.db(), self.declaration.source.at, mention.text) {
            self.one(mention, Symbol::Module(from.id(self.db())));
        }
    }

    fn imported(&mut self, mention: &Mention<'_>, path: &str, name: &str, alias: bool) {
        let db = self.db();
        let Some(from) = module(db, self.declaration.source.at, path) else { return };
        let bytes = self.declaration.bytes(mention.span);
        for space in Space::ALL {
            if let Some(item) = exports(db, from).get(space, name) {
                let symbol = Symbol::Item(space, ItemId { file: from.id(db), item });
                self.add(bytes.clone(), symbol).alias = alias;
            }
        }
    }

    fn pack(&mut self, mention: &Mention<'_>) {
        if let Lookup::Found(..) = self.scope.find(Space::Policy, mention.text) {
            return self.path(mention, Space::Policy);
        }
        let db = self.db();
        let imported = self.scope.module(mention.text);
        let from = imported.or_else(|| module(db, self.declaration.source.at, mention.text));
        if let Some(from) = from {
            return self.one(mention, Symbol::Module(from.id(db)));
        }
        // A policy of a module that is not imported.
        let Some((path, name)) = mention.text.rsplit_once('.') else { return };
        let Some(from) = module(db, self.declaration.source.at, path) else { return };
        if let Some(item) = exports(db, from).get(Space::Policy, name)
            && let Some(bytes) = self.declaration.token(mention.span.end.saturating_sub(1))
        {
            self.add(bytes, Symbol::Item(Space::Policy, ItemId { file: from.id(db), item }));
        }
    }

    fn expected(&mut self, mention: &Mention<'_>, outcome: Outcome) {
        let element = matches!(self.scope.find(Space::Element, mention.text), Lookup::Found(..));
        let policy = outcome == Outcome::Passes || (outcome == Outcome::Fails && !element);
        self.path(mention, if policy { Space::Policy } else { Space::Element });
    }

    /// The units of `41000 EUR/year`: two names in one token.
    fn unit(&mut self, mention: &Mention<'_>) {
        let Some(bytes) = self.declaration.token(mention.span.start) else { return };
        let mut start = bytes.start;
        for name in mention.text.split('/') {
            if let Lookup::Found(id, _) = self.scope.find(Space::Unit, name) {
                self.add(start..start + name.len(), Symbol::Item(Space::Unit, id));
            }
            start += name.len() + 1;
        }
    }

    fn rule(&mut self, mention: &Mention<'_>) {
        if let Some(rule) = rules::find(mention.text) {
            self.one(mention, Symbol::Rule(rule.slug));
        }
    }

    fn field(&mut self, mention: &Mention<'_>) {
        let Some(lineage) = self.kind_around(mention.span.start) else { return };
        self.field_of(mention, &lineage);
    }

    fn field_of(&mut self, mention: &Mention<'_>, lineage: &Lineage) {
        if let Some(field) = lineage.fields.iter().find(|f| f.name == mention.text) {
            let kind = ItemId { file: field.at.file, item: field.at.item };
            self.one(mention, Symbol::Field(kind, field.name.clone()));
        }
    }

    fn required(&mut self, mention: &Mention<'_>) {
        let db = self.db();
        let lineage = lineage(
            db,
            db::Declaration::new(db, self.declaration.source.at, self.declaration.number),
        );
        if lineage.fields.iter().any(|f| f.name == mention.text) {
            return self.field_of(mention, &lineage);
        }
        let head = Head::ALL.iter().find(|h| h.words().split(' ').next() == Some(mention.text));
        if let Some(head) = head {
            self.one(mention, Symbol::Clause(*head));
        }
    }

    /// The kind of the element around a token.
    fn kind_around(&self, token: u32) -> Option<Arc<Lineage>> {
        match &self.declaration.item.kind {
            ItemKind::Element(_) => element(self.db(), self.id())?.lineage.clone(),
            ItemKind::Template(template) => {
                let inner = template.elements.iter().rev();
                let inner = inner.filter(|element| element.name.span.start <= token);
                let last = |element: &&ast::Element| {
                    element.clauses.last().is_some_and(|clause| token < clause.span.end)
                };
                let inner = inner.map(|element| element as &ast::Element).find(last);
                let kind = match inner {
                    Some(element) => element.kind.as_ref(),
                    None => template.kind.as_ref(),
                };
                let Lookup::Found(id, _) = self.scope.find(Space::Kind, &kind?.text) else {
                    return None;
                };
                Some(lineage(
                    self.db(),
                    db::Declaration::new(self.db(), file(self.db(), id.file)?, id.item),
                ))
            }
            _ => None,
        }
    }

    /// The parameter of a template that a use names.
    fn argument(&self, template: &str, parameter: &str) -> Option<(ItemId, u32)> {
        let Lookup::Found(id, _) = self.scope.find(Space::Template, template) else { return None };
        let items = &parsed(self.db(), file(self.db(), id.file)?).items;
        let ItemKind::Template(found) = &items.get(id.item as usize)?.syntax.item.kind else {
            return None;
        };
        let number = found.parameters.iter().position(|p| p.name.text == parameter)?;
        Some((id, number as u32))
    }

    fn takes_element(&self, template: &str, parameter: &str) -> bool {
        let Some((id, number)) = self.argument(template, parameter) else { return false };
        let read = file(self.db(), id.file).and_then(|at| {
            blueprint(self.db(), db::Declaration::new(self.db(), at, id.item)).clone()
        });
        let parameter = read.and_then(|read| read.parameters.get(number as usize).cloned());
        parameter.is_some_and(|parameter| parameter.bound.is_element())
    }

    /// A bound name; in a message, in each of its braces.
    fn variable(&mut self, mention: &Mention<'_>, at: u32) {
        let symbol = Symbol::Bound(self.id(), at);
        let word = self.declaration.word(mention.span.start).to_owned();
        if !word.starts_with('"') {
            return self.one(mention, symbol);
        }
        let Some(bytes) = self.declaration.token(mention.span.start) else { return };
        let braced = format!("{{{}}}", mention.text);
        for (offset, _) in word.match_indices(&braced) {
            let start = bytes.start + offset + 1;
            self.add(start..start + mention.text.len(), symbol.clone());
        }
    }
}

/// An element that a use of a template makes, by its name in the template.
fn part(db: &dyn Db, here: FileId, element: &ast::Element, name: &str) -> Option<Symbol> {
    let used = element.template.as_ref()?;
    let scope = Scope::of(db, file(db, here)?);
    let Lookup::Found(id, _) = scope.find(Space::Template, &used.name.text) else { return None };
    let items = &parsed(db, file(db, id.file)?).items;
    let ItemKind::Template(template) = &items.get(id.item as usize)?.syntax.item.kind else {
        return None;
    };
    let known = template.elements.iter().any(|element| element.name.text == name);
    known.then(|| Symbol::Part(id, name.into()))
}
