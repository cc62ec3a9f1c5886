//! Packages and those that they use, as they are on disk.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rbp_compiler::db;

use crate::Failure;
use crate::files::{below, beside, cannot_read, files_below, module, read_text};
use crate::manifest::{Manifest, NAME, place};

/// A package as it is on disk.
#[derive(Debug)]
pub struct Package {
    /// Its folder, whatever it was called.
    pub real: PathBuf,
    /// Its folder as it was called first; its files are shown below it.
    pub root: PathBuf,
    /// What its `rbp.toml` says.
    pub manifest: Manifest,
    /// The text of its `rbp.toml`.
    pub text: String,
    /// Its policies, sorted.
    pub files: Vec<Policy>,
    /// The packages that it uses, by the names of its own for them.
    pub uses: Vec<Use>,
}

/// A file of a package.
#[derive(Debug)]
pub struct Policy {
    /// The file.
    pub path: PathBuf,
    /// Its path below the package's folder, its parts apart by `/`.
    pub below: String,
    /// Its module.
    pub module: String,
    /// Its text.
    pub text: Arc<str>,
}

/// One package uses another.
#[derive(Debug)]
pub struct Use {
    /// The name by which it imports from it.
    pub name: String,
    /// The other one, by place in the graph.
    pub to: usize,
    /// Where its `rbp.toml` says so.
    pub at: String,
}

impl Package {
    /// Its name.
    pub fn name(&self) -> &str {
        self.manifest.package.name.get_ref()
    }

    /// Its version.
    pub fn version(&self) -> &str {
        self.manifest.package.version()
    }

    /// The package as the compiler takes it; its dependencies go by place in the graph.
    pub fn compiled(&self) -> db::Package {
        let public = self.manifest.package.public.as_ref();
        db::Package {
            name: self.name().to_owned(),
            version: self.version().to_owned(),
            dependencies: self
                .uses
                .iter()
                .map(|used| (used.name.clone(), used.to as u32))
                .collect(),
            lints: self.manifest.levels(),
            survives: self.manifest.defaults.survives,
            public: public.map(|all| all.iter().map(|one| one.get_ref().clone()).collect()),
        }
    }
}

/// Every package that was met, each once.
#[derive(Debug, Default)]
pub struct Graph {
    /// The packages, in the order in which they were met.
    pub packages: Vec<Package>,
    by_folder: HashMap<PathBuf, usize>,
}

impl Graph {
    /// Reads the package at a root and all that it uses, and returns its place.
    ///
    /// # Errors
    ///
    /// When something cannot be read, a package is not there or not of a version that will do, packages
    /// use each other in a circle, or two packages, two files or a module and a package have one name.
    pub fn read(&mut self, root: &Path) -> Result<usize, Failure> {
        let path = root.join(NAME);
        self.read_as(root, read_text(&path)?)
    }

    /// The same, with another text for the `rbp.toml` of the package.
    pub fn read_as(&mut self, root: &Path, text: String) -> Result<usize, Failure> {
        let first = self.packages.len();
        let at = self.add(root, || Ok(text))?;
        let mut next = first;
        while next < self.packages.len() {
            self.uses(next)?;
            next += 1;
        }
        self.circle(at)?;
        self.same_name(at)?;
        super::names::apart(self, at)?;
        Ok(at)
    }

    /// The places of a package and of all that it uses, in the order of shortest ways.
    pub fn reached(&self, from: usize) -> Vec<usize> {
        self.ways(from).into_iter().map(|(at, _)| at).collect()
    }

