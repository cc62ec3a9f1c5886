//! Reading the files of test records that `evidence` items ask for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rbp_compiler::diagnostic::Places;
use rbp_compiler::evidence::matches;
use rbp_compiler::session::{EvidenceSpec, Session};

use crate::Failure;
use crate::files::{read_bytes, records_below, shown_path};

/// Gives a session the test records that its files ask for.
///
/// # Errors
///
/// When a folder or a file cannot be read. What is wrong with the text is the compiler's to say.
pub fn supply(session: &mut Session) -> Result<(), Failure> {
    let mut below: HashMap<PathBuf, Vec<PathBuf>> = HashMap::new();
    let mut files = Vec::new();
    for wanted in session.evidence_wanted() {
        let Some(root) = root(session.path(wanted.file), session.module(wanted.file)) else {
            continue;
        };
        if !below.contains_key(&root) {
            below.insert(root.clone(), records_below(&root)?);
        }
        for file in below.get(&root).into_iter().flatten() {
            let name = file.strip_prefix(&root).unwrap_or(file);
            let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
            let name = parts.join("/");
            if matches(&wanted.pattern, &name) {
                let path = shown_path(&root, file);
                let package = session.package(wanted.file);
                files.push((EvidenceSpec { path, name, package }, read_bytes(file)?));
            }
        }
    }
    session.set_evidence(files);
    Ok(())
}

/// The root of a file's package: as many folders up as its module has parts.
fn root(path: &str, module: &str) -> Option<PathBuf> {
    let root = Path::new(path).ancestors().nth(module.split('.').count())?;
    Some(if root.as_os_str().is_empty() { PathBuf::from(".") } else { root.to_owned() })
}
