//! The formatter. It works on the tokens with their comments, never on the tree alone, so nothing
//! that the author wrote is lost; the tree only says where clauses and blocks begin.
//!
//! - A declaration that does not parse is kept as written, from its first word on.
//! - Every comment keeps its place: one on its own line stays before the same token, one at the end
//!   of a line stays behind the same token.
//! - The result has LF line ends, no byte order mark and one line break at its end.
//! - The result is read again before it is returned: it must say the same.

mod marks;
mod row;
mod space;
mod tokens;
mod write;

use std::fmt;

use crate::parse::{Parsed, parse};
use crate::token::T;

use marks::Marks;
use row::{Row, aligned};
use tokens::{Comment, Tokens};
use write::Writer;

/// Why a file was not formatted; the file stands as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatError {
    /// The file cannot be read as text of the language at all.
    Unreadable(String),
    /// The result would not say the same from this line on: a mistake of the formatter.
    Changed {
        /// The first line of the file, counted from 1, that would have been changed in meaning.
        line: usize,
    },
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::Unreadable(why) => f.write_str(why),
            FormatError::Changed { line } => write!(
                f,
                "formatting would have changed the meaning of line {line}, so nothing was \
                 changed; this is a mistake of the formatter, please report it"
            ),
        }
    }
}

impl std::error::Error for FormatError {}

/// The widest line that the formatter writes where it can break one, in characters.
pub const WIDTH: usize = 100;

/// The file in the one style. Formatting the result again changes nothing. Linear in the text.
///
/// # Errors
/// [`FormatError::Unreadable`] for what [`parse()`] refuses as a whole; [`FormatError::Changed`]
/// where the check of the result failed.
///
/// ```
/// let text = "dependency  pump:machine{needs grid}";
/// assert_eq!(rbp_grammar::format(text)?, "dependency pump : machine { needs grid }\n");
/// # Ok::<(), rbp_grammar::FormatError>(())
/// ```
pub fn format(text: &str) -> Result<String, FormatError> {
    let parsed = parse(text);
    if let Some(problem) = &parsed.problem {
        return Err(FormatError::Unreadable(problem.clone()));
    }
    let tokens = Tokens::of(text);
    let formatted = layout(&tokens, &parsed);
    check(&tokens, &parsed, &formatted)?;
    Ok(formatted)
}

/// One declaration as it will be written.
struct Piece {
    text: String,
    rows: Vec<Row>,
    /// Its first word; `None` where it is kept as written.
    word: Option<T>,
}

fn layout(tokens: &Tokens, parsed: &Parsed) -> String {
    let mut out = String::with_capacity(tokens.text.len());
    let mut rows = Vec::new();
    let mut previous: Option<(Option<T>, bool)> = None;
    let mut first = 0;
    for item in &parsed.items {
        let end = tokens.until(first, item.end);
        let piece = piece(tokens, first..end, item);
        let one_line = !piece.text.contains('\n');
        let apart = previous.is_some_and(|(word, was_one_line)| {
            let run = word == piece.word && one_line && was_one_line;
            let known = word.is_some() && piece.word.is_some();
            known && !run && !(word == piece.word && word == Some(T::KwImport))
        });
        previous = Some((piece.word, one_line));

        let comments = tokens.comments(first);
        let breaks = tokens.line_breaks(first, comments.len());
        let blank = breaks > 1 || comments.iter().any(|c| c.line_breaks > 1);
        let mut gap = Gap { out: &mut out, missing: apart && !blank };
        for comment in comments {
            gap.comment(tokens, comment);
        }
        gap.line(breaks > 1);
        let base = out.len();
        out.push_str(&piece.text);
        rows.extend(piece.rows.into_iter().map(|row| row.moved(base)));
        first = end;
    }
    let mut gap = Gap { out: &mut out, missing: false };
    for comment in tokens.comments(first) {
        gap.comment(tokens, comment);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    aligned(&out, &rows)
}

fn piece(tokens: &Tokens, range: std::ops::Range<usize>, item: &crate::ParsedItem) -> Piece {
    if item.syntax.problems.is_empty() {
        let marks = Marks::of(tokens, range.clone(), &item.syntax.item);
        let word = tokens.kind(range.start);
        let (text, rows) = Writer::write(tokens, &marks, range);
        return Piece { text, rows, word };
    }
    let written = tokens.written(range.start, item.end as usize);
    Piece { text: unix(written), rows: Vec::new(), word: None }
}

/// LF line ends. A `\` directly before CR LF keeps it: without the CR it would be another token.
fn unix(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    for line in written.split_inclusive('\n') {
        match line.strip_suffix("\r\n") {
            Some(bare) if !bare.ends_with(['\\', '\r']) => {
                out.push_str(bare);
                out.push('\n');
            }
            _ => out.push_str(line),
        }
    }
    out
}

/// The lines between two declarations.
struct Gap<'a> {
    out: &'a mut String,
    /// The author left no blank line where there must be one.
    missing: bool,
}

impl Gap<'_> {
    fn line(&mut self, blank: bool) {
        if self.out.is_empty() {
            return;
        }
        self.out.push('\n');
        if blank || std::mem::take(&mut self.missing) {
            self.out.push('\n');
        }
    }

    fn comment(&mut self, tokens: &Tokens, comment: &Comment) {
        if comment.line_breaks == 0 && !self.out.is_empty() {
            self.out.push_str("  ");
            // Documentation goes on in the next line; a blank one would cut it in two.
            self.missing &= comment.kind != T::Doc;
        } else {
            self.line(comment.line_breaks > 1);
        }
        self.out.push_str(comment.text(tokens.text));
    }
}

/// The result must have the same tokens, the same comments and the same trees.
fn check(tokens: &Tokens, parsed: &Parsed, formatted: &str) -> Result<(), FormatError> {
    let changed = |at: usize| {
        let before = tokens.text.get(..at).unwrap_or("");
        Err(FormatError::Changed { line: before.matches('\n').count() + 1 })
    };
    let result = Tokens::of(formatted);
    let mut before = tokens.spoken();
    for now in result.spoken() {
        match before.next() {
            Some((at, kind, text)) if (kind, text) != (now.1, now.2) => return changed(at),
            Some(_) => {}
            None => return changed(tokens.text.len()),
        }
    }
    if let Some((at, _, _)) = before.next() {
        return changed(at);
    }
    let again = parse(formatted);
    for (at, item) in parsed.items.iter().enumerate() {
        if again.items.get(at).is_none_or(|other| other.syntax != item.syntax) {
            return changed(item.start as usize);
        }
    }
    if again.items.len() != parsed.items.len() {
        return changed(tokens.text.len());
    }
    Ok(())
}
