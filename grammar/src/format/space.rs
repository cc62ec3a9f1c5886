//! How many spaces stand between two tokens of one line.

use crate::token::{T, WordSort};

use super::marks::Marks;
use super::tokens::Tokens;

/// Units that stand directly behind their number: `8s`.
const TIME: [&str; 8] = ["ms", "s", "min", "h", "d", "w", "mo", "y"];

/// The spaces between token `at` and the one before it, where both stand on one line.
pub(super) fn gap(tokens: &Tokens, marks: &Marks, at: usize) -> usize {
    let (Some(before), Some(kind)) =
        (at.checked_sub(1).and_then(|b| tokens.kind(b)), tokens.kind(at))
    else {
        return 0;
    };
    let block_before = marks.block(at - 1).is_some();
    if marks.clause(at).is_some() {
        return if block_before { 1 } else { 2 };
    }
    match (before, kind) {
        (T::LBrace, T::RBrace) => 0,
        (T::LBrace, _) | (_, T::RBrace) if marks.is_list(at - 1) || marks.is_list(at) => 0,
        (T::LParen | T::LBracket | T::Dot, _) => 0,
        (_, T::RParen | T::RBracket | T::Comma | T::Dot | T::Percent) => 0,
        (T::Number, T::PerUnit) => 0,
        (T::Number, T::Ident) if TIME.contains(&tokens.token_text(at)) => 0,
        (_, T::Colon) => usize::from(marks.spaced_colon(at)),
        (_, T::LParen) => usize::from(!marks.is_call(at) && !calls(tokens, marks, at)),
        (T::Minus, _) => usize::from(is_operand(tokens, marks, at.checked_sub(2))),
        _ => 1,
    }
}

/// Whether the `(` of a policy is a call's.
fn calls(tokens: &Tokens, marks: &Marks, at: usize) -> bool {
    marks.is_policy() && is_operand(tokens, marks, at.checked_sub(1))
}

/// Whether an operand of an expression ends with the token.
fn is_operand(tokens: &Tokens, marks: &Marks, at: Option<usize>) -> bool {
    let Some(at) = at else {
        return false;
    };
    match tokens.kind(at) {
        Some(kind) if kind.is_word() => {
            let reserved = matches!(kind.word(), Some((_, WordSort::Reserved)));
            // A reserved word never is a name, and a clause's first word is none there.
            !reserved && marks.clause(at).is_none()
        }
        Some(
            T::Number
            | T::Date
            | T::Text
            | T::UnitRate
            | T::PerUnit
            | T::Percent
            | T::RParen
            | T::RBracket,
        ) => true,
        _ => false,
    }
}
