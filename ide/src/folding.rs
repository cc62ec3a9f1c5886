//! What can be folded away, and how a selection grows.

use std::ops::Range;

use rbp_compiler::db::Db;
use rbp_compiler::diagnostic::FileId;
use rbp_grammar::ast::{Args, Clause, ItemKind};
use rbp_grammar::token::{T, lex};

use crate::clauses::innermost;
use crate::declared::clauses;
use crate::source::Source;

/// What sort of thing is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A declaration, or a block in one.
    Block,
    /// Comments that follow one another.
    Comments,
    /// Imports that follow one another.
    Imports,
}

/// A run of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The bytes from its first to its last.
    pub bytes: Range<usize>,
    /// What sort of thing it is.
    pub sort: Sort,
}

/// What can be folded of a file, in the order of the text; only what goes over several lines. Linear.
pub fn folds(db: &dyn Db, id: FileId) -> Vec<Fold> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let mut folds = Vec::new();
    let mut imports: Option<Range<usize>> = None;
    for number in 0..source.parsed.items.len() as u32 {
        let Some(declaration) = source.item(number) else { continue };
        let first = declaration.token(0).map_or(declaration.base, |token| token.start);
        let whole = first..declaration.base + declaration.chunk.len();
        if matches!(declaration.item.kind, ItemKind::Import(_)) {
            let start = imports.take().map_or(whole.start, |before| before.start);
            imports = Some(start..whole.end);
            continue;
        }
        folds.extend(imports.take().map(|bytes| Fold { bytes, sort: Sort::Imports }));
        folds.push(Fold { bytes: whole, sort: Sort::Block });
        for clause in blocks(&declaration.item.kind) {
            folds.push(Fold { bytes: declaration.bytes(clause.span), sort: Sort::Block });
        }
    }
    folds.extend(imports.map(|bytes| Fold { bytes, sort: Sort::Imports }));
    folds.extend(comments(source.text));
    folds.retain(|fold| source.text.get(fold.bytes.clone()).is_some_and(|t| t.contains('\n')));
    folds.sort_by_key(|fold| (fold.bytes.start, fold.bytes.end));
    folds
}

/// The activation rules and tests of a declaration.
fn blocks(item: &ItemKind) -> Vec<&Clause> {
    let block = |clause: &&Clause| matches!(clause.args, Args::Activate(_) | Args::Test { .. });
    clauses(item).into_iter().filter(block).collect()
}

/// Comments on lines that follow one another.
fn comments(text: &str) -> Vec<Fold> {
    let mut folds: Vec<Fold> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for token in lex(text) {
        let (start, end) = (token.start as usize, token.end as usize);
        match token.kind {
            T::Comment | T::Doc | T::FileDoc => {
                let from = open.take().map_or(start, |before| before.start);
                open = Some(from..end);
            }
            T::Space if token.text(text).matches('\n').count() < 2 => {}
            _ => folds.extend(open.take().map(|bytes| Fold { bytes, sort: Sort::Comments })),
        }
    }
    folds.extend(open.map(|bytes| Fold { bytes, sort: Sort::Comments }));
    folds
}

/// How a selection at a byte grows: the word, the clause, the block, the declaration, the file; each
/// holds the one before.
pub fn selection(db: &dyn Db, id: FileId, byte: usize) -> Vec<Range<usize>> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let mut ranges: Vec<Range<usize>> = Vec::new();
    if let Some(declaration) = source.item_at(byte).and_then(|number| source.item(number)) {
        let whole = declaration.base..declaration.base + declaration.chunk.len();
        if let Some(token) = declaration.token_at(byte) {
            ranges.extend(declaration.token(token));
            let outer = clauses(&declaration.item.kind);
            let inner = innermost(outer.iter().copied(), token);
            ranges.extend(inner.map(|clause| declaration.bytes(clause.span)));
            let around = outer.iter().find(|c| c.span.start <= token && token < c.span.end);
            ranges.extend(around.map(|clause| declaration.bytes(clause.span)));
        }
        ranges.push(whole);
    }
    ranges.push(0..source.text.len());
    ranges.dedup();
    // Each must hold the one before it.
    let mut grown: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        let holds = |last: &Range<usize>| range.start <= last.start && last.end <= range.end;
        if grown.last().is_none_or(holds) {
            grown.push(range);
        }
    }
    grown
}
