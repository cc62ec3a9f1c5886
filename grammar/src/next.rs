//! What may come next in a declaration that is being written.

use lalrpop_util::ParseError;

use crate::expected::Expected;
use crate::parameters;
use crate::parse::{run, significant};
use crate::source::Source;
use crate::token::T;

/// What may come next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Next {
    /// Words of the language. Where a name may stand, only those that can be none.
    pub words: Vec<&'static str>,
    /// A name, or a word that may be one.
    pub name: bool,
    /// The unit of the number before.
    pub unit: bool,
    /// A number.
    pub number: bool,
    /// A date.
    pub date: bool,
    /// A text in quotes.
    pub text: bool,
    /// Signs, such as `,` or `{`.
    pub signs: Vec<&'static str>,
}

/// What may come after the first part of a declaration. `None` where that cannot be read. Cost: one run
/// of the parser.
pub fn next(text: &str) -> Option<Next> {
    let tokens = significant(text);
    let marked = parameters::marked(text, &tokens);
    let tokens = marked.as_deref().unwrap_or(&tokens);
    let source = Source::new(text, tokens);
    let end = tokens.len() as u32;
    let placed = tokens.iter().enumerate().map(|(at, t)| (at as u32, t.kind, at as u32 + 1));
    // What is no token of the language fits nowhere, so the parser says what would.
    let error = run(&source, placed.chain([(end, T::Unknown, end + 1)])).err()?;
    match error {
        ParseError::UnrecognizedToken { token: (at, ..), expected } if at == end => {
            Some(Expected::of(&expected).next())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_come_next_is_known() {
        let words = |text: &str| next(text).map(|next| next.words);
        assert_eq!(words("backup b { restores"), Some(vec!["within"]));
        assert!(words("").is_some_and(|words| words.contains(&"import")));
        assert!(words("backup b {").is_some_and(|words| words.contains(&"readiness")));
        assert!(next("function f { depends on a,").is_some_and(|next| next.name));
        assert!(next("function f { rto 5").is_some_and(|next| next.unit && !next.name));
        assert!(next("accept loss of a { until").is_some_and(|next| next.date));
        assert_eq!(next("function f { rto }"), None);
    }
}
