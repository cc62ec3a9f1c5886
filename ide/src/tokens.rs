//! What each word of a file is, for colours that know what it means.

use std::ops::Range;

use rbp_compiler::db::{Db, file};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::names::{Scope, Space};
use rbp_grammar::ast::{ItemKind, Role};
use rbp_grammar::token::{T, lex};

use crate::declared::{item, template};
use crate::mentions::mentions;
use crate::occurrences::{Occurrence, Symbol, in_item};
use crate::source::Source;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Sort {
    Comment,
    Documentation,
    Keyword,
    Number,
    Text,
    Module,
    Kind,
    Dependency,
    Signal,
    Function,
    Backup,
    Unit,
    Template,
    Parameter,
    Policy,
    Scenario,
    Test,
    Field,
    Bound,
    Called,
    Word,
}

impl Sort {
    /// Every sort.
    pub const ALL: [Sort; 21] = [
        Sort::Comment,
        Sort::Documentation,
        Sort::Keyword,
        Sort::Number,
        Sort::Text,
        Sort::Module,
        Sort::Kind,
        Sort::Dependency,
        Sort::Signal,
        Sort::Function,
        Sort::Backup,
        Sort::Unit,
        Sort::Template,
        Sort::Parameter,
        Sort::Policy,
        Sort::Scenario,
        Sort::Test,
        Sort::Field,
        Sort::Bound,
        Sort::Called,
        Sort::Word,
    ];
}

/// A word where it stands; it never goes over a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The bytes of the file.
    pub bytes: Range<usize>,
    /// What it is.
    pub sort: Sort,
    /// It is where something is declared.
    pub declares: bool,
    /// What it means belongs to the standard library.
    pub standard: bool,
}

/// The words of a file in order, none over another. Names that mean nothing are left out. Linear.
pub fn tokens(db: &dyn Db, id: FileId) -> Vec<Token> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let scope = Scope::of(db, source.at);
    let mut tokens: Vec<Token> = Vec::new();
    // The bytes of everything that is a name, whatever it means.
    let mut names: Vec<Range<usize>> = Vec::new();
    for number in 0..source.parsed.items.len() as u32 {
        let Some(declaration) = source.item(number) else { continue };
        for mention in mentions(&declaration.item.kind) {
            names.push(declaration.bytes(mention.span));
        }
        let found = in_item(&source, &scope, number);
        tokens.extend(found.iter().filter_map(|occurrence| token(db, occurrence)));
    }
    tokens.sort_by_key(|token| (token.bytes.start, token.bytes.end));
    tokens.dedup_by_key(|token| token.bytes.clone());
    names.sort_by_key(|name| name.start);
    let mut all: Vec<Token> = Vec::with_capacity(tokens.len() * 2);
    let mut named = tokens.into_iter().peekable();
    let mut name = 0;
    for word in lex(source.text) {
        let (start, mut end) = (word.start as usize, word.end as usize);
        while named.peek().is_some_and(|token| token.bytes.start < start) {
            named.next();
        }
        while names.get(name).is_some_and(|name| name.end <= start) {
            name += 1;
        }
        let is_name = names.get(name).is_some_and(|name| name.start <= start);
        let sort = match word.kind {
            T::Comment | T::FileDoc => Some(Sort::Comment),
            T::Doc => Some(Sort::Documentation),
            T::Number | T::Date => Some(Sort::Number),
            T::Text | T::OpenText => Some(Sort::Text),
            kind if kind.word().is_some() && !is_name => Some(Sort::Keyword),
            _ => None,
        };
        if let Some(sort) = sort {
            let text = source.text.get(start..end).unwrap_or("");
            end = start + text.trim_end_matches('\r').len();
            let inside = named.peek().is_some_and(|token| token.bytes.end <= end);
            if sort != Sort::Text || !inside {
                all.push(Token { bytes: start..end, sort, declares: false, standard: false });
                continue;
            }
        }
        while let Some(token) = named.next_if(|token| token.bytes.end <= end) {
            all.push(token);
        }
    }
    all
}

fn token(db: &dyn Db, occurrence: &Occurrence) -> Option<Token> {
    let role = |role: Role| match role {
        Role::Dependency => Sort::Dependency,
        Role::Signal => Sort::Signal,
        Role::Function => Sort::Function,
        Role::Backup => Sort::Backup,
    };
    let sort = match &occurrence.symbol {
        Symbol::Item(Space::Element, id) => match &item(db, *id)?.kind {
            ItemKind::Element(element) => role(element.role),
            _ => return None,
        },
        Symbol::Item(Space::Kind, _) => Sort::Kind,
        Symbol::Item(Space::Unit, _) => Sort::Unit,
        Symbol::Item(Space::Template, _) => Sort::Template,
        Symbol::Item(Space::Policy, _) => Sort::Policy,
        Symbol::Item(Space::Scenario, _) => Sort::Scenario,
        Symbol::Module(_) => Sort::Module,
        Symbol::Parameter(..) => Sort::Parameter,
        Symbol::Part(id, name) => {
            let elements = &template(db, *id)?.elements;
            role(elements.iter().find(|element| element.name.text == *name)?.role)
        }
        Symbol::Field(..) | Symbol::Asked(_) => Sort::Field,
        Symbol::Test(..) => Sort::Test,
        Symbol::Bound(..) => Sort::Bound,
        Symbol::Function(_) => Sort::Called,
        Symbol::Clause(_) => Sort::Keyword,
        Symbol::Rule(_) | Symbol::Word(_) => Sort::Word,
    };
    let home = match &occurrence.symbol {
        Symbol::Item(_, id) | Symbol::Field(id, _) | Symbol::Parameter(id, _) => Some(id.file),
        Symbol::Module(id) => Some(*id),
        _ => None,
    };
    let standard = home.and_then(|id| file(db, id)).is_some_and(|at| at.package(db) == 0);
    let bytes = occurrence.bytes.clone();
    Some(Token { bytes, sort, declares: occurrence.declares, standard })
}
