//! `rbp.toml`: a package's name, version, dependencies, levels and defaults.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use rbp_compiler::db::Package;
use rbp_compiler::diagnostic::Level;
use rbp_compiler::rules;
use rbp_grammar::nearest;
use semver::{Version, VersionReq};
use serde::Deserialize;
use toml::Spanned;

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
    pub dependencies: BTreeMap<Spanned<String>, DependencyTable>,
    /// `[lints]`, by rule: `error`, `warning`, `hint` or `off`.
    #[serde(default)]
    pub lints: BTreeMap<Spanned<String>, LintLevel>,
    /// `[defaults]`.
    #[serde(default)]
    pub defaults: Defaults,
}

/// `[package]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct PackageTable {
    /// Its name.
    pub name: Spanned<String>,
    /// Its version.
    version: Option<Spanned<String>>,
    /// The modules that other packages may import, each with those below it; all where it is left out.
    pub public: Option<Vec<Spanned<String>>>,
}

impl PackageTable {
    /// Its version; `0.1.0` where none is written.
    pub fn version(&self) -> &str {
        self.version.as_ref().map_or("0.1.0", |version| version.get_ref())
    }
}

/// `name = { path = "…", version = "…" }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a path, as in { path = \"../other\" },")]
pub struct DependencyTable {
    /// The folder, relative to this file's.
    pub path: PathBuf,
    /// The versions that will do.
    version: Option<Spanned<String>>,
}

impl DependencyTable {
    /// The versions that will do, where it asks for some and `version` is none of them.
    pub fn unmet(&self, version: &str) -> Option<&str> {
        let asked = self.version.as_ref()?.get_ref();
        let meets = VersionReq::parse(asked).ok()?.matches(&Version::parse(version).ok()?);
        (!meets).then_some(asked)
    }
}

/// The level of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", expecting = "a level")]
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
#[serde(deny_unknown_fields, expecting = "a table")]
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
        let failure = |span: Range<usize>, message: String| {
            Failure::new(format!("{}: {message}", place(text, path, &span)))
        };
        let manifest: Manifest = toml::from_str(text).map_err(|error| {
            let (message, help) = in_words(error.message());
            failure(error.span().unwrap_or(0..0), message).help(help)
        })?;
        let names = [(&manifest.package.name, "package")];
        let others = manifest.dependencies.keys().map(|name| (name, "dependency"));
        for (name, whose) in names.into_iter().chain(others) {
            if !is_name(name.get_ref()) {
                let message = format!("`{}` cannot be a {whose}'s name", name.get_ref());
                return Err(failure(name.span(), message).help(NAME_FORM));
            }
        }
        if let Some(version) = &manifest.package.version
            && Version::parse(version.get_ref()).is_err()
        {
            let message = format!("`{}` is no version", version.get_ref());
            return Err(
                failure(version.span(), message).help("a version is three numbers, such as 1.0.0")
            );
        }
        for asked in manifest.dependencies.values().filter_map(|other| other.version.as_ref()) {
            if VersionReq::parse(asked.get_ref()).is_err() {
                let message = format!("`{}` says no versions", asked.get_ref());
                return Err(failure(asked.span(), message)
                    .help("write the least version that will do, such as 1.2.0"));
            }
        }
        for (slug, level) in &manifest.lints {
            if let Some((message, help)) = wrong_level(slug.get_ref(), *level) {
                return Err(failure(slug.span(), message).help(help));
            }
        }
        Ok(manifest)
    }

    /// Holds what is public against the modules that the package has.
    ///
    /// # Errors
    ///
    /// With file, line, cause and cure where nothing is called so.
    pub fn offers_only(&self, modules: &[&str], text: &str, path: &Path) -> Result<(), Failure> {
        for public in self.package.public.iter().flatten() {
            let one =
                Package { public: Some(vec![public.get_ref().clone()]), ..Package::default() };
            if modules.iter().any(|module| one.offers(module)) {
                continue;
            }
            let message = format!("the package has no module `{}`", public.get_ref());
            let failure = Failure::new(format!("{}: {message}", place(text, path, &public.span())));
            return Err(failure.help(match nearest(public.get_ref(), modules.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    "a module is a file's path below rbp.toml, with dots, such as wards.icu".into()
                }
            }));
        }
        Ok(())
    }

    /// The levels as the compiler takes them.
    pub fn levels(&self) -> Vec<(String, Option<Level>)> {
        let level = |level: LintLevel| match level {
            LintLevel::Error => Some(Level::Error),
            LintLevel::Warning => Some(Level::Warning),
            LintLevel::Hint => Some(Level::Hint),
            LintLevel::Off => None,
        };
        self.lints.iter().map(|(slug, l)| (slug.get_ref().clone(), level(*l))).collect()
    }
}

