//! No text makes the reader panic, overflow its stack or take more than a moment.

#![allow(clippy::unwrap_used)]

mod support;

use std::thread;

use rbp_grammar::{MAX_FILE, Parsed, format, parse, reparse};
use support::{Random, repository, sample};

/// Reads a text in a thread with a small stack and through every entrance.
fn read(name: &str, text: &str) -> Parsed {
    let text = text.to_owned();
    let thread = thread::Builder::new().stack_size(1 << 20).name(name.to_owned());
    let read = thread.spawn(move || {
        let parsed = parse(&text);
        for (at, item) in parsed.items.iter().enumerate().step_by(parsed.items.len() / 50 + 1) {
            for problem in item.syntax.problems.iter().take(20) {
                let range = parsed.bytes(&text, at, problem.span);
                assert!(text.get(range.clone()).is_some(), "{range:?} cuts a character");
                assert!(problem.message.len() < 400, "{}", problem.message);
            }
        }
        let longer = format!("{text} ");
        assert_eq!(reparse(&longer, &text, &parsed).items.len(), parse(&longer).items.len());
        if let Ok(formatted) = format(&text) {
            assert!(formatted.len() < 4 * text.len() + 100_000, "{}", formatted.len());
        }
        parsed
    });
    read.unwrap().join().unwrap()
}

#[test]
fn pathological_texts() {
    let deep = |open: &str, n: usize| format!("function f {{ depends on {}", open.repeat(n));
    // Builds that are not optimised get a tenth.
    let tenth = if cfg!(debug_assertions) { 1 } else { 10 };
    let (many, million) = (20_000 * tenth, 100_000 * tenth);
    let mut texts: Vec<(&str, String)> = vec![
        ("200k closing braces", "}".repeat(many)),
        ("20k closing braces on lines", "}\n".repeat(many / 10)),
        ("1 MB of quotes", "\"\n".repeat(million / 2)),
        ("1M opening braces", deep("{", million)),
        ("1M opening brackets", deep("[", million)),
        ("1M opening parentheses", deep("(", million)),
        ("1M kinds of brackets", deep("{[(", million / 3)),
        (
            "100k nots in a signal",
            format!("backup b {{ activate {{ when {}a }} }}", "not ".repeat(many / 2)),
        ),
        (
            "100k nots in a policy",
            format!("policy p {{ require {}a else \"b\" }}", "not ".repeat(many / 2)),
        ),
        ("900 nots", format!("policy p {{ require {}a else \"b\" }}", "not ".repeat(900))),
        ("900 ors", format!("backup b {{ activate {{ when a{} }} }}", " or a".repeat(900))),
        (
            "99 parentheses",
            format!("policy p {{ require {}a{} else \"b\" }}", "(".repeat(98), ")".repeat(98)),
        ),
        ("100k minuses", format!("policy p {{ require {}a else \"b\" }}", "- ".repeat(many / 2))),
        (
            "100k quantifiers",
            format!("policy p {{ require {}a else \"b\" }}", "some x in y: ".repeat(many / 2)),
        ),
        ("100k calls", format!("policy p {{ require a{} else \"b\" }}", "()".repeat(many / 2))),
        ("100k fields", format!("policy p {{ require a{} else \"b\" }}", ".b".repeat(many / 2))),
        (
            "100k shares",
            format!("policy p {{ require {}a else \"b\" }}", "1% of ".repeat(many / 2)),
        ),
        ("100k for each", format!("policy p {{ {} }}", "for each x in y { ".repeat(many / 2))),
        ("50k unfinished clauses", format!("dependency d {{ {} }}", "needs a, ".repeat(many / 4))),
        ("50k wrong clauses", format!("function f {{\n{}}}", "  = wrong\n".repeat(many / 4))),
        (
            "50k wrong scenario steps",
            format!("scenario f {{\n{}}}", "  = wrong\n".repeat(many / 4)),
        ),
        ("20k words on lines", "word\n".repeat(many / 10)),
        ("20k item keywords", "backup\n".repeat(many / 10)),
        ("200k item keywords on a line", "backup ".repeat(many)),
        ("a line of 2 MB", format!("function f {{ depends on a{} }}", ", bcd".repeat(2 * many))),
        ("a name of 10 MB", format!("dependency {} : room", "a".repeat(10 * million))),
        ("a name with 5M hyphens", format!("dependency {} : room", "a-".repeat(5 * million))),
        ("a number of 10 MB", format!("unit a = {} kW", "7".repeat(10 * million))),
        (
            "a unit of 10 MB",
            format!("unit a = 1 {}/{}", "k".repeat(5 * million), "k".repeat(5 * million)),
        ),
        ("a per-unit of 10 MB", format!("unit a = 1 /{}", "k".repeat(10 * million))),
        ("a text of 10 MB", format!("unit a \"{}\"", "é".repeat(5 * million))),
        ("an open text of 10 MB", format!("unit a \"{}", "\\\"".repeat(5 * million))),
        ("a comment of 10 MB", format!("// {}\nunit a", "/".repeat(10 * million))),
        ("200k documentation lines", format!("{}unit a", "/// d\n".repeat(many))),
        ("200k comments", format!("unit a\n{}", "// d\n\n".repeat(many))),
        ("10 MB of spaces", format!("unit{}a", " ".repeat(10 * million))),
        ("10 MB of unknown characters", "é€".repeat(2 * million)),
        ("NUL", "unit a\0".into()),
        ("a byte order mark inside", "unit\u{feff} a\n\u{feff}unit b\u{feff}".into()),
        ("only a byte order mark", "\u{feff}".into()),
        ("lone CR", "unit a\runit b\r\r\runit c".into()),
        ("200k lone CR", "unit a\r".repeat(many)),
    ];
    texts.push(("all CRLF", sample::file(&mut Random::new(2), 100).replace('\n', "\r\n")));
    for (name, text) in &texts {
        let started = std::time::Instant::now();
        let parsed = read(name, text);
        let problems: usize = parsed.items.iter().map(|i| i.syntax.problems.len()).sum();
        println!(
            "{name:32} {:9} bytes {:7} declarations {problems:7} problems {:6} ms",
            text.len(),
            parsed.items.len(),
            started.elapsed().as_millis()
        );
    }
    println!("{} texts", texts.len());
}

