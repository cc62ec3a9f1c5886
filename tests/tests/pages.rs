//! The page of every rule is executed: its wrong example breaks that rule and no other rule that
//! its cured example does not break too; its cured example does not break it.
//!
//! Examples are excerpts, so both may share findings that are beside the point; the fewer the better.

use std::collections::BTreeSet;

use rbp_compiler::rules::{Rule, all};
use rbp_tests::markdown::{Block, blocks};
use rbp_tests::policy::Policy;

fn example<'a>(blocks: &'a [Block], word: &str) -> Option<&'a Block> {
    blocks.iter().find(|b| b.words.iter().any(|w| w == "rbp") && b.words.iter().any(|w| w == word))
}

fn trouble(rule: &Rule) -> Option<String> {
    let blocks = blocks(rule.page);
    let (Some(wrong), Some(cured)) = (example(&blocks, "wrong"), example(&blocks, "cured")) else {
        return Some("lacks a ```rbp wrong or a ```rbp cured block".into());
    };
    if !rule.page.starts_with(&format!("# {}\n", rule.slug)) {
        return Some("does not begin with its name".into());
    }
    let (wrong, cured) = (Policy::check(&wrong.text), Policy::check(&cured.text));
    let more: BTreeSet<_> = wrong.slugs().difference(&cured.slugs()).copied().collect();
    if more != BTreeSet::from([rule.slug]) || !cured.slugs().is_subset(&wrong.slugs()) {
        return Some(format!(
            "wrong and cured differ by {more:?}\n--- wrong\n{}--- cured\n{}",
            wrong.report(),
            cured.report()
        ));
    }
    None
}

#[test]
fn every_page_is_true() {
    let only = std::env::var("RBP_PAGE").ok();
    let rules = all().filter(|rule| only.as_deref().is_none_or(|slug| slug == rule.slug));
    let mut count = 0;
    let mut wrong = String::new();
    for rule in rules {
        count += 1;
        if let Some(trouble) = trouble(rule) {
            wrong += &format!("\n== {}: {trouble}\n", rule.slug);
        }
    }
    println!("{count} pages executed");
    assert!(wrong.is_empty(), "{wrong}");
}
