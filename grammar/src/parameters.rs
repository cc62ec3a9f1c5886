//! Which words of a template mean its parameters.

use crate::head::Head;
use crate::token::{T, Token, WordSort};

/// The tokens of a template with its parameters marked as such; `None` for any other declaration and
/// for a template without parameters. Linear in the tokens.
///
/// A word of the language that is also a parameter's name, such as `lag`, means the parameter where a
/// value must follow: behind the words of a clause, a reserved word, a comma or an opening bracket.
/// Anywhere else it may begin the next clause.
pub(crate) fn marked(text: &str, tokens: &[Token]) -> Option<Vec<Token>> {
    let template = tokens.first().is_some_and(|first| first.kind == T::KwTemplate);
    let names = if template { names(text, tokens) } else { Vec::new() };
    if names.is_empty() {
        return None;
    }
    let mut marked = tokens.to_vec();
    let body = tokens.iter().position(|token| token.kind == T::LBrace).unwrap_or(tokens.len());
    for at in body..tokens.len() {
        let Some(token) = tokens.get(at) else { continue };
        let before = marked.get(at - 1).copied();
        let free = token.kind == T::Ident
            || (token.kind.is_word() && before.is_some_and(|b| awaits_value(text, b, *token)));
        if free
            && names.binary_search(&token.text(text)).is_ok()
            && let Some(marked) = marked.get_mut(at)
        {
            marked.kind = T::Parameter;
        }
    }
    Some(marked)
}

/// The words before a colon between the first round brackets.
fn names<'a>(text: &'a str, tokens: &[Token]) -> Vec<&'a str> {
    let start = tokens.iter().position(|token| token.kind == T::LParen).unwrap_or(tokens.len());
    let inside = tokens.get(start..).unwrap_or(&[]);
    let end = inside.iter().position(|token| token.kind == T::RParen).unwrap_or(inside.len());
    let pairs = inside.get(..end).unwrap_or(&[]).windows(2);
    let mut names: Vec<&str> = pairs
        .filter_map(|pair| match pair {
            [name, colon] if colon.kind == T::Colon && name.kind.is_word() => Some(name.text(text)),
            _ => None,
        })
        .collect();
    names.sort_unstable();
    names
}

/// Whether a value must follow `before`, and `token` is none of the words that may stand there too.
fn awaits_value(text: &str, before: Token, token: Token) -> bool {
    // `proves activation, load 2 MW`: what is called so stands behind this word.
    let shown = matches!(before.kind, T::KwProves | T::Comma) && token.kind == T::KwLoad;
    match before.kind {
        _ if shown => false,
        T::Comma | T::Colon | T::LBracket | T::LParen | T::KwLoad => true,
        kind => match kind.word() {
            Some((_, WordSort::Reserved)) => true,
            Some(_) => Head::ALL.iter().any(|head| ends_before_value(*head, before.text(text))),
            None => false,
        },
    }
}

/// Whether the clause's words end with this one, and a value comes next.
fn ends_before_value(head: Head, word: &str) -> bool {
    let info = head.info();
    let rest = info.form.strip_prefix(info.words).unwrap_or("").trim_start();
    let value = rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '"');
    value && info.words.rsplit(' ').next() == Some(word)
}
