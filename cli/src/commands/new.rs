//! `rbp new`.

use std::fs;

use crate::args::New;
use crate::files::write_whole;
use crate::manifest::{NAME, NAME_FORM, is_name};
use crate::terminal::Terminal;
use crate::{Done, Failure};

/// The first policy: small, instructive, and with findings that teach.
const MAIN: &str = include_str!("new.rbp");

pub fn run(args: &New, terminal: &Terminal) -> Result<Done, Failure> {
    let name =
        args.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !is_name(&name) {
        let message = format!("`{name}` cannot be a package's name");
        return Err(Failure::new(message).help(NAME_FORM));
    }
    let manifest = args.path.join(NAME);
    let shown = args.path.display();
    if manifest.exists() || args.path.join("main.rbp").exists() {
        return Err(
            Failure::new(format!("{shown} holds a package already")).help("name another folder")
        );
    }
    fs::create_dir_all(&args.path)
        .map_err(|error| Failure::new(format!("the folder {shown} cannot be made: {error}")))?;
    write_whole(&manifest, &format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n"))?;
    write_whole(&args.path.join("main.rbp"), MAIN)?;
    terminal.note(&format!("made {shown}; next: rbp check {shown}"));
    Ok(Done::Clean)
}
