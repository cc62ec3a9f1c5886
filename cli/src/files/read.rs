//! Reading text, and what is said where that fails.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use rbp_grammar::MAX_FILE;

use crate::Failure;

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

/// What is said of a file that cannot be read.
pub fn cannot_read(path: &Path, error: &io::Error) -> Failure {
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
