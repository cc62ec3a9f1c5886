//! Reading packages and files from disk, and writing whole files.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rbp_compiler::db::Package;
use rbp_compiler::evidence::ENDINGS;
use rbp_compiler::session::{FileSpec, Sources};
use rbp_grammar::MAX_FILE;

use crate::Failure;
use crate::manifest::{Manifest, NAME, place};

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// Reads everything that the paths name: packages, folders, files, standard input.
///
/// A path inside a package brings in the whole package, so that its imports mean something; what
/// was named is listed in the result.
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

/// What was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The packages and files.
    pub sources: Sources,
    /// The paths of the files that were asked for, as shown; the others came along with them.
    pub asked: HashSet<String>,
    /// The package of the first path, by place in the sources.
    pub first: u32,
    /// The folders that were searched for files.
    pub folders: Vec<PathBuf>,
}

#[derive(Default)]
struct Loader {
    loaded: Loaded,
    /// The paths of the files read so far, as shown.
    paths: HashSet<String>,
    packages: Vec<Known>,
    /// The packages that are being read, each a dependency of the one before it.
    chain: Vec<Known>,
}

/// A package that was met.
#[derive(Clone)]
struct Known {
    name: String,
    /// Its folder, whatever it was called.
    real: PathBuf,
    /// Its folder as it was called first; its files are shown below it.
    root: PathBuf,
    number: u32,
}

impl Loader {
    fn stdin(&mut self) -> Result<(), Failure> {
        let text = read_stdin()?;
        let package = self.package(Package::default());
        self.file("standard input".into(), "main".into(), package, text);
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
            Some(root) => {
                let known = self.package_at(&root)?;
                if self.loaded.asked.is_empty() {
                    self.loaded.first = known.number;
                }
                self.ask(path, &known.root)
            }
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
        for root in roots {
            let known = self.package_at(&root)?;
            self.ask(&root, &known.root)?;
        }
        Ok(())
    }

    /// Marks the files at or below a path of a package as asked for.
    fn ask(&mut self, path: &Path, root: &Path) -> Result<(), Failure> {
        let files = if path.is_dir() { files_below(path)? } else { vec![path.to_owned()] };
        let mut asked = Vec::new();
        for file in &files {
            let shown = shown_path(root, file);
            if self.paths.contains(&shown) {
                asked.push(shown);
            }
        }
        if asked.is_empty() {
            return Err(nothing_in(path));
        }
        self.loaded.asked.extend(asked);
        Ok(())
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
        let package = self.package(Package::default());
        self.loaded.folders.push(root.to_owned());
        for file in files {
            let shown = file.display().to_string();
            self.loaded.asked.insert(shown.clone());
            let text = read_text(&file)?;
            self.file(shown, module(root, &file), package, text);
        }
        Ok(())
    }

    fn package(&mut self, package: Package) -> u32 {
        self.loaded.sources.packages.push(package);
        self.loaded.sources.packages.len() as u32 - 1
    }

    fn file(&mut self, path: String, module: String, package: u32, text: String) {
        if !self.paths.insert(path.clone()) {
            return;
        }
        self.loaded.sources.files.push((FileSpec { path, module, package }, Arc::from(text)));
    }

