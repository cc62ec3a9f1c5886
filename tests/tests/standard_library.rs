//! Everything in the standard library is shown at work: each kind and template is imported, and each pack applied, by a suite, an incident or an
//! example; and each item says what it is.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rbp_grammar::ast::ItemKind;
use rbp_grammar::parse;
use rbp_tests::markdown::blocks;

/// The policies in the pages and files below a folder.
fn policies(folder: &Path, found: &mut Vec<String>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        match path.extension().and_then(|e| e.to_str()) {
            _ if path.is_dir() => policies(&path, found),
            Some("rbp") => found.push(fs::read_to_string(path).unwrap()),
            Some("md") => {
                let page = fs::read_to_string(path).unwrap();
                let fenced = blocks(&page).into_iter();
                let fenced = fenced.filter(|b| b.words.first().is_some_and(|word| word == "rbp"));
                found.extend(fenced.map(|block| block.text));
            }
            _ => {}
        }
    }
}

/// What the policies import and apply of the library, such as `std.power.generator` and `std.packs.dora`.
fn used() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in [root.join("suites"), root.join("incidents"), root.join("../examples")] {
        policies(&folder, &mut all);
    }
    let mut used = BTreeSet::new();
    for item in all.iter().flat_map(|policy| parse(policy).items) {
        match &item.syntax.item.kind {
            ItemKind::Import(import) => {
                let names = import.names.iter().flatten();
                used.extend(names.map(|n| format!("{}.{}", import.path.text, n.name.text)));
            }
            ItemKind::Apply(apply) => {
                used.insert(apply.pack.text.to_string());
            }
            _ => {}
        }
    }
    used
}

#[test]
fn every_kind_and_template_is_imported_and_every_pack_applied() {
    let used = used();
    let mut idle = Vec::new();
    for module in rbp_stdlib::MODULES.iter().filter(|module| module.name != "prelude") {
        let pack = module.name.starts_with("packs.");
        for item in parse(module.text).items {
            let name = match &item.syntax.item.kind {
                ItemKind::Kind(kind) => format!("std.{}.{}", module.name, kind.name.text),
                ItemKind::Template(t) => format!("std.{}.{}", module.name, t.name.text),
                ItemKind::Policy(_) if pack => format!("std.{}", module.name),
                _ => continue,
            };
            if !used.contains(&name) && !idle.contains(&name) {
                idle.push(name);
            }
        }
    }
    assert!(used.len() > 150 && idle.is_empty(), "shown nowhere: {}", idle.join(", "));
}

#[test]
fn every_item_says_what_it_is() {
    let mut silent = Vec::new();
    for module in rbp_stdlib::MODULES {
        assert!(module.text.starts_with("//! "), "{} does not say what it is about", module.name);
        for item in parse(module.text).items {
            let name = match &item.syntax.item.kind {
                ItemKind::Kind(kind) => &kind.name.text,
                ItemKind::Template(template) => &template.name.text,
                ItemKind::Policy(policy) => &policy.name.text,
                _ => continue,
            };
            if item.syntax.item.docs.is_none() {
                silent.push(format!("std.{}.{name}", module.name));
            }
        }
    }
    assert!(silent.is_empty(), "without a word: {}", silent.join(", "));
}

/// A citation says how it was read: S in the source, 2 second-hand, M from memory. What is remembered is advice only, and says so.
#[test]
fn every_policy_of_a_pack_cites_and_marks_its_source() {
    use rbp_grammar::ast::PolicyClause;
    let mut policies = 0;
    for module in rbp_stdlib::MODULES.iter().filter(|module| module.name.starts_with("packs.")) {
        for item in parse(module.text).items {
            let ItemKind::Policy(policy) = &item.syntax.item.kind else { continue };
            policies += 1;
            let cites: Vec<&str> = policy
                .clauses
                .iter()
                .filter_map(|clause| match clause {
                    PolicyClause::Cite(cite) => Some(cite.text.as_str()),
                    _ => None,
                })
                .collect();
            let name = format!("{}.{}", module.name, policy.name.text);
            let marked = |cite: &&str| {
                ["(S)", "(2)", "(M, unverified)"].iter().any(|mark| cite.ends_with(mark))
            };
            assert!(!cites.is_empty() && cites.iter().all(marked), "{name}: {cites:?}");
            let remembered = cites.iter().any(|cite| cite.ends_with("(M, unverified)"));
            let advises = policy.clauses.iter().any(
                |clause| matches!(clause, PolicyClause::Severity(level) if level.text == "warning"),
            );
            assert!(!remembered || advises, "{name} is remembered, and more than advice");
        }
    }
    assert!(policies > 35, "{policies}");
}
