//! Which words of a template mean its parameters.

use crate::token::{T, Token, WordSort};

/// The tokens of a template with its parameters marked as such; `None` for any other declaration and
/// for a template without parameters. Linear in the tokens.
///
/// A word of the language that is also a parameter's name, such as `lag`, means the parameter only
/// behind what never ends a clause: a reserved word, a comma or an opening bracket. Anywhere else it
/// may begin the next clause.
pub(crate) fn marked(text: &str, tokens: &[Token]) -> Option<Vec<Token>> {
    let template = tokens.first().is_some_and(|first| first.kind == T::KwTemplate);
    let names = if template { names(text, tokens) } else { Vec::new() };
    if names.is_empty() {
        return None;
    }
    let mut marked = tokens.to_vec();
    let body = tokens.iter().position(|token| token.kind == T::LBrace).unwrap_or(tokens.len());
    for at in body..tokens.len() {
        let (Some(token), Some(before)) = (tokens.get(at), tokens.get(at - 1)) else { continue };
        let free = token.kind == T::Ident || (token.kind.is_word() && awaits_more(before.kind));
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

fn awaits_more(before: T) -> bool {
    matches!(before, T::Comma | T::Colon | T::LBracket | T::LParen)
        || matches!(before.word(), Some((_, WordSort::Reserved)))
}
