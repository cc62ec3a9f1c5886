//! The editors' words are those of `grammar/keywords.txt`: the lines that list them are made from
//! it. `RBP_BLESS=1` writes them anew.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use rbp_grammar::token::{WORDS, WordSort};

/// The words of a sort, with that between them.
fn words(sort: WordSort, between: &str) -> String {
    let of = WORDS.iter().filter(|(_, _, s)| *s == sort);
    of.map(|(text, ..)| *text).collect::<Vec<_>>().join(between)
}

/// Compares lines of a file with what they should be. Each is told by a line of its own text, or by
/// the line before it.
fn check(file: &str, lines: &[(&str, usize, String)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors").join(file);
    let old = fs::read_to_string(&path).unwrap();
    let mut new: Vec<String> = old.lines().map(str::to_owned).collect();
    for (mark, after, line) in lines {
        let at: Vec<usize> = (0..new.len()).filter(|i| new[*i].contains(mark)).collect();
        assert_eq!(at.len(), 1, "{file}: `{mark}` must stand there once");
        new[at[0] + after] = line.clone();
    }
    let new = new.join("\n") + "\n";
    if std::env::var_os("RBP_BLESS").is_some() {
        fs::write(&path, new).unwrap();
    } else {
        assert_eq!(old, new, "{file}: the words are not those of grammar/keywords.txt");
    }
}

#[test]
fn the_words_of_vs_code() {
    let name = r"[A-Za-z_]\\w*(?:-\\w+)*";
    let items = words(WordSort::Item, "|");
    let item =
        format!(r#"      "match": "^\\s*({items})(?![\\w.-])(?:\\s+({name}(?:\\.{name})*))?","#);
    let of =
        |sort| format!(r#"          "match": "(?<![\\w.-])(?:{})(?![\\w.-])""#, words(sort, "|"));
    check(
        "vscode/syntaxes/rbp.tmLanguage.json",
        &[
            (r#""items": {"#, 1, item),
            ("keyword.control.clause.rbp", 1, of(WordSort::Clause)),
            ("keyword.other.word.rbp", 1, of(WordSort::Word)),
            ("keyword.operator.word.rbp", 1, of(WordSort::Reserved)),
        ],
    );
}

#[test]
fn the_words_of_neovim() {
    let items = words(WordSort::Item, r"\|");
    let of = |group: &str, sort| format!("syntax keyword {group} {}", words(sort, " "));
    check(
        "neovim/syntax/rbp.vim",
        &[
            (
                "syntax match rbpItem",
                0,
                format!(r"syntax match rbpItem '^\s*\zs\%({items}\)\k\@!'"),
            ),
            ("syntax keyword rbpClause", 0, of("rbpClause", WordSort::Clause)),
            ("syntax keyword rbpWord", 0, of("rbpWord", WordSort::Word)),
            ("syntax keyword rbpReserved", 0, of("rbpReserved", WordSort::Reserved)),
        ],
    );
}
