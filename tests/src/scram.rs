//! What SCRAM says of a fault tree: an independent reader of the same format, and an independent engine.

use std::path::Path;
use std::process::Command;

/// SCRAM's answer for one tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The name of the top.
    pub name: String,
    /// How many minimal cut sets there are.
    pub sets: u64,
    /// The top's probability, where it was asked for.
    pub probability: Option<f64>,
}

/// Has SCRAM (Debian package `scram`) analyse every tree of a file, exactly and at any order, with its common causes.
///
/// # Errors
///
/// When it cannot be run, refuses the file, or writes a report that is not understood: in words.
pub fn analyse(file: &Path, probability: bool) -> Result<Vec<Answer>, String> {
    let report = file.with_extension("report.xml");
    let mut scram = Command::new("scram");
    scram.args(["--bdd", "--limit-order", "200", "--ccf", "1"]);
    if probability {
        scram.args(["--probability", "1"]);
    }
    let output = scram.arg(file).arg("-o").arg(&report).output().map_err(|error| {
        format!("cannot run `scram`: {error}; install the Debian package of that name")
    })?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = std::fs::read_to_string(&report).map_err(|error| error.to_string())?;
    let mut answers = Vec::new();
    for part in text.split("<sum-of-products ").skip(1) {
        let head = part.split('>').next().unwrap_or("");
        let attribute = |name: &str| -> Option<&str> {
            let from = head.find(&format!("{name}=\""))? + name.len() + 2;
            head.get(from..)?.split('"').next()
        };
        answers.push(Answer {
            name: attribute("name").unwrap_or("").to_owned(),
            sets: attribute("products").and_then(|n| n.parse().ok()).ok_or("no count")?,
            probability: attribute("probability").and_then(|p| p.parse().ok()),
        });
    }
    let _ = std::fs::remove_file(report);
    Ok(answers)
}
