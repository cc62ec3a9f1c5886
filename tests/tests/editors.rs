//! The editors' words are those of `grammar/keywords.txt`: the lines that list them are made from
//! it. `RBP_BLESS=1` writes them anew.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use rbp_grammar::head::{Head, Place};
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

/// The grammar for tree-sitter reads `keywords.txt` itself; its colours name the words. A word that
/// the language keeps for later is in no rule, and a query may not name it.
#[test]
fn the_words_of_tree_sitter() {
    let rules = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../editors/tree-sitter/grammar.js"
    ))
    .unwrap();
    let of = |sort, capture: &str| {
        let used = WORDS.iter().filter(|(text, _, s)| {
            let used = rules.contains(&format!("\"{text}\""));
            assert!(used || *text == "is", "no rule of the grammar has the word `{text}`");
            *s == sort && used
        });
        let quoted: Vec<String> = used.map(|(text, ..)| format!("\"{text}\"")).collect();
        format!("[{}] {capture}", quoted.join(" "))
    };
    check(
        "tree-sitter/queries/rbp/highlights.scm",
        &[
            ("; items", 1, of(WordSort::Item, "@keyword")),
            ("; clauses", 1, of(WordSort::Clause, "@function.builtin")),
            ("; words inside clauses", 1, of(WordSort::Word, "@keyword.modifier")),
            ("; reserved words", 1, of(WordSort::Reserved, "@keyword.operator")),
        ],
    );
}

#[test]
fn the_words_of_emacs() {
    let of = |sort| format!("  '(\"{}\"))", words(sort, "\" \""));
    check(
        "emacs/rbp-mode.el",
        &[
            ("(defconst rbp--items", 1, of(WordSort::Item)),
            ("(defconst rbp--clauses", 1, of(WordSort::Clause)),
            ("(defconst rbp--words", 1, of(WordSort::Word)),
            ("(defconst rbp--reserved", 1, of(WordSort::Reserved)),
        ],
    );
}

#[test]
fn the_words_of_kakoune() {
    let of = |name: &str, sort, face: &str| {
        let words = words(sort, "|");
        format!(
            "  add-highlighter shared/rbp/code/{name} regex '(?<![\\w.-])({words})(?![\\w.-])' 0:{face}"
        )
    };
    let items = words(WordSort::Item, "|");
    let all: Vec<&str> = WORDS.iter().map(|(text, ..)| *text).collect();
    check(
        "kakoune/rbp.kak",
        &[
            (
                "declare-option str-list rbp_words",
                0,
                format!("  declare-option str-list rbp_words {}", all.join(" ")),
            ),
            ("code/clauses", 0, of("clauses", WordSort::Clause, "builtin")),
            ("code/words", 0, of("words", WordSort::Word, "type")),
            ("code/reserved", 0, of("reserved", WordSort::Reserved, "operator")),
            (
                "code/items",
                0,
                format!(
                    "  add-highlighter shared/rbp/code/items regex '^\\h*({items})(?![\\w.-])' 1:keyword"
                ),
            ),
        ],
    );
}

/// A policy with every clause in each of its places. Our own parser reads it here; `tests/editors.sh`
/// has tree-sitter parse it and VS Code's engine colour it.
fn every_clause() -> String {
    let mut text =
        String::from("// Every clause in each of its places, made from grammar/src/head.rs.\n");
    let all =
        |place: Place| Head::ALL.iter().filter(move |head| head.info().places.contains(&place));
    let clauses = |place: Place, indent: &str| -> String {
        let shown = all(place).filter(|head| !head.info().example.is_empty());
        shown.map(|head| format!("{indent}{}\n", head.info().example)).collect()
    };
    for (place, item) in [
        (Place::Dependency, "dependency d : machine"),
        (Place::Signal, "signal s"),
        (Place::Function, "function f"),
        (Place::Backup, "backup b : machine for d"),
        (Place::Accept, "accept loss of d for f"),
    ] {
        text += &format!("{item} {{\n{}}}\n", clauses(place, "  "));
    }
    for (place, part) in [(Place::Activate, "activate"), (Place::Test, "test t")] {
        text += &format!("backup c for d {{\n  {part} {{\n{}  }}\n}}\n", clauses(place, "    "));
    }
    text
}

#[test]
fn every_clause_is_read_by_every_grammar() {
    let text = every_clause();
    for item in rbp_grammar::parse(&text).items {
        assert_eq!(item.syntax.problems, [], "{}", &text[item.start as usize..item.end as usize]);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/clauses.rbp");
    if std::env::var_os("RBP_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        text,
        "tests/editors/clauses.rbp is not as made"
    );
}
