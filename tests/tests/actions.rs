//! Every action that is offered for the wrong example of a rule's page is taken: the finding must be gone, and
//! the text must still be readable.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rbp_compiler::diagnostic::{Diagnostic, FileId, Places};
use rbp_compiler::rules::all;
use rbp_ide::actions::{Action, Change, actions, fix_all};
use rbp_tests::markdown::blocks;
use rbp_tests::policy::Policy;

fn findings(policy: &Policy) -> Vec<Diagnostic> {
    let all = policy.session.check_all();
    all.iter().flat_map(|(_, checked)| checked.findings().cloned().collect::<Vec<_>>()).collect()
}

fn same(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.rule == b.rule && a.message == b.message
}

fn apply(policy: &mut Policy, changes: &[Change]) {
    let mut by_file: BTreeMap<FileId, Vec<&Change>> = BTreeMap::new();
    changes.iter().for_each(|change| by_file.entry(change.at.file).or_default().push(change));
    for (id, mut changes) in by_file {
        let mut text = policy.session.text(id).to_owned();
        changes.sort_by_key(|change| std::cmp::Reverse(change.at.bytes.start));
        changes.iter().for_each(|c| text.replace_range(c.at.bytes.clone(), &c.text));
        policy.session.edit(id, Arc::from(text));
    }
}

/// What is wrong with an action, where anything is.
fn trouble(page: &str, finding: &Diagnostic, action: &Action) -> Option<String> {
    let mut policy = Policy::check(page);
    let before = findings(&policy);
    apply(&mut policy, &action.changes);
    let after = findings(&policy);
    let count = |all: &[Diagnostic]| all.iter().filter(|f| same(f, finding)).count();
    let texts: Vec<&str> = policy.checked.iter().map(|(id, _)| policy.session.text(*id)).collect();
    let shown = format!("{} for {}\n{}", action.title, finding.message, texts.join("\n---\n"));
    if count(&after) >= count(&before) {
        return Some(format!("the finding stays: {shown}"));
    }
    let broken =
        |all: &[Diagnostic]| all.iter().filter(|f| f.rule.slug == "broken-declaration").count();
    if broken(&after) > broken(&before) {
        return Some(format!("the text cannot be read any more: {shown}"));
    }
    let claims = action.safe && after.iter().any(|f| !before.iter().any(|b| same(f, b)));
    // A name that now means something may bring findings of its own.
    if claims && !["unknown-name", "unknown-module"].contains(&finding.rule.slug) {
        let new: Vec<_> = after.iter().filter(|f| !before.iter().any(|b| same(f, b))).collect();
        return Some(format!("a safe change brings {:?}: {shown}", new.first()?.message));
    }
    None
}

#[test]
fn actions_do_what_they_say() {
    let (mut taken, mut wrong) = (0, String::new());
    let mut mended: BTreeSet<&str> = BTreeSet::new();
    let mut accepted: BTreeSet<&str> = BTreeSet::new();
    for rule in all() {
        let all = blocks(rule.page);
        let page = all.iter().find(|b| b.words.iter().any(|word| word == "wrong")).unwrap();
        let policy = Policy::check(&page.text);
        for finding in findings(&policy).iter().filter(|finding| finding.rule == rule) {
            for action in actions(policy.session.db(), finding) {
                taken += 1;
                let aside = action.title.starts_with("Accept") || action.title.starts_with("Allow");
                if aside { &mut accepted } else { &mut mended }.insert(rule.slug);
                if let Some(trouble) = trouble(&page.text, finding, &action) {
                    wrong += &format!("\n{}: {trouble}\n", rule.slug);
                }
            }
        }
    }
    println!("{taken} actions taken; mended: {mended:?}; accepted or allowed: {accepted:?}");
    assert!(wrong.is_empty(), "{wrong}");
    for rule in MENDED {
        assert!(mended.contains(rule), "nothing mends {rule}");
    }
    let borne =
        ["shared-dependency", "single-point-of-failure", "untested-backup", "policy-breach"];
    for rule in borne {
        assert!(accepted.contains(rule), "{rule} cannot be accepted");
    }
}

/// The rules whose findings a change of the text mends.
const MENDED: [&str; 25] = [
    "duplicate-clause",
    "expired-acceptance",
    "function-without-owner",
    "function-without-rto",
    "misplaced-allowance",
    "misplaced-clause",
    "missing-access",
    "missing-activation",
    "missing-freshness",
    "missing-hand-back",
    "missing-readiness",
    "missing-requirement",
    "no-authority",
    "orphan-backup",
    "orphan-dependency",
    "shared-dependency",
    "stale-acceptance",
    "uncompensated-duty",
    "unknown-field",
    "unknown-module",
    "unknown-name",
    "unknown-word",
    "unmaintained-backup",
    "unused-import",
    "weaker-protection",
];

#[test]
fn everything_that_only_concerns_the_text_is_mended_at_once() {
    let text = "import std.power.{generator, ups}\nimport std.people.{person}\n\
                dependency gen : genrator\ndependency ana : person\n\
                function pay {\n  owner ana\n  owner ana\n  rto 5min\n  dependson gen\n}\n\
                dependency site : building\n";
    let mut policy = Policy::check(text);
    let id = policy.checked.iter().map(|(id, _)| *id).next().unwrap();
    for _ in 0..3 {
        let all = findings(&policy);
        let all: Vec<&Diagnostic> = all.iter().collect();
        let changes = fix_all(policy.session.db(), id, &all);
        apply(&mut policy, &changes);
    }
    let mended = policy.session.text(id).to_owned();
    assert!(mended.contains("dependency gen : generator"), "{mended}");
    assert!(mended.contains("import std.power.{generator}\n"), "{mended}");
    assert!(mended.contains("import std.places.{building}\n"), "{mended}");
    assert_eq!(mended.matches("owner ana").count(), 1, "{mended}");
    // Nothing is claimed: what only the author knows is still asked for.
    let left: BTreeSet<&str> = findings(&policy).iter().map(|f| f.rule.slug).collect();
    assert!(!left.contains("unused-import") && !left.contains("unknown-name"), "{left:?}");
}

#[test]
fn an_alternative_does_not_fall_with_what_is_lost() {
    let text = "dependency grid : machine\ndependency pump-a : machine { needs grid }\n\
                dependency pump-b : machine\nsignal dead { from probe  query \"x\"  within 1s }\n\
                dependency probe : machine\ndependency ana : actor\n\
                function ward { owner ops  rto 1h  depends on grid }\n\
                backup diesel : machine for grid {\n  protects ward\n  needs pump-a\n  covers full\n  \
                restores within 8s\n  activate { when dead  by ana within 1min }\n}\n";
    let policy = Policy::check(text);
    let finding = findings(&policy).into_iter().find(|f| f.rule.slug == "shared-dependency");
    let finding = finding.expect("a shared dependency");
    let offered = actions(policy.session.db(), &finding);
    let used: Vec<&str> =
        offered.iter().filter(|a| a.title.starts_with("Use")).map(|a| a.title.as_str()).collect();
    assert!(used.contains(&"Use `pump-b`, which does not fall with it"), "{used:?}");
    assert!(
        !used.iter().any(|title| title.contains("pump-a") || title.contains("`grid`")),
        "{used:?}"
    );
    let action = offered.iter().find(|a| a.title.contains("`pump-b`")).unwrap();
    assert_eq!(trouble(text, &finding, action), None);
}
