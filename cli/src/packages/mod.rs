//! Reading packages: what paths name, what that uses, and whether it is what was accepted.

pub mod edit;
pub mod graph;
pub mod lock;
mod names;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rbp_compiler::db::Package;
use rbp_compiler::session::{FileSpec, Sources};

use crate::Failure;
use crate::files::{
    STDIN, cannot_read, files_below, module, nothing_in, package_root, packages_below, parent,
    read_stdin, read_text, shown_path,
};
use crate::manifest::NAME;
use graph::Graph;

/// Reads everything that the paths name: packages, folders, files, standard input.
///
/// A path inside a package brings in the whole package and those that it uses, so that its imports mean
/// something; what was named is listed in the result.
///
/// # Errors
///
/// When something cannot be read, with file, cause and cure.
pub fn load(paths: &[PathBuf]) -> Result<Loaded, Failure> {
    let mut loader = Loader::default();
    for path in paths {
        match path.as_os_str() == STDIN {
            true => loader.stdin()?,
            false => loader.path(path)?,
        }
    }
    Ok(loader.loaded)
}

/// The root of the package that a path is in; of the current folder's where none is named.
///
/// # Errors
///
/// When it is in none.
pub fn root_of(path: Option<&Path>) -> Result<PathBuf, Failure> {
    let path = path.unwrap_or(Path::new("."));
    let meta = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    package_root(if meta.is_dir() { path } else { parent(path) }).ok_or_else(|| {
        Failure::new(format!(
            "{} is in no package: there is no {NAME} there or above",
            path.display()
        ))
        .help("name a package's folder; `rbp new` makes one")
    })
}

/// What was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The packages and files.
    pub sources: Sources,
    /// The paths of the files that were asked for, as shown; the others came along with them.
    pub asked: HashSet<String>,
    /// The package of the first path, by place in the sources.
    pub first: u32,
    /// Where each package is that was asked for.
    pub roots: Vec<PathBuf>,
    /// The folders that were searched for files.
    pub folders: Vec<PathBuf>,
    /// Of the packages that were asked for, why those that they use are not what was accepted.
    pub unaccepted: Vec<Failure>,
    /// The packages that were asked for and use others without a lock.
    pub unlocked: Vec<PathBuf>,
}

impl Loaded {
    /// Refuses a path below which there are several packages, where one is wanted.
    ///
    /// # Errors
    ///
    /// Where there are several; it names them.
    pub fn must_be_one(&self, path: &Path) -> Result<(), Failure> {
        const SHOWN: usize = 5;
        let [_, _, ..] = self.roots.as_slice() else { return Ok(()) };
        let shown: Vec<String> =
            self.roots.iter().take(SHOWN).map(|root| root.display().to_string()).collect();
        let more = self.roots.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Err(Failure::new(format!(
            "{} holds {} packages, and this is about one: {}{more}",
            path.display(),
            self.roots.len(),
            shown.join(", ")
        ))
        .help("name one of them"))
    }

    /// Refuses packages that use others where no lock says what was accepted.
    ///
    /// # Errors
    ///
    /// For the first such package.
    pub fn must_be_locked(&self) -> Result<(), Failure> {
        let Some(root) = self.unlocked.first() else { return Ok(()) };
        let (lock, shown) = (root.join(lock::NAME), root.display());
        Err(Failure::new(format!("{} is not there, and the package uses others", lock.display()))
            .help(format!("`rbp lock {shown}` writes it; keep it with the package")))
    }
}

#[derive(Default)]
struct Loader {
    loaded: Loaded,
    /// The paths of the files read so far, as shown.
    paths: HashSet<String>,
    graph: Graph,
    /// The number of each package of the graph.
    numbers: HashMap<usize, u32>,
    /// The packages of the graph whose locks were looked at.
    held: HashSet<usize>,
}

impl Loader {
    fn stdin(&mut self) -> Result<(), Failure> {
        let text = read_stdin()?;
        let package = self.package(Package::default());
        self.file("standard input".into(), "main".into(), package, text.into());
        self.loaded.asked.insert("standard input".into());
        Ok(())
    }

