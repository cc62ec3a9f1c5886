//! Reading a declaration that does not parse. The parser stops at the first token that does not
//! fit; that is said in words, the least that helps is changed, and the parser runs again: so one
//! mistake is one message, and what is right around it is read.

use std::ops::Range;

use crate::ast::Span;
use crate::balance::{balanced, starts_line};
use crate::near::nearest;
use crate::parse::{Syntax, broken, run};
use crate::problem::{Failed, Failure, Problem};
use crate::site::Site;
use crate::source::Source;
use crate::token::{T, Token, WORDS, WordSort};

/// A token for the parser with the tokens of the declaration that it stands for.
pub(crate) type Placed = (u32, T, u32);

/// The most problems that are told of one declaration.
const MAX_PROBLEMS: usize = 20;

/// The declaration with its problems, at least one. Cost: a few runs of the parser for each.
pub(crate) fn mended(source: &Source, text: &str, tokens: &[Token]) -> Syntax {
    let mut mender = Mender {
        source,
        tokens,
        line: tokens.iter().map(|t| starts_line(text, t)).collect(),
        placed: tokens
            .iter()
            .enumerate()
            .map(|(at, t)| (at as u32, t.kind, at as u32 + 1))
            .collect(),
        problems: Vec::new(),
    };
    if let Some((placed, problems)) = balanced(text, tokens) {
        (mender.placed, mender.problems) = (placed, problems);
    }
    mender.read()
}

struct Mender<'a> {
    source: &'a Source<'a>,
    tokens: &'a [Token],
    /// Whether the declaration's token is the first on its line.
    line: Vec<bool>,
    placed: Vec<Placed>,
    problems: Vec<Problem>,
}

/// What is put in place of some tokens.
type Change = (Range<usize>, Vec<Placed>);

