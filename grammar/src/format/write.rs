//! One declaration in the one style.

use std::ops::Range;

use crate::token::T;

use super::WIDTH;
use super::marks::{Block, Marks};
use super::row::Row;
use super::space::gap;
use super::tokens::Tokens;

/// The least width of the part of a long head that is padded: `restores   within 8s`, but
/// `may degrade for 2h`.
const LEAST_PADDED: usize = 7;
const STEP: usize = 2;

/// Where an empty line of the author is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blank {
    /// Nowhere: within a clause. Outside of brackets it would end the declaration.
    Nowhere,
    /// Not directly after the `{`.
    AfterComments,
    Anywhere,
}

impl Blank {
    fn allowed(self, comments: usize) -> bool {
        match self {
            Blank::Nowhere => false,
            Blank::AfterComments => comments > 0,
            Blank::Anywhere => true,
        }
    }
}

pub(super) struct Writer<'a> {
    tokens: &'a Tokens<'a>,
    marks: &'a Marks<'a>,
    out: String,
    /// The characters on the line so far.
    width: usize,
    line: usize,
    rows: Vec<Row>,
}

/// A clause, or the head of a declaration, as it is laid out.
#[derive(Clone, Copy)]
struct Run {
    indent: usize,
    /// Where its further lines begin.
    further: usize,
    /// After how many tokens it is padded, and to which width.
    padded: Option<(usize, usize)>,
}

impl<'a> Writer<'a> {
    /// The declaration of the tokens `range`, from its first token, without the comments before
    /// it; and the rows in it.
    pub fn write(
        tokens: &'a Tokens<'a>,
        marks: &'a Marks<'a>,
        range: Range<usize>,
    ) -> (String, Vec<Row>) {
        let (out, rows) = (String::new(), Vec::new());
        let mut writer = Writer { tokens, marks, out, width: 0, line: 0, rows };
        writer.token(range.start);
        writer.run(range, Run { indent: 0, further: 2 * STEP, padded: None });
        (writer.out, writer.rows)
    }

    /// The rest of a run whose first token is written.
    fn run(&mut self, range: Range<usize>, run: Run) {
        let (line, start) = (self.line, self.out.len() - self.text(range.start).len());
        let head_end = range.clone().find(|&at| self.marks.block(at).is_some());
        let head = range.start..head_end.map_or(range.end, |at| at + 1);
        let mut stops = [None; super::row::STOPS];
        let wanted = self.marks.stops(range.start);
        let flat = self.is_plain(head.start + 1..head.end)
            && self.width + self.flat_width(head.start + 1..head.end, run.padded, range.start)
                <= WIDTH;
        for at in head.start + 1..head.end {
            let spaces = self.spaces(at, run, range.start);
            let breaks = !flat && self.breaks(at, spaces, &head, run.indent);
            if breaks || !self.tokens.comments(at).is_empty() {
                self.next_line(at, run.further, run.further, Blank::Nowhere);
            } else {
                self.space(spaces);
            }
            if let Some(wanted) = wanted
                && let Some(stop) = wanted.iter().position(|w| *w == Some(at))
            {
                stops[stop] = Some(self.out.len());
            }
            self.token(at);
        }
        if let Some(block) = head_end.and_then(|at| self.marks.block(at)) {
            self.block(head.end - 1, block, run.indent);
            for at in block.close + 1..range.end {
                self.space(gap(self.tokens, self.marks, at));
                self.token(at);
            }
        }
        if wanted.is_some() && self.line == line {
            let word = self.tokens.kind(range.start).unwrap_or(T::Unknown);
            let line = self.out.get(..start).and_then(|o| o.rfind('\n')).map_or(0, |n| n + 1);
            self.rows.push(Row { word, line, end: self.out.len(), stops });
        }
    }

    /// Whether the line is broken before the token of a run that does not fit on one.
    fn breaks(&self, at: usize, spaces: usize, head: &Range<usize>, indent: usize) -> bool {
        let kind = self.tokens.kind(at);
        let after_comma = self.tokens.kind(at - 1) == Some(T::Comma);
        if matches!(kind, Some(T::KwElse | T::KwWhere)) || (after_comma && kind == Some(T::Text)) {
            return true;
        }
        if !self.can_break(at, indent) {
            return false;
        }
        let next = (at + 1..head.end).find(|&n| self.can_break(n, indent)).unwrap_or(head.end);
        self.width + spaces + self.flat_width(at..next, None, at) - gap(self.tokens, self.marks, at)
            > WIDTH
    }

