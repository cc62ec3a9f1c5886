//! What a template takes, while a use of it is written.

use rbp_compiler::db::{Db, Declaration, file};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::model::blueprint;
use rbp_compiler::names::{Lookup, Scope, Space};
use rbp_grammar::token::{T, Token};

use crate::declared::{item, template};
use crate::source::Source;

/// What a template takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The template as its head is written: `hot-standby(primary: database, …)`.
    pub label: String,
    /// Its documentation.
    pub docs: Option<String>,
    /// Each parameter as it stands in the label, with what it takes.
    pub parameters: Vec<(String, String)>,
    /// The one that is written now.
    pub active: Option<usize>,
}

/// The signature of the template whose arguments are around a byte.
pub fn signature(db: &dyn Db, id: FileId, byte: usize) -> Option<Signature> {
    let source = Source::of(db, id)?;
    let number = source.parsed.items.partition_point(|item| (item.start as usize) < byte);
    let start = source.parsed.items.get(number.checked_sub(1)?)?.start as usize;
    let lead = source.text.get(start..byte)?;
    let tokens = rbp_grammar::significant(lead);
    let open = unclosed(&tokens)?;
    let name = path_before(lead, tokens.get(..open)?)?;
    let Lookup::Found(of, _) = Scope::of(db, source.at).find(Space::Template, &name) else {
        return None;
    };
    let found = template(db, of)?;
    let read = blueprint(db, Declaration::new(db, file(db, of.file)?, of.item)).clone()?;
    let parameters: Vec<(String, String)> = found
        .parameters
        .iter()
        .zip(&read.parameters)
        .map(|(written, read)| {
            let label = format!("{}: {}", written.name.text, written.bound.text);
            let default = if written.default.is_some() { ", may be left out" } else { "" };
            (label, format!("{}{default}", read.bound.words()))
        })
        .collect();
    let labels: Vec<&str> = parameters.iter().map(|(label, _)| label.as_str()).collect();
    let inside = tokens.get(open + 1..)?;
    let last = inside.iter().rposition(|token| token.kind == T::Comma).map_or(0, |at| at + 1);
    let begun = inside.get(last).map(|token| token.text(lead));
    let commas = inside.iter().filter(|token| token.kind == T::Comma).count();
    let named = begun.and_then(|name| found.parameters.iter().position(|p| p.name.text == name));
    Some(Signature {
        label: format!("{}({})", found.name.text, labels.join(", ")),
        docs: item(db, of)?.docs.as_ref().map(|docs| crate::hover::plain(docs)),
        active: named.or((commas < parameters.len()).then_some(commas)),
        parameters,
    })
}

/// The bracket around the end.
fn unclosed(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().rev() {
        match token.kind {
            T::RParen => depth += 1,
            T::LParen if depth == 0 => return Some(at),
            T::LParen => depth -= 1,
            T::LBrace | T::RBrace => return None,
            _ => {}
        }
    }
    None
}

/// The name with its dots that ends the tokens; behind a `=`, as a use has it.
fn path_before(text: &str, tokens: &[Token]) -> Option<String> {
    let mut from = tokens.len().checked_sub(1)?;
    while from >= 2 && tokens.get(from - 1).is_some_and(|dot| dot.kind == T::Dot) {
        from -= 2;
    }
    let behind = from.checked_sub(1).and_then(|at| tokens.get(at))?;
    let path = tokens.get(from..)?.iter().map(|token| token.text(text)).collect();
    (behind.kind == T::Equal).then_some(path)
}
