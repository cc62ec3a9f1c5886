//! `docs/reference.md` is true: what can be made from the code is made from it, and the examples are
//! read. `RBP_BLESS=1` writes the made parts anew.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use rbp_cli::manifest::Manifest;
use rbp_compiler::db::{Day, Package};
use rbp_compiler::diagnostic::{Diagnostic, Level};
use rbp_compiler::faults::tree::{GATES_ALWAYS, GATES_PER_NODE};
use rbp_compiler::names::{MAX_MADE, MAX_TOKENS};
use rbp_compiler::policy::{self, Owner};
use rbp_compiler::rules::{self, Component};
use rbp_compiler::session::{FileSpec, Session, Sources};
use rbp_grammar::ast::{ItemKind, KindClause, PolicyClause};
use rbp_grammar::head::{Head, Place};
use rbp_grammar::token::{WORDS, WordSort};
use rbp_grammar::{MAX_DEPTH, MAX_FILE, MAX_OPERATORS, MAX_WORD, ParsedItem, parse};

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference.md")
}

fn made(part: &str) -> String {
    match part {
        "reserved words" => reserved_words(),
        "units" => units(),
        "clauses" => clauses(),
        "word lists" => word_lists(),
        "standard library" => standard_library(),
        "policy fields" => policy_fields(),
        "policy functions" => policy_functions(),
        "rules" => rule_list(),
        "command line" => command_line(),
        "limits" => limits(),
        other => panic!("nothing makes `{other}`"),
    }
}

fn code_list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn reserved_words() -> String {
    let reserved = WORDS.iter().filter(|(_, _, sort)| *sort == WordSort::Reserved);
    format!("These words are never names: {}.\n", code_list(reserved.map(|(word, ..)| *word)))
}

fn items(module: &str) -> Vec<ItemKind> {
    let text = rbp_stdlib::MODULES.iter().find(|m| m.name == module).unwrap().text;
    parse(text).items.iter().map(|item| item.syntax.item.kind.clone()).collect()
}

fn units() -> String {
    let mut text = "| unit | title | is |\n|---|---|---|\n".to_owned();
    for item in items("prelude") {
        if let ItemKind::Unit(unit) = item {
            let title = unit.title.map_or(String::new(), |title| title.text.to_string());
            let is = unit.definition.map_or(String::new(), |is| format!("`{is}`"));
            writeln!(text, "| `{}` | {} | {is} |", unit.name.text, cell(&title)).unwrap();
        }
    }
    text
}

