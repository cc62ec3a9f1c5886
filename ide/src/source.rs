//! One file with what was read from it: between bytes and the tokens of its declarations.

use std::cmp::Ordering;
use std::ops::Range;

use rbp_compiler::db::{Db, SourceFile, Workspace, file, parsed};
use rbp_compiler::diagnostic::{Anchor, FileId};
use rbp_grammar::ast::{Item, Span};
use rbp_grammar::token::Token;
use rbp_grammar::{Parsed, significant};
use rustc_hash::FxHashMap;

/// A run of bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub bytes: Range<usize>,
}

impl Ord for Place {
    fn cmp(&self, other: &Place) -> Ordering {
        let key = |place: &Place| (place.file, place.bytes.start, place.bytes.end);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Place) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A file as it stands.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// For asking more.
    pub db: &'a dyn Db,
    /// The file.
    pub at: SourceFile,
    /// Its number.
    pub id: FileId,
    /// Its text.
    pub text: &'a str,
    /// Its declarations.
    pub parsed: &'a Parsed,
}

impl<'a> Source<'a> {
    /// The file of that number, where there is one.
    pub fn of(db: &'a dyn Db, id: FileId) -> Option<Source<'a>> {
        Some(Source::open(db, file(db, id)?))
    }

    /// That file.
    pub fn open(db: &'a dyn Db, at: SourceFile) -> Source<'a> {
        Source { db, at, id: at.id(db), text: at.text(db), parsed: parsed(db, at) }
    }

    /// The declaration at a byte, or that ends there.
    pub fn item_at(&self, byte: usize) -> Option<u32> {
        let after = self.parsed.items.partition_point(|item| (item.start as usize) <= byte);
        let number = after.checked_sub(1)?;
        let item = self.parsed.items.get(number)?;
        (byte <= item.end as usize).then_some(number as u32)
    }

    /// A declaration of it, with its tokens.
    pub fn item(&self, number: u32) -> Option<Declaration<'a>> {
        let found = self.parsed.items.get(number as usize)?;
        let base = found.start as usize;
        let chunk = self.text.get(base..found.end as usize)?;
        let item = &found.syntax.item;
        Some(Declaration { source: *self, number, item, base, chunk, tokens: significant(chunk) })
    }

    /// Whether nobody can change it: it belongs to the standard library.
    pub fn is_read_only(&self) -> bool {
        self.at.package(self.db) == 0
    }
}

/// A declaration with its tokens.
pub struct Declaration<'a> {
    /// The file.
    pub source: Source<'a>,
    /// Its number in it.
    pub number: u32,
    /// Its tree.
    pub item: &'a Item,
    /// The byte of the file at which its text begins.
    pub base: usize,
    /// Its text.
    pub chunk: &'a str,
    /// Its significant tokens, their bytes counted from `base`.
    pub tokens: Vec<Token>,
}

impl Declaration<'_> {
    /// The bytes of the file that a token covers.
    pub fn token(&self, number: u32) -> Option<Range<usize>> {
        let token = self.tokens.get(number as usize)?;
        Some(self.base + token.start as usize..self.base + token.end as usize)
    }

    /// What a token says.
    pub fn word(&self, number: u32) -> &str {
        self.tokens.get(number as usize).map_or("", |token| token.text(self.chunk))
    }

    /// The bytes of the file that a span covers; an empty one is the place after the token before it.
    pub fn bytes(&self, span: Span) -> Range<usize> {
        let first = self.token(span.start);
        let last = self.token(span.end.saturating_sub(1)).or(self.token(self.last()));
        match (first, last) {
            (Some(first), Some(last)) if span.end > span.start => {
                first.start..last.end.max(first.start)
            }
            _ => {
                let before = span.start.checked_sub(1).and_then(|at| self.token(at));
                let end = before.or(self.token(self.last())).map_or(self.base, |token| token.end);
                end..end
            }
        }
    }

    fn last(&self) -> u32 {
        (self.tokens.len() as u32).saturating_sub(1)
    }

    /// The token at a byte of the file, or that ends there; the one that begins there where two meet.
    pub fn token_at(&self, byte: usize) -> Option<u32> {
        let at = byte.checked_sub(self.base)? as u32;
        let after = self.tokens.partition_point(|token| token.start <= at);
        let number = after.checked_sub(1)?;
        let token = self.tokens.get(number)?;
        (at <= token.end).then_some(number as u32)
    }
}

/// The bytes of an anchor.
pub fn place(db: &dyn Db, at: Anchor) -> Option<Place> {
    let source = Source::of(db, at.file)?;
    let bytes = source.parsed.bytes(source.text, at.item as usize, at.span);
    Some(Place { file: at.file, bytes })
}

/// The files by the paths under which they are shown.
#[salsa::tracked(returns(ref))]
fn paths(db: &dyn Db) -> FxHashMap<String, FileId> {
    let files = Workspace::get(db).files(db).iter().flatten();
    files.map(|at| (at.path(db).to_owned(), at.id(db))).collect()
}

/// The file that is shown under that path.
pub fn by_path(db: &dyn Db, path: &str) -> Option<FileId> {
    paths(db).get(path).copied()
}
