//! From text to declarations. Parsing never fails: it returns what could be read, and the problems.

use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::ast::{Item, ItemKind, Span};
use crate::mend::{Placed, mended};
use crate::parameters;
use crate::problem::{Failed, Problem};
use crate::source::Source;
use crate::split::{Chunk, Splitter};
use crate::token::{T, Token, lex};

lalrpop_util::lalrpop_mod!(
    #[allow(
        clippy::all,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        missing_docs,
        unused
    )]
    rbp
);

/// The largest file that is read, in bytes.
pub const MAX_FILE: usize = 64 << 20;
/// The deepest nesting of brackets.
pub const MAX_DEPTH: usize = 100;
/// The longest name, number or unit, in bytes.
pub const MAX_WORD: usize = 200;
/// The most operators in one declaration.
pub const MAX_OPERATORS: usize = 1_000;

/// A file's declarations in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// The declarations.
    pub items: Vec<ParsedItem>,
    /// What is wrong with the file as a whole; it then has no declarations.
    pub problem: Option<String>,
}

/// A declaration and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedItem {
    /// Its first byte, documentation included.
    pub start: u32,
    /// The byte after its last token.
    pub end: u32,
    /// What it says; equal for equal text, and free of positions in the file.
    pub syntax: Arc<Syntax>,
}

/// What a declaration says, with what could not be read of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Syntax {
    /// The tree.
    pub item: Item,
    /// The problems.
    pub problems: Vec<Problem>,
}

impl Parsed {
    /// The bytes of the file that `span` of declaration `item` covers. An empty span is the place
    /// after the token before it. Cost: lexing the declaration again.
    pub fn bytes(&self, text: &str, item: usize, span: Span) -> Range<usize> {
        let Some(found) = self.items.get(item) else {
            return 0..0;
        };
        let base = found.start as usize;
        let chunk = text.get(base..found.end as usize).unwrap_or("");
        let tokens = significant(chunk);
        let range = |t: &Token| base + t.start as usize..base + t.end as usize;
        let (start, end) = (span.start as usize, span.end as usize);
        if end > start {
            let first = tokens.get(start).map(range);
            let last = tokens.get(end - 1).or(tokens.last()).map(range);
            if let (Some(first), Some(last)) = (first, last) {
                return first.start..last.end.max(first.start);
            }
        }
        let before = start.checked_sub(1).and_then(|at| tokens.get(at)).or(tokens.last());
        before.map(range).map_or(base..base, |r| r.end..r.end)
    }
}

/// The tokens of `text` without white space and comments.
pub fn significant(text: &str) -> Vec<Token> {
    let mut tokens = lex(text);
    tokens.retain(|t| !t.kind.is_trivia());
    tokens
}

/// Parses a file. Linear in its length; never panics, never fails.
pub fn parse(text: &str) -> Parsed {
    if let Some(problem) = unreadable(text) {
        return Parsed { items: Vec::new(), problem: Some(problem) };
    }
    let mut items = Vec::new();
    read_chunks(text, 0, &mut items, |_| false, |_| None);
    Parsed { items, problem: None }
}

/// Parses a file that was parsed before with another text, reusing the declarations before and
/// after the change. The result is the same as [`parse`]'s. Cost: comparing the texts, copying the
/// list of declarations, and parsing what changed.
pub fn reparse(text: &str, old_text: &str, old: &Parsed) -> Parsed {
    let (new, before) = (text.as_bytes(), old_text.as_bytes());
    let prefix = begin_alike(new, before);
    let suffix = end_alike(&new[prefix..], &before[prefix..]);
    // What was readable before is so still, but for a line break that lost its half.
    let changed = &new[prefix.saturating_sub(1)..(new.len() - suffix + 1).min(new.len())];
    let doubtful = new.len() > MAX_FILE || changed.contains(&0) || changed.contains(&b'\r');
    if old.problem.is_some() || (doubtful && unreadable(text).is_some()) {
        return parse(text);
    }
    let shift = new.len() as i64 - before.len() as i64;

    // A chunk stands if it and all of the token that follows it lie in the common prefix; a byte
    // to spare covers a token that only the change made longer.
    let kept = old.items.partition_point(|item| (item.end as usize) < prefix);
    let kept = kept.saturating_sub(2);
    let mut items: Vec<ParsedItem> = Vec::with_capacity(old.items.len() + 1);
    items.extend_from_slice(old.items.get(..kept).unwrap_or(&[]));
    let from = old.items.get(kept).map_or(0, |item| item.start as usize);
    let from = if kept == 0 { 0 } else { from };

    let mut tail = kept;
    let stop = |start| {
        let was = i64::from(start) - shift;
        while old.items.get(tail).is_some_and(|item| i64::from(item.start) < was) {
            tail += 1;
        }
        // The line break before it must be unchanged too, so that its column is.
        let unchanged = was > 0 && before.len() - (was as usize) < suffix;
        let own_line = unchanged && before.get(was as usize - 1) == Some(&b'\n');
        own_line && old.items.get(tail).is_some_and(|item| i64::from(item.start) == was)
    };
    // What ends before the change says what it said.
    let known = |chunk: Chunk| {
        let at = old.items.binary_search_by_key(&chunk.start, |item| item.start).ok()?;
        let item = old.items.get(at).filter(|item| item.end == chunk.end)?;
        ((chunk.end as usize) < prefix).then(|| item.syntax.clone())
    };
    let resumed = read_chunks(text, from, &mut items, stop, known);
    if resumed {
        let moved = |at: u32| (i64::from(at) + shift) as u32;
        items.extend(old.items.get(tail..).unwrap_or(&[]).iter().map(|item| ParsedItem {
            start: moved(item.start),
            end: moved(item.end),
            syntax: item.syntax.clone(),
        }));
    }
    Parsed { items, problem: None }
}

