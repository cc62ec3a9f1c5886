//! Where a place is: in which block, in which clause, and what the grammar takes there.
//!
//! The declaration is cut down to what leads to the place: its head, the heads of the blocks around,
//! and the clause so far. So mistakes anywhere else do not matter. What sort of name is wanted is found
//! by writing one there and reading that.

use rbp_grammar::ast::{Clause, Item, ItemKind};
use rbp_grammar::head::{Head, Place};
use rbp_grammar::token::{T, Token, lex};
use rbp_grammar::{Next, next, parse};

use crate::declared::clauses;
use crate::mentions::{Means, mentions};
use crate::source::Source;

/// Written where a name may stand.
const MARK: &str = "zz-here-zz";

/// What may have to follow before a clause is whole.
const TAILS: [&str; 14] = [
    "",
    " {}",
    " via x",
    " x",
    " \"x\"",
    " 1 s",
    " within 1 s",
    " on x",
    " continues",
    " because \"x\"",
    ": x",
    ": \"x\"",
    " in x: x else \"x\"",
    " else \"x\"",
];

/// Where a place is.
pub struct Context<'a> {
    /// The file.
    pub source: &'a Source<'a>,
    /// The number of the declaration around, where there is one.
    pub number: Option<u32>,
    /// The word at the place, up to it.
    pub word: &'a str,
    /// How many bytes of the word stand before the place.
    pub typed: usize,
    /// How many bytes the whole word has.
    pub word_length: usize,
    /// The names before it, with their dots: `fra.` in `fra.ga|`.
    pub path: String,
    /// What leads to the place, with nothing else.
    pub reduced: String,
    /// What the grammar takes.
    pub next: Next,
    /// Where the clauses of the block around stand; `None` outside of blocks and in those without such
    /// clauses.
    pub block: Option<Place>,
    /// A clause begins here.
    pub begins: bool,
    /// Nothing stands before it on its line: there clauses begin, and hardly ever go on.
    pub first_on_line: bool,
    /// The place is outside of all declarations.
    pub top: bool,
    /// The tokens of `reduced` that the clause at the place has so far.
    pub clause: Vec<String>,
    /// The byte at which the word begins.
    pub start: usize,
    closers: String,
}

