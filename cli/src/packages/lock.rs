//! `rbp.lock`: what the packages that one uses held when somebody accepted them.
//!
//! A lock stands beside the `rbp.toml` of the package that uses the others, and names every file of theirs that
//! a verdict may rest on: `rbp.toml`, policies, test records. A dependency's own lock means nothing here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::graph::{Graph, Package};
use crate::Failure;
use crate::files::{below, read_bytes, read_text, records_below};
use crate::manifest;

/// The name of the file.
pub const NAME: &str = "rbp.lock";

/// The form of the file that is written and read.
const VERSION: u32 = 1;

const ABOUT: &str = "# What the packages that this one uses held when they were accepted: `rbp lock` writes it.\n\
    # Keep it with the package. Each file is named with the SHA-256 of its text.\n\n";

/// How many files of a package a message names.
const NAMED: usize = 5;

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u32,
    /// The packages, by name.
    #[serde(default, rename = "package", skip_serializing_if = "Vec::is_empty")]
    packages: Vec<Locked>,
}

/// A package that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Locked {
    name: String,
    version: String,
    /// The SHA-256 of each file that counts, by its path below the package's folder.
    files: BTreeMap<String, String>,
}

/// How the packages that one uses stand to its lock.
#[derive(Debug)]
pub enum Held {
    /// They are what was accepted, or there are none.
    Accepted,
    /// It uses others, and there is no lock.
    NotLocked,
    /// They are not what was accepted.
    Changed(Failure),
}

/// Holds what a package uses against its lock.
///
/// # Errors
///
/// When the lock or test records cannot be read.
pub fn held(graph: &Graph, at: usize) -> Result<Held, Failure> {
    let Some(package) = graph.packages.get(at) else { return Ok(Held::Accepted) };
    let path = path(package);
    let Some(accepted) = read(package)? else {
        return Ok(if package.uses.is_empty() { Held::Accepted } else { Held::NotLocked });
    };
    let changes = changes(&accepted, &Lock::of(graph, at)?);
    if changes.is_empty() {
        return Ok(Held::Accepted);
    }
    let failure = Failure::new(format!(
        "{}: what `{}` uses is not what was accepted: {}",
        path.display(),
        package.name(),
        changes.join("; ")
    ));
    let help = format!("look at what changed; `rbp lock {}` accepts it", package.root.display());
    Ok(Held::Changed(failure.help(help)))
}

/// Where the lock of a package is.
pub fn path(package: &Package) -> PathBuf {
    package.root.join(NAME)
}

/// The lock of a package as it is on disk; `None` where there is none.
///
/// # Errors
///
/// When it cannot be read, or is no lock.
pub fn read(package: &Package) -> Result<Option<Lock>, Failure> {
    let path = path(package);
    if fs::symlink_metadata(&path).is_err() {
        return Ok(None);
    }
    let (text, shown) = (read_text(&path)?, package.root.display());
    let lock: Lock = toml::from_str(&text).map_err(|error| {
        let place = manifest::place(&text, &path, &error.span().unwrap_or(0..0));
        Failure::new(format!("{place}: this is no lock as `rbp lock` writes it"))
            .help(format!("remove the file, then `rbp lock {shown}` accepts what is there now"))
    })?;
    if lock.version != VERSION {
        let message =
            format!("{}: the form {} of a lock is not known", path.display(), lock.version);
        return Err(
            Failure::new(message).help("it was written by another version of rbp; use that one")
        );
    }
    Ok(Some(lock))
}

impl Default for Lock {
    /// One that accepts nothing.
    fn default() -> Lock {
        Lock { version: VERSION, packages: Vec::new() }
    }
}

impl Lock {
    /// The lock that accepts what a package uses now.
    ///
    /// # Errors
    ///
    /// When test records cannot be read.
    pub fn of(graph: &Graph, at: usize) -> Result<Lock, Failure> {
        let reached = graph.reached(at).into_iter().skip(1);
        let used = reached.filter_map(|at| graph.packages.get(at)).map(locked);
        let mut packages = used.collect::<Result<Vec<Locked>, Failure>>()?;
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Lock { version: VERSION, packages })
    }

    /// Its text.
    ///
    /// # Errors
    ///
    /// Never, as far as is known: every name and hash is a text.
    pub fn text(&self) -> Result<String, Failure> {
        let text = toml::to_string(self)
            .map_err(|error| Failure::new(format!("{NAME} cannot be written: {error}")))?;
        Ok(format!("{ABOUT}{text}"))
    }

    /// Whether it accepts nothing.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }
}

fn locked(package: &Package) -> Result<Locked, Failure> {
    let mut files = BTreeMap::new();
    files.insert(manifest::NAME.to_owned(), hash(package.text.as_bytes()));
    for file in &package.files {
        files.insert(file.below.clone(), hash(file.text.as_bytes()));
    }
    for record in records_below(&package.root)? {
        files.insert(below(&package.root, &record), hash(&read_bytes(&record)?));
    }
    Ok(Locked { name: package.name().to_owned(), version: package.version().to_owned(), files })
}

/// The SHA-256 of a text whose lines end as on Unix: a copy with the line ends of Windows is the same.
fn hash(text: &[u8]) -> String {
    let mut digest = Sha256::new();
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\r\n") {
        digest.update(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    digest.update(rest);
    let mut words = String::new();
    for byte in digest.finalize() {
        let _ = write!(words, "{byte:02x}");
    }
    words
}

/// What differs between what was accepted and what is there, a package each.
pub fn changes(accepted: &Lock, now: &Lock) -> Vec<String> {
    let by_name = |lock: &Lock| -> BTreeMap<String, Locked> {
        lock.packages.iter().map(|one| (one.name.clone(), one.clone())).collect()
    };
    let (before, after) = (by_name(accepted), by_name(now));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let told = names.into_iter().filter_map(|name| match (before.get(name), after.get(name)) {
        (Some(before), Some(after)) if before == after => None,
        (Some(before), Some(after)) => Some(changed(before, after)),
        (None, Some(after)) => Some(format!("`{name}` {} is new", after.version)),
        (Some(_), None) => Some(format!("`{name}` is not used any more")),
        (None, None) => None,
    });
    told.collect()
}

/// What differs between two states of a package.
fn changed(before: &Locked, after: &Locked) -> String {
    let files: BTreeSet<&String> = before.files.keys().chain(after.files.keys()).collect();
    let told = files.into_iter().filter_map(|file| {
        match (before.files.get(file), after.files.get(file)) {
            (Some(old), Some(new)) if old == new => None,
            (Some(_), Some(_)) => Some(format!("{file} changed")),
            (None, _) => Some(format!("{file} is new")),
            (_, None) => Some(format!("{file} is gone")),
        }
    });
    let mut told: Vec<String> = told.collect();
    if before.version != after.version {
        told.insert(0, format!("version {} in place of {}", after.version, before.version));
    }
    let more = told.len().saturating_sub(NAMED);
    told.truncate(NAMED);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    format!("in `{}` {}", after.name, told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_the_sha_256_of_the_text_whatever_ends_its_lines() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(b"abc"), abc);
        assert_eq!(hash(b"a\r\nb\r\n\r\n"), hash(b"a\nb\n\n"));
        assert_ne!(hash(b"a\rb"), hash(b"a\nb"));
        assert_ne!(hash(b"a\r\r\nb"), hash(b"a\nb"));
    }
}