fn clauses() -> String {
    let places = [
        Place::Dependency,
        Place::Signal,
        Place::Function,
        Place::Backup,
        Place::Activate,
        Place::Test,
        Place::Accept,
    ];
    let mut text = String::new();
    for place in places {
        writeln!(text, "### In {}\n", place.words()).unwrap();
        text += "| clause | example | meaning | |\n|---|---|---|---|\n";
        for head in Head::ALL {
            let info = head.info();
            if info.places.contains(&place) && !info.form.is_empty() {
                let many = if info.repeatable { "many" } else { "" };
                let (form, example) = (cell(info.form), cell(info.example));
                writeln!(text, "| `{form}` | `{example}` | {} | {many} |", info.meaning).unwrap();
            }
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

/// What the compiler says of a word that is in no list.
fn word_lists() -> String {
    let lists = [
        ("`readiness`", "backup b { readiness x-y-z }"),
        ("`by` of a test", "backup b { test t { by x-y-z } }"),
        ("`proves`, besides `load Q [for D]`", "backup b { test t { proves x-y-z } }"),
    ];
    let mut text = "| after | stands one of |\n|---|---|\n".to_owned();
    for (after, policy) in lists {
        let found = findings(policy);
        let mut helps = found.iter().filter_map(|finding| finding.help.as_deref());
        let list = helps.find_map(|help| help.strip_prefix("it may be ")).unwrap();
        writeln!(text, "| {after} | {list} |").unwrap();
    }
    text
}

/// What is said of a policy.
fn findings(policy: &str) -> Vec<Diagnostic> {
    let mut session = Session::new(Day(20_000));
    let spec = FileSpec { path: "a.rbp".into(), module: "a".into(), package: 0 };
    let packages = vec![Package::default()];
    session.load(Sources { packages, files: vec![(spec, policy.into())] });
    session
        .check_all()
        .iter()
        .flat_map(|(_, checked)| checked.findings().cloned().collect::<Vec<_>>())
        .collect()
}

fn standard_library() -> String {
    let mut text = String::new();
    for module in rbp_stdlib::MODULES {
        writeln!(text, "### std.{}\n", module.name).unwrap();
        let about = module.text.lines().map_while(|line| line.strip_prefix("//! "));
        writeln!(text, "{}\n", about.collect::<Vec<_>>().join(" ")).unwrap();
        let items = parse(module.text).items;
        if module.name.starts_with("packs.") {
            text += &pack(&items);
            continue;
        }
        text += "| kind | is a | what it is | fields and requirements |\n|---|---|---|---|\n";
        for item in items {
            let ItemKind::Kind(kind) = &item.syntax.item.kind else { continue };
            let parent = kind.parent.as_ref().map_or(String::new(), |p| format!("`{}`", p.text));
            let about = item.syntax.item.docs.as_deref().unwrap_or("").replace('\n', " ");
            let clauses = kind.clauses.iter().filter_map(|clause| match clause {
                KindClause::Field { name, ty } => Some(format!("`{} : {}`", name.text, ty.text)),
                KindClause::Requires(words) => Some(format!(
                    "requires {}",
                    code_list(words.iter().map(|word| word.text.as_str()))
                )),
                KindClause::Error => None,
            });
            let clauses = clauses.collect::<Vec<_>>().join(", ");
            let name = &kind.name.text;
            writeln!(text, "| `{name}` | {parent} | {} | {clauses} |", cell(&about)).unwrap();
        }
        text += &standard_templates(module.text);
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

fn standard_templates(module: &str) -> String {
    let mut text = String::new();
    for item in parse(module).items {
        let ItemKind::Template(template) = &item.syntax.item.kind else { continue };
        if text.is_empty() {
            text += "\n| template | makes a | what it is | parameters |\n|---|---|---|---|\n";
        }
        let kind = template.kind.as_ref().map_or(String::new(), |kind| format!("`{}`", kind.text));
        let about = item.syntax.item.docs.as_deref().unwrap_or("").replace('\n', " ");
        let parameters = template.parameters.iter().map(|parameter| {
            let may = if parameter.default.is_some() { ", may be left out" } else { "" };
            format!("`{}: {}`{may}", parameter.name.text, parameter.bound.text)
        });
        let parameters = parameters.collect::<Vec<_>>().join(" · ");
        let name = &template.name.text;
        writeln!(text, "| `{name}` | {kind} | {} | {parameters} |", cell(&about)).unwrap();
    }
    text
}

/// The policies of a pack with what they cite.
fn pack(items: &[ParsedItem]) -> String {
    let mut text = "| policy | what it asks | cites |\n|---|---|---|\n".to_owned();
    for item in items {
        let ItemKind::Policy(policy) = &item.syntax.item.kind else { continue };
        let about = item.syntax.item.docs.as_deref().unwrap_or("").replace('\n', " ");
        let cites = policy.clauses.iter().filter_map(|clause| match clause {
            PolicyClause::Cite(cite) => Some(cell(&cite.text)),
            _ => None,
        });
        let cites = cites.collect::<Vec<_>>().join("; ");
        writeln!(text, "| `{}` | {} | {cites} |", policy.name.text, cell(&about)).unwrap();
    }
    text + "\n"
}

fn policy_fields() -> String {
    let mut text =
        "| of | field | is a | meaning | unknown without |\n|---|---|---|---|---|\n".to_owned();
    for owner in Owner::ALL {
        for field in policy::fields().filter(|field| field.of.first() == Some(&owner)) {
            let of: Vec<&str> = field.of.iter().map(|owner| owner.words()).collect();
            let clause = field.clause.map_or(String::new(), |clause| format!("`{clause}`"));
            let (name, sort) = (field.name, field.sort.words());
            let of = of.join(", ");
            writeln!(text, "| {of} | `{name}` | {sort} | {} | {clause} |", field.meaning).unwrap();
        }
    }
    text
}

fn policy_functions() -> String {
    let mut text = "| function | is a | meaning |\n|---|---|---|\n".to_owned();
    for function in policy::functions() {
        let (form, sort) = (cell(function.form), function.sort.words());
        writeln!(text, "| `{form}` | {sort} | {} |", function.meaning).unwrap();
    }
    text
}

fn rule_list() -> String {
    let mut text = String::new();
    for component in Component::ALL {
        let rules: Vec<_> = rules::all().filter(|rule| rule.component == component).collect();
        if rules.is_empty() {
            continue;
        }
        writeln!(text, "### {}\n\n| rule | level | reports |\n|---|---|---|", component.title())
            .unwrap();
        for rule in rules {
            let (level, summary) = (rule.level.word(), cell(rule.summary));
            writeln!(text, "| `{}` | {level} | {summary} |", rule.slug).unwrap();
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

fn command_line() -> String {
    let help = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rbp"));
        command.args(arguments).arg("-h").env("NO_COLOR", "1");
        let shown = String::from_utf8(command.output().unwrap().stdout).unwrap();
        shown.lines().map(|line| format!("{}\n", line.trim_end())).collect::<String>()
    };
    let all = help(&[]);
    let after = all.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = after.take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"check") && names.len() > 5, "{names:?}");
    let mut text = format!("```text\n$ rbp -h\n{all}```\n");
    for name in names.into_iter().filter(|name| *name != "help") {
        write!(text, "\n```text\n$ rbp {name} -h\n{}```\n", help(&[name])).unwrap();
    }
    text
}

fn limits() -> String {
    format!(
        "| what | limit |\n|---|---|\n| a file | {} MiB |\n| brackets inside one another | {MAX_DEPTH} |\n\
         | a word | {MAX_WORD} characters |\n| operators in one declaration | {MAX_OPERATORS} |\n\
         | templates used inside one another | {} |\n| elements that one use of a template makes | {MAX_MADE} |\n\
         | words, signs and numbers that the uses of templates in one file make | {MAX_TOKENS} |\n\
         | gates of the fault tree of a function, in which loops are written out | {GATES_ALWAYS}, and {GATES_PER_NODE} \
         more for each step and need of what it rests on; `rbp cut-sets --order N` does without |\n",
        MAX_FILE >> 20,
        rbp_compiler::names::MAX_DEPTH,
    )
}

/// The page with its made parts as the code says.
fn told(page: &str) -> String {
    let mut told = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        told += &format!("{line}\n");
        let part = line.strip_prefix("<!-- made: ").and_then(|rest| rest.strip_suffix(" -->"));
        if let Some(part) = part {
            told += &format!("\n{}\n<!-- end -->\n", made(part));
            assert!(lines.any(|line| line == "<!-- end -->"), "`{part}` has no end");
        }
    }
    told
}

/// The fenced blocks of a sort.
fn blocks(page: &str, sort: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line.strip_prefix("```") == Some(sort) {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(body.join("\n") + "\n");
        }
    }
    blocks
}

#[test]
fn the_reference_is_what_the_code_says() {
    let page = page();
    let text = std::fs::read_to_string(&page).unwrap();
    let told = told(&text);
    if std::env::var_os("RBP_BLESS").is_some() {
        std::fs::write(&page, told).unwrap();
        return;
    }
    let differs = told.lines().zip(text.lines()).find(|(now, written)| now != written);
    assert!(told == text, "the page and the code differ, first here: {differs:?}");
}

#[test]
fn every_item_has_a_place_in_the_reference() {
    let text = std::fs::read_to_string(page()).unwrap();
    let about = text.split("\n## Items\n").nth(1).unwrap().split("\n## ").next().unwrap();
    for (word, _, sort) in WORDS {
        let told = about.contains(&format!("### {word}\n")) || about.contains(&format!("`{word}`"));
        assert!(*sort != WordSort::Item || told, "the item `{word}` is not told");
    }
}

#[test]
fn the_examples_of_the_reference_are_read() {
    let text = std::fs::read_to_string(page()).unwrap();
    let (whole, parts) = (blocks(&text, "rbp"), blocks(&text, "rbp part"));
    assert!(whole.len() + parts.len() > 10);
    for policy in &whole {
        for finding in findings(policy) {
            let language = finding.rule.component == Component::Language;
            assert!(!language || finding.level != Level::Error, "{policy}\n{}", finding.message);
        }
    }
    for policy in whole.iter().chain(&parts) {
        let parsed = parse(policy);
        for item in &parsed.items {
            assert!(item.syntax.problems.is_empty(), "{policy}\n{:?}", item.syntax.problems);
        }
        assert!(!parsed.items.is_empty());
    }
    for manifest in blocks(&text, "toml") {
        let read = Manifest::read(&manifest, Path::new("rbp.toml")).unwrap();
        assert_eq!(read.dependencies.len() + read.lints.len(), 2);
    }
}
