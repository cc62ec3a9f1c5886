//! What is wrong with the form of a declaration, in words.

use lalrpop_util::ParseError;
use smol_str::SmolStr;

use crate::ast::Span;
use crate::near::nearest;
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
}

type Recovered = lalrpop_util::ErrorRecovery<u32, T, ()>;
type Failed = ParseError<u32, T, ()>;

impl Source<'_> {
    /// The parser's error in words.
    pub(crate) fn problem(&self, recovered: &Recovered) -> Problem {
        self.describe(&recovered.error, None)
    }

    /// The same, where the place says better than the grammar what was expected.
    pub(crate) fn problem_in(&self, recovered: &Recovered, expected: &str) -> Problem {
        self.describe(&recovered.error, Some(expected))
    }

    /// The error of a parser that gave up, in words.
    pub(crate) fn describe(&self, error: &Failed, wanted: Option<&str>) -> Problem {
        let (span, found, expected) = match error {
            ParseError::UnrecognizedToken { token: (start, kind, end), expected } => {
                (Span { start: *start, end: *end }, Some(*kind), expected.as_slice())
            }
            ParseError::ExtraToken { token: (start, kind, end) } => {
                (Span { start: *start, end: *end }, Some(*kind), &[][..])
            }
            ParseError::UnrecognizedEof { location, expected } => {
                (Span { start: *location, end: *location }, None, expected.as_slice())
            }
            ParseError::InvalidToken { location } => {
                (Span { start: *location, end: *location + 1 }, Some(T::Unknown), &[][..])
            }
            ParseError::User { .. } => (Span::default(), None, &[][..]),
        };
        match found {
            Some(T::OpenText) => {
                return Problem::new(span, "this text has no closing quote")
                    .help("put a `\"` at its end; a text stands on one line");
            }
            Some(T::Unknown) => {
                return Problem::new(span, format!("`{}` means nothing here", self.shown(span)))
                    .help("remove it; names are letters, digits, `_` and inner `-`");
            }
            _ => {}
        }
        let expected = Expected::from(expected);
        if let Some(problem) = self.misspelt(span, &expected) {
            return problem;
        }
        let wanted = wanted.map_or_else(|| expected.words(), str::to_owned);
        let found = match found {
            Some(kind) if expected.name && reserved(kind) => {
                format!(
                    "`{}`, which is a word of the language and cannot be a name",
                    self.shown(span)
                )
            }
            Some(_) => format!("`{}`", self.shown(span)),
            None => "the end of the declaration".to_owned(),
        };
        Problem::new(span, format!("expected {wanted}, found {found}"))
    }

    /// A word near to one that fits, at the place itself or directly before it.
    fn misspelt(&self, span: Span, expected: &Expected) -> Option<Problem> {
        let here = (self.kind(span.start) == Some(T::Ident))
            .then(|| nearest(self.token_text(span.start), expected.keywords.iter().copied()))
            .flatten()
            .map(|word| (span, word));
        let before = || {
            let at = span.start.checked_sub(1)?;
            if self.kind(at) != Some(T::Ident) {
                return None;
            }
            let clauses = WORDS.iter().filter(|w| w.2 == WordSort::Clause || w.2 == WordSort::Item);
            let word = nearest(self.token_text(at), clauses.map(|w| w.0))?;
            Some((Span { start: at, end: at + 1 }, word))
        };
        let (span, word) = here.or_else(before)?;
        Some(Problem {
            span,
            message: format!("`{}` is no word of the language here", self.shown(span)),
            help: Some(format!("did you mean `{word}`?")),
            instead: Some(word.into()),
        })
    }

    fn shown(&self, span: Span) -> String {
        let text = self.token_text(span.start);
        let mut shown: String = text.chars().take(40).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        shown
    }
}

fn reserved(kind: T) -> bool {
    matches!(kind.word(), Some((_, WordSort::Reserved)))
}

/// The parser's list of terminals, sorted into what a person would say.
struct Expected {
    name: bool,
    unit: bool,
    plain: Vec<&'static str>,
    keywords: Vec<&'static str>,
}

impl Expected {
    fn from(terminals: &[String]) -> Expected {
        let has = |terminal: &str| terminals.iter().any(|t| t == terminal);
        // Every word that may be a name is allowed exactly where a name is.
        let name = has("\"import\"") && has("\"evidence\"");
        let unit = has("UnitRate");
        let mut expected = Expected { name, unit, plain: Vec::new(), keywords: Vec::new() };
        for terminal in terminals {
            let bare = terminal.trim_matches('"');
            let word = WORDS.iter().find(|w| w.0 == bare && terminal.starts_with('"'));
            match (word, plain_words(terminal)) {
                (Some(w), _) if !name || w.2 == WordSort::Reserved => expected.keywords.push(w.0),
                (None, Some(words)) => expected.plain.push(words),
                _ => {}
            }
        }
        expected
    }

    fn words(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        if self.name {
            parts.push("a name".into());
        }
        if self.unit {
            parts.push("a unit such as `min`, `kW` or `%`".into());
        }
        parts.extend(self.plain.iter().map(|p| (*p).to_owned()));
        let clauses = self.keywords.iter().filter(|k| is_clause(k)).count();
        if clauses > 3 {
            parts.push("a clause".into());
        }
        let rest = self.keywords.iter().filter(|k| clauses <= 3 || !is_clause(k));
        parts.extend(rest.map(|k| format!("`{k}`")));
        parts.dedup();
        match parts.len() {
            0 => "nothing more".into(),
            1 => parts.remove(0),
            n => {
                let last = parts.remove(n - 1);
                format!("{} or {last}", parts.join(", "))
            }
        }
    }
}

fn is_clause(word: &str) -> bool {
    // `in` begins a clause too, but as a reserved word it is listed by its use inside others.
    WORDS.iter().any(|w| w.0 == word && w.2 == WordSort::Clause) || word == "in" || word == "with"
}

fn plain_words(terminal: &str) -> Option<&'static str> {
    Some(match terminal {
        "Number" => "a number",
        "Date" => "a date such as 2026-10-01",
        "Text" => "a text in quotes",
        "\"{\"" => "`{`",
        "\"}\"" => "`}`",
        "\"[\"" => "`[`",
        "\"]\"" => "`]`",
        "\"(\"" => "`(`",
        "\")\"" => "`)`",
        "\",\"" => "`,`",
        "\":\"" => "`:`",
        "\"=\"" => "`=`",
        _ => return None,
    })
}
