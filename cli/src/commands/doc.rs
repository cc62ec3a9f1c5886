//! `rbp doc`.

use rbp_backends::File;
use rbp_compiler::session::Session;
use rbp_site::book::{Book, book};
use rbp_site::render::pages;

use super::{open_one, today};
use crate::args::Doc;
use crate::folder::Waiting;
use crate::packages::root_of;
use crate::terminal::Terminal;
use crate::{Done, Failure};

/// What stands for the standard library.
const STANDARD: &str = "std";

pub fn run(args: &Doc, terminal: &Terminal) -> Result<Done, Failure> {
    let book = read(args)?;
    let pages = pages(&book)
        .map_err(|error| Failure::new(format!("the list of names cannot be written: {error}")))?;
    let files: Vec<File> =
        pages.into_iter().map(|page| File { path: page.name, text: page.text }).collect();
    Waiting::write(&args.output, &files)?.take_place()?;
    let entries = book.modules.iter().flat_map(|module| &module.entries);
    let silent = entries.clone().filter(|entry| entry.is_silent()).count();
    let first = args.output.join("index.html");
    terminal.note(&format!("wrote {}: {}", first.display(), told(entries.count(), silent)));
    Ok(Done::Clean)
}

fn read(args: &Doc) -> Result<Book, Failure> {
    let (session, package) = match &args.path {
        Some(path) if path.as_os_str() == STANDARD => (Session::new(today()), 0),
        path => {
            let root = root_of(path.as_deref());
            let root = match path {
                // A folder without `rbp.toml` makes a package too.
                Some(path) => root.unwrap_or_else(|_| path.clone()),
                None => root?,
            };
            let (session, _, package) = open_one(Some(&root), today())?;
            (session, package)
        }
    };
    book(session.db(), package).map_err(|unread| {
        let shown: Vec<String> =
            unread.iter().take(5).map(|one| format!("{}:{}", one.file, one.line)).collect();
        let more = if unread.len() > shown.len() { ", …" } else { "" };
        Failure::new(format!("what cannot be read would be missing: {}{more}", shown.join(", ")))
            .help("nothing was written; `rbp check` says what is wrong there")
    })
}

/// How much the pages tell of.
fn told(all: usize, silent: usize) -> String {
    let names = if all == 1 { "1 name".into() } else { format!("{all} names") };
    match silent {
        0 => names,
        some => format!("{names}, {some} of them without a `///` that says what it is"),
    }
}