/// A place in the file at `path`, as messages begin.
pub fn place(text: &str, path: &Path, span: &Range<usize>) -> String {
    let before = text.get(..span.start).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    format!("{}:{line}:{column}", path.display())
}

/// What a name is, in words.
pub const NAME_FORM: &str =
    "a name is letters, digits, `-` and `_`, begins with a letter, and is not `std`";

/// Whether a package or a dependency may be called so.
pub fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && name != "std"
}

fn wrong_level(slug: &str, level: LintLevel) -> Option<(String, String)> {
    let Some(rule) = rules::find(slug) else {
        let near = nearest(slug, rules::all().map(|rule| rule.slug));
        let help = near.map_or("`rbp explain` lists every rule".to_owned(), |near| {
            format!("did you mean `{near}`?")
        });
        return Some((format!("no rule is called `{slug}`"), help));
    };
    let down = rule.level == Level::Error && level != LintLevel::Error;
    down.then(|| {
        let help = format!(
            "where the risk is taken, write `accept {slug} on …` with a reason, an owner and an end"
        );
        (format!("`{slug}` is an error and cannot be turned down"), help)
    })
}

/// The words of the TOML library as a planner reads them, and the cure.
fn in_words(message: &str) -> (String, String) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let word = quoted.first().copied().unwrap_or("");
    let known = quoted.get(1..).unwrap_or(&[]);
    let list = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let near = |otherwise: String| match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise,
    };
    if message.starts_with("missing field") {
        let help = match word {
            "package" => "begin with [package] and a name; `rbp new` shows how",
            "name" => "write it below [package]: name = \"clinic\"",
            _ => "write the folder of the other package: { path = \"../other\" }",
        };
        return (format!("`{word}` is missing"), help.into());
    }
    if message.starts_with("unknown field") {
        return (
            format!("nothing is called `{word}` here"),
            near(format!("the keys here are {list}")),
        );
    }
    if message.starts_with("unknown variant") {
        return (format!("`{word}` is no level"), near(format!("the levels are {list}")));
    }
    let kinds = ["invalid type: ", "invalid value: "];
    let other = kinds.iter().find_map(|kind| message.strip_prefix(kind));
    if let Some((found, expected)) = other.and_then(|rest| rest.split_once(", expected ")) {
        let expected = match expected {
            "u32" => "a whole number, such as 1,",
            "a string" => "a text in quotes",
            expected => expected,
        };
        let found = found.replace("string ", "the text ").replace("integer ", "the number ");
        return (format!("{found} cannot stand here"), format!("{expected} is needed"));
    }
    let help = "texts stand in quotes, a table's name in brackets; `rbp new` shows how";
    (format!("this is not TOML: {message}"), help.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nb = { path = \"../b\" }\n\
                    [lints]\norphan-dependency = \"off\"\n[defaults]\nsurvives = 2\n";
        let manifest = Manifest::read(text, Path::new("rbp.toml")).unwrap();
        assert_eq!(manifest.package.version(), "0.1.0");
        assert_eq!(manifest.defaults.survives, Some(2));
        assert_eq!(manifest.levels(), [("orphan-dependency".to_owned(), None)]);
    }

    #[test]
    fn a_version_that_will_do_is_compatible_with_the_one_asked_for() {
        let table = |asked: Option<&str>| DependencyTable {
            path: PathBuf::new(),
            version: asked.map(|asked| Spanned::new(0..0, asked.to_owned())),
        };
        let unmet = |asked, version| table(Some(asked)).unmet(version).is_some();
        assert!(!unmet("1.2", "1.2.0") && !unmet("1.2.0", "1.9.3"));
        assert!(unmet("1.2.0", "1.1.9") && unmet("1.2.0", "2.0.0"));
        assert!(!unmet(">=1.2, <3", "2.0.0") && unmet("=1.2.0", "1.2.1"));
        assert_eq!(table(None).unmet("0.0.1"), None);
    }
}