    fn path(&mut self, path: &Path) -> Result<(), Failure> {
        let meta = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
        if meta.is_file() && path.file_name().is_some_and(|name| name == NAME) {
            return self.path(parent(path));
        }
        let folder = if meta.is_dir() { path } else { parent(path) };
        match package_root(folder) {
            Some(root) => self.ask(path, &root),
            None if meta.is_dir() => self.folder(path),
            None => self.loose(path, false),
        }
    }

    /// A folder that is in no package: the packages below it, and the files that are in none.
    fn folder(&mut self, path: &Path) -> Result<(), Failure> {
        let roots = packages_below(path)?;
        if roots.is_empty() || !files_below(path)?.is_empty() {
            self.loose(path, true)?;
        }
        roots.iter().try_for_each(|root| self.ask(root, root))
    }

    /// Reads the package at a root, and marks its files at or below a path as asked for.
    fn ask(&mut self, path: &Path, root: &Path) -> Result<(), Failure> {
        let at = self.graph.read(root)?;
        self.keep(at);
        let Some(package) = self.graph.packages.get(at) else { return Ok(()) };
        if self.loaded.asked.is_empty() {
            self.loaded.first = self.numbers.get(&at).copied().unwrap_or_default();
        }
        if self.held.insert(at) {
            self.loaded.roots.push(package.root.clone());
            match lock::held(&self.graph, at)? {
                lock::Held::Accepted => {}
                lock::Held::NotLocked => self.loaded.unlocked.push(package.root.clone()),
                lock::Held::Changed(why) => self.loaded.unaccepted.push(why),
            }
        }
        let files = if path.is_dir() { files_below(path)? } else { vec![path.to_owned()] };
        let shown = files.iter().map(|file| shown_path(&package.root, file));
        let asked: Vec<String> = shown.filter(|shown| self.paths.contains(shown)).collect();
        if asked.is_empty() {
            return Err(nothing_in(path));
        }
        self.loaded.asked.extend(asked);
        Ok(())
    }

    /// Takes a package of the graph and those that it uses into what was read, each once.
    fn keep(&mut self, from: usize) {
        let mut reached = self.graph.reached(from);
        reached.retain(|at| !self.numbers.contains_key(at));
        for at in &reached {
            let number = self.package(Package::default());
            self.numbers.insert(*at, number);
        }
        for at in reached {
            let (Some(package), Some(number)) =
                (self.graph.packages.get(at), self.numbers.get(&at).copied())
            else {
                continue;
            };
            let mut compiled = package.compiled();
            for (_, to) in &mut compiled.dependencies {
                *to = self.numbers.get(&(*to as usize)).copied().unwrap_or(*to);
            }
            self.loaded.folders.push(package.root.clone());
            let files = package.files.iter().map(|file| {
                let shown = shown_path(&package.root, &file.path);
                (shown, file.module.clone(), file.text.clone())
            });
            for (shown, module, text) in files.collect::<Vec<_>>() {
                self.file(shown, module, number, text);
            }
            if let Some(kept) = self.loaded.sources.packages.get_mut(number as usize) {
                *kept = compiled;
            }
        }
    }

    /// Files without a package: each folder or file named is one of its own.
    fn loose(&mut self, path: &Path, folder: bool) -> Result<(), Failure> {
        let (root, files) = if folder {
            let files = files_below(path)?;
            if files.is_empty() {
                return Err(nothing_in(path));
            }
            (path, files)
        } else {
            (parent(path), vec![path.to_owned()])
        };
        let modules: Vec<String> = files.iter().map(|file| module(root, file)).collect();
        let named = modules.iter().map(String::as_str).zip(files.iter().map(PathBuf::as_path));
        names::one_file_each(named)?;
        let package = self.package(Package::default());
        self.loaded.folders.push(root.to_owned());
        self.loaded.roots.push(root.to_owned());
        for (file, module) in files.iter().zip(modules) {
            let shown = file.display().to_string();
            self.loaded.asked.insert(shown.clone());
            let text = read_text(file)?;
            self.file(shown, module, package, text.into());
        }
        Ok(())
    }

    fn package(&mut self, package: Package) -> u32 {
        self.loaded.sources.packages.push(package);
        self.loaded.sources.packages.len() as u32 - 1
    }

    fn file(&mut self, path: String, module: String, package: u32, text: Arc<str>) {
        if !self.paths.insert(path.clone()) {
            return;
        }
        self.loaded.sources.files.push((FileSpec { path, module, package }, text));
    }
}
