//! Every field of the rule sets of the clean examples is changed, taken out, doubled and put in another order. Each change
//! shows in the digest; with the digest computed anew, the checker finds it wherever it makes a proof untrue.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use rbp_ruleset::verify::verify;
use rbp_ruleset::{RuleSet, digest};
use serde_json::{Value, json};

const DAY: Option<&str> = Some("2026-11-23");

/// The rule sets of the clean examples, and of a battery that holds out until another backup is there.
fn documents() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = here.join("../examples");
    let names = ["civil-registry", "icu-power", "payments", "payroll", "press-shop", "vial-supply"];
    let all = names.iter().map(|name| examples.join(name)).chain([here.join("tests/battery.rbp")]);
    let build = |policy: PathBuf| {
        let mut rbp = Command::new(env!("CARGO_BIN_EXE_rbp"));
        let output = rbp.args(["build", "--as-of", "2026-11-23"]).arg(&policy).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", policy.display());
        String::from_utf8(output.stdout).unwrap()
    };
    all.map(build).collect()
}

/// How many places of a sort are looked at in each document.
const LOOKED_AT: usize = 5;

/// What of these documents may say something else, with the digest computed anew, and every proof still holds: words for
/// people; what is only carried on to the back ends; and premises on which none of these proofs turns, such as a need
/// `to run` or a general claim beside one that says the same.
const HARMLESS: &[&str] = &[
    "/acceptances[]/functions",
    "/backups[]/activation/by[]/who/sort",
    "/backups[]/activation/by[]/who/to_run",
    "/backups[]/activation/fail_safe[]",
    "/backups[]/activation/fail_safe[]/action",
    "/backups[]/activation/funded_by[]/sort",
    "/backups[]/activation/funded_by[]/to_run",
    "/backups[]/activation/hand_back/when",
    "/backups[]/activation/hand_back/when/hold_ms",
    "/backups[]/activation/steps",
    "/backups[]/activation/steps[]",
    "/backups[]/activation/with[]/sort",
    "/backups[]/activation/with[]/to_run",
    "/backups[]/covers/amount/written",
    "/backups[]/installed_by[]/sort",
    "/backups[]/installed_by[]/to_run",
    "/backups[]/instructions[]",
    "/backups[]/reserved",
    "/backups[]/tests[]/loads[]/amount/written",
    "/backups[]/tests[]/name",
    "/backups[]/tests[]/owner",
    "/elements[]/agreed_by[]",
    "/elements[]/capacity/written",
    "/elements[]/cost/written",
    "/elements[]/fields/*",
    "/elements[]/measures",
    "/elements[]/measures/*/unit",
    "/elements[]/measures/*/written",
    "/elements[]/needs[]/to_run",
    "/elements[]/repaired_ms",
    "/elements[]/stock/amount/unit",
    "/elements[]/stock/amount/written",
    "/elements[]/title",
    "/functions[]/budget/written",
    "/functions[]/demand/amount/written",
    "/functions[]/depends_on[]/sort",
    "/functions[]/depends_on[]/to_run",
    "/functions[]/minimum/amount/written",
    "/functions[]/survives",
    "/functions[]/survives[]/of_kind",
    "/functions[]/tags",
    "/functions[]/tags[]",
    "/functions[]/time_budgets[]/steps[]/step",
    "/functions[]/title",
    "/package/name",
    "/package/survives",
    "/package/version",
    "/signals[]/from[]/sort",
    "/signals[]/from[]/to_run",
    "/signals[]/query",
    "/signals[]/title",
];

/// A place in a document, and the same without numbers and names: what sort of place it is.
type Place = (String, String);

fn places(value: &Value, (pointer, sort): Place, found: &mut Vec<Place>) {
    match value {
        Value::Object(members) => {
            let open = sort.ends_with("fields") || sort.ends_with("measures");
            for (name, value) in members {
                let sort = format!("{sort}/{}", if open { "*" } else { name });
                places(value, (format!("{pointer}/{name}"), sort), found);
            }
        }
        Value::Array(items) => {
            for (number, value) in items.iter().enumerate() {
                places(value, (format!("{pointer}/{number}"), format!("{sort}[]")), found);
            }
        }
        _ => {}
    }
    found.push((pointer, sort));
}

