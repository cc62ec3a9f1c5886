//! `unmatched-record`: A test record is about no test that is declared.

use rbp_grammar::{around, nearest};

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::rules::{Check, rule};

rule!(
    "unmatched-record",
    Error,
    Maintenance,
    "A test record is about no test that is declared.",
    Check::Text
);

/// No backup of the package has the name; `known` are those that have one, in order.
pub fn no_backup(at: Anchor, name: &str, known: &[&str]) -> Diagnostic {
    let finding =
        Diagnostic::new(&RULE, at, format!("no backup of this package is called `{name}`"));
    match nearest(name, around(name, known).iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("name a backup as it is declared, or remove the record"),
    }
}

/// Several backups have the name.
pub fn several(at: Anchor, name: &str, all: &[String]) -> Diagnostic {
    let all: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::new(&RULE, at, format!("several backups are called `{name}`"))
        .help(format!("say which one: {}", all.join(" or ")))
}

/// The backup has no such test.
pub fn no_test(at: Anchor, name: &str, backup: &Element) -> Diagnostic {
    let message = format!("`{}` has no test `{name}`", backup.name());
    let finding =
        Diagnostic::new(&RULE, at, message).also(backup.name_at(), "the backup is declared here");
    let tests = backup.tests();
    match nearest(name, tests.iter().map(|test| test.name.text.as_str())) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!(
            "declare it: `test {name} {{ every …  proves … }}`, or remove the record"
        )),
    }
}
