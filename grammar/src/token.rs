//! Text to tokens. Nothing is dropped: white space and comments are tokens too, so the formatter
//! can keep every one of them and a token's text is always a slice of the source.

use logos::Logos;

/// What a word of `keywords.txt` is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordSort {
    /// Begins an item, such as `backup`.
    Item,
    /// Begins a clause, such as `readiness`.
    Clause,
    /// Stands inside a clause, such as `loss`.
    Word,
    /// May not be a name, such as `within`.
    Reserved,
}

macro_rules! tokens {
    ($($variant:ident $text:tt $sort:ident)*) => {
        /// A sort of token.
        #[derive(Logos, Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum T {
            #[regex(r"[ \t\r\n\u{feff}]+")]
            Space,
            #[regex(r"//[^\n]*", priority = 3, allow_greedy = true)]
            Comment,
            #[regex(r"///[^\n]*", priority = 4, allow_greedy = true)]
            Doc,
            #[regex(r"//![^\n]*", priority = 5, allow_greedy = true)]
            FileDoc,
            #[regex(r"[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*")]
            Ident,
            #[regex(r"[0-9][0-9_]*(\.[0-9]+)?([eE][+-]?[0-9]+)?")]
            Number,
            #[regex(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", priority = 20)]
            Date,
            #[regex(r"[A-Za-z_][A-Za-z0-9_]*/[A-Za-z_][A-Za-z0-9_]*")]
            UnitRate,
            #[regex(r"/[A-Za-z_][A-Za-z0-9_]*")]
            PerUnit,
            #[regex(r#""([^"\\\n]|\\[^\n])*""#)]
            Text,
            #[regex(r#""([^"\\\n]|\\[^\n])*"#)]
            OpenText,
            #[token("{")] LBrace,
            #[token("}")] RBrace,
            #[token("[")] LBracket,
            #[token("]")] RBracket,
            #[token("(")] LParen,
            #[token(")")] RParen,
            #[token(",")] Comma,
            #[token(":")] Colon,
            #[token(".")] Dot,
            #[token("=")] Equal,
            #[token("==")] EqualEqual,
            #[token("!=")] NotEqual,
            #[token("<=")] LessEqual,
            #[token(">=")] GreaterEqual,
            #[token("<")] Less,
            #[token(">")] Greater,
            #[token("+")] Plus,
            #[token("-")] Minus,
            #[token("*")] Star,
            #[token("/")] Slash,
            #[token("%")] Percent,
            /// A name in a template that means one of its parameters; never lexed.
            Parameter,
            /// A clause that could not be read; stands for its tokens, and is never lexed.
            Broken,
            /// What is no token of the language.
            Unknown,
            $(#[token($text)] $variant,)*
        }

        /// Every word of the language with its token and its use, in the order of `keywords.txt`.
        pub const WORDS: &[(&str, T, WordSort)] = &[$(($text, T::$variant, WordSort::$sort)),*];
    };
}
include!(concat!(env!("OUT_DIR"), "/keywords.rs"));

impl T {
    /// True for what the parser does not see: white space and comments of every sort.
    pub fn is_trivia(self) -> bool {
        self <= T::FileDoc
    }

    /// True for a word that begins an item.
    pub fn begins_item(self) -> bool {
        self >= T::KwImport && self <= T::KwApply
    }

    /// True for an identifier or any word of the language.
    pub fn is_word(self) -> bool {
        matches!(self, T::Ident | T::Parameter) || self > T::Unknown
    }

    /// The word's use, where this is a word of the language. Cost: constant.
    pub fn word(self) -> Option<(&'static str, WordSort)> {
        let first = T::Unknown as usize + 1;
        let at = (self as usize).checked_sub(first)?;
        WORDS.get(at).map(|&(text, _, sort)| (text, sort))
    }
}

/// One token: its sort and the bytes it covers, from `start` to the next token's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The sort.
    pub kind: T,
    /// The first byte, counted from the start of the text that was lexed.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Token {
    /// The token's text within `text`, the text that it was lexed from.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// Every token of `text`, trivia included; together they cover it without a gap. Neighbouring
/// characters that are no token make one [`T::Unknown`]. Linear in the text.
///
/// Texts over 4 GiB are not lexed to their end; callers refuse them long before.
pub fn lex(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 4 + 1);
    let mut lexer = T::lexer(text);
    while let Some(found) = lexer.next() {
        let span = lexer.span();
        let (Ok(start), Ok(end)) = (u32::try_from(span.start), u32::try_from(span.end)) else {
            break;
        };
        let kind = found.unwrap_or(T::Unknown);
        match tokens.last_mut() {
            Some(last) if kind == T::Unknown && last.kind == T::Unknown => last.end = end,
            _ => tokens.push(Token { kind, start, end }),
        }
    }
    tokens
}
