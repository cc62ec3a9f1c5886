//! Declarations that could not be read and may be scenarios: what they expect, nobody knows.

use rbp_grammar::ast::{ItemKind, Span};
use rbp_grammar::significant;
use rbp_grammar::token::T;

use crate::db::{Db, SourceFile, parsed};
use crate::diagnostic::Anchor;

/// Those of a file, in its order; of a file that could not be read at all, the file. One that begins as
/// something else is that.
pub fn unread(db: &dyn Db, at: SourceFile) -> Vec<Anchor> {
    let parsed = parsed(db, at);
    let place = |item: usize, span| Anchor { file: at.id(db), item: item as u32, span };
    let whole = parsed.problem.as_ref().map(|_| place(0, Span::default()));
    let broken = parsed.items.iter().enumerate().filter(|(_, item)| {
        let text = at.text(db).get(item.start as usize..item.end as usize).unwrap_or("");
        let first = || significant(text).first().map_or(T::Unknown, |token| token.kind);
        item.syntax.item.kind == ItemKind::Error
            && (!first().begins_item() || first() == T::KwScenario)
    });
    let first = Span { start: 0, end: 1 };
    whole.into_iter().chain(broken.map(|(item, _)| place(item, first))).collect()
}
