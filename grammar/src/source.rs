//! The text of one declaration while it is parsed: from token numbers to words.

use smol_str::{SmolStr, SmolStrBuilder};

use crate::ast::{Count, Date, Name, Quantity, Span, Text};
use crate::token::{T, Token};

/// A declaration's text with its significant tokens.
pub struct Source<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl<'a> Source<'a> {
    /// `tokens` are the significant ones, with positions in `text`.
    pub fn new(text: &'a str, tokens: &'a [Token]) -> Source<'a> {
        Source { text, tokens }
    }

    pub(crate) fn kind(&self, at: u32) -> Option<T> {
        self.tokens.get(at as usize).map(|t| t.kind)
    }

    pub(crate) fn token_text(&self, at: u32) -> &'a str {
        self.tokens.get(at as usize).map_or("", |t| t.text(self.text))
    }

    /// The tokens as they stand in the text.
    pub(crate) fn written(&self, span: Span) -> &'a str {
        let (Some(first), Some(last)) = (
            self.tokens.get(span.start as usize),
            self.tokens.get((span.end as usize).saturating_sub(1)),
        ) else {
            return "";
        };
        self.text.get(first.start as usize..last.end as usize).unwrap_or("")
    }

    /// The tokens from `start` to `end` written together.
    fn joined(&self, start: u32, end: u32) -> SmolStr {
        if end <= start + 1 {
            return self.token_text(start).into();
        }
        let mut joined = SmolStrBuilder::new();
        for at in start..end {
            joined.push_str(self.token_text(at));
        }
        joined.finish()
    }

    pub(crate) fn name(&self, start: u32, end: u32) -> Name {
        Name { text: self.joined(start, end), span: Span { start, end } }
    }

    pub(crate) fn text(&self, start: u32, end: u32) -> Text {
        let text = unescaped(self.written(Span { start, end }));
        Text { text, parameter: false, span: Span { start, end } }
    }

    pub(crate) fn text_parameter(&self, start: u32, end: u32) -> Text {
        Text { text: self.token_text(start).into(), parameter: true, span: Span { start, end } }
    }

    pub(crate) fn quantity_parameter(&self, start: u32, end: u32) -> Quantity {
        let unit = self.token_text(start).into();
        Quantity { number: SmolStr::default(), unit, span: Span { start, end } }
    }

    pub(crate) fn date(&self, start: u32, end: u32) -> Date {
        Date { text: self.token_text(start).into(), span: Span { start, end } }
    }

    /// A number and, after it, its unit where there is one.
    pub(crate) fn quantity(&self, start: u32, end: u32) -> Quantity {
        let unit = if end > start + 1 { self.joined(start + 1, end) } else { SmolStr::default() };
        Quantity { number: self.token_text(start).into(), unit, span: Span { start, end } }
    }

    pub(crate) fn count(&self, start: u32, end: u32) -> Count {
        let digits: String = self.token_text(start).chars().filter(|c| *c != '_').collect();
        let value = digits.parse().unwrap_or(u32::MAX);
        Count { value, span: Span { start, end } }
    }
}

/// What stands between the quotes; `\"`, `\\`, `\n` and `\t` are resolved, any other `\` stays.
fn unescaped(quoted: &str) -> SmolStr {
    let Some(inner) = quoted.strip_prefix('"') else {
        // Quotes of another sort, of which the problem was told.
        return quoted.trim_matches(|c: char| !c.is_alphanumeric()).into();
    };
    // Without its closing quote it ends with its line.
    let inner = inner.strip_suffix('"').unwrap_or_else(|| inner.trim_end_matches('\r'));
    if !inner.contains('\\') {
        return inner.into();
    }
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some(c @ ('"' | '\\')) => text.push(c),
            Some(other) => text.extend(['\\', other]),
            None => text.push('\\'),
        }
    }
    text.into()
}
