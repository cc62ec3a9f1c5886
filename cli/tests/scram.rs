//! The exported trees of every example against SCRAM: the same number of minimal cut sets, and the same probability
//! where every loss has one.

#![allow(clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

use rbp_tests::scram::analyse;
use serde_json::Value;

fn rbp(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_rbp")).args(arguments).output().expect("rbp is built");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "rbp {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("rbp-export-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the trees");
    folder
}

#[test]
fn exported_examples_have_the_same_sets() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let folder = folder();
    let (mut functions, mut weighed) = (0, 0);
    let mut examples: Vec<PathBuf> = std::fs::read_dir(&root)
        .expect("examples")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_dir())
        .collect();
    examples.sort();
    examples.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rated.rbp"));
    for example in examples {
        let (path, file) = (example.display().to_string(), folder.join("example.xml"));
        rbp(&["export", "open-psa", &path, "-o", &file.display().to_string()]);
        let text = std::fs::read_to_string(&file).expect("it was written");
        let all_rated = !text.contains("</label></define-basic-event>");
        let answers = analyse(&file, all_rated).unwrap_or_else(|e| panic!("{path}: {e}"));
        for answer in answers {
            let of = |arguments: &[&str]| -> Value {
                let mut all = vec!["cut-sets", answer.name.as_str(), "--format", "json"];
                all.extend(arguments);
                serde_json::from_str(&rbp(&all)).expect("JSON")
            };
            let ours = of(&["-p", &path]);
            assert_eq!(ours["total"], answer.sets.to_string(), "{path} {}", answer.name);
            functions += 1;
            if let Some(theirs) = answer.probability {
                let ours = of(&["-p", &path, "--probability"])["probability"].as_f64();
                let ours = ours.expect("every loss has a probability");
                assert!((ours - theirs).abs() <= 1e-5 * theirs, "{path} {ours} {theirs}");
                weighed += 1;
            }
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    println!("{functions} functions compared, {weighed} of them by probability too");
    assert!(functions > 10 && weighed > 0);
}
