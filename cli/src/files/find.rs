//! Which files are below a folder.

use std::fs;
use std::path::{Path, PathBuf};

use rbp_compiler::evidence::ENDINGS;

use super::read::cannot_read;
use crate::Failure;
use crate::manifest::NAME;

/// Every `.rbp` file at or below a folder, sorted. Hidden folders, `target` and `node_modules` are
/// left out, and so are other packages; a folder met again below itself through links is a loop.
///
/// # Errors
///
/// When a folder cannot be read, or links lead in a circle.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Below::default();
    walk(folder, &mut Vec::new(), &mut found)?;
    found.files.sort();
    Ok(found.files)
}

/// Whether there is a policy or a package at or below a folder.
///
/// # Errors
///
/// When a folder cannot be read, or links lead in a circle.
pub fn holds_policies(folder: &Path) -> Result<bool, Failure> {
    let mut found = Below::default();
    walk(folder, &mut Vec::new(), &mut found)?;
    Ok(!(found.files.is_empty() && found.packages.is_empty()))
}

/// Every `.rbp` file at or below a folder, those of the packages below it too, sorted.
///
/// # Errors
///
/// When a folder cannot be read, links lead in a circle, or there is no such file.
pub fn all_files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = files_below(folder)?;
    for root in packages_below(folder)? {
        files.extend(files_below(&root)?);
    }
    files.sort();
    if files.is_empty() { Err(nothing_in(folder)) } else { Ok(files) }
}

/// The roots of the packages below a folder that is in none, sorted.
///
/// # Errors
///
/// When a folder cannot be read, or links lead in a circle.
pub fn packages_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Below::default();
    walk(folder, &mut Vec::new(), &mut found)?;
    let mut roots = found.packages;
    for root in roots.clone() {
        roots.extend(packages_below(&root)?);
    }
    roots.sort();
    Ok(roots)
}

#[derive(Default)]
struct Below {
    files: Vec<PathBuf>,
    packages: Vec<PathBuf>,
    records: Vec<PathBuf>,
}

/// Every file of test records at or below a folder, sorted; other packages are left out.
///
/// # Errors
///
/// When a folder cannot be read, or links lead in a circle.
pub fn records_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Below::default();
    walk(folder, &mut Vec::new(), &mut found)?;
    found.records.sort();
    Ok(found.records)
}

/// Whether a file may hold test records, by its name.
pub fn may_hold_records(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

fn walk(folder: &Path, above: &mut Vec<PathBuf>, found: &mut Below) -> Result<(), Failure> {
    let real = fs::canonicalize(folder).map_err(|error| cannot_read(folder, &error))?;
    if above.contains(&real) {
        return Err(Failure::new(format!(
            "{}: links lead back to a folder above it",
            folder.display()
        ))
        .help("remove the link, or name the folders that you mean"));
    }
    above.push(real);
    let entries = fs::read_dir(folder).map_err(|error| cannot_read(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| cannot_read(folder, &error))?.path();
        let name =
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        let rbp = path.extension().is_some_and(|extension| extension == "rbp");
        match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() && path.join(NAME).is_file() => found.packages.push(path),
            Ok(meta) if meta.is_dir() => walk(&path, above, found)?,
            Ok(meta) if meta.is_file() && rbp => found.files.push(path),
            Ok(meta) if meta.is_file() && may_hold_records(&path) => found.records.push(path),
            Err(error) if rbp => return Err(cannot_read(&path, &error)),
            _ => {}
        }
    }
    above.pop();
    Ok(())
}

/// What is said where no policy is.
pub fn nothing_in(path: &Path) -> Failure {
    Failure::new(format!("{}: no .rbp file here", path.display()))
        .help("a policy is a file that ends in .rbp; `rbp new` makes a first one")
}
