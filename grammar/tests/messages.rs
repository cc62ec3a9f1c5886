//! What a person is told of a text that does not read.

#![allow(clippy::unwrap_used)]

mod support;

use rbp_grammar::parse;
use support::suite;

/// Every problem of a text: its place, the message, the help, the word to put in place.
fn told(text: &str) -> String {
    let parsed = parse(text);
    let mut told = String::new();
    for (at, item) in parsed.items.iter().enumerate() {
        for problem in &item.syntax.problems {
            let range = parsed.bytes(text, at, problem.span);
            let before = &text[..range.start];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            told += &format!("{line}:{column} `{}`: {}\n", &text[range], problem.message);
            if let Some(help) = &problem.help {
                told += &format!("  help: {help}\n");
            }
            if let Some(word) = &problem.instead {
                told += &format!("  instead: {word}\n");
            }
        }
    }
    told
}

#[test]
fn messages() {
    let cases = suite("messages.md", told);
    println!("{cases} messages");
    assert!(cases >= 40);
}
