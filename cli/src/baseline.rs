//! Baselines: what is known of an estate on the day on which rbp is adopted, so that only what is new
//! counts. A baseline changes what `rbp check` reports, never a verdict: nothing is verified by it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rbp_compiler::check::Checked;
use rbp_compiler::diagnostic::{Diagnostic, FileId, Places};
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::files::{parent, read_text, write_whole};
use crate::render::Fingerprints;

/// The version of the file's form.
const VERSION: u32 = 1;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    findings: Vec<Known>,
}

/// A finding that is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    path: String,
    rule: String,
    message: String,
    fingerprint: String,
}

/// What a baseline made of a check.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Findings that are known and not counted.
    pub known: usize,
    /// Known findings that are found no more, in words.
    pub mended: Vec<String>,
}

impl Baseline {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is no baseline of this version.
    pub fn read(path: &Path) -> Result<Baseline, Failure> {
        let text = read_text(path)?;
        let wrong = |why: String| {
            Failure::new(format!("{} is no baseline that can be read: {why}", path.display()))
                .help("`rbp check --baseline FILE --record` writes one")
        };
        let baseline: Baseline =
            serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        match baseline.version {
            VERSION => Ok(baseline),
            other => Err(wrong(format!("it is of version {other}, and {VERSION} is read"))),
        }
    }

    /// What is found now, as a baseline at that path. What another one knows of files that were not
    /// checked, and are still there, is kept.
    pub fn of(
        places: &dyn Places,
        checked: &[(FileId, Arc<Checked>)],
        path: &Path,
        before: Option<Baseline>,
    ) -> Baseline {
        let paths = Paths::of(places, checked, path);
        let found = prints(&paths, checked).into_iter().map(|(d, path, fingerprint)| Known {
            path,
            rule: d.rule.slug.to_owned(),
            message: d.message.clone(),
            fingerprint,
        });
        let mut findings: BTreeSet<Known> = found.collect();
        let before = before.map_or(Vec::new(), |before| before.findings);
        findings.extend(before.into_iter().filter(|known| {
            !paths.checked(&known.path) && parent(path).join(&known.path).exists()
        }));
        Baseline { version: VERSION, findings: findings.into_iter().collect() }
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?;
        write_whole(path, &(text + "\n"))
    }

    /// Takes what is known out of the findings.
    pub fn hold(
        &self,
        places: &dyn Places,
        checked: &mut [(FileId, Arc<Checked>)],
        path: &Path,
    ) -> Held {
        let paths = Paths::of(places, checked, path);
        let about = self.findings.iter().filter(|known| paths.checked(&known.path));
        let mut known: BTreeMap<&str, &Known> =
            about.map(|k| (k.fingerprint.as_str(), k)).collect();
        let prints: Vec<String> =
            prints(&paths, checked).into_iter().map(|(_, _, print)| print).collect();
        let mut prints = prints.into_iter();
        let mut held = Held::default();
        for (_, checked) in checked {
            let mut left = Vec::new();
            for d in &checked.diagnostics {
                match prints.next().and_then(|print| known.remove(print.as_str())) {
                    Some(_) => held.known += 1,
                    None => left.push(d.clone()),
                }
            }
            if left.len() < checked.diagnostics.len() {
                let obligations = checked.obligations.clone();
                *checked = Arc::new(Checked { diagnostics: left, obligations });
            }
        }
        held.mended =
            known.values().map(|k| format!("{}: [{}] {}", k.path, k.rule, k.message)).collect();
        held
    }
}

/// The paths of the checked files, from the baseline's folder on: the same wherever rbp is run.
struct Paths {
    of: BTreeMap<FileId, String>,
    all: HashSet<String>,
}

impl Paths {
    fn of(places: &dyn Places, checked: &[(FileId, Arc<Checked>)], baseline: &Path) -> Paths {
        let root = fs::canonicalize(parent(baseline)).ok();
        let path = |file: FileId| {
            let shown = places.path(file);
            let below = root.as_ref().and_then(|root| {
                let real = fs::canonicalize(shown).ok()?;
                Some(real.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/"))
            });
            (file, below.unwrap_or_else(|| shown.to_owned()))
        };
        let of: BTreeMap<FileId, String> = checked.iter().map(|(file, _)| path(*file)).collect();
        let all = of.values().cloned().collect();
        Paths { of, all }
    }

    fn checked(&self, path: &str) -> bool {
        self.all.contains(path)
    }
}

/// Every finding, in order, with its path and its fingerprint.
fn prints<'a>(
    paths: &Paths,
    checked: &'a [(FileId, Arc<Checked>)],
) -> Vec<(&'a Diagnostic, String, String)> {
    let mut fingerprints = Fingerprints::default();
    let mut all = Vec::new();
    for d in checked.iter().flat_map(|(_, checked)| checked.findings()) {
        let path = paths.of.get(&d.primary.at.file).cloned().unwrap_or_default();
        let print = fingerprints.of(d.rule.slug, &path, &d.message);
        all.push((d, path, print));
    }
    all
}
