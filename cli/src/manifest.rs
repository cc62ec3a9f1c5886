//! `rbp.toml`: a package's name, version, dependencies, levels and defaults.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rbp_compiler::diagnostic::Level;
use rbp_compiler::rules;
use rbp_grammar::nearest;
use serde::Deserialize;

use crate::Failure;

/// The name of the file.
pub const NAME: &str = "rbp.toml";

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `[package]`.
    pub package: PackageTable,
    /// `[dependencies]`, by the name that imports use.
    #[serde(default)]
    pub dependencies: BTreeMap<String, DependencyTable>,
    /// `[lints]`, by rule: `error`, `warning`, `hint` or `off`.
    #[serde(default)]
    pub lints: BTreeMap<String, LintLevel>,
    /// `[defaults]`.
    #[serde(default)]
    pub defaults: Defaults,
}

/// `[package]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageTable {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default = "first_version")]
    pub version: String,
}

fn first_version() -> String {
    "0.1.0".into()
}

/// `name = { path = "…" }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DependencyTable {
    /// The folder, relative to this file's.
    pub path: PathBuf,
}

/// The level of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LintLevel {
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// A hint.
    Hint,
    /// Nothing is said.
    Off,
}

/// `[defaults]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// The order of loss that every function survives unless it says otherwise.
    pub survives: Option<u32>,
}

impl Manifest {
    /// Reads the text of the file at `path`.
    ///
    /// # Errors
    ///
    /// With file, line, cause and cure where it has the wrong form or names what is not there.
    pub fn read(text: &str, path: &Path) -> Result<Manifest, Failure> {
        let manifest: Manifest =
            toml::from_str(text).map_err(|error| wrong_form(text, path, &error))?;
        let name = &manifest.package.name;
        let plain = |name: &str| {
            let mut chars = name.chars();
            chars.next().is_some_and(|c| c.is_ascii_alphabetic())
                && chars.all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        let refuse = |name: &str, whose: &str| {
            let at = path.display();
            Failure::new(format!("{at}: `{name}` cannot be a {whose}'s name")).help(
                "a name is letters, digits, `-` and `_`, begins with a letter, and is not `std`",
            )
        };
        if !plain(name) || name == "std" {
            return Err(refuse(name, "package"));
        }
        if let Some(name) = manifest.dependencies.keys().find(|name| !plain(name) || *name == "std")
        {
            return Err(refuse(name, "dependency"));
        }
        for (slug, level) in &manifest.lints {
            lint(path, slug, *level)?;
        }
        Ok(manifest)
    }

    /// The levels as the compiler takes them.
    pub fn levels(&self) -> Vec<(String, Option<Level>)> {
        let level = |level: LintLevel| match level {
            LintLevel::Error => Some(Level::Error),
            LintLevel::Warning => Some(Level::Warning),
            LintLevel::Hint => Some(Level::Hint),
            LintLevel::Off => None,
        };
        self.lints.iter().map(|(slug, l)| (slug.clone(), level(*l))).collect()
    }
}

fn lint(path: &Path, slug: &str, level: LintLevel) -> Result<(), Failure> {
    let Some(rule) = rules::find(slug) else {
        let near = nearest(slug, rules::all().map(|rule| rule.slug));
        let help = near.map_or("`rbp explain` lists every rule".to_owned(), |near| {
            format!("did you mean `{near}`?")
        });
        return Err(
            Failure::new(format!("{}: no rule is called `{slug}`", path.display())).help(help)
        );
    };
    if rule.level == Level::Error && level != LintLevel::Error {
        return Err(Failure::new(format!(
            "{}: `{slug}` is an error and cannot be turned down",
            path.display()
        ))
        .help(format!(
            "where the risk is taken, write `accept {slug} on …` with a reason, an owner and an end"
        )));
    }
    Ok(())
}

fn wrong_form(text: &str, path: &Path, error: &toml::de::Error) -> Failure {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    let message = error.message();
    let failure = Failure::new(format!("{}:{line}:{column}: {message}", path.display()));
    let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    let known =
        ["package", "dependencies", "lints", "defaults", "name", "version", "path", "survives"];
    match unknown.and_then(|word| nearest(word, known)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("a package needs [package] with a name; see `rbp new`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Manifest, String> {
        let shown = |f: Failure| format!("{} | {}", f.message, f.help.unwrap_or_default());
        Manifest::read(text, Path::new("rbp.toml")).map_err(shown)
    }

    #[test]
    fn a_manifest_is_read() {
        let manifest = read("[package]\nname = \"a\"\n[dependencies]\nb = { path = \"../b\" }\n[defaults]\nsurvives = 2\n").unwrap();
        assert_eq!(manifest.package.version, "0.1.0");
        assert_eq!(manifest.defaults.survives, Some(2));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let text = "[package]\nname = \"a\"\nverson = \"1\"\n";
        assert!(read(text).unwrap_err().starts_with("rbp.toml:3:1: unknown field `verson`"));
        assert!(read(text).unwrap_err().ends_with("did you mean `version`?"));
        assert!(
            read("[package]\nname = \"std\"\n").unwrap_err().contains("cannot be a package's name")
        );
        let lint = "[package]\nname = \"a\"\n[lints]\n";
        assert!(
            read(&format!("{lint}orphan-dependancy = \"off\"\n"))
                .unwrap_err()
                .ends_with("did you mean `orphan-dependency`?")
        );
        assert!(
            read(&format!("{lint}shared-dependency = \"off\"\n"))
                .unwrap_err()
                .contains("cannot be turned down")
        );
    }
}
