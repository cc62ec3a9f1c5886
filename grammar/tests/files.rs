//! Every `.rbp` file of the repository reads without a problem.

use std::fs;
use std::path::{Path, PathBuf};

fn rbp_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rbp_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rbp") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_of_the_repository_parses() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    rbp_files(&root.join("stdlib"), &mut files);
    rbp_files(&root.join("examples"), &mut files);
    let mut problems = String::new();
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        let parsed = rbp_grammar::parse(&text);
        for (at, item) in parsed.items.iter().enumerate() {
            for problem in &item.syntax.problems {
                let bytes = parsed.bytes(&text, at, problem.span);
                let line = text[..bytes.start].matches('\n').count() + 1;
                problems +=
                    &format!("{}:{line}: {} {:?}\n", file.display(), problem.message, problem.help);
            }
        }
    }
    assert!(!files.is_empty());
    assert!(problems.is_empty(), "{problems}");
}
