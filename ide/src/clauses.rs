//! Which clause a place is in.

use std::ops::Range;

use rbp_grammar::ast::{Args, Clause};
use rbp_grammar::head::Head;

use crate::declared::clauses;
use crate::source::Source;

/// The clause in whose own words a byte stands, with the bytes of those words.
pub fn clause_at(source: &Source<'_>, byte: usize) -> Option<(Range<usize>, Head)> {
    let declaration = source.item(source.item_at(byte)?)?;
    let token = declaration.token_at(byte)?;
    let outer = clauses(&declaration.item.kind);
    let clause = innermost(outer.into_iter(), token)?;
    let words = clause.head.words().split(' ').filter(|word| !word.is_empty()).count() as u32;
    let last = (clause.span.start + words).checked_sub(1)?;
    if token > last || words == 0 {
        return None;
    }
    let (first, last) = (declaration.token(clause.span.start)?, declaration.token(last)?);
    Some((first.start..last.end, clause.head))
}

/// The clause around a token that lies deepest.
pub fn innermost<'a>(
    mut clauses: impl Iterator<Item = &'a Clause>,
    token: u32,
) -> Option<&'a Clause> {
    let around = clauses.find(|clause| clause.span.start <= token && token < clause.span.end)?;
    let inner = match &around.args {
        Args::Activate(inner) | Args::Test { clauses: inner, .. } => inner.as_slice(),
        _ => &[],
    };
    innermost(inner.iter(), token).or(Some(around))
}