    /// Reads the package at a root, once, and the packages it uses.
    fn package_at(&mut self, root: &Path) -> Result<Known, Failure> {
        let real = fs::canonicalize(root).map_err(|error| cannot_read(root, &error))?;
        if let Some(known) = self.packages.iter().find(|known| known.real == real) {
            return Ok(known.clone());
        }
        let path = root.join(NAME);
        let text = read_text(&path)?;
        let manifest = Manifest::read(&text, &path)?;
        let name = manifest.package.name.get_ref();
        let number = self.package(Package {
            name: name.clone(),
            version: manifest.package.version().to_owned(),
            dependencies: Vec::new(),
            lints: manifest.levels(),
            survives: manifest.defaults.survives,
        });
        let known = Known { name: name.clone(), real, root: root.to_owned(), number };
        self.packages.push(known.clone());
        self.loaded.folders.push(root.to_owned());
        for file in files_below(root)? {
            let text = read_text(&file)?;
            self.file(shown_path(root, &file), module(root, &file), number, text);
        }
        self.chain.push(known.clone());
        for (name, dependency) in &manifest.dependencies {
            let folder = beside(root, &dependency.path);
            if !folder.join(NAME).is_file() {
                return Err(Failure::new(format!(
                    "{}: the dependency `{}` is not there: {} holds no {NAME}",
                    place(&text, &path, &name.span()),
                    name.get_ref(),
                    folder.display()
                ))
                .help("its path is the folder of the other package, relative to this one"));
            }
            let other = self.package_at(&folder)?;
            if let Some(first) = self.chain.iter().position(|known| known.number == other.number) {
                let circle = self.chain.iter().skip(first).chain([&other]);
                let names: Vec<&str> = circle.map(|known| known.name.as_str()).collect();
                return Err(Failure::new(format!(
                    "{}: the packages depend on each other in a circle: {}",
                    place(&text, &path, &name.span()),
                    names.join(" → ")
                ))
                .help("move what both need into a package of its own, and let both depend on it"));
            }
            if let Some(package) = self.loaded.sources.packages.get_mut(number as usize) {
                package.dependencies.push((name.get_ref().clone(), other.number));
            }
        }
        self.chain.pop();
        Ok(known)
    }
}

/// A folder named from another one, without the way there and back: `a/../b` is `b`, unless links
/// make that another folder.
fn beside(root: &Path, path: &Path) -> PathBuf {
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
fn package_root(folder: &Path) -> Option<PathBuf> {
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
fn module(root: &Path, file: &Path) -> String {
    let below = file.strip_prefix(root).unwrap_or(file).with_extension("");
    let parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.join(".")
}

/// Every `.rbp` file at or below a folder, sorted. Hidden folders, `target` and `node_modules` are
/// left out, and so are other packages; a folder met again below itself through links is a loop.
///
/// # Errors
///
/// When a folder cannot be read, or links lead in a circle.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Below::default();
    walk(folder, &mut Vec::new(), &mut found)?;
    found.files.sort();
    Ok(found.files)
}

/// Whether there is a policy or a package at or below a folder.
///
/// # Errors
///
/// When a folder cannot be read, or links lead in a circle.
pub fn holds_policies(folder: &Path) -> Result<bool, Failure> {
    let mut found = Below::default();
    walk(folder, &mut Vec::new(), &mut found)?;
    Ok(!(found.files.is_empty() && found.packages.is_empty()))
}

/// Every `.rbp` file at or below a folder, those of the packages below it too, sorted.
///
/// # Errors
///
/// When a folder cannot be read, links lead in a circle, or there is no such file.
pub fn all_files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = files_below(folder)?;
    for root in packages_below(folder)? {
        files.extend(files_below(&root)?);
    }
    files.sort();
    if files.is_empty() { Err(nothing_in(folder)) } else { Ok(files) }
}

/// The roots of the packages below a folder that is in none, sorted.
fn packages_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Below::default();
    walk(folder, &mut Vec::new(), &mut found)?;
    let mut roots = found.packages;
    for root in roots.clone() {
        roots.extend(packages_below(&root)?);
    }
    roots.sort();
    Ok(roots)
}

#[derive(Default)]
struct Below {
    files: Vec<PathBuf>,
    packages: Vec<PathBuf>,
    records: Vec<PathBuf>,
}

/// Every file of test records at or below a folder, sorted; other packages are left out.
///
/// # Errors
///
/// When a folder cannot be read, or links lead in a circle.
pub fn records_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Below::default();
    walk(folder, &mut Vec::new(), &mut found)?;
    found.records.sort();
    Ok(found.records)
}

/// Whether a file may hold test records, by its name.
pub fn may_hold_records(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

fn walk(folder: &Path, above: &mut Vec<PathBuf>, found: &mut Below) -> Result<(), Failure> {
    let real = fs::canonicalize(folder).map_err(|error| cannot_read(folder, &error))?;
    if above.contains(&real) {
        return Err(Failure::new(format!(
            "{}: links lead back to a folder above it",
            folder.display()
        ))
        .help("remove the link, or name the folders that you mean"));
    }
    above.push(real);
    let entries = fs::read_dir(folder).map_err(|error| cannot_read(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| cannot_read(folder, &error))?.path();
        let name =
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        let rbp = path.extension().is_some_and(|extension| extension == "rbp");
        match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() && path.join(NAME).is_file() => found.packages.push(path),
            Ok(meta) if meta.is_dir() => walk(&path, above, found)?,
            Ok(meta) if meta.is_file() && rbp => found.files.push(path),
            Ok(meta) if meta.is_file() && may_hold_records(&path) => found.records.push(path),
            Err(error) if rbp => return Err(cannot_read(&path, &error)),
            _ => {}
        }
    }
    above.pop();
    Ok(())
}

