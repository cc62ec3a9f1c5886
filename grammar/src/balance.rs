//! Brackets put right once, for a declaration that did not parse: a missing closing bracket is
//! added at the end, a stray one is dropped, and a block whose `{` is missing gets one.

use crate::ast::Span;
use crate::mend::Placed;
use crate::problem::Problem;
use crate::token::{T, Token};

/// The tokens with balanced brackets and what was wrong with them; `None` where they balance
/// already. Linear.
pub(crate) fn balanced(text: &str, tokens: &[Token]) -> Option<(Vec<Placed>, Vec<Problem>)> {
    let mut out: Vec<Placed> = Vec::with_capacity(tokens.len() + 4);
    let mut problems = Vec::new();
    let mut open: Vec<(T, u32)> = Vec::new();
    let count = |kind| tokens.iter().filter(|t| t.kind == kind).count();
    let mut missing = count(T::LBrace).saturating_sub(count(T::RBrace));
    for (at, token) in tokens.iter().enumerate() {
        let (start, end) = (at as u32, at as u32 + 1);
        // A line that is indented no deeper than the one which opened the block is outside of it.
        while missing > 0 && ends_block(text, tokens, &open, at) {
            let Some((kind, place)) = open.pop() else { break };
            out.push((start, closer(kind), start));
            problems.push(unclosed(kind, place));
            missing -= 1;
        }
        match token.kind {
            T::LBrace | T::LBracket | T::LParen => open.push((token.kind, start)),
            T::RBrace | T::RBracket | T::RParen => {
                // A closing brace ends what is open inside it: a forgotten `]` costs its list.
                while let Some(&(kind, place)) = open.last() {
                    if closer(kind) == token.kind || !open.iter().any(|o| closer(o.0) == token.kind)
                    {
                        break;
                    }
                    open.pop();
                    out.push((start, closer(kind), start));
                    problems.push(unclosed(kind, place));
                }
                match open.last() {
                    Some((kind, _)) if closer(*kind) == token.kind => {
                        open.pop();
                    }
                    _ => {
                        problems.push(stray(token.kind, start));
                        continue;
                    }
                }
            }
            _ => {}
        }
        out.push((start, token.kind, end));
        if lacks_brace(text, tokens, at) {
            out.push((end, T::LBrace, end));
            open.push((T::LBrace, end));
            problems.push(missing_brace(at as u32));
        }
    }
    let last = tokens.len() as u32;
    while let Some((kind, place)) = open.pop() {
        out.push((last, closer(kind), last));
        if tokens.get(place as usize).is_some_and(|t| t.kind == kind) {
            problems.push(unclosed(kind, place));
        }
    }
    (!problems.is_empty()).then_some((out, problems))
}

/// Whether the line that begins with the token is outside the innermost block; the outermost one is
/// ended by the end of the declaration alone.
fn ends_block(text: &str, tokens: &[Token], open: &[(T, u32)], at: usize) -> bool {
    let (Some((T::LBrace, place)), Some(token)) = (open.last(), tokens.get(at)) else {
        return false;
    };
    if open.len() < 2 || token.kind == T::RBrace || !starts_line(text, token) {
        return false;
    }
    let (Some(first), Some(opener)) = (tokens.first(), tokens.get(*place as usize)) else {
        return false;
    };
    indentation(text, first, token) <= indentation(text, first, opener)
}

/// How far the token's line is indented; the declaration's first line counts as not indented.
fn indentation(text: &str, first: &Token, token: &Token) -> usize {
    let before = text.get(..token.start as usize).unwrap_or("");
    let line = before.rfind('\n').map_or(0, |n| n + 1);
    if line <= first.start as usize {
        return 0;
    }
    text[line..].bytes().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

fn closer(open: T) -> T {
    match open {
        T::LBracket => T::RBracket,
        T::LParen => T::RParen,
        _ => T::RBrace,
    }
}

fn sign(kind: T) -> &'static str {
    match kind {
        T::LBrace => "{",
        T::LBracket => "[",
        T::LParen => "(",
        T::RBracket => "]",
        T::RParen => ")",
        _ => "}",
    }
}

fn unclosed(kind: T, place: u32) -> Problem {
    let span = Span { start: place, end: place + 1 };
    Problem::new(span, format!("this `{}` is never closed", sign(kind)))
        .help(format!("add the missing `{}`", sign(closer(kind))))
}

fn stray(kind: T, place: u32) -> Problem {
    let span = Span { start: place, end: place + 1 };
    Problem::new(span, format!("this `{}` closes nothing", sign(kind))).help("remove it")
}

fn missing_brace(place: u32) -> Problem {
    Problem::new(Span { start: place, end: place + 1 }, "the `{` that opens the block is missing")
        .help("add `{` at the end of this line")
}

/// The head of a block ends its line without the `{`, and more follows: the first line of the
/// declaration, or `activate`, or `test NAME`.
fn lacks_brace(text: &str, tokens: &[Token], at: usize) -> bool {
    let Some(next) = tokens.get(at + 1) else {
        return false;
    };
    if next.kind == T::LBrace || !starts_line(text, next) {
        return false;
    }
    let line = (0..=at).rev().find(|&i| i == 0 || starts_line(text, &tokens[i])).unwrap_or(0);
    let head = tokens.get(line..=at).unwrap_or(&[]);
    let first = head.first().map(|t| t.kind);
    let block = match first {
        Some(T::KwActivate) => head.len() == 1,
        Some(T::KwTest) => head.len() == 2,
        Some(kind) => line == 0 && kind.begins_item() && kind != T::KwImport,
        None => false,
    };
    let indented = text.get(..next.start as usize).is_some_and(|t| t.ends_with([' ', '\t']));
    block && indented && !head.iter().any(|t| matches!(t.kind, T::LBrace | T::RBrace))
}

pub(crate) fn starts_line(text: &str, token: &Token) -> bool {
    let before = text.get(..token.start as usize).unwrap_or("");
    before.trim_end_matches([' ', '\t', '\r']).ends_with('\n')
}
