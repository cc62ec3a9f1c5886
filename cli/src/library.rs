//! The standard library and the pages of the rules as files, so that an editor can open them: below the
//! user's cache folder, read-only, in a folder of their own for each text that they had.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use rbp_compiler::rules;

/// The folder, with everything written; `None` where there is no place to write to.
pub fn folder() -> Option<PathBuf> {
    let files = files();
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    let name = format!("{}-{:016x}", env!("CARGO_PKG_VERSION"), hasher.finish());
    let below = |cache: PathBuf| cache.join("rbp").join(&name);
    let places = [cache(), Some(env::temp_dir())];
    places.into_iter().flatten().map(below).find(|folder| write(folder, &files).is_ok())
}

/// The user's cache folder.
fn cache() -> Option<PathBuf> {
    let of = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    of("XDG_CACHE_HOME").or_else(|| of("LOCALAPPDATA")).or_else(|| {
        let home = of("HOME")?;
        let mac = home.join("Library").join("Caches");
        Some(if cfg!(target_os = "macos") { mac } else { home.join(".cache") })
    })
}

/// Every file, by its path below the folder.
fn files() -> Vec<(String, &'static str)> {
    let modules = rbp_stdlib::MODULES.iter();
    let modules =
        modules.map(|module| (format!("std/{}.rbp", module.name.replace('.', "/")), module.text));
    let pages = rules::all().map(|rule| (format!("rules/{}.md", rule.slug), rule.page));
    modules.chain(pages).collect()
}

/// Writes what is not there yet, each file whole.
fn write(folder: &Path, files: &[(String, &str)]) -> io::Result<()> {
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
            continue;
        }
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)?;
        let beside = parent.join(format!(".{}.tmp", std::process::id()));
        fs::write(&beside, text)?;
        let mut permissions = fs::metadata(&beside)?.permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&beside, permissions)?;
        fs::rename(&beside, &path)?;
    }
    Ok(())
}