    fn can_break(&self, at: usize, indent: usize) -> bool {
        match self.tokens.kind(at) {
            Some(T::KwAnd | T::KwOr | T::KwElse | T::KwWhere) => true,
            // A declaration's first word at the start of a line would begin one.
            Some(kind) if indent == 0 && kind.begins_item() => false,
            _ => self.tokens.kind(at - 1) == Some(T::Comma),
        }
    }

    fn block(&mut self, open: usize, block: &Block, indent: usize) {
        let inner = open + 1..block.close + 1;
        let written = inner.clone().all(|at| self.tokens.line_breaks(at, 0) == 0);
        if self.is_plain(inner.clone())
            && (written || block.clauses.is_empty())
            && self.width + self.flat_width(inner.clone(), None, open) <= WIDTH
        {
            for at in inner {
                self.space(gap(self.tokens, self.marks, at));
                self.token(at);
            }
            return;
        }
        for (number, &start) in block.clauses.iter().enumerate() {
            let end = block.clauses.get(number + 1).copied().unwrap_or(block.close);
            let blank = if number > 0 { Blank::Anywhere } else { Blank::AfterComments };
            self.next_line(start, indent + STEP, indent + STEP, blank);
            self.token(start);
            let padded = self.padded(start, end, block.column);
            let further = indent + STEP + padded.map_or(STEP, |_| block.column);
            self.run(start..end, Run { indent: indent + STEP, further, padded });
        }
        let blank = if block.clauses.is_empty() { Blank::AfterComments } else { Blank::Anywhere };
        self.next_line(block.close, indent + STEP, indent, blank);
        self.token(block.close);
    }

    fn nests(&self, range: &Range<usize>) -> bool {
        range.clone().any(|at| self.marks.block(at).is_some())
    }

    /// How the head of the clause is padded so that its arguments begin in the column.
    fn padded(&self, start: usize, end: usize, column: usize) -> Option<(usize, usize)> {
        let words = self.marks.clause(start)?;
        let widths = (1..=words).map(|n| {
            let head = start..start + n;
            head.map(|at| self.text(at).chars().count() + 1).sum::<usize>() - 1
        });
        let fitting = widths.enumerate().filter(|(_, width)| *width < column).last();
        let (count, width) = fitting.map(|(at, width)| (at + 1, width))?;
        let arguments = start + count < end && self.marks.block(start + count).is_none();
        let whole = count == words || width >= LEAST_PADDED;
        let named_block = self.nests(&(start..end));
        (arguments && whole && !named_block).then_some((count, column - width))
    }

    fn spaces(&self, at: usize, run: Run, start: usize) -> usize {
        match run.padded {
            Some((count, spaces)) if at == start + count => spaces,
            _ => gap(self.tokens, self.marks, at),
        }
    }

    /// The width of the tokens on one line, the space before the first included.
    fn flat_width(
        &self,
        range: Range<usize>,
        padded: Option<(usize, usize)>,
        start: usize,
    ) -> usize {
        let run = Run { indent: 0, further: 0, padded };
        range.map(|at| self.spaces(at, run, start) + self.text(at).chars().count()).sum()
    }

    /// Whether no comment stands before any of the tokens.
    fn is_plain(&self, mut range: Range<usize>) -> bool {
        range.all(|at| self.tokens.comments(at).is_empty())
    }

    fn text(&self, at: usize) -> &'a str {
        self.tokens.token_text(at)
    }

    fn token(&mut self, at: usize) {
        let text = self.text(at);
        self.out.push_str(text);
        self.width += text.chars().count();
    }

    fn space(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
        self.width += count;
    }

    /// Writes the comments before the token and goes to the start of its line.
    fn next_line(&mut self, at: usize, comments: usize, indent: usize, blanks: Blank) {
        let before = self.tokens.comments(at);
        for (number, comment) in before.iter().enumerate() {
            if comment.line_breaks == 0 {
                self.out.push_str("  ");
            } else {
                self.line(comments, comment.line_breaks > 1 && blanks.allowed(number));
            }
            self.out.push_str(comment.text(self.tokens.text));
        }
        let closes = self.tokens.kind(at) == Some(T::RBrace);
        let blank = self.tokens.line_breaks(at, before.len()) > 1;
        self.line(indent, blank && blanks.allowed(before.len()) && !closes);
    }

    fn line(&mut self, indent: usize, blank: bool) {
        self.out.push_str(if blank { "\n\n" } else { "\n" });
        self.line += 1;
        self.width = 0;
        self.space(indent);
    }
}
