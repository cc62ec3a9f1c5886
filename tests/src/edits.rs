//! What people and accidents do to a file: typed words, moved lines, lost tokens, whole declarations.

use std::ops::Range;

use rbp_grammar::token::{T, Token};
use rbp_grammar::{Parsed, parse, significant};

use crate::random::Random;

/// A sort of edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edit {
    /// A comment on a line of its own.
    Comment,
    /// A line is broken.
    Space,
    /// Another number.
    Amount,
    /// Other words between quotes.
    Words,
    /// A token is gone.
    Delete,
    /// A token stands twice.
    Double,
    /// A token of the same file in the place of another.
    Replace,
    /// A declaration is gone.
    DeleteDeclaration,
    /// A declaration is there again, under a name of its own.
    AddDeclaration,
    /// A declaration goes to another place in the file.
    MoveDeclaration,
    /// A declaration gets another name; those that name it do not follow.
    Rename,
    /// A declaration and everything in the file that names it.
    RenameAll,
}

impl Edit {
    /// Every sort.
    pub const ALL: [Edit; 12] = [
        Edit::Comment,
        Edit::Space,
        Edit::Amount,
        Edit::Words,
        Edit::Delete,
        Edit::Double,
        Edit::Replace,
        Edit::DeleteDeclaration,
        Edit::AddDeclaration,
        Edit::MoveDeclaration,
        Edit::Rename,
        Edit::RenameAll,
    ];

    /// Those that change no meaning.
    pub const SILENT: [Edit; 2] = [Edit::Comment, Edit::Space];

    /// Those that damage one token.
    pub const DAMAGE: [Edit; 3] = [Edit::Delete, Edit::Double, Edit::Replace];

    /// The text after such an edit at a random place; the text itself where it has no such place.
    pub fn apply(self, text: &str, random: &mut Random) -> String {
        let parsed = parse(text);
        let item = random.below(parsed.items.len());
        self.apply_to(text, &parsed, item, random)
    }

    /// The same, within or of declaration `item` of the text.
    pub fn apply_to(self, text: &str, parsed: &Parsed, item: usize, random: &mut Random) -> String {
        let Some(at) = extent(parsed, item) else { return text.to_owned() };
        let own = &text[at.clone()];
        let tokens = significant(own);
        let changed = match self {
            Edit::Comment => inserted(own, &tokens, random, "\n  // to be looked at again\n      "),
            Edit::Space => inserted(own, &tokens, random, "\n      "),
            Edit::Amount => {
                let number = (1 + random.below(999)).to_string();
                replaced(own, pick(&tokens, random, |t| t.kind == T::Number), &number)
            }
            Edit::Words => {
                let words = format!("\"Note {}\"", random.below(1000));
                replaced(own, pick(&tokens, random, |t| t.kind == T::Text), &words)
            }
            Edit::Delete => replaced(own, pick(&tokens, random, |_| true), ""),
            Edit::Double => {
                let token = pick(&tokens, random, |_| true);
                let twice = token.map_or(String::new(), |t| format!("{0} {0}", t.text(own)));
                replaced(own, token, &twice)
            }
            Edit::Replace => {
                let other = extent(parsed, random.below(parsed.items.len())).unwrap_or_default();
                let from = &text[other];
                let word = pick(&significant(from), random, |_| true).map_or("", |t| t.text(from));
                replaced(own, pick(&tokens, random, |_| true), word)
            }
            Edit::DeleteDeclaration => String::new(),
            Edit::AddDeclaration => {
                let name = format!("new-{}", random.below(10_000));
                format!("{own}\n{}", replaced(own, name_of(&tokens), &name))
            }
            Edit::MoveDeclaration => return moved(text, parsed, item, random),
            Edit::Rename => {
                let name = format!("other-{}", random.below(10_000));
                replaced(own, name_of(&tokens), &name)
            }
            Edit::RenameAll => return renamed(text, own, name_of(&tokens), random),
        };
        format!("{}{changed}{}", &text[..at.start], &text[at.end..])
    }
}

/// The bytes of a declaration.
pub fn extent(parsed: &Parsed, item: usize) -> Option<Range<usize>> {
    parsed.items.get(item).map(|item| item.start as usize..item.end as usize)
}

fn pick(tokens: &[Token], random: &mut Random, fits: impl Fn(&Token) -> bool) -> Option<Token> {
    let fitting: Vec<Token> = tokens.iter().copied().filter(fits).collect();
    random.pick(&fitting).copied()
}

fn replaced(text: &str, token: Option<Token>, by: &str) -> String {
    let Some(token) = token else { return text.to_owned() };
    format!("{}{by}{}", &text[..token.start as usize], &text[token.end as usize..])
}

/// Puts something before a token that is not the first.
fn inserted(text: &str, tokens: &[Token], random: &mut Random, what: &str) -> String {
    let inner = tokens.get(1..).unwrap_or(&[]);
    let Some(token) = random.pick(inner) else { return text.to_owned() };
    let (before, after) = text.split_at(token.start as usize);
    format!("{before}{what}{after}")
}

/// The second token: after the keyword comes the name.
fn name_of(tokens: &[Token]) -> Option<Token> {
    tokens.get(1).copied().filter(|token| token.kind == T::Ident)
}

fn moved(text: &str, parsed: &Parsed, item: usize, random: &mut Random) -> String {
    let to = random.below(parsed.items.len());
    let (Some(from), Some(to)) = (extent(parsed, item), extent(parsed, to)) else {
        return text.to_owned();
    };
    let own = &text[from.clone()];
    if to.start > from.end {
        let between = &text[from.end..to.start];
        format!("{}{between}{own}\n{}", &text[..from.start], &text[to.start..])
    } else if to.start < from.start {
        let between = &text[to.start..from.start];
        format!("{}{own}\n{between}{}", &text[..to.start], &text[from.end..])
    } else {
        text.to_owned()
    }
}

fn renamed(text: &str, own: &str, name: Option<Token>, random: &mut Random) -> String {
    let Some(name) = name.map(|name| name.text(own)) else { return text.to_owned() };
    let new = format!("other-{}", random.below(10_000));
    let (mut changed, mut done) = (String::with_capacity(text.len()), 0);
    for token in significant(text) {
        if token.text(text) == name {
            changed += &text[done..token.start as usize];
            changed += &new;
            done = token.end as usize;
        }
    }
    changed + &text[done..]
}
