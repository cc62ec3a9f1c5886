//! The formatter: golden cases, and what must hold of every file.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use rbp_grammar::ast::{ItemKind, Span};
use rbp_grammar::token::{T, lex};
use rbp_grammar::{FormatError, format, parse};
use support::{Random, repository, sample, suite};

#[test]
fn golden_cases() {
    let cases = suite("format.md", |before| {
        let after = format(before).unwrap();
        assert_eq!(format(&after).unwrap(), after, "not idempotent");
        after
    });
    println!("{cases} golden cases");
}

/// A comment with its place: whether it stands on its own line and how many significant tokens are
/// before it.
type Placed = (String, bool, usize);

/// The significant tokens of a text, and its comments.
fn contents(text: &str) -> (Vec<(T, String)>, Vec<Placed>) {
    let (mut tokens, mut comments, mut own_line) = (Vec::new(), Vec::new(), true);
    for token in lex(text) {
        let said = token.text(text);
        let bare = said.trim_end_matches([' ', '\t', '\r']).to_owned();
        match token.kind {
            T::Space => own_line |= said.contains('\n'),
            kind if kind.is_trivia() => {
                comments.push((bare, own_line, tokens.len()));
                own_line = false;
            }
            T::OpenText => {
                tokens.push((T::OpenText, bare));
                own_line = false;
            }
            kind => {
                tokens.push((kind, said.to_owned()));
                own_line = false;
            }
        }
    }
    (tokens, comments)
}

/// Formats and checks everything that must hold of any file.
fn checked(text: &str) -> String {
    let formatted = format(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let (was, is) = (contents(text), contents(&formatted));
    assert_eq!(was.0, is.0, "tokens changed\n{text}\n---\n{formatted}");
    assert_eq!(was.1, is.1, "a comment moved\n{text}\n---\n{formatted}");
    let (before, after) = (parse(text), parse(&formatted));
    assert_eq!(before.items.len(), after.items.len(), "{text}\n---\n{formatted}");
    for (at, (b, a)) in before.items.iter().zip(&after.items).enumerate() {
        assert_eq!(b.syntax, a.syntax, "{text}\n---\n{formatted}");
        if !b.syntax.problems.is_empty() {
            let first = Span { start: 0, end: 1 };
            let (from, to) =
                (before.bytes(text, at, first).start, after.bytes(&formatted, at, first).start);
            let written = text[from..b.end as usize].replace("\r\n", "\n");
            let kept = formatted[to..a.end as usize].replace("\r\n", "\n");
            assert_eq!(written, kept, "a broken declaration was changed\n{text}");
        }
    }
    let again = format(&formatted).unwrap_or_else(|e| panic!("{e}\n{formatted}"));
    assert_eq!(formatted, again, "not idempotent\n{text}");
    assert!(formatted.is_empty() || formatted.ends_with('\n') && !formatted.ends_with("\n\n"));
    assert!(!formatted.starts_with(['\u{feff}', '\n']));
    formatted
}

#[test]
fn the_repository_and_generated_files() {
    let files = repository();
    for (path, text) in &files {
        let formatted = checked(text);
        for line in formatted.lines().filter(|l| l.chars().count() > 100) {
            let breakable = line.split('"').step_by(2).any(|code| code.contains(", "));
            assert!(line.contains("//") || !breakable, "{}: {line}", path.display());
        }
    }
    let mut random = Random::new(7);
    let samples = 300;
    for _ in 0..samples {
        let text = sample::file(&mut random, 40);
        assert!(parse(&text).items.iter().all(|i| i.syntax.problems.is_empty()), "{text}");
        checked(&text);
    }
    println!("{} files of the repository, {samples} generated ones", files.len());
}

#[test]
fn mangled_files() {
    let mut random = Random::new(11);
    let sources: Vec<String> = repository().into_iter().map(|f| f.1).collect();
    let trials = if cfg!(debug_assertions) { 2_500 } else { 25_000 };
    let (mut comments, mut whole, mut broken) = (0, 0, 0);
    for trial in 0..trials {
        let text = if random.chance(10) {
            sources[random.below(sources.len())].clone()
        } else {
            let number = random.below(14);
            (number..number + 4).map(|n| sample::declaration(&mut random, n) + "\n").collect()
        };
        let text = mangled(&mut random, &text, trial % 3);
        comments += contents(&text).1.len();
        for item in &parse(&text).items {
            match item.syntax.problems.is_empty() {
                true => whole += 1,
                false => broken += 1,
            }
        }
        checked(&text);
    }
    println!(
        "{trials} mangled files: {whole} declarations formatted, {broken} kept as written, \
         {comments} comments"
    );
    assert!(whole > trials && broken > trials && comments > trials);
}

/// `level` 0 changes only white space, 1 adds comments, 2 damages the file too.
fn mangled(random: &mut Random, text: &str, level: usize) -> String {
    let newline = if random.chance(6) { "\r\n" } else { "\n" };
    let mut out = String::from(if random.chance(20) { "\u{feff}" } else { "" });
    let often = 2 + random.below(40);
    for token in lex(text) {
        let said = token.text(text);
        if token.kind == T::Space {
            match random.below(often) {
                0 => out += random.pick(&["  ", "\t", " \u{feff} ", "     "]),
                1 => out += &newline.repeat(1 + random.below(3)),
                2 => out += &format!("{newline}{}", " ".repeat(random.below(9))),
                _ => out += &said.replace('\n', newline),
            }
            // A line comment without its line break would swallow what follows.
            let comment = out.rfind("//").unwrap_or(0) > out.rfind('\n').unwrap_or(0);
            if comment && !out.ends_with('\n') {
                out += newline;
            }
        } else {
            if level == 2 && random.chance(120) {
                match random.below(4) {
                    0 => continue,
                    1 => out += said,
                    2 => out += random.pick(&["}", "{", "\"", "]", "(", "needs", "\\", "$", "é"]),
                    _ => out += random.pick(&["1.5", " backup ", "=", "2026-01-01", "\\\r\n"]),
                }
            }
            out += said;
        }
        if level > 0 && random.chance(often * 4) {
            out += random.pick(&[" // note", "//x", "/// doc", "//! file", "  //  spaced\t "]);
            out += newline;
        }
    }
    out
}

#[test]
fn line_ends_and_the_end_of_the_file() {
    assert_eq!(format("").unwrap(), "");
    assert_eq!(format(" \r\n\n").unwrap(), "");
    assert_eq!(format("\u{feff}unit a\r\n\r\nunit b").unwrap(), "unit a\n\nunit b\n");
    assert_eq!(format("// only\r\n").unwrap(), "// only\n");
    // Kept as written, but for its line ends.
    assert_eq!(format("function f {\r\n  = x\r\n}\r\n").unwrap(), "function f {\n  = x\n}\n");
}

#[test]
fn what_is_no_text_is_refused() {
    let Err(FormatError::Unreadable(why)) = format("unit a\nunit \0") else {
        panic!("formatted a NUL");
    };
    assert_eq!(why, "line 2 holds a NUL character, so this is no text file");
}

#[test]
fn the_sample_has_every_kind_of_declaration() {
    let text = sample::file(&mut Random::new(1), 14);
    let mut kinds: Vec<_> =
        parse(&text).items.iter().map(|i| std::mem::discriminant(&i.syntax.item.kind)).collect();
    kinds.dedup();
    // Elements of four roles are one kind of tree, four of them neighbours.
    assert!(kinds.len() >= 10, "{}", kinds.len());
    assert!(parse(&text).items.iter().all(|i| i.syntax.item.kind != ItemKind::Error));
}
