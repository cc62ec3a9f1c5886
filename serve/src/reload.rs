//! The rule set in use: read, checked and made ready, and read anew when its file changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rbp_ruleset::decide::Decider;
use tokio::sync::watch;

use crate::Log;
use crate::answer::Service;

/// How often is looked whether the file has changed.
const LOOK: Duration = Duration::from_millis(200);

/// The largest file that is read.
const MAX_FILE: u64 = 1 << 30;

/// A rule set that is whole and verified.
pub(crate) struct Ready {
    pub decider: Decider,
    /// What it is, as JSON.
    pub identity: String,
    pub package: String,
    pub digest: String,
    pub as_of: String,
    seen: Seen,
}

impl Ready {
    pub fn words(&self) -> String {
        // A policy without `rbp.toml` has no name.
        let what = match self.package.as_str() {
            "" => "the rule set".to_owned(),
            package => format!("`{package}`"),
        };
        format!("{what} as judged on {}, {}", self.as_of, self.digest)
    }
}

/// A state of a file: another one is another file, or other content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    length: u64,
    changed: Option<SystemTime>,
    number: u64,
}

fn seen(path: &Path) -> Result<Seen, String> {
    let meta = fs::metadata(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    // To read a pipe would wait for whoever writes to it.
    if !meta.is_file() {
        return Err(format!("{} is no file", path.display()));
    }
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&meta);
    #[cfg(not(unix))]
    let number = 0;
    Ok(Seen { length: meta.len(), changed: meta.modified().ok(), number })
}

/// Reads a rule set, checks it and makes it ready.
pub(crate) fn load(path: &Path) -> Result<Ready, String> {
    let shown = path.display();
    let before = seen(path)?;
    if before.length > MAX_FILE {
        return Err(format!("{shown} has more than {} MiB, the most that is read", MAX_FILE >> 20));
    }
    let text =
        fs::read_to_string(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    if seen(path)? != before {
        return Err(format!("{shown} is being written"));
    }
    let rules =
        rbp_ruleset::read(&text).map_err(|error| format!("{shown} is no rule set: {error}"))?;
    if !rules.verified {
        return Err(format!("{shown} is not verified: something in it is refuted or unknown"));
    }
    if !rbp_ruleset::is_unaltered(&rules) {
        return Err(format!("{shown} was changed after it was built: its digest does not match"));
    }
    let report = rbp_ruleset::verify::verify(&rules, None);
    if let Some(first) = report.findings.first() {
        let subject = first.subject.as_ref().map_or(String::new(), |s| format!("`{s}`: "));
        return Err(format!(
            "{shown} does not stand up to its checker: {subject}{}; `rbp verify` says all",
            first.message
        ));
    }
    let identity = serde_json::json!({
        "package": rules.package.name,
        "version": rules.package.version,
        "as_of": rules.as_of,
        "verified": rules.verified,
        "digest": rules.digest,
    });
    let decider = Decider::new(&rules).map_err(|error| format!("{shown}: {error}"))?;
    Ok(Ready {
        decider,
        identity: identity.to_string() + "\n",
        package: rules.package.name,
        digest: rules.digest,
        as_of: rules.as_of,
        seen: before,
    })
}

/// Looks at the file again and again, and puts a new rule set in the place of the old one once it is ready.
/// One that cannot be served is told of and left alone, until the file changes once more.
pub(crate) async fn watch(
    path: PathBuf,
    service: Arc<Service>,
    log: Log,
    mut stopped: watch::Receiver<bool>,
) {
    let mut last = Some(service.ready().seen);
    let mut kept = false;
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stopped.changed() => return,
        }
        let now = seen(&path).ok();
        if now == last {
            continue;
        }
        last = now;
        let path = path.clone();
        // Reading and checking takes long: not where requests are answered.
        let read = tokio::task::spawn_blocking(move || load(&path)).await;
        match read {
            Ok(Ok(ready)) => {
                last = Some(ready.seen);
                if ready.digest != service.ready().digest || kept {
                    log(&format!("now serving {}", ready.words()));
                }
                service.replace(ready);
                kept = false;
            }
            Ok(Err(error)) => {
                service.kept();
                kept = true;
                log(&format!("{error}; still serving {}", service.ready().words()));
            }
            Err(error) => {
                service.kept();
                kept = true;
                log(&format!("the rule set cannot be read: {error}"));
            }
        }
    }
}
