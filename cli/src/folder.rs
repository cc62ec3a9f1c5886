//! Folders of made files, written whole or not at all.
//!
//! A folder is made beside its place under a hidden name, and takes its place when every file of it
//! is on the disk. A list of its files and their digests goes along: a folder that holds anything else, or a file that
//! somebody has changed since, is left alone.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rbp_backends::File;
use sha2::{Digest, Sha256};

use crate::Failure;
use crate::files::parent;

/// The list of the files that were written, by which a folder is known again: the digest of each and its path, as
/// `sha256sum` writes and checks them.
const LIST: &str = ".rbp-files";

/// A folder that is written and waits beside its place; dropped, it is gone.
#[derive(Debug)]
pub struct Waiting {
    place: PathBuf,
    beside: PathBuf,
}

impl Waiting {
    /// Writes the files beside the folder's place.
    ///
    /// # Errors
    ///
    /// When the place is taken by something that was not written here or has been changed since, or when a file cannot be
    /// written.
    pub fn write(place: &Path, files: &[File]) -> Result<Waiting, Failure> {
        free(place)?;
        let waiting = Waiting { place: place.to_owned(), beside: hidden(place, "tmp") };
        waiting.fill(files).map_err(|error| cannot_write(place, &error))?;
        Ok(waiting)
    }

    fn fill(&self, files: &[File]) -> io::Result<()> {
        let _ = fs::remove_dir_all(&self.beside);
        fs::create_dir_all(&self.beside)?;
        let mut list = String::new();
        for file in files {
            let path = self.beside.join(&file.path);
            fs::create_dir_all(parent(&path))?;
            whole(&path, &file.text)?;
            list += &format!("{}  {}\n", digest(file.text.as_bytes()), file.path);
        }
        whole(&self.beside.join(LIST), &list)
    }

    /// Takes its place. What stood there is put back if that fails.
    ///
    /// # Errors
    ///
    /// When a folder cannot be renamed.
    pub fn take_place(self) -> Result<(), Failure> {
        let old = hidden(&self.place, "old");
        let taken = fs::symlink_metadata(&self.place).is_ok();
        let renamed = match taken {
            true => fs::rename(&self.place, &old),
            false => Ok(()),
        };
        let renamed = renamed.and_then(|()| {
            fs::rename(&self.beside, &self.place).inspect_err(|_| {
                if taken {
                    let _ = fs::rename(&old, &self.place);
                }
            })
        });
        renamed.map_err(|error| cannot_write(&self.place, &error))?;
        let _ = fs::remove_dir_all(&old);
        Ok(())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.beside);
    }
}

fn whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A hidden name beside a place.
fn hidden(place: &Path, ending: &str) -> PathBuf {
    let name = place.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    place.with_file_name(format!(".{name}.{}.{ending}", std::process::id()))
}

/// Whether a folder may take the place: nothing is there, or what was written here before.
fn free(place: &Path) -> Result<(), Failure> {
    let shown = place.display();
    let Ok(meta) = fs::symlink_metadata(place) else { return Ok(()) };
    if !meta.is_dir() {
        return Err(Failure::new(format!("{shown} is there already and is no folder"))
            .help("nothing was changed; move it away, or name another folder"));
    }
    let list = fs::read_to_string(place.join(LIST)).unwrap_or_default();
    let known: HashMap<&str, &str> =
        list.lines().filter_map(|line| line.split_once("  ").map(|(d, path)| (path, d))).collect();
    let mut found = Vec::new();
    below(place, String::new(), &mut found).map_err(|error| cannot_write(place, &error))?;
    for path in found.iter().filter(|path| *path != LIST) {
        let Some(written) = known.get(path.as_str()) else {
            return Err(Failure::new(format!("{shown} holds `{path}`, which rbp did not write"))
                .help("nothing was changed; move it away, or name another folder"));
        };
        let now = fs::read(place.join(path)).map_err(|error| cannot_write(place, &error))?;
        if digest(&now) != *written {
            return Err(Failure::new(format!(
                "{shown}/{path} was changed by somebody since rbp wrote it"
            ))
            .help("nothing was changed; keep your copy elsewhere and delete this one, or name another folder"));
        }
    }
    Ok(())
}

/// SHA-256, in hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The paths of all files below a folder, as a list has them. Links are not followed.
fn below(folder: &Path, before: String, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{before}{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true => below(&entry.path(), path + "/", found)?,
            false => found.push(path),
        }
    }
    found.sort();
    Ok(())
}

fn cannot_write(place: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {error}", place.display()))
        .help("nothing was changed; check the folder and its permissions")
}
