//! Every incident ends in a policy that passes and of which a rule set is built. What the policy of before is
//! told, and what the cured one is told, `suites.rs` holds against the page like any suite.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;

use rbp_compiler::diagnostic::Level;
use rbp_tests::markdown::{Block, blocks};
use rbp_tests::policy::Policy;
use rbp_tests::suite::as_of;

/// The pages with their names, and the index.
fn incidents() -> (Vec<(String, String)>, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("incidents");
    let mut pages: Vec<(String, String)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    pages.sort();
    let index = pages.iter().position(|(name, _)| name == "README.md").unwrap();
    let (_, index) = pages.remove(index);
    (pages, index)
}

/// The policies of a page under a heading of its second level.
fn policies(page: &str, heading: &str) -> Vec<Block> {
    let under = |block: &Block| block.headings.get(1).is_some_and(|h| h == heading);
    let all = blocks(page).into_iter().filter(under);
    all.filter(|block| block.words.first().is_some_and(|word| word == "rbp")).collect()
}

fn trouble(name: &str, page: &str) -> Option<String> {
    let (before, cured) = (policies(page, "Before"), policies(page, "Cured"));
    let [before, ..] = before.as_slice() else {
        return Some(format!("{name} has no policy before"));
    };
    let [cured] = cured.as_slice() else { return Some(format!("{name} has no one cured policy")) };
    let narrowed = |block: &Block| block.words.iter().any(|word| word.starts_with("only:"));
    if narrowed(before) || narrowed(cured) {
        return Some(format!("{name} leaves out what is found"));
    }
    let refuted = Policy::check_on(&before.text, as_of(before));
    if refuted.builds() {
        return Some(format!("{name}: a rule set can be built of the policy before"));
    }
    let policy = Policy::check_on(&cured.text, as_of(cured));
    let errors = policy.diagnostics().any(|d| d.level == Level::Error);
    (errors || !policy.builds()).then(|| format!("{name} is not cured:\n{}", policy.report()))
}

#[test]
fn every_incident_is_refuted_before_and_built_once_it_is_cured() {
    let (pages, _) = incidents();
    let trouble: Vec<String> =
        pages.iter().filter_map(|(name, page)| trouble(name, page)).collect();
    println!("{} incidents", pages.len());
    assert!(pages.len() >= 18 && trouble.is_empty(), "{}", trouble.join("\n"));
}

/// The index has a line for each, with what must be found there; each page says where it was read, and how.
#[test]
fn every_incident_stands_in_the_index_with_its_findings() {
    let (pages, index) = incidents();
    for (name, page) in &pages {
        let line = index.lines().find(|line| line.contains(&format!("({name})")));
        let line = line.unwrap_or_else(|| panic!("the index does not name {name}"));
        let slugs: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
        assert!(!slugs.is_empty(), "the index says nothing of what is found in {name}");
        let before: String = policies(page, "Before").iter().map(|b| b.text.as_str()).collect();
        for slug in slugs {
            assert!(before.contains(&format!("[{slug}]")), "{slug} is not found in {name}");
        }
        let source = page.lines().find(|line| line.starts_with("Source: "));
        let source = source.unwrap_or_else(|| panic!("{name} names no source"));
        assert!(source.ends_with("(S).") || source.ends_with("(2)."), "{name}: {source}");
    }
}

/// The harness notices what it must notice.
#[test]
fn an_incident_that_is_not_cured_is_caught() {
    let (pages, _) = incidents();
    let (name, page) = pages.first().unwrap();
    assert_eq!(trouble(name, page), None);
    let swapped = page.replace("## Before", "## X").replace("## Cured", "## Before");
    assert!(trouble(name, &swapped.replace("## X", "## Cured")).is_some());
    assert!(trouble(name, &page.replace("## Cured", "## Cure")).is_some());
}
