//! A model written with templates and the same model written by hand are judged alike.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rbp_compiler::diagnostic::Level;
use rbp_compiler::model::element;
use rbp_compiler::names::ItemId;
use rbp_compiler::rules::Component;
use rbp_compiler::session::Session;
use rbp_grammar::head::Head;
use rbp_tests::edits::Edit;
use rbp_tests::generate::{Shape, generate, session};
use rbp_tests::policy::{AS_OF, Policy};
use rbp_tests::random::Random;
use rbp_tests::templated::templated;

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

/// Everything that is said of a model and all that is owed, apart from where, and whether its text has an
/// error.
fn told(session: &Session) -> (Vec<String>, Vec<String>, bool) {
    let mut error = false;
    let name = |id: &ItemId| element(session.db(), *id).unwrap().name().to_owned();
    let (mut said, mut owed) = (Vec::new(), Vec::new());
    for (_, checked) in session.check_all() {
        for d in &checked.diagnostics {
            let also: BTreeSet<&str> = d.related.iter().map(|label| label.text.as_str()).collect();
            let also: Vec<&&str> =
                also.iter().filter(|text| !text.ends_with("template here")).collect();
            let (rule, level) = (d.rule.slug, d.level.word());
            error |= d.rule.component == Component::Language && d.level == Level::Error;
            said.push(format!(
                "{level} [{rule}] {} / {} / {also:?} / {:?} / {:?} / {:?}",
                d.message, d.primary.text, d.paths, d.notes, d.help
            ));
        }
        for o in checked.obligations.iter() {
            let functions: Vec<String> = o.functions.iter().map(name).collect();
            let verdict = o.verdict.word();
            owed.push(format!("{} {functions:?}/{}: {verdict}", o.rule.slug, name(&o.subject)));
        }
    }
    said.sort();
    owed.sort();
    (said, owed, error)
}

#[test]
fn a_whole_model_of_uses_is_judged_like_the_same_by_hand() {
    let (mut findings, mut obligations) = (0, 0);
    for seed in 0..60 {
        let mut hand = generate(Shape { files: 3, declarations: 50, seed });
        let mut random = Random::new(seed);
        for number in 0..seed % 5 {
            // Another number breaks a promise; what a damaged text means is not compared.
            let sort = if number == 3 { Edit::Replace } else { Edit::Amount };
            let at = random.below(hand.len());
            hand[at].1 = sort.apply(&hand[at].1, &mut random);
        }
        let made: Vec<(String, String)> =
            hand.iter().map(|(path, text)| (path.clone(), templated(text, false))).collect();
        let (hand, made) = (told(&session(&hand, AS_OF).0), told(&session(&made, AS_OF).0));
        let verdicts = differing(&hand.1, &made.1);
        if hand.2 {
            // Nothing is proved of what a template with an error makes, whatever the error.
            let looser = |line: &String| line.starts_with("+ ") && line.ends_with(": proved");
            assert!(!verdicts.iter().any(looser), "seed {seed}: {verdicts:#?}");
            continue;
        }
        assert_eq!(differing(&hand.0, &made.0), [""; 0], "seed {seed}");
        assert_eq!(verdicts, [""; 0], "seed {seed}");
        findings += hand.0.len();
        obligations += hand.1.len();
    }
    println!("{findings} findings, {obligations} obligations");
}

/// What one of two sorted lists has and the other has not.
fn differing(one: &[String], other: &[String]) -> Vec<String> {
    let lacking = |a: &[String], b: &[String], sign| -> Vec<String> {
        let only = a.iter().filter(|line| b.binary_search(line).is_err());
        only.map(|line| format!("{sign} {line}")).collect()
    };
    let mut all = lacking(one, other, '-');
    all.extend(lacking(other, one, '+'));
    if all.is_empty() && one.len() != other.len() {
        all.push(format!("{} lines became {}", one.len(), other.len()));
    }
    all
}

/// A use that a file cannot hold makes nothing, and no second error comes of that.
#[test]
fn a_use_beyond_what_a_file_may_hold_makes_nothing() {
    let needs = "  needs a\n".repeat(5_000);
    let mut text = format!(
        "dependency m : machine\ntemplate big(a: element) : machine {{\n{needs}  dependency part : machine\n}}\n"
    );
    for number in 0..101 {
        text += &format!("dependency z{number} = big(a: m)\n");
    }
    text += "function f { owner o  rto 1h  depends on z100.part, z100, z1.part }\n";
    let policy = Policy::check(&text);
    let errors: Vec<&str> = policy
        .diagnostics()
        .filter(|d| d.level == Level::Error)
        .map(|d| d.rule.slug)
        .filter(|slug| *slug != "single-point-of-failure")
        .collect();
    assert_eq!(errors, ["template-too-large"; 2]);
    let file = policy.checked.first().map(|(file, _)| *file).unwrap();
    let needs = |item| {
        let made = element(policy.session.db(), ItemId { file, item }).unwrap();
        made.clauses(Head::Needs).count()
    };
    // Of the uses, which begin with the third declaration, the last two are too much.
    assert_eq!([2 + 98, 2 + 99, 2 + 100].map(needs), [5_000, 0, 0]);
}