#[test]
fn the_largest_file() {
    let most = "\n".repeat(MAX_FILE);
    assert_eq!(parse(&most).problem, None);
    let more = most + "\n";
    assert_eq!(
        parse(&more).problem.as_deref(),
        Some("the file has 65 MiB; the most that is read is 64 MiB")
    );
}

/// Line ends of old: to the lexer the whole file would be one line, and one comment.
#[test]
fn a_bare_carriage_return_is_refused() {
    let problem = |text: &str| parse(text).problem;
    for text in ["//! Power\runit a\r", "unit a\nunit b // b\runit c\n", "unit a\r\r\n", "unit a\r"]
    {
        let line = if text.contains("unit b") { 2 } else { 1 };
        let wanted = format!("line {line} holds a carriage return without a line feed");
        assert_eq!(problem(text), Some(wanted), "{text:?}");
    }
    assert_eq!(problem("unit a\r\n\r\nunit b // b\r\n"), None);
}

#[test]
fn crlf_means_the_same_as_lf() {
    for (path, text) in repository() {
        let (unix, dos) = (parse(&text), parse(&text.replace('\n', "\r\n")));
        assert!(
            unix.items.iter().map(|i| &i.syntax).eq(dos.items.iter().map(|i| &i.syntax)),
            "{path:?}"
        );
        let marked = parse(&format!("\u{feff}{text}"));
        assert!(unix.items.iter().map(|i| &i.syntax).eq(marked.items.iter().map(|i| &i.syntax)));
    }
}

#[test]
fn random_bytes() {
    let mut random = Random::new(13);
    let alphabet: Vec<&str> =
        "{ } [ ] ( ) , : . = == % / // /// - + * \" \\ \n a b-c 1 2.5 1e5 2026-01-01 é \u{feff} \r $ not"
            .split(' ')
            .chain(rbp_grammar::token::WORDS.iter().map(|w| w.0))
            .collect();
    let trials = if cfg!(debug_assertions) { 5_000 } else { 50_000 };
    let mut problems = 0;
    for trial in 0..trials {
        let mut text = String::new();
        for _ in 0..random.below(60) {
            if trial % 2 == 0 {
                text += random.pick(&alphabet);
                text += random.pick(&["", " ", " ", "\n", "\n  "]);
            } else {
                text.push(
                    char::from_u32(random.below(if trial % 4 == 1 { 128 } else { 0xd800 }) as u32)
                        .unwrap(),
                );
            }
        }
        let parsed = parse(&text);
        for (at, item) in parsed.items.iter().enumerate() {
            for problem in &item.syntax.problems {
                problems += 1;
                let range = parsed.bytes(&text, at, problem.span);
                assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
                assert!(!problem.message.is_empty() && problem.message.len() < 400);
            }
        }
        if parsed.problem.is_none() {
            let formatted = format(&text).unwrap();
            assert_eq!(format(&formatted).unwrap(), formatted, "{text:?}");
        }
    }
    println!("{trials} random texts, {problems} problems");
}