/// Other values for a place.
fn others(value: &Value, sort: &str, names: &[String]) -> Vec<Value> {
    let mut all = vec![Value::Null];
    match value {
        Value::Null => {
            all = vec![
                json!(1),
                json!(1_000_000_000_000u64),
                json!("x"),
                json!("2020-01-01"),
                json!(true),
            ];
        }
        Value::Bool(on) => all.push(json!(!on)),
        Value::Number(number) => {
            let n = number.as_u64().unwrap_or(0);
            all.extend([
                json!(0),
                json!(1),
                json!(n + 1),
                json!(n.saturating_mul(1000)),
                json!(n / 1000),
            ]);
        }
        Value::String(text) => {
            all.push(json!(format!("{text}x")));
            all.push(json!(""));
            if sort.ends_with("number") {
                all.extend([json!("0"), json!("1/1000"), json!(format!("{text}000"))]);
            } else if text.len() == 10 && text.as_bytes()[4] == b'-' {
                all.extend([json!("2016-01-01"), json!("2041-01-01")]);
            }
            let words: &[&str] = match sort.rsplit('/').next().unwrap_or_default() {
                "sort" => &["lost", "corrupted", "needs", "in"],
                "verdict" => &["proved", "accepted", "unknown", "refuted"],
                "readiness" => &["hot", "cold", "trained", "recoverable"],
                "exercise" => &["tabletop", "full-scale"],
                "kinds[]" => &["actor", "record"],
                _ => &[],
            };
            all.extend(words.iter().map(|word| json!(word)));
            all.extend(names.iter().map(|name| json!(name)));
        }
        Value::Array(items) => {
            all.push(json!([]));
            for at in 0..items.len().min(3) {
                let (mut fewer, mut more) = (items.clone(), items.clone());
                fewer.remove(at);
                more.insert(at, items[at].clone());
                all.extend([Value::Array(fewer), Value::Array(more)]);
            }
            let mut turned = items.clone();
            turned.reverse();
            all.push(Value::Array(turned));
        }
        Value::Object(members) => {
            for name in members.keys() {
                let mut fewer = members.clone();
                fewer.remove(name);
                all.push(Value::Object(fewer));
            }
        }
    }
    all.retain(|other| other != value);
    all
}

/// Per sort of place how many changes of it were caught, of how many.
type Caught = BTreeMap<String, (usize, usize)>;

/// Every change of one document.
fn tried(text: &str) -> Caught {
    let mut caught = Caught::new();
    let document: Value = serde_json::from_str(text).unwrap();
    let rules: RuleSet = serde_json::from_value(document.clone()).unwrap();
    assert!(verify(&rules, DAY).is_verified(), "{:?}", verify(&rules, DAY).findings);
    let ids = rules.elements.iter().map(|e| &e.id).chain(rules.functions.iter().map(|f| &f.id));
    let names: Vec<String> = ids.step_by(11).take(3).cloned().collect();
    let mut all = Vec::new();
    places(&document, (String::new(), String::new()), &mut all);
    let mut by_sort: BTreeMap<(String, bool), Vec<String>> = BTreeMap::new();
    for (pointer, sort) in all.into_iter().filter(|(pointer, _)| pointer != "/digest") {
        let silent =
            [json!(null), json!(false), json!([])].contains(document.pointer(&pointer).unwrap());
        by_sort.entry((sort, silent)).or_default().push(pointer);
    }
    for ((sort, _), pointers) in by_sort {
        for pointer in pointers.iter().step_by(pointers.len().div_ceil(LOOKED_AT)) {
            for other in others(document.pointer(pointer).unwrap(), &sort, &names) {
                let mut changed = document.clone();
                *changed.pointer_mut(pointer).unwrap() = other;
                let Ok(mut changed) = serde_json::from_value::<RuleSet>(changed) else {
                    continue;
                };
                if changed == rules {
                    continue;
                }
                changed.digest = digest(&changed).unwrap();
                assert!(changed.digest != rules.digest, "{pointer}: the digest does not tell");
                let score = caught.entry(sort.clone()).or_default();
                score.0 += usize::from(!verify(&changed, DAY).is_verified());
                score.1 += 1;
            }
        }
    }
    caught
}

#[test]
fn every_field() {
    let (documents, mut caught) = (documents(), Caught::new());
    std::thread::scope(|scope| {
        let all: Vec<_> = documents.iter().map(|text| scope.spawn(|| tried(text))).collect();
        for (sort, (found, of)) in all.into_iter().flat_map(|one| one.join().unwrap()) {
            let score = caught.entry(sort).or_default();
            *score = (score.0 + found, score.1 + of);
        }
    });
    for (sort, (caught, all)) in &caught {
        println!("{caught:6} of {all:6} {sort}");
    }
    let harmless: BTreeSet<&str> = caught
        .iter()
        .filter(|(_, (caught, _))| *caught == 0)
        .map(|(sort, _)| sort.as_str())
        .collect();
    assert_eq!(harmless, HARMLESS.iter().copied().collect());
}