impl<'a> Context<'a> {
    /// The context of a byte; `None` in a comment or a text.
    pub fn of(source: &'a Source<'a>, byte: usize) -> Option<Context<'a>> {
        let text = source.text;
        let byte = text.floor_char_boundary(byte.min(text.len()));
        let before = text.get(..byte)?;
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let word = before.get(before.trim_end_matches(inner).len()..)?;
        // A number is no word: `5mi|` completes its unit.
        let word = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        let start = byte - word.len();
        let rest = text.get(byte..)?;
        let after = rest.len() - rest.trim_start_matches(inner).len();
        let number = around(source, start);
        let from = number.map_or(start, |number| {
            source.parsed.items.get(number as usize).map_or(start, |item| item.start as usize)
        });
        let lead = text.get(from..start)?;
        let tokens = lex(lead);
        let last = tokens.last();
        let mut in_line = lead.rsplit('\n').next().unwrap_or(lead).trim_start();
        if number.is_none() {
            let line = text.get(..start)?.rsplit('\n').next().unwrap_or("");
            in_line = line.trim_start();
        }
        let comment = last.is_some_and(|t| matches!(t.kind, T::Comment | T::Doc | T::FileDoc));
        let open_text = last.is_some_and(|t| t.kind == T::OpenText);
        if open_text || (comment && !lead.ends_with('\n')) || in_line.starts_with("//") {
            return None;
        }
        let significant: Vec<Token> = tokens.into_iter().filter(|t| !t.kind.is_trivia()).collect();
        let path = path_before(lead, &significant);
        let kept = significant.len() - path.len();
        let reduced = Reduced::of(lead, significant.get(..kept)?);
        let (reduced, next) = match next(&reduced.text) {
            Some(next) => (reduced, next),
            // Where the heads around are broken, the block says enough.
            None => {
                let reduced = reduced.with_sound_head()?;
                let next = next(&reduced.text)?;
                (reduced, next)
            }
        };
        let path: String = path.iter().map(|token| token.text(lead)).collect();
        let top = reduced.text.is_empty();
        let begins = reduced.clause.is_empty() && reduced.block.is_some();
        Some(Context {
            source,
            number,
            word,
            typed: word.len(),
            word_length: word.len() + after,
            path,
            block: reduced.block,
            begins,
            first_on_line: lead.rsplit('\n').next().is_none_or(|line| line.trim().is_empty()),
            top,
            clause: reduced.clause,
            reduced: reduced.text,
            closers: reduced.closers,
            next,
            start,
        })
    }

    /// What sort of name is wanted, where one is; with the declaration in which it was written.
    pub fn wanted<T>(&self, read: impl FnMut(Means<'_>, &Item) -> T) -> Option<T> {
        self.marked(MARK, read)
    }

    /// What the unit of a number would measure.
    pub fn wanted_unit<T>(&self, read: impl FnMut(Means<'_>, &Item) -> T) -> Option<T> {
        self.marked(&MARK.replace('-', "_"), read)
    }

    fn marked<T>(&self, mark: &str, mut read: impl FnMut(Means<'_>, &Item) -> T) -> Option<T> {
        for tail in TAILS {
            let text = format!("{} {}{mark}{tail} {}", self.reduced, self.path, self.closers);
            let parsed = parse(&text);
            let [item] = parsed.items.as_slice() else { continue };
            if !item.syntax.problems.is_empty() {
                continue;
            }
            let all = mentions(&item.syntax.item.kind);
            if let Some(found) = all.iter().find(|mention| mention.text.ends_with(mark)) {
                return Some(read(found.means, &item.syntax.item));
            }
        }
        None
    }

    /// The clauses that the block around has already, without the one at the place.
    pub fn given(&self) -> Vec<Head> {
        let Some(declaration) = self.number.and_then(|number| self.source.item(number)) else {
            return Vec::new();
        };
        let token = declaration
            .tokens
            .partition_point(|t| declaration.base + (t.start as usize) < self.start)
            as u32;
        let outer = clauses(&declaration.item.kind);
        let around = outer.iter().find(|c| c.span.start < token && token < c.span.end);
        let inner = around.and_then(|clause| match &clause.args {
            rbp_grammar::ast::Args::Activate(inner)
            | rbp_grammar::ast::Args::Test { clauses: inner, .. } => Some(inner.iter().collect()),
            _ => None,
        });
        let block: Vec<&Clause> = match (inner, &declaration.item.kind) {
            (Some(inner), _) => inner,
            (None, ItemKind::Template(template)) => template.clauses.iter().collect(),
            (None, _) => outer,
        };
        let others = block.into_iter().filter(|c| !(c.span.start <= token && token < c.span.end));
        others.map(|clause| clause.head).collect()
    }
}

/// The declaration around a byte: the last that begins before it, unless that is whole and the byte is
/// on a later line.
fn around(source: &Source<'_>, byte: usize) -> Option<u32> {
    let items = &source.parsed.items;
    let number = items.partition_point(|item| (item.start as usize) < byte).checked_sub(1)?;
    let item = items.get(number)?;
    if byte <= item.end as usize {
        return Some(number as u32);
    }
    let text = source.text.get(item.start as usize..item.end as usize)?;
    let depth = lex(text).iter().fold(0_i32, |depth, token| match token.kind {
        T::LBrace | T::LBracket | T::LParen => depth + 1,
        T::RBrace | T::RBracket | T::RParen => depth - 1,
        _ => depth,
    });
    let between = source.text.get(item.end as usize..byte)?;
    let same_line = !between.contains('\n') && !text.ends_with('}');
    (depth > 0 || same_line).then_some(number as u32)
}

/// The names and dots directly before the place.
fn path_before<'t>(text: &str, tokens: &'t [Token]) -> &'t [Token] {
    let mut from = tokens.len();
    while from >= 2
        && tokens.get(from - 1).is_some_and(|dot| dot.kind == T::Dot)
        && tokens.get(from - 2).is_some_and(|name| name.kind.is_word())
    {
        from -= 2;
        let before = from.checked_sub(1).and_then(|at| tokens.get(at));
        if before.is_none_or(|before| before.kind != T::Dot) {
            break;
        }
    }
    // A dot with a gap before it ends no name.
    let touches = tokens.last().is_none_or(|last| last.end as usize == text.len());
    if touches { tokens.get(from..).unwrap_or(&[]) } else { &[] }
}

/// What leads to a place, with nothing else.
struct Reduced {
    text: String,
    /// What closes the brackets of the clause, and what closes all.
    brackets: String,
    closers: String,
    block: Option<Place>,
    clause: Vec<String>,
}

struct Level {
    /// The first token of the block's head, and the token behind its `{`.
    head: usize,
    inner: usize,
    /// Where the clause at the place begins.
    clause: usize,
    place: Option<Place>,
    brackets: Vec<T>,
}

impl Reduced {
    /// The same with other heads around it, so that only the clause itself can be wrong.
    fn with_sound_head(self) -> Option<Reduced> {
        let (head, closers) = opener(self.block?);
        let text = format!("{head} {}", self.clause.join(" "));
        Some(Reduced { text, closers: format!("{} {closers}", self.brackets), ..self })
    }