/// Bytes that are compared at once.
const BLOCK: usize = 64;

/// How many bytes are the same at the beginning.
fn begin_alike(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK));
    let alike = BLOCK * blocks.take_while(|(a, b)| a == b).count();
    alike + a[alike..].iter().zip(&b[alike..]).take_while(|(a, b)| a == b).count()
}

/// How many bytes are the same at the end.
fn end_alike(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.rchunks_exact(BLOCK).zip(b.rchunks_exact(BLOCK));
    let alike = BLOCK * blocks.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - alike], &b[..b.len() - alike]);
    alike + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

/// Reads chunks from `from` on until the file ends or `stop` says of a chunk's start that the rest
/// is known; returns whether it did. What is `known` to say something is not parsed.
fn read_chunks(
    text: &str,
    from: usize,
    items: &mut Vec<ParsedItem>,
    mut stop: impl FnMut(u32) -> bool,
    known: impl Fn(Chunk) -> Option<Arc<Syntax>>,
) -> bool {
    let mut splitter = Splitter::new(text, from);
    let mut tokens = Vec::new();
    while let Some(chunk) = splitter.next(&mut tokens) {
        let Chunk { start, end } = chunk;
        if stop(start) {
            return true;
        }
        let words = text.get(start as usize..end as usize).unwrap_or("");
        let syntax = known(chunk).unwrap_or_else(|| Arc::new(parse_item(words, &tokens)));
        items.push(ParsedItem { start, end, syntax });
    }
    false
}

fn unreadable(text: &str) -> Option<String> {
    if text.len() > MAX_FILE {
        return Some(format!(
            "the file has {} MiB; the most that is read is {} MiB",
            text.len().div_ceil(1 << 20),
            MAX_FILE >> 20
        ));
    }
    let line = |at: usize| text.get(..at).unwrap_or("").matches('\n').count() + 1;
    if let Some(at) = text.find('\0') {
        return Some(format!("line {} holds a NUL character, so this is no text file", line(at)));
    }
    // A comment goes on to the line feed: it would swallow all that stands behind a bare return.
    let bare = |at: &usize| text.as_bytes().get(at + 1) != Some(&b'\n');
    let at = text.match_indices('\r').map(|(at, _)| at).find(bare)?;
    Some(format!("line {} holds a carriage return without a line feed", line(at)))
}

fn parse_item(text: &str, tokens: &[Token]) -> Syntax {
    let mut syntax = match beyond_limits(text, tokens) {
        Some(problem) => Syntax { item: broken(tokens), problems: vec![problem] },
        None => parse_tokens(text, tokens),
    };
    syntax.item.docs = docs(text);
    syntax
}

fn parse_tokens(text: &str, tokens: &[Token]) -> Syntax {
    let marked = parameters::marked(text, tokens);
    let tokens = marked.as_deref().unwrap_or(tokens);
    let source = Source::new(text, tokens);
    let placed = tokens.iter().enumerate().map(|(at, t)| (at as u32, t.kind, at as u32 + 1));
    match run(&source, placed) {
        Ok(syntax) => syntax,
        Err(_) => mended(&source, text, tokens),
    }
}

/// One run of the parser, which ends at the first token that does not fit.
pub(crate) fn run(
    source: &Source,
    placed: impl IntoIterator<Item = Placed>,
) -> Result<Syntax, Failed> {
    let mut problems = Vec::new();
    let item = rbp::OneParser::new().parse(source, &mut problems, placed.into_iter().map(Ok))?;
    Ok(Syntax { item, problems })
}

pub(crate) fn broken(tokens: &[Token]) -> Item {
    let span = Span { start: 0, end: tokens.len() as u32 };
    Item { docs: None, span, kind: ItemKind::Error }
}

/// Refuses what would exhaust the stack or a reader.
fn beyond_limits(text: &str, tokens: &[Token]) -> Option<Problem> {
    let (mut depth, mut operators) = (0_usize, 0);
    for (at, token) in tokens.iter().enumerate() {
        let here = Span { start: at as u32, end: at as u32 + 1 };
        match token.kind {
            T::LBrace | T::LBracket => depth += 1,
            // A call is closed at once, and may be called again.
            T::LParen => {
                depth += 1;
                operators += 1;
            }
            T::RBrace | T::RBracket | T::RParen => depth = depth.saturating_sub(1),
            T::KwNot | T::KwAnd | T::KwOr | T::Plus | T::Minus | T::Star | T::Slash | T::Colon => {
                operators += 1
            }
            T::Dot | T::KwElse => operators += 1,
            T::Ident | T::Number | T::UnitRate | T::PerUnit
                if token.text(text).len() > MAX_WORD =>
            {
                return Some(
                    Problem::new(here, format!("this is longer than {MAX_WORD} characters"))
                        .help("a word this long is surely a mistake; shorten it"),
                );
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(
                Problem::new(here, format!("brackets are nested more than {MAX_DEPTH} deep"))
                    .help("give the inner part a name of its own"),
            );
        }
        if operators > MAX_OPERATORS {
            return Some(
                Problem::new(
                    here,
                    format!("this declaration has more than {MAX_OPERATORS} operators"),
                )
                .help("split it into several"),
            );
        }
    }
    None
}

/// The `///` lines before the first token, without the slashes.
fn docs(text: &str) -> Option<SmolStr> {
    if !text.starts_with("///") {
        return None;
    }
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        match line.trim_start_matches([' ', '\t', '\r', '\u{feff}']).strip_prefix("///") {
            Some(rest) => lines.push(rest.strip_prefix(' ').unwrap_or(rest).trim_end()),
            None => break,
        }
    }
    Some(lines.join("\n").into())
}
