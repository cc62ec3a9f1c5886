//! A model written with templates and the same model written by hand are judged alike.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rbp_compiler::model::element;
use rbp_compiler::names::ItemId;
use rbp_tests::policy::Policy;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// Rules on what nothing names: an argument names what the template may leave unused.
const ON_NAMING: [&str; 2] = ["orphan-dependency", "unused-import"];

/// What a policy's obligations come to, with how often, and what is said. Names that a use makes are
/// those that the policy written by hand has: `gen-east.start` is `start-east` there.
fn judged(policy: &Policy) -> (BTreeMap<String, usize>, Vec<String>) {
    let by_hand = |text: &str| {
        let mut text = text.to_owned();
        for side in ["east", "west"] {
            for inner in ["start", "dead", "earth"] {
                text = text.replace(&format!("gen-{side}.{inner}"), &format!("{inner}-{side}"));
            }
        }
        text
    };
    let name = |id: &ItemId| element(policy.session.db(), *id).unwrap().name().to_owned();
    let mut verdicts = BTreeMap::new();
    for (_, checked) in &policy.checked {
        for o in checked.obligations.iter().filter(|o| !ON_NAMING.contains(&o.rule.slug)) {
            let functions: Vec<String> = o.functions.iter().map(name).collect();
            let (rule, subject, verdict) = (o.rule.slug, name(&o.subject), o.verdict.word());
            let line = format!("{rule} {}/{subject}: {verdict}", functions.join(","));
            *verdicts.entry(by_hand(&line)).or_default() += 1;
        }
    }
    let mut said: Vec<String> = policy
        .diagnostics()
        .filter(|d| !ON_NAMING.contains(&d.rule.slug))
        .map(|d| format!("[{}] {} {:?}", d.rule.slug, by_hand(&d.message), d.paths))
        .map(|line| by_hand(&line))
        .collect();
    said.sort();
    (verdicts, said)
}

/// Changes that stand in both texts, with what the change is about.
const CHANGES: &[(&str, &str)] = &[
    ("", ""),
    ("    fence    feeder", "    // fence    feeder"),
    ("    every    31d", "    every    6mo"),
    ("  restores   within 8s", "  restores   within 80s"),
    ("    by       automatic", "    // by       automatic"),
    ("  readiness  hot", "  readiness  cold"),
    ("    from     cold\n", ""),
    ("  reserved\n", ""),
    ("passed evidence", "failed evidence"),
    (
        "dependency switch-east : transfer-switch { in energy-east }",
        "dependency switch-east : transfer-switch { in energy-east  needs feeder-7 }",
    ),
    ("    hand back when", "    // hand back when"),
    ("  rto        15s", "  rto        5s"),
    ("  demand     900 kW for 24h", "  demand     900 kW for 48h"),
    ("accept loss of tower", "accept loss of region-grid"),
];

#[test]
fn a_use_is_judged_like_the_same_element_by_hand() {
    let campus = read("examples/icu-power/campus.rbp");
    let hand = read("examples/icu-power/power.rbp");
    let made = read("tests/templates/icu-power.rbp");
    let policy = |power: &str| {
        Policy::check(&format!("// file: campus.rbp\n{campus}\n// file: power.rbp\n{power}"))
    };
    let (mut told, mut obligations) = (0, 0);
    for (from, to) in CHANGES {
        assert!(hand.contains(from) && made.contains(from), "{from:?} stands in both");
        let (hand, made) = (policy(&hand.replace(from, to)), policy(&made.replace(from, to)));
        let (expected, found) = (judged(&hand), judged(&made));
        let report = || format!("after {from:?} became {to:?}:\n{}", made.report());
        assert_eq!(expected.1, found.1, "{}", report());
        assert!(expected.0 == found.0, "{}", report());
        told += expected.1.len();
        obligations += expected.0.values().sum::<usize>();
    }
    println!("{} policies: {obligations} obligations, {told} findings", CHANGES.len());
}