fn nothing_in(path: &Path) -> Failure {
    Failure::new(format!("{}: no .rbp file here", path.display()))
        .help("a policy is a file that ends in .rbp; `rbp new` makes a first one")
}

/// The text of a file.
///
/// # Errors
///
/// When it cannot be read, is too large, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    plain_text(read_bytes(path)?, &path.display().to_string())
}

/// The bytes of a file.
///
/// # Errors
///
/// When it cannot be read, or is too large.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display().to_string();
    let meta = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if meta.is_dir() {
        return Err(Failure::new(format!("{shown} is a folder")).help("name a file"));
    }
    if meta.len() > MAX_FILE as u64 {
        return Err(too_large(&shown));
    }
    fs::read(path).map_err(|error| cannot_read(path, &error))
}

/// The text of standard input.
///
/// # Errors
///
/// As for a file.
pub fn read_stdin() -> Result<String, Failure> {
    let shown = "standard input";
    let mut bytes = Vec::new();
    let limit = MAX_FILE as u64 + 1;
    let read = io::stdin().lock().take(limit).read_to_end(&mut bytes);
    read.map_err(|error| Failure::new(format!("{shown} cannot be read: {error}")))?;
    if bytes.len() > MAX_FILE {
        return Err(too_large(shown));
    }
    plain_text(bytes, shown)
}

fn too_large(shown: &str) -> Failure {
    Failure::new(format!("{shown} has more than {} MiB, the most that is read", MAX_FILE >> 20))
        .help("split it into several files")
}

/// The bytes as text.
fn plain_text(bytes: Vec<u8>, shown: &str) -> Result<String, Failure> {
    let line = |before: &[u8]| before.iter().filter(|b| **b == b'\n').count() + 1;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Failure::new(format!("{shown} is UTF-16 text, and UTF-8 is needed"))
            .help("save the file as UTF-8; every editor can"));
    }
    if let Some(at) = bytes.iter().position(|b| *b == 0) {
        let line = line(bytes.get(..at).unwrap_or(&[]));
        return Err(Failure::new(format!(
            "{shown}:{line}: here is a NUL character, so this is no text file"
        ))
        .help("name a text file, or remove the character"));
    }
    let bare = |(at, b): (usize, &u8)| *b == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    if let Some(at) = bytes.iter().enumerate().position(bare) {
        let line = line(bytes.get(..at).unwrap_or(&[]));
        return Err(Failure::new(format!(
            "{shown}:{line}: here is a carriage return without a line feed"
        ))
        .help("save the file with the line ends of Unix or Windows; every editor can"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or(&[]);
        let within = before.iter().rev().take_while(|b| **b != b'\n').count();
        let column = before
            .get(before.len() - within..)
            .and_then(|l| std::str::from_utf8(l).ok())
            .map_or(0, |l| l.chars().count())
            + 1;
        Failure::new(format!("{shown}:{}:{column}: this character is not UTF-8", line(before)))
            .help("save the file as UTF-8; every editor can")
    })
}

fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => {
            Failure::new(format!("{shown} is a link to something that does not exist"))
                .help("remove the link, or let it lead to a file")
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Failure::new(format!("{shown} does not exist"))
                .help("check the spelling, and the folder that you are in")
        }
        io::ErrorKind::PermissionDenied => Failure::new(format!("{shown} may not be read"))
            .help("ask for permission, or name another file"),
        _ if error.to_string().contains("symbolic link") => {
            Failure::new(format!("{shown}: links lead in a circle")).help("remove the link")
        }
        _ => Failure::new(format!("{shown} cannot be read: {error}")),
    }
}

/// Writes a file whole or not at all: beside it first, then in its place.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = fs::File::create(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| match fs::metadata(path) {
            Ok(meta) => fs::set_permissions(&beside, meta.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        Failure::new(format!("{} cannot be written: {error}", path.display()))
            .help("nothing was changed; check the folder and its permissions")
    })
}
