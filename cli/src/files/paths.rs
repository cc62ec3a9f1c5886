//! What folders and files are called.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::manifest::NAME;

/// A folder named from another one, without the way there and back: `a/../b` is `b`, unless links
/// make that another folder.
pub fn beside(root: &Path, path: &Path) -> PathBuf {
    let joined = root.join(path);
    let mut short = PathBuf::new();
    for part in joined.components() {
        let named = matches!(short.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::ParentDir if named => {
                short.pop();
            }
            Component::CurDir => {}
            part => short.push(part),
        }
    }
    if short.as_os_str().is_empty() {
        short.push(".");
    }
    match (fs::canonicalize(&short), fs::canonicalize(&joined)) {
        (Ok(short_real), Ok(real)) if short_real != real => joined,
        _ => short,
    }
}

/// The folder of a file.
pub fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => Path::new("."),
    }
}

/// The nearest folder at or above this one that holds an `rbp.toml`, written as the author would.
pub fn package_root(folder: &Path) -> Option<PathBuf> {
    let mut folder = folder.to_owned();
    for _ in 0..64 {
        if folder.join(NAME).is_file() {
            return Some(folder);
        }
        folder = match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() && folder.file_name().is_some() => {
                parent.to_owned()
            }
            // A relative path is followed upwards through the folders above the current one.
            _ => {
                let real = fs::canonicalize(&folder).ok()?;
                real.parent()?.to_owned()
            }
        };
    }
    None
}

/// A file of a package as it is shown.
pub fn shown_path(root: &Path, file: &Path) -> String {
    let joined = match file.strip_prefix(root) {
        Ok(below) => root.join(below),
        // The file was named another way than its package's root.
        Err(_) => match (fs::canonicalize(root), fs::canonicalize(file)) {
            (Ok(root_real), Ok(real)) => {
                real.strip_prefix(&root_real).map_or(real.clone(), |below| root.join(below))
            }
            _ => file.to_owned(),
        },
    };
    let text = joined.display().to_string();
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// The module of a file: its path below the root, with dots.
pub fn module(root: &Path, file: &Path) -> String {
    let below = file.strip_prefix(root).unwrap_or(file).with_extension("");
    let parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.join(".")
}

/// The path of `file` below `root`, its parts apart by `/` on every system.
pub fn below(root: &Path, file: &Path) -> String {
    slashed(file.strip_prefix(root).unwrap_or(file))
}

/// How `folder` is called from `root`; both must be canonical.
pub fn from_here(root: &Path, folder: &Path) -> String {
    let shared = root.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let up = root.components().skip(shared).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(folder.components().skip(shared)).collect();
    // Nothing is shared between the drives of one computer.
    slashed(if shared == 0 { folder } else { &path })
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
