//! Where clauses and declarations are added.

use std::ops::Range;

use rbp_grammar::ast::{Args, Clause, ItemKind};
use rbp_grammar::head::Head;
use rbp_grammar::token::T;

use super::Change;
use crate::declared::clauses;
use crate::source::{Declaration, Place, Source};

/// Adds a clause to the element that a declaration is, as its last one. `None` for other declarations.
pub fn clause(source: &Source<'_>, item: u32, text: &str) -> Option<Change> {
    let declaration = source.item(item)?;
    if !matches!(declaration.item.kind, ItemKind::Element(_)) {
        return None;
    }
    let last = declaration.tokens.len().checked_sub(1)? as u32;
    match declaration.tokens.last()?.kind {
        T::RBrace => inside(&declaration, last, text, "  "),
        _ => {
            let end = declaration.token(last)?.end;
            let text = format!(" {{\n  {}\n}}", text.replace('\n', "\n  "));
            Some(Change { at: at(source, end..end), text })
        }
    }
}

/// Adds a clause to the activation rule of an element.
pub fn in_activation(source: &Source<'_>, item: u32, text: &str) -> Option<Change> {
    let declaration = source.item(item)?;
    let found = clauses(&declaration.item.kind);
    let activation = found.into_iter().find(|clause| clause.head == Head::Activate)?;
    in_block(&declaration, activation, text)
}

/// Adds a clause to a block: an activation rule, or a test.
pub fn in_block(declaration: &Declaration<'_>, block: &Clause, text: &str) -> Option<Change> {
    let last = block.span.end.checked_sub(1)?;
    matches!(block.args, Args::Activate(_) | Args::Test { .. })
        .then(|| inside(declaration, last, text, "    "))?
}

/// Before a closing brace: on a line of its own, unless the block stands on one line and the text does too.
fn inside(declaration: &Declaration<'_>, brace: u32, text: &str, indent: &str) -> Option<Change> {
    let (before, close) = (declaration.token(brace.checked_sub(1)?)?, declaration.token(brace)?);
    let source = &declaration.source;
    let between = source.text.get(before.end..close.start)?;
    let open = block_start(declaration, brace)?;
    let one_line = !source.text.get(open..close.start)?.contains('\n');
    let text = match one_line && !text.contains('\n') {
        true => format!("  {text}"),
        false => {
            let text = text.replace('\n', &format!("\n{indent}"));
            let line = if between.contains('\n') { String::new() } else { closing(indent) };
            format!("\n{indent}{text}{line}")
        }
    };
    Some(Change { at: at(source, before.end..before.end), text })
}

/// The line break before a brace that stood on the line of what is before it.
fn closing(indent: &str) -> String {
    format!("\n{}", &indent[2..])
}

/// The byte of the brace that a closing brace closes.
fn block_start(declaration: &Declaration<'_>, brace: u32) -> Option<usize> {
    let mut depth = 0;
    for number in (0..=brace).rev() {
        match declaration.tokens.get(number as usize)?.kind {
            T::RBrace => depth += 1,
            T::LBrace => {
                depth -= 1;
                if depth == 0 {
                    return declaration.token(number).map(|token| token.start);
                }
            }
            _ => {}
        }
    }
    None
}

/// Adds a declaration behind another one.
pub fn after(source: &Source<'_>, item: u32, text: &str) -> Option<Change> {
    let end = source.parsed.items.get(item as usize)?.end as usize;
    // A comment behind the declaration stays on its line.
    let line = source.text.get(end..)?.find('\n').map_or(source.text.len(), |at| end + at);
    Some(Change { at: at(source, line..line), text: format!("\n\n{text}") })
}

/// Takes out bytes; with their whole line where nothing else stands on it, else with the space behind.
pub fn without(source: &Source<'_>, bytes: Range<usize>) -> Change {
    let text = source.text;
    let before = text.get(..bytes.start).unwrap_or("");
    let behind = text.get(bytes.end..).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |line| line + 1);
    let end = behind.find('\n').map_or(text.len(), |line| bytes.end + line + 1);
    let blank = |range: Range<usize>| text.get(range).is_some_and(|t| t.trim().is_empty());
    let alone = blank(start..bytes.start) && blank(bytes.end..end);
    let taken = match alone {
        true => start..end,
        false => {
            let space = behind.len() - behind.trim_start_matches([' ', '\t']).len();
            bytes.start..bytes.end + space
        }
    };
    Change { at: at(source, taken), text: String::new() }
}

fn at(source: &Source<'_>, bytes: Range<usize>) -> Place {
    Place { file: source.id, bytes }
}
