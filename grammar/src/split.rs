//! Cutting a file into declarations before anything is parsed, so that a broken one costs itself
//! alone.
//!
//! A cut comes before a token that begins a line and
//! - is an item keyword in column 0, or outside every bracket; or
//! - follows a `}` that closed the declaration, without being indented deeper than it; or
//! - is any other word in column 0 outside every bracket: a misspelt keyword; or
//! - stands outside every bracket after a blank line, and either is not indented or follows a
//!   declaration that is complete or of one line: what is left of one whose first words are gone.
//!
//! One column of indentation counts as none, since nobody indents by one on purpose.
//!
//! An item keyword directly after the closing `}` cuts on the same line too. Documentation lines
//! go along with the declaration after them. Whether a chunk ends depends only on its own text, on
//! the token that follows it and on what is between: so a chunk's extent can be reused as long as
//! those stand.

use logos::Logos;

use crate::token::{T, Token};

/// One declaration's extent, in bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Its first byte: of its documentation, or of its first token.
    pub start: u32,
    /// The byte after its last token.
    pub end: u32,
}

/// Reads chunks one after the other.
pub(crate) struct Splitter<'a> {
    text: &'a str,
    lexer: logos::Lexer<'a, T>,
    /// The bytes before the lexer's text.
    base: usize,
    /// The chunk being read.
    current: Option<Open>,
    /// The significant tokens of the chunk being read, positions in the file.
    tokens: Vec<Token>,
    /// The token that cut the last chunk off; it begins the next one.
    held: Option<(Token, u32)>,
    /// First of the documentation lines since the last significant token; those after an empty
    /// line or a comment count alone.
    docs: Option<u32>,
    docs_end: u32,
    /// The file ended.
    done: bool,
}

struct Open {
    start: u32,
    end: u32,
    depth: u32,
    column: u32,
    closed: bool,
    /// A token outside every bracket began a further line.
    goes_on: bool,
}

impl<'a> Splitter<'a> {
    /// Reads from byte `from`, which must be 0 or the start of a chunk.
    pub fn new(text: &'a str, from: usize) -> Splitter<'a> {
        Splitter {
            text,
            lexer: T::lexer(text.get(from..).unwrap_or("")),
            base: from,
            current: None,
            tokens: Vec::new(),
            held: None,
            docs: None,
            docs_end: 0,
            done: false,
        }
    }

    /// The next chunk; its tokens are put into `tokens`, positions counted from its start.
    pub fn next(&mut self, tokens: &mut Vec<Token>) -> Option<Chunk> {
        if let Some((token, start)) = self.held.take() {
            self.begin(token, start);
        }
        while !self.done {
            let Some(token) = self.token() else {
                self.done = true;
                break;
            };
            match token.kind {
                T::Doc => {
                    let joins = self.text.get(self.docs_end as usize..token.start as usize);
                    let joins =
                        joins.is_some_and(|t| t.bytes().filter(|b| *b == b'\n').count() < 2);
                    if self.docs.is_none() || !joins {
                        self.docs = Some(token.start);
                    }
                    self.docs_end = token.end;
                }
                kind if kind.is_trivia() => {}
                _ => {
                    let start = self.docs.take().unwrap_or(token.start);
                    if self.cuts(token) {
                        self.held = Some((token, start));
                        return self.finish(tokens);
                    }
                    self.push(token, start);
                }
            }
        }
        self.finish(tokens)
    }

    fn token(&mut self) -> Option<Token> {
        let kind = self.lexer.next()?.unwrap_or(T::Unknown);
        let span = self.lexer.span();
        let start = u32::try_from(self.base + span.start).ok()?;
        let end = u32::try_from(self.base + span.end).ok()?;
        Some(Token { kind, start, end })
    }

    fn push(&mut self, token: Token, start: u32) {
        let Some(open) = &mut self.current else {
            return self.begin(token, start);
        };
        match token.kind {
            T::LBrace | T::LBracket | T::LParen => open.depth += 1,
            T::RBrace | T::RBracket | T::RParen => {
                open.depth = open.depth.saturating_sub(1);
                open.closed = open.depth == 0 && token.kind == T::RBrace;
            }
            _ => open.closed = false,
        }
        open.end = token.end;
        // Neighbouring characters that are no token make one.
        match self.tokens.last_mut() {
            Some(last)
                if last.kind == T::Unknown
                    && token.kind == T::Unknown
                    && last.end == token.start =>
            {
                last.end = token.end;
            }
            _ => self.tokens.push(token),
        }
    }

    fn begin(&mut self, token: Token, start: u32) {
        let (_, column) = self.line_position(token.start);
        self.current =
            Some(Open { start, end: token.end, depth: 0, column, closed: false, goes_on: false });
        self.push(token, start);
    }

    fn cuts(&mut self, token: Token) -> bool {
        let item = token.kind.begins_item();
        let Some(open) = &self.current else {
            return false;
        };
        if open.depth > 0 && !item {
            return false;
        }
        let (first, column) = self.line_position(token.start);
        if !first {
            return item && open.closed;
        }
        if open.depth > 0 {
            return column == 0;
        }
        let complete = open.closed || !open.goes_on;
        let cuts = item
            || (open.closed && column <= open.column + 1)
            || (column == 0 && token.kind.is_word())
            || ((column <= 1 || complete) && self.blank_line(open.end, token.start));
        if let Some(open) = &mut self.current {
            open.goes_on = true;
        }
        cuts
    }

    /// Whether an empty line is between the two bytes, with nothing there but white space and
    /// comments.
    fn blank_line(&self, from: u32, to: u32) -> bool {
        let between = self.text.get(from as usize..to as usize).unwrap_or("");
        let mut lines = between.split('\n');
        // What is left of the line before, and the indentation of the token.
        lines.next();
        lines.next_back();
        lines.any(|line| line.trim_matches([' ', '\t', '\r', '\u{feff}']).is_empty())
    }

    /// Whether the byte is the first on its line that is no white space, and its column.
    fn line_position(&self, at: u32) -> (bool, u32) {
        let before = self.text.as_bytes().get(..at as usize).unwrap_or(&[]);
        let mut column = 0;
        for byte in before.iter().rev() {
            match byte {
                b'\n' => return (true, column),
                b' ' | b'\t' | b'\r' => column += 1,
                // A byte order mark.
                0xef | 0xbb | 0xbf => {}
                _ => return (false, column),
            }
        }
        (true, column)
    }

    fn finish(&mut self, tokens: &mut Vec<Token>) -> Option<Chunk> {
        let open = self.current.take()?;
        tokens.clear();
        tokens.extend(self.tokens.drain(..).map(|t| Token {
            kind: t.kind,
            start: t.start - open.start,
            end: t.end - open.start,
        }));
        Some(Chunk { start: open.start, end: open.end })
    }
}
