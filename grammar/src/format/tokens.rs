//! The significant tokens of a file, each with the comments and line breaks before it.

use crate::token::{T, Token, lex};

/// A comment of any sort, documentation included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment {
    pub kind: T,
    pub start: usize,
    end: usize,
    /// The line breaks between it and what stands before it; 0 for one at the end of a line.
    pub line_breaks: usize,
}

impl Comment {
    /// What it says, without white space at its end.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        trimmed(text.get(self.start..self.end).unwrap_or(""))
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_end_matches([' ', '\t', '\r'])
}

/// The significant tokens of a file. Numbers that name none are past its end.
pub(super) struct Tokens<'a> {
    pub text: &'a str,
    tokens: Vec<Token>,
    /// The comments of the file in order.
    comments: Vec<Comment>,
    /// For each token, and for the end of the file: the first comment before it.
    first_comment: Vec<u32>,
    /// For each token: the line breaks between it and what stands before it.
    line_breaks: Vec<u32>,
}

impl<'a> Tokens<'a> {
    /// Linear in the text.
    pub fn of(text: &'a str) -> Tokens<'a> {
        let mut all = Tokens {
            text,
            tokens: Vec::new(),
            comments: Vec::new(),
            first_comment: vec![0],
            line_breaks: Vec::new(),
        };
        let mut line_breaks = 0;
        for token in lex(text) {
            match token.kind {
                T::Space => line_breaks += token.text(text).matches('\n').count(),
                kind if kind.is_trivia() => {
                    let (start, end) = (token.start as usize, token.end as usize);
                    all.comments.push(Comment { kind, start, end, line_breaks });
                    line_breaks = 0;
                }
                _ => {
                    all.tokens.push(token);
                    all.line_breaks.push(line_breaks as u32);
                    all.first_comment.push(all.comments.len() as u32);
                    line_breaks = 0;
                }
            }
        }
        all
    }

    pub fn kind(&self, at: usize) -> Option<T> {
        self.tokens.get(at).map(|t| t.kind)
    }

    pub fn token_text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| t.text(self.text))
    }

    /// The text from the token on to byte `end`.
    pub fn written(&self, at: usize, end: usize) -> &'a str {
        let start = self.tokens.get(at).map_or(end, |t| t.start as usize);
        self.text.get(start..end).unwrap_or("")
    }

    /// The comments directly before the token, or at the end of the file.
    pub fn comments(&self, at: usize) -> &[Comment] {
        let from = self.first_comment.get(at).map_or(0, |&c| c as usize);
        let to = self.first_comment.get(at + 1).map_or(self.comments.len(), |&c| c as usize);
        self.comments.get(from..to).unwrap_or(&[])
    }

    /// The line breaks before the token's comment `after`, or before the token itself.
    pub fn line_breaks(&self, at: usize, after: usize) -> usize {
        match self.comments(at).get(after) {
            Some(comment) => comment.line_breaks,
            None => self.line_breaks.get(at).map_or(0, |&n| n as usize),
        }
    }

    /// The first token from `first` on that begins at `byte` or after it.
    pub fn until(&self, first: usize, byte: u32) -> usize {
        let rest = self.tokens.get(first..).unwrap_or(&[]);
        first + rest.partition_point(|t| t.start < byte)
    }

    /// Every token and comment in order, with its place and without white space at its end.
    pub fn spoken(&self) -> impl Iterator<Item = (usize, T, &'a str)> {
        (0..=self.tokens.len()).flat_map(move |at| {
            let comments = self.comments(at).iter().map(|c| (c.start, c.kind, c.text(self.text)));
            let token = self.tokens.get(at).map(|t| {
                let text = t.text(self.text);
                let text = if t.kind == T::OpenText { trimmed(text) } else { text };
                (t.start as usize, t.kind, text)
            });
            comments.chain(token)
        })
    }
}