    fn add(
        &mut self,
        root: &Path,
        text: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<usize, Failure> {
        let real = fs::canonicalize(root).map_err(|error| cannot_read(root, &error))?;
        if let Some(known) = self.by_folder.get(&real) {
            return Ok(*known);
        }
        let (path, text) = (root.join(NAME), text()?);
        let manifest = Manifest::read(&text, &path)?;
        let files = files_below(root)?.into_iter().map(|path| {
            Ok(Policy {
                below: below(root, &path),
                module: module(root, &path),
                text: read_text(&path)?.into(),
                path,
            })
        });
        let files: Vec<Policy> = files.collect::<Result<_, Failure>>()?;
        super::names::one_file_each(files.iter().map(|file| (&*file.module, &*file.path)))?;
        let modules: Vec<&str> = files.iter().map(|file| file.module.as_str()).collect();
        manifest.offers_only(&modules, &text, &path)?;
        let at = self.packages.len();
        self.by_folder.insert(real.clone(), at);
        let root = root.to_owned();
        self.packages.push(Package { real, root, manifest, text, files, uses: Vec::new() });
        Ok(at)
    }

    /// Reads the packages that one uses.
    fn uses(&mut self, user: usize) -> Result<(), Failure> {
        let Some(package) = self.packages.get(user) else { return Ok(()) };
        let manifest = package.root.join(NAME);
        let wanted = package.manifest.dependencies.iter().map(|(name, table)| {
            let at = place(&package.text, &manifest, &name.span());
            (name.get_ref().clone(), at, beside(&package.root, &table.path), table.clone())
        });
        let wanted: Vec<_> = wanted.collect();
        let user_name = package.name().to_owned();
        let mut uses = Vec::with_capacity(wanted.len());
        for (name, at, folder, table) in wanted {
            let path = folder.join(NAME);
            if !path.is_file() {
                let shown = folder.display();
                return Err(Failure::new(format!(
                    "{at}: the dependency `{name}` is not there: {shown} holds no {NAME}"
                ))
                .help("its path is the folder of the other package, relative to this one"));
            }
            let to = self.add(&folder, || read_text(&path))?;
            let Some(other) = self.packages.get(to) else { continue };
            if let Some(asked) = table.unmet(other.version()) {
                let (version, shown) = (other.version(), folder.display());
                return Err(Failure::new(format!(
                    "{at}: `{user_name}` asks for `{name}` {asked}, and {shown} holds version {version}"
                ))
                .help(format!(
                    "see whether {version} will do and ask for it (`version = \"{version}\"`), or name the folder of \
                     another version"
                )));
            }
            uses.push(Use { name, to, at });
        }
        if let Some(package) = self.packages.get_mut(user) {
            package.uses = uses;
        }
        Ok(())
    }

    /// Refuses packages that use each other in a circle.
    fn circle(&self, from: usize) -> Result<(), Failure> {
        let mut done = vec![false; self.packages.len()];
        // Each a package of the way so far, with the number of its uses that were followed.
        let mut way = vec![(from, 0)];
        while let Some((at, next)) = way.last_mut() {
            let at = *at;
            let used = self.packages.get(at).and_then(|package| package.uses.get(*next));
            *next += 1;
            let Some(used) = used else {
                done.get_mut(at).into_iter().for_each(|done| *done = true);
                way.pop();
                continue;
            };
            if let Some(first) = way.iter().position(|(at, _)| *at == used.to) {
                let circle = way.iter().skip(first).map(|(at, _)| *at).chain([used.to]);
                return Err(Failure::new(format!(
                    "{}: the packages depend on each other in a circle: {}",
                    used.at,
                    self.named(circle)
                ))
                .help("move what both need into a package of its own, and let both depend on it"));
            }
            if !done.get(used.to).copied().unwrap_or(true) {
                way.push((used.to, 0));
            }
        }
        Ok(())
    }

    /// Refuses two packages of one name: what one declares could not be told from what the other does.
    fn same_name(&self, from: usize) -> Result<(), Failure> {
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        let ways = self.ways(from);
        let way = |at: usize| {
            let mut way = vec![at];
            let mut next = at;
            while let Some((_, Some((user, _)))) = ways.iter().find(|(at, _)| *at == next) {
                way.insert(0, *user);
                next = *user;
            }
            way
        };
        for (at, through) in &ways {
            let Some(package) = self.packages.get(*at) else { continue };
            let Some(first) = by_name.insert(package.name(), *at) else { continue };
            let told = |at: usize| {
                let Some(package) = self.packages.get(at) else { return String::new() };
                let (way, folder) = (self.named(way(at)), package.root.display());
                format!("{way} in {folder}, version {}", package.version())
            };
            let place = through.map_or(String::new(), |(_, used)| format!("{}: ", used.at));
            return Err(Failure::new(format!(
                "{place}two packages are called `{}`: {}, and {}",
                package.name(),
                told(first),
                told(*at)
            ))
            .help("let all who use it name one folder, or give one of the two another name"));
        }
        Ok(())
    }

    /// All that a package uses, itself first, each with who uses it on a shortest way.
    fn ways(&self, from: usize) -> Vec<(usize, Option<(usize, &Use)>)> {
        let mut met = vec![false; self.packages.len()];
        let mut ways: Vec<(usize, Option<(usize, &Use)>)> = vec![(from, None)];
        met.get_mut(from).into_iter().for_each(|met| *met = true);
        let mut next = 0;
        while let Some((user, _)) = ways.get(next).copied() {
            next += 1;
            for used in self.packages.get(user).map_or(&[][..], |package| &package.uses) {
                if let Some(met) = met.get_mut(used.to).filter(|met| !**met) {
                    *met = true;
                    ways.push((used.to, Some((user, used))));
                }
            }
        }
        ways
    }

    fn named(&self, way: impl IntoIterator<Item = usize>) -> String {
        let names = way.into_iter().filter_map(|at| self.packages.get(at)).map(Package::name);
        names.collect::<Vec<_>>().join(" → ")
    }
}
