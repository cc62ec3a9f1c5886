//! What is wrong with the form of a declaration, in words that need no knowledge of parsers: what
//! was expected, what stands there, and what to write instead.

use lalrpop_util::ParseError;
use smol_str::SmolStr;

use crate::ast::Span;
use crate::expected::Expected;
use crate::mend::Placed;
use crate::site::Block;
use crate::source::Source;
use crate::token::{T, WORDS, WordSort};

/// Something that could not be read. The text says what was expected, in words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Where, in significant tokens of the declaration; may be empty at its end.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A word to put in place of the span.
    pub instead: Option<SmolStr>,
}

impl Problem {
    /// A problem with nothing but its message.
    pub fn new(span: Span, message: impl Into<String>) -> Problem {
        Problem { span, message: message.into(), help: None, instead: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    fn example(self, example: Option<&str>) -> Problem {
        match example {
            Some(example) => self.help(format!("for example `{example}`")),
            None => self,
        }
    }
}

/// How the parser says that it stopped.
pub(crate) type Failed = ParseError<u32, T, ()>;

/// Where the parser stopped, and what it could have gone on with.
pub(crate) struct Failure {
    token: Option<Placed>,
    pub expected: Expected,
}

impl Failure {
    pub fn of(error: &Failed) -> Failure {
        let (token, expected) = match error {
            ParseError::UnrecognizedToken { token, expected } => {
                (Some(*token), Expected::of(expected))
            }
            ParseError::ExtraToken { token } => (Some(*token), Expected::default()),
            ParseError::UnrecognizedEof { expected, .. } => (None, Expected::of(expected)),
            ParseError::InvalidToken { .. } | ParseError::User { .. } => {
                (None, Expected::default())
            }
        };
        Failure { token, expected }
    }

    /// The token's place in what the parser was given; its end where that was not long enough.
    pub fn place(&self, placed: &[Placed]) -> usize {
        let found = self.token.and_then(|token| placed.iter().position(|p| *p == token));
        found.unwrap_or(placed.len())
    }
}

fn reserved(kind: Option<T>) -> bool {
    matches!(kind.and_then(T::word), Some((_, WordSort::Reserved)))
}

/// The messages. Each span is in tokens of the declaration.
impl Source<'_> {
    pub(crate) fn shown(&self, span: Span) -> String {
        let text = self.written(span).trim_end();
        let line = text.lines().next().unwrap_or("");
        let mut shown: String = line.chars().take(40).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        shown
    }

    /// The token before the span.
    fn before(&self, span: Span) -> String {
        let start = span.start.saturating_sub(1);
        self.shown(Span { start, end: span.start })
    }

    fn found(&self, span: Span) -> String {
        match self.kind(span.start) {
            Some(_) if span.end > span.start => format!("`{}`", self.shown(span)),
            _ => "the end of the declaration".to_owned(),
        }
    }

    fn words(&self, expected: &Expected, span: Span) -> String {
        let before = span.start.checked_sub(1).and_then(|b| self.kind(b));
        expected.words(before == Some(T::KwAny))
    }

    /// The general case: something else stands where one of a few things could.
    pub(crate) fn expected(
        &self,
        expected: &Expected,
        span: Span,
        after: bool,
        example: Option<&str>,
    ) -> Problem {
        let found = self.found(span);
        let kind = self.kind(span.start);
        if expected.is_date() && kind != Some(T::Text) && kind.is_some() {
            return Problem::new(span, format!("{found} is no date"))
                .help("a date is year-month-day with all its digits, such as 2026-10-01");
        }
        if expected.is_text() && kind.is_some_and(T::is_word) {
            let example = example.map(|e| format!(", for example `{e}`")).unwrap_or_default();
            return Problem::new(span, format!("expected a text in quotes, found {found}"))
                .help(format!("put `\"` before and behind the words{example}"));
        }
        let place = if after { format!(" after `{}`", self.before(span)) } else { String::new() };
        let words = self.words(expected, span);
        if expected.name && reserved(kind) {
            return Problem::new(
                span,
                format!("{found} is a word of the language and cannot be a name"),
            )
            .help(format!("expected {words}{place}"));
        }
        Problem::new(span, format!("expected {words}{place}, found {found}")).example(example)
    }

    /// Something is missing at the place, behind the token before it.
    pub(crate) fn lacks(&self, expected: &Expected, place: Span, example: Option<&str>) -> Problem {
        let words = self.words(expected, place);
        Problem::new(place, format!("expected {words} after `{}`", self.before(place)))
            .example(example)
    }

    pub(crate) fn no_value(&self, place: Span, word: &str, example: &str) -> Problem {
        Problem::new(place, format!("`{word}` says nothing: what comes after it is missing"))
            .example(Some(example))
    }

    pub(crate) fn misspelt(&self, span: Span, word: &str) -> Problem {
        Problem {
            span,
            message: format!("`{}` is no word of the language here", self.shown(span)),
            help: Some(format!("did you mean `{word}`?")),
            instead: Some(word.into()),
        }
    }

    pub(crate) fn no_declaration(&self, span: Span, kind: T) -> Problem {
        let shown = self.shown(span);
        if let Some((_, WordSort::Clause)) = kind.word() {
            return Problem::new(span, format!("the clause `{shown}` is in no declaration"))
                .help("is a `}` before it one too many, or the declaration's first line missing?");
        }
        let items = WORDS.iter().filter(|w| w.2 == WordSort::Item).map(|w| format!("`{}`", w.0));
        Problem::new(span, format!("`{shown}` begins no declaration"))
            .help(format!("a declaration begins with {}", listed(items.collect(), "or")))
    }

    pub(crate) fn open_text(&self, span: Span) -> Problem {
        Problem::new(span, "this text has no closing quote")
            .help("put a `\"` at its end; a text stands on one line")
    }

    pub(crate) fn unknown(&self, span: Span) -> Problem {
        let shown = self.shown(span);
        if shown.is_empty() {
            return Problem::new(
                span,
                "this is white space of another sort, such as a no-break space",
            )
            .help("put an ordinary space in its place");
        }
        let problem = Problem::new(span, format!("`{shown}` means nothing here"));
        if shown.starts_with(['“', '„', '”', '‘', '’', '«', '»', '\'']) {
            return problem.help("a text stands in straight quotes, such as \"text\"");
        }
        if shown == ";" {
            return problem.help("remove it; clauses need nothing between them");
        }
        problem.help("remove it; names are letters, digits, `_` and inner `-`")
    }

    pub(crate) fn trailing_comma(&self, span: Span, next: Option<T>) -> Problem {
        let next = next.and_then(T::word).map_or("the next clause", |w| w.0);
        Problem::new(span, format!("nothing comes after this `,` but the clause `{next}`"))
            .help("remove the `,`, or go on with the list")
    }

    pub(crate) fn grouped_digits(&self, span: Span) -> Problem {
        let written = self.written(span).trim();
        let digits: String = written.chars().filter(|c| *c != ',').collect();
        let point = written.replacen(',', ".", 1);
        let thousands = written.split(',').skip(1).all(|group| group.len() == 3);
        let one = written.matches(',').count() == 1;
        Problem::new(span, "a number is written without commas").help(match (thousands, one) {
            (true, true) => format!("write `{digits}`, or `{point}` where a fraction is meant"),
            (false, true) => format!("write `{point}`"),
            _ => format!("write `{digits}`"),
        })
    }

    /// An argument of a template without the parameter that it is for.
    pub(crate) fn no_parameter(&self, span: Span) -> Problem {
        let shown = self.shown(span);
        Problem::new(span, format!("nothing says which parameter of the template `{shown}` is for"))
            .help(format!("write the parameter's name before it, for example `primary: {shown}`"))
    }

    /// Two names with nothing between them.
    pub(crate) fn two_names(&self, span: Span, [first, second]: &[String; 2]) -> Problem {
        Problem::new(span, format!("`{first} {second}` is two names")).help(format!(
            "a name is one word: `{first}-{second}`; between two names stands a comma: `{first}, {second}`"
        ))
    }

    /// A sign that is to be taken out.
    pub(crate) fn needless(&self, span: Span, complete: bool, example: Option<&str>) -> Problem {
        let problem = Problem::new(span, format!("the {} does not belong here", self.found(span)));
        if complete {
            return problem.help("remove it; clauses need nothing between them");
        }
        match example {
            Some(example) => problem.help(format!("remove it, for example `{example}`")),
            None => problem.help("remove it"),
        }
    }

    /// A clause begins with what no clause of the block begins with.
    pub(crate) fn no_clause(&self, span: Span, kind: Option<T>, block: Option<Block>) -> Problem {
        let shown = self.found(span);
        let here = block.map_or("this block", Block::words);
        let Some((word, _)) = kind.and_then(T::word) else {
            let problem = Problem::new(span, format!("{shown} begins no clause of {here}"));
            return problem.help(clauses_of(block));
        };
        let problem = Problem::new(span, format!("{shown} is no clause of {here}"));
        let places = Block::with(word).into_iter().map(|b| b.words().to_owned());
        let places: Vec<String> = places.collect();
        match places.is_empty() {
            true => problem.help(clauses_of(block)),
            false => problem.help(format!("it belongs in {}", listed(places, "or"))),
        }
    }

    /// A name where a clause begins, without a value: neither a clause nor a field.
    pub(crate) fn no_such_clause(&self, span: Span, name: &str, block: Option<Block>) -> Problem {
        let here = block.map_or("this block", Block::words);
        Problem::new(span, format!("`{name}` is no clause of {here}, and no field with its value"))
            .help(clauses_of(block))
    }

    /// More than a clause takes.
    pub(crate) fn beyond(&self, span: Span, example: Option<&str>) -> Problem {
        let shown = self.found(span);
        Problem::new(span, format!("{shown} is more than the clause takes")).example(example)
    }

    pub(crate) fn after_the_end(&self, span: Span, two: bool, closed: bool) -> Problem {
        let shown = self.found(span);
        if two {
            return Problem::new(span, format!("{shown} begins a declaration within another"))
                .help("begin it on a line of its own");
        }
        let problem = Problem::new(span, format!("{shown} comes after the end of the declaration"));
        problem.help(if closed { "put it before the `}`, or remove it" } else { "remove it" })
    }

    /// Where a declaration, or what it is a sort of, is named.
    pub(crate) fn no_name(
        &self,
        span: Span,
        kind: Option<T>,
        previous: Option<T>,
        word: &str,
    ) -> Problem {
        let found = self.found(span);
        if reserved(kind) {
            return Problem::new(
                span,
                format!("{found} is a word of the language and cannot be a name"),
            )
            .help(format!("choose another name, such as `{}-1`", self.shown(span)));
        }
        if kind == Some(T::Number) {
            return Problem::new(span, format!("{found} is no name"))
                .help("a name begins with a letter");
        }
        let what = match previous {
            Some(T::Colon) => "the name of a kind after `:`".to_owned(),
            Some(T::KwFor) => "a name after `for`".to_owned(),
            Some(kind) if kind.begins_item() => format!("a name after `{word}`"),
            _ => "a name".to_owned(),
        };
        Problem::new(span, format!("expected {what}, found {found}"))
            .example(crate::mend::item_example(word))
    }

    pub(crate) fn end_of_name(&self, span: Span) -> Problem {
        Problem::new(span, format!("a name cannot end with {}", self.found(span)))
            .help("remove it; names are letters, digits, `_` and inner `-`")
    }

    /// A name that was written in several words.
    pub(crate) fn words_of_name(&self, span: Span, words: &[String]) -> Problem {
        let them = if words.len() == 2 { "the two" } else { "them" };
        Problem::new(span, "a name is one word")
            .help(format!("join {them} with a hyphen: `{}`", words.join("-")))
    }

    pub(crate) fn no_colon(&self, span: Span, name: &str) -> Problem {
        let found = self.shown(span);
        Problem::new(span, format!("expected `:` between `{name}` and `{found}`")).help(format!(
            "write `{name} : {found}` for a name and its kind, `{name}-{found}` for one name"
        ))
    }

    pub(crate) fn equal_for_colon(&self, span: Span) -> Problem {
        Problem::new(span, "a kind is given with `:`, not with `=`")
            .help("`=` makes a declaration from a template: `backup b = standby(primary: a)`")
    }

    pub(crate) fn title_first(&self, span: Span) -> Problem {
        Problem::new(span, "the title stands last before the `{`")
            .help("put it behind the kind: `dependency pump : machine \"Pump 7\"`")
    }
}

fn clauses_of(block: Option<Block>) -> String {
    let Some(block) = block else {
        return "remove it".to_owned();
    };
    let clauses: Vec<String> = block.clauses().iter().map(|c| format!("`{c}`")).collect();
    let here = block.words();
    match clauses.len() {
        0..=12 => format!("the clauses of {here} begin with {}", listed(clauses, "or")),
        _ => {
            let few = clauses.get(..6).unwrap_or(&[]).join(", ");
            format!("the clauses of {here} begin with words such as {few}")
        }
    }
}

/// `a, b or c`.
pub(crate) fn listed(mut words: Vec<String>, joint: &str) -> String {
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} {joint} {last}", words.join(", ")),
        Some(last) => last,
        None => String::new(),
    }
}