    fn of(text: &str, tokens: &[Token]) -> Reduced {
        let kind = |at: usize| tokens.get(at).map(|token| token.kind);
        let mut levels: Vec<Level> = Vec::new();
        // Brackets outside of braces: those of a template's parameters and arguments.
        let mut head_brackets: Vec<T> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let first_on_line = starts_line(text, token);
            if let Some(level) = levels.last_mut()
                && level.brackets.is_empty()
                && begins(text, tokens, at, level, first_on_line)
            {
                level.clause = at;
            }
            match token.kind {
                T::LBrace if kind(0) != Some(T::KwImport) => {
                    let head = levels.last().map_or(0, |level| level.clause);
                    let place = block(tokens.get(head..at).unwrap_or(&[]));
                    let inner = at + 1;
                    levels.push(Level { head, inner, clause: inner, place, brackets: Vec::new() });
                }
                T::RBrace => {
                    levels.pop();
                    if let Some(level) = levels.last_mut() {
                        level.clause = at + 1;
                    }
                }
                T::LBrace | T::LBracket | T::LParen => {
                    levels
                        .last_mut()
                        .map_or(&mut head_brackets, |l| &mut l.brackets)
                        .push(token.kind);
                }
                T::RBracket | T::RParen => {
                    levels.last_mut().map_or(&mut head_brackets, |l| &mut l.brackets).pop();
                }
                _ => {}
            }
        }
        let words = |from: usize, to: usize| -> Vec<&str> {
            tokens.get(from..to).unwrap_or(&[]).iter().map(|token| token.text(text)).collect()
        };
        let mut kept: Vec<&str> = Vec::new();
        let mut clause = Vec::new();
        let closing = |brackets: &[T]| -> String {
            let signs = brackets.iter().rev().map(|bracket| match bracket {
                T::LBracket => " ]",
                T::LParen => " )",
                _ => " }",
            });
            signs.collect()
        };
        let brackets = closing(levels.last().map_or(&head_brackets, |level| &level.brackets));
        match levels.last() {
            None => kept = words(0, tokens.len()),
            Some(level) => {
                for level in &levels {
                    kept.extend(words(level.head, level.inner));
                }
                let now = words(level.clause.max(level.inner), tokens.len());
                clause = now.iter().map(|word| (*word).to_owned()).collect();
                kept.extend(now);
            }
        }
        let closers = brackets.clone() + &" }".repeat(levels.len());
        let block = levels.last().and_then(|level| level.place);
        Reduced { text: kept.join(" "), brackets, closers, block, clause }
    }
}

fn starts_line(text: &str, token: &Token) -> bool {
    let before = text.get(..token.start as usize).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or(before);
    line.trim().is_empty()
}

/// Whether a clause begins with a token: it is first on its line and no list goes on there, or what is
/// written before it takes it as no part.
fn begins(text: &str, tokens: &[Token], at: usize, level: &Level, first_on_line: bool) -> bool {
    let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| token.kind);
    if at == level.inner || matches!(before, Some(T::RBrace)) {
        return true;
    }
    if matches!(before, Some(T::Comma | T::Dot | T::Colon | T::KwOr | T::KwAnd | T::KwOf | T::KwBy))
    {
        return false;
    }
    let Some(token) = tokens.get(at) else { return false };
    if first_on_line {
        return token.kind.is_word();
    }
    // On one line, a clause's first word begins one where the grammar takes it for one.
    let Some((word, _)) = token.kind.word() else { return false };
    let Some(place) = level.place else { return false };
    if Head::starting(word, place).is_none() {
        return false;
    }
    let so_far = tokens.get(level.clause..at).unwrap_or(&[]);
    let lead: Vec<&str> = so_far.iter().map(|token| token.text(text)).collect();
    // The clause before is whole where the block could end.
    next(&format!("{} {}", opener(place).0, lead.join(" ")))
        .is_some_and(|next| next.signs.contains(&"}"))
}

/// A head that opens a block of that sort, and what closes it.
fn opener(place: Place) -> (&'static str, &'static str) {
    match place {
        Place::Dependency => ("dependency x {", "}"),
        Place::Signal => ("signal x {", "}"),
        Place::Function => ("function x {", "}"),
        Place::Backup => ("backup x {", "}"),
        Place::Activate => ("backup x { activate {", "} }"),
        Place::Test => ("backup x { test x {", "} }"),
        Place::Accept => ("accept loss of x {", "}"),
    }
}

/// The block that a head opens.
fn block(head: &[Token]) -> Option<Place> {
    Some(match head.first()?.kind {
        T::KwDependency => Place::Dependency,
        T::KwSignal => Place::Signal,
        T::KwFunction => Place::Function,
        T::KwBackup | T::KwTemplate => Place::Backup,
        T::KwAccept => Place::Accept,
        T::KwActivate => Place::Activate,
        T::KwTest => Place::Test,
        _ => return None,
    })
}
