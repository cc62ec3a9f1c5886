//! `rbp add`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::args::Add;
use crate::files::{Text, cannot_read, from_here, package_root, parent, write_all};
use crate::manifest::{self, NAME_FORM, is_name};
use crate::packages::edit::with_dependency;
use crate::packages::graph::{Graph, Package};
use crate::packages::{lock, root_of};
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(args: &Add, terminal: &Terminal) -> Result<Done, Failure> {
    let root = root_of(args.package.as_deref())?;
    let mut before = Graph::default();
    let at = before.read(&root)?;
    // Else the new lock would accept what nobody looked at.
    if let lock::Held::Changed(why) = lock::held(&before, at)? {
        return Err(why);
    }
    let other = before.read(&folder_of(&args.path)?)?;
    let (Some(package), Some(other)) = (before.packages.get(at), before.packages.get(other)) else {
        return Ok(Done::Clean);
    };
    let name = args.name.as_deref().unwrap_or(other.name());
    if !is_name(name) {
        let message = format!("`{name}` cannot be a dependency's name");
        return Err(Failure::new(message).help(NAME_FORM));
    }
    new_to(package, &before, name, other)?;
    let path = from_here(&package.real, &other.real);
    let manifest = Text {
        path: package.root.join(manifest::NAME),
        text: with_dependency(&package.text, name, &path)?,
    };
    let mut after = Graph::default();
    let at = after.read_as(&root, manifest.text.clone())?;
    let Some(changed) = after.packages.get(at) else { return Ok(Done::Clean) };
    let lock = Text { path: lock::path(changed), text: lock::Lock::of(&after, at)?.text()? };
    write_all(&[manifest, lock])?;
    let compiled = other.compiled();
    let offered = other.files.iter().map(|file| &file.module).filter(|m| compiled.offers(m));
    let mut offered: Vec<String> = offered.map(|module| format!("`{name}.{module}`")).collect();
    let more = if offered.len() > 8 { ", …" } else { "" };
    offered.truncate(8);
    let from = match offered.is_empty() {
        true => "it offers no modules to import from yet".to_owned(),
        false => format!("import from {}{more}", offered.join(", ")),
    };
    terminal.note(&format!(
        "`{}` uses `{name}` {} from {path} now, and {} accepts it; {from}",
        package.name(),
        other.version(),
        lock::NAME,
    ));
    Ok(Done::Clean)
}

/// The folder of the package that a path names: itself, or its `rbp.toml`.
fn folder_of(path: &Path) -> Result<PathBuf, Failure> {
    let meta = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    let folder = if meta.is_dir() { path } else { parent(path) };
    if folder.join(manifest::NAME).is_file() {
        return Ok(folder.to_owned());
    }
    let failure = Failure::new(format!("{} is no package: it holds no rbp.toml", path.display()));
    Err(match package_root(folder) {
        Some(root) => failure.help(format!("the package is {}", root.display())),
        None => failure.help("name the folder of a package; `rbp new` makes one"),
    })
}

/// Refuses a dependency that is there already, under this name or another, and the package itself.
fn new_to(package: &Package, graph: &Graph, name: &str, other: &Package) -> Result<(), Failure> {
    if package.real == other.real {
        return Err(Failure::new(format!("`{}` cannot use itself", package.name()))
            .help("name the folder of another package"));
    }
    for used in &package.uses {
        let Some(known) = graph.packages.get(used.to) else { continue };
        let shown = known.root.display();
        if known.real == other.real {
            return Err(Failure::new(format!(
                "`{}` uses {shown} already, as `{}`",
                package.name(),
                used.name
            )));
        }
        if used.name == name {
            return Err(Failure::new(format!(
                "`{}` calls the package in {shown} `{name}`",
                package.name()
            ))
            .help("choose another name for this one: --name NAME"));
        }
    }
    Ok(())
}
