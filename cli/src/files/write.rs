//! Writing files whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::Failure;

/// A text and the file that it is for.
#[derive(Debug, Clone)]
pub struct Text {
    /// The file.
    pub path: PathBuf,
    /// What it is to say.
    pub text: String,
}

/// Writes a file whole or not at all: beside it first, then in its place. A device such as `/dev/null`, or a
/// pipe, is written to as it is: nothing may take its place.
///
/// # Errors
///
/// When it cannot be written.
pub fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir()) {
        return fs::write(path, text).map_err(|error| cannot_write(path, &error));
    }
    write_all(&[Text { path: path.to_owned(), text: text.to_owned() }])
}

/// Writes files that belong together: all of them beside their places first, and only when each is
/// there in full, into their places. A link stays one: what it leads to is written.
///
/// # Errors
///
/// When one cannot be written.
pub fn write_all(texts: &[Text]) -> Result<(), Failure> {
    let place = |text: &Text| fs::canonicalize(&text.path).unwrap_or_else(|_| text.path.clone());
    let places: Vec<PathBuf> = texts.iter().map(place).collect();
    let beside: Vec<PathBuf> = places.iter().map(|place| beside(place)).collect();
    let all = || texts.iter().zip(&places).zip(&beside);
    let written = all().try_for_each(|((text, place), beside)| {
        put(&text.text, place, beside).map_err(|error| cannot_write(&text.path, &error))
    });
    let moved = written.and_then(|()| {
        all().try_for_each(|((text, place), beside)| {
            fs::rename(beside, place).map_err(|error| cannot_write(&text.path, &error))
        })
    });
    if moved.is_err() {
        beside.iter().for_each(|path| _ = fs::remove_file(path));
    }
    moved
}

/// The name under which a file is written before it stands in its place.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

fn put(text: &str, place: &Path, beside: &Path) -> io::Result<()> {
    let mut file = fs::File::create(beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    match fs::metadata(place) {
        Ok(meta) => fs::set_permissions(beside, meta.permissions()),
        Err(_) => Ok(()),
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {error}", path.display()))
        .help("nothing was changed; check the folder and its permissions")
}