impl Mender<'_> {
    fn read(mut self) -> Syntax {
        if self.first_word() {
            let mut runs = 0;
            loop {
                match run(self.source, self.placed.iter().copied()) {
                    Ok(syntax) => {
                        self.problems.extend(syntax.problems);
                        return Syntax { item: syntax.item, problems: self.sorted() };
                    }
                    Err(error) => {
                        runs += 1;
                        if runs > 2 * MAX_PROBLEMS || !self.mend(&error) {
                            break;
                        }
                    }
                }
            }
        }
        let item = broken(self.tokens);
        Syntax { item, problems: self.sorted() }
    }

    fn sorted(&mut self) -> Vec<Problem> {
        let mut problems = std::mem::take(&mut self.problems);
        problems.sort_by_key(|p| p.span);
        problems.dedup();
        problems.truncate(MAX_PROBLEMS);
        problems
    }

    /// Puts the item keyword right; says whether there is one to go on with.
    fn first_word(&mut self) -> bool {
        let Some(&(start, kind, end)) = self.placed.first() else {
            return false;
        };
        if kind.begins_item() {
            return true;
        }
        let span = Span { start, end };
        let items = WORDS.iter().filter(|w| w.2 == WordSort::Item);
        let near = (kind == T::Ident)
            .then(|| nearest(self.source.token_text(start), items.map(|w| w.0)))
            .flatten()
            .and_then(|word| WORDS.iter().find(|w| w.0 == word));
        let Some(&(word, kind, _)) = near else {
            // A closing bracket alone was already called stray.
            if self.problems.is_empty() {
                self.problems.push(self.source.no_declaration(span, kind));
            }
            return false;
        };
        self.problems.push(self.source.misspelt(span, word));
        if let Some(first) = self.placed.first_mut() {
            first.1 = kind;
        }
        true
    }

    /// Tells the parser's error and changes the tokens so that the parser gets on; says whether
    /// it does.
    fn mend(&mut self, error: &Failed) -> bool {
        let failure = Failure::of(error);
        let at = failure.place(&self.placed);
        let site = Site::of(&self.placed, &self.line, at);
        if self.problems.len() >= MAX_PROBLEMS {
            return self.put(site.outer.clone(), true);
        }
        if self.lexical(at) || self.word(at, &failure, &site) || self.left_open(at, &site) {
            return true;
        }
        match site.block {
            Some(_) => self.clause(at, &failure, &site),
            None => self.head(at, &failure),
        }
    }

    fn kind(&self, at: usize) -> Option<T> {
        self.placed.get(at).map(|p| p.1)
    }

    fn span(&self, range: Range<usize>) -> Span {
        let start = self.placed.get(range.start).map_or(self.tokens.len() as u32, |p| p.0);
        let last = range.end.checked_sub(1).filter(|_| range.end > range.start);
        let end = last.and_then(|l| self.placed.get(l)).map_or(start, |p| p.2);
        Span { start, end: end.max(start) }
    }

    /// The words between the tokens, as written.
    fn said(&self, range: Range<usize>) -> String {
        self.source.shown(self.span(range))
    }

    /// Puts one broken clause in place of the range, or nothing.
    fn put(&mut self, range: Range<usize>, clause: bool) -> bool {
        if range.is_empty() {
            return false;
        }
        let span = self.span(range.clone());
        let by = clause.then_some((span.start, T::Broken, span.end));
        self.placed.splice(range, by);
        true
    }

    /// The tokens after the change and how many the parser then leaves unread, if it then reads on
    /// behind token `at` and behind the change.
    fn tried(&self, at: usize, (range, by): Change) -> Option<(usize, Vec<Placed>)> {
        let behind = self.placed.len() - range.end.max(at).min(self.placed.len());
        let replaces = range.end > at && !range.is_empty() && !by.is_empty();
        let mut changed = self.placed.clone();
        changed.splice(range, by);
        let left = match run(self.source, changed.iter().copied()) {
            Ok(_) => return Some((0, changed)),
            Err(error) => changed.len() - Failure::of(&error).place(&changed),
        };
        // At its end too something may be missing.
        (left < behind || (replaces && left == behind)).then_some((left + 1, changed))
    }

    /// Makes the change if the parser then reads on.
    fn helps(&mut self, at: usize, change: Change) -> bool {
        let tried = self.tried(at, change);
        let helps = tried.is_some();
        if let Some((_, changed)) = tried {
            self.placed = changed;
        }
        helps
    }

    fn tell(&mut self, problem: Problem) -> bool {
        self.problems.push(problem);
        true
    }

    /// An unclosed text, or a character that means nothing.
    fn lexical(&mut self, at: usize) -> bool {
        let span = self.span(at..at + 1);
        match self.kind(at) {
            Some(T::OpenText) => {
                if let Some(token) = self.placed.get_mut(at) {
                    token.1 = T::Text;
                }
                self.tell(self.source.open_text(span))
            }
            Some(T::Unknown) => {
                let text = self.source.token_text(span.start);
                let mut end = at + 1;
                if text.contains(['“', '„', '‘', '«']) {
                    let closes = |p: &Placed| {
                        p.1 == T::Unknown
                            && self.source.token_text(p.0).contains(['”', '“', '’', '»'])
                    };
                    let rest = self.placed.get(end..).unwrap_or(&[]);
                    let same_line =
                        rest.iter().take_while(|p| self.line.get(p.0 as usize) != Some(&true));
                    end += same_line.into_iter().position(closes).map_or(0, |n| n + 1);
                    let span = self.span(at..end);
                    // The parser takes it for the text that was meant.
                    self.placed.splice(at..end, [(span.start, T::Text, span.end)]);
                } else {
                    self.put(at..end, false);
                }
                self.tell(self.source.unknown(span))
            }
            _ => false,
        }
    }

    /// A misspelt or forgotten word of the language.
    fn word(&mut self, at: usize, failure: &Failure, site: &Site) -> bool {
        let here = self.placed.get(at).copied();
        let keyword = |word: &str| WORDS.iter().find(|w| w.0 == word).map(|w| w.1);
        if let Some((start, T::Ident, end)) = here
            && !failure.expected.name
            && let Some(word) =
                nearest(self.source.token_text(start), failure.expected.keywords.iter().copied())
            && let Some(kind) = keyword(word)
            && self.helps(at, (at..at + 1, vec![(start, kind, end)]))
        {
            return self.tell(self.source.misspelt(Span { start, end }, word));
        }
        if let Some(&(start, T::Ident, end)) = self.placed.get(site.clause)
            && let Some(block) = site.block
            && let Some(word) = nearest(self.source.token_text(start), block.clauses())
            && let Some(kind) = keyword(word)
            && self.helps(at, (site.clause..site.clause + 1, vec![(start, kind, end)]))
        {
            return self.tell(self.source.misspelt(Span { start, end }, word));
        }
        let [word] = failure.expected.keywords.as_slice() else {
            return false;
        };
        let Some(kind) = keyword(word).filter(|_| failure.expected.only_keywords()) else {
            return false;
        };
        let example = self.example(site);
        let span = self.span(at..at + 1);
        let place = Span { start: span.start, end: span.start };
        let added = self.tried(at, (at..at, vec![(place.start, kind, place.end)]));
        let replaced = here
            .filter(|token| token.1 == T::Ident)
            .and_then(|(start, _, end)| self.tried(at, (at..at + 1, vec![(start, kind, end)])));
        match (added, replaced) {
            (Some((left, changed)), other) if other.as_ref().is_none_or(|o| left < o.0) => {
                self.placed = changed;
                self.tell(self.source.lacks(&failure.expected, place, example))
            }
            (_, Some((_, changed))) => {
                self.placed = changed;
                let mut problem = self.source.expected(&failure.expected, span, at > 0, example);
                problem.instead = Some((*word).into());
                self.tell(problem)
            }
            _ => false,
        }
    }

    /// The clause before this one was not finished, but went on into this one.
    fn left_open(&mut self, at: usize, site: &Site) -> bool {
        let Some(block) = site.block else {
            return false;
        };
        let clause = if site.begins { at } else { site.clause };
        let Some(before) = clause.checked_sub(1).filter(|b| *b > 0) else {
            return false;
        };
        let span = self.span(before..clause);
        if self.kind(before) == Some(T::Comma) {
            let next = self.kind(clause);
            let helps = self.helps(at, (before..clause, Vec::new()));
            return helps && self.tell(self.source.trailing_comma(span, next));
        }
        let lonely = self.kind(before).and_then(|k| k.word()).map(|w| w.0);
        let Some(example) = lonely.and_then(|word| block.example(word)) else {
            return false;
        };
        let begins = self.placed.get(before).is_some_and(|p| {
            self.line.get(p.0 as usize) == Some(&true)
                || self.kind(before.saturating_sub(1)) == Some(T::LBrace)
        });
        let place = Span { start: span.end, end: span.end };
        let broken = vec![(span.start, T::Broken, span.end)];
        begins
            && !site.begins
            && self.helps(at, (before..clause, broken))
            && self.tell(self.source.no_value(place, lonely.unwrap_or(""), example))
    }

    fn example(&self, site: &Site) -> Option<&'static str> {
        let word = self.kind(site.clause)?.word()?.0;
        site.block?.example(word)
    }

    /// A clause that does not parse.
    fn clause(&mut self, at: usize, failure: &Failure, site: &Site) -> bool {
        let kind = self.kind(at);
        let span = self.span(at..at + 1);
        let complete = failure.expected.ends_block;
        let example = self.example(site);
        if kind == Some(T::Comma) && self.run_on(at - 1).end > span.end {
            let number = self.run_on(at - 1);
            self.put(site.clause..site.end.max(at + 1), true);
            return self.tell(self.source.grouped_digits(number));
        }
        if matches!(kind, Some(T::Comma | T::Colon | T::Equal | T::Dot | T::Minus))
            && self.helps(at, (at..at + 1, Vec::new()))
        {
            return self.tell(self.source.needless(span, complete, example));
        }
        if complete && self.comma_before_clause(at, site) {
            return true;
        }
        if complete && site.begins {
            self.put(at..site.end, true);
            return self.tell(self.source.no_clause(span, kind, site.block));
        }
        if complete {
            let end = site.end.max(at + 1);
            self.put(at..end, true);
            return self.tell(self.source.beyond(span, example));
        }
        if failure.expected.value() && self.two_names(at, site) {
            return true;
        }
        let ends = site.begins || kind == Some(T::RBrace) || kind.is_none();
        if ends {
            let place = Span { start: span.start, end: span.start };
            let problem = match (self.kind(site.clause), at - site.clause) {
                (Some(T::Ident), 1) => {
                    let name = self.said(site.clause..at);
                    self.source.no_such_clause(self.span(site.clause..at), &name, site.block)
                }
                _ => self.source.lacks(&failure.expected, place, example),
            };
            self.put(site.clause..at, true);
            return self.tell(problem);
        }
        let problem = match (self.kind(site.clause), at - site.clause) {
            (Some(T::Ident), 1) if failure.expected.value() => {
                let name = self.said(site.clause..at);
                self.source.no_such_clause(self.span(site.clause..at), &name, site.block)
            }
            _ => self.source.expected(&failure.expected, self.run_on(at), true, example),
        };
        let end = site.end.max(at + 1);
        self.put(site.clause..end, true);
        self.tell(problem)
    }

    /// `in yard, capacity 400 L`: what stands after the comma was read as one more name of the list.
    fn comma_before_clause(&mut self, at: usize, site: &Site) -> bool {
        let Some(comma) = at.checked_sub(2).filter(|comma| *comma > site.clause) else {
            return false;
        };
        let clause = matches!(self.kind(at - 1).and_then(T::word), Some((_, WordSort::Clause)));
        let span = self.span(comma..comma + 1);
        clause
            && self.kind(comma) == Some(T::Comma)
            && self.helps(at, (comma..comma + 1, Vec::new()))
            && self.tell(self.source.needless(span, true, None))
    }

    /// `depends on city grid`: the second name was read as the field of a kind, which would want a value.
    fn two_names(&mut self, at: usize, site: &Site) -> bool {
        let Some(first) = at.checked_sub(2).filter(|first| *first > site.clause) else {
            return false;
        };
        let names = [first, first + 1].map(|at| self.kind(at) == Some(T::Ident));
        let same_line = self
            .placed
            .get(first + 1)
            .is_some_and(|second| self.line.get(second.0 as usize) == Some(&false));
        let names = names == [true, true] && same_line;
        let (span, words) =
            (self.span(first..at), [first, first + 1].map(|at| self.said(at..at + 1)));
        names
            && self.helps(at, (first + 1..first + 2, Vec::new()))
            && self.tell(self.source.two_names(span, &words))
    }

    /// The token with those that touch it: `2026-1-5` is three.
    fn run_on(&self, at: usize) -> Span {
        let mut span = self.span(at..at + 1);
        let number = matches!(self.kind(at), Some(T::Number | T::Date));
        while number
            && let (Some(last), Some(next)) = (
                self.tokens.get((span.end as usize).saturating_sub(1)),
                self.tokens.get(span.end as usize),
            )
            && last.end == next.start
            && (next.kind.is_word()
                || matches!(
                    next.kind,
                    T::Number | T::Minus | T::Comma | T::Dot | T::Slash | T::PerUnit | T::UnitRate
                ))
        {
            span.end += 1;
        }
        span
    }

    /// The head of the declaration, or what follows its end.
    fn head(&mut self, at: usize, failure: &Failure) -> bool {
        let kind = self.kind(at);
        let span = self.span(at..at + 1);
        let word = self.kind(0).and_then(|k| k.word()).map_or("", |w| w.0);
        let rest = at..self.placed.len();
        let previous = self.kind(at.wrapping_sub(1));
        let named = previous.is_some_and(|k| k.is_word()) && at == 2;
        if kind == Some(T::Ident) && named {
            let two_words = self.kind(at + 1) == Some(T::Colon);
            let (name, second) = (self.said(at - 1..at), self.said(at..at + 1));
            let both = self.span(at - 1..at + 1);
            if two_words && self.helps(at, (at..at + 1, Vec::new())) {
                return self.tell(self.source.words_of_name(both, &[name, second]));
            }
            if self.helps(at, (at..at, vec![(span.start, T::Colon, span.start)])) {
                return self.tell(self.source.no_colon(span, &name));
            }
            let more = (at..self.placed.len()).take_while(|&w| self.kind(w) == Some(T::Ident));
            let words = at - 1..at + more.count();
            let (all, names) =
                (self.span(words.clone()), words.clone().map(|w| self.said(w..w + 1)));
            let joined: Vec<String> = names.collect();
            if self.helps(at, (at..words.end, Vec::new())) {
                return self.tell(self.source.words_of_name(all, &joined));
            }
        }
        let two = kind.is_some_and(|k| k.begins_item()) && !failure.expected.name;
        if two || (failure.expected.is_nothing() && kind.is_some()) {
            let closed = self.kind(at.saturating_sub(1)) == Some(T::RBrace);
            self.put(rest, false);
            return self.tell(self.source.after_the_end(span, two, closed));
        }
        if failure.expected.name {
            let number = kind == Some(T::Number);
            let run = if number { self.run_on(at) } else { span };
            let name = kind.is_some_and(|k| k.is_word()) || number;
            let problem = self.source.no_name(run, kind, self.kind(at.wrapping_sub(1)), word);
            // It is taken for the name all the same, so that what it declares is known.
            let end = at + (run.end - run.start) as usize;
            let helps = name && self.helps(at, (at..end, vec![(run.start, T::Ident, run.end)]));
            self.tell(problem);
            return helps;
        }
        let equal = (0..at).rev().find(|&e| self.kind(e) == Some(T::Equal));
        if let Some(equal) = equal
            && failure.expected.call()
            && self.placed.get(equal).is_some_and(|p| p.0 > 0)
        {
            let place = self.span(equal..equal + 1);
            if self.helps(at, (equal..equal + 1, vec![(place.start, T::Colon, place.end)])) {
                return self.tell(self.source.equal_for_colon(place));
            }
        }
        if kind == Some(T::Colon) && previous == Some(T::Text) {
            let title = self.span(at - 1..at);
            if self.helps(at, (at - 1..at, Vec::new())) {
                return self.tell(self.source.title_first(title));
            }
        }
        let touches = self.span(at.saturating_sub(1)..at + 1);
        let inside = !self.source.written(touches).contains([' ', '\n', '\t']);
        if matches!(kind, Some(T::Dot | T::Minus))
            && inside
            && self.helps(at, (at..at + 1, Vec::new()))
        {
            return self.tell(self.source.end_of_name(span));
        }
        let argument = failure.expected.is_colon() && previous.is_some_and(|k| k.is_word());
        let problem = match argument && matches!(kind, Some(T::RParen | T::Comma)) {
            true => self.source.no_parameter(self.span(at - 1..at)),
            false => self.source.expected(&failure.expected, span, at > 0, item_example(word)),
        };
        self.tell(problem);
        if kind.is_some() && self.helps(at, (at..at + 1, Vec::new())) {
            return true;
        }
        let block = (at..self.placed.len()).find(|&b| self.kind(b) == Some(T::LBrace));
        block.is_some_and(|block| self.helps(at, (at..block, Vec::new())))
    }
}

/// A declaration that begins with the word.
pub(crate) fn item_example(word: &str) -> Option<&'static str> {
    Some(match word {
        "import" => "import std.power.{generator, fuel-store}",
        "unit" => "unit MW = 1000 kW",
        "kind" => "kind generator : machine { field fuel : text }",
        "dependency" => "dependency pump : machine { in cellar }",
        "signal" => "signal feeder-dead { from probe-a  within 2s }",
        "function" => "function life-support { owner facilities  rto 10s }",
        "backup" => "backup diesel : generator for city-grid { protects life-support }",
        "template" => "template standby(primary: database) : replica for primary { readiness hot }",
        "policy" => "policy tested { cite \"NFPA 110\" }",
        "accept" => {
            "accept loss of cellar for life-support { because \"…\"  by director  until 2027-06-30 }"
        }
        "scenario" => "scenario grid-out { lose city-grid  expect life-support continues }",
        "evidence" => "evidence from \"drills/*.csv\"",
        "apply" => "apply std.packs.nfpa-110 to life-support",
        _ => return None,
    })
}
