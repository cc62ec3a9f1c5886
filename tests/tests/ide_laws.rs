//! Laws of what the editor is told: names mean there what they mean to the compiler, and no question about any
//! place of any text fails.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rbp_compiler::db::{Day, Package, file};
use rbp_compiler::diagnostic::{FileId, Places};
use rbp_compiler::model::facts;
use rbp_compiler::names::{ItemId, Scope};
use rbp_compiler::session::{FileSpec, Session};
use rbp_ide::Source;
use rbp_ide::actions::actions;
use rbp_ide::completion::completions;
use rbp_ide::definition::{declaration, definition, type_definition};
use rbp_ide::folding::{folds, selection};
use rbp_ide::formatting::formatting;
use rbp_ide::hierarchy::{above, below, element_at, kind_at};
use rbp_ide::hints::hints;
use rbp_ide::hover::hover;
use rbp_ide::lenses::lenses;
use rbp_ide::links::links;
use rbp_ide::occurrences::{Symbol, in_item};
use rbp_ide::references::{highlights, references};
use rbp_ide::rename::rename;
use rbp_ide::signature::signature;
use rbp_ide::symbols::{document_symbols, workspace_symbols};
use rbp_ide::tokens::tokens;

/// The folders of examples, each with its files.
fn examples() -> Vec<Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    let files = |folder: &PathBuf| {
        let entries = fs::read_dir(folder).into_iter().flatten().map(|e| e.unwrap().path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|e| e == "rbp")).collect();
        files.sort();
        let named = files.iter().map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        });
        named.collect::<Vec<_>>()
    };
    folders.iter().map(files).filter(|files| !files.is_empty()).collect()
}

fn session(files: &[(String, String)]) -> (Session, Vec<FileId>) {
    let mut session = Session::new(Day(20_780));
    let package = session.add_package(Package { name: "made".into(), ..Package::default() });
    let files = files.iter().map(|(path, text)| {
        let module = path.trim_end_matches(".rbp").to_owned();
        (FileSpec { path: path.clone(), module, package }, Arc::from(text.as_str()))
    });
    let ids = session.add_files(files.collect());
    (session, ids)
}

#[test]
fn names_mean_what_they_mean_to_the_compiler() {
    let mut compared = 0;
    for files in examples() {
        let (session, ids) = session(&files);
        let db = session.db();
        for id in ids {
            let source = Source::of(db, id).unwrap();
            let scope = Scope::of(db, source.at);
            let facts = facts(db, file(db, id).unwrap());
            for element in facts.elements().filter(|element| element.written().is_none()) {
                let found = in_item(&source, &scope, element.id.item);
                let meant: BTreeSet<ItemId> = found
                    .iter()
                    .flat_map(|o| {
                        let item = match o.symbol {
                            Symbol::Item(_, id) => Some(id),
                            _ => None,
                        };
                        item.into_iter().chain(o.element)
                    })
                    .collect();
                for target in element.targets() {
                    compared += 1;
                    let (path, name) = (session.path(id), element.name());
                    assert!(meant.contains(&target), "{path}: {name} names {target:?}");
                }
            }
        }
    }
    println!("{compared} names compared");
    assert!(compared > 500);
}

/// Every question, about one place.
fn ask(session: &Session, id: FileId, byte: usize, far: bool) {
    let db = session.db();
    let text = session.text(id);
    let inside = |range: &std::ops::Range<usize>| assert!(text.get(range.clone()).is_some());
    for target in
        [definition(db, id, byte), declaration(db, id, byte), type_definition(db, id, byte)]
    {
        target.iter().for_each(|target| inside(&target.from.bytes));
    }
    highlights(db, id, byte).iter().for_each(|found| inside(&found.place.bytes));
    if let Some(shown) = hover(db, id, byte) {
        inside(&shown.at.bytes);
    }
    if let Some(found) = completions(db, id, byte) {
        inside(&found.at.bytes);
    }
    selection(db, id, byte).iter().for_each(inside);
    let _ = signature(db, id, byte);
    if let Some(node) = element_at(db, id, byte) {
        let _ = (above(db, node.id), below(db, node.id));
    }
    let _ = kind_at(db, id, byte);
    if far {
        let _ = references(db, id, byte);
        let _ = rename(db, id, byte, "quite-new");
    }
}

/// Every question, about a file.
fn ask_all(session: &Session, id: FileId) {
    let db = session.db();
    let text = session.text(id);
    let inside = |range: &std::ops::Range<usize>| assert!(text.get(range.clone()).is_some());
    let mut end = 0;
    for token in tokens(db, id) {
        inside(&token.bytes);
        assert!(token.bytes.start >= end, "tokens overlap at {end}");
        end = token.bytes.end;
    }
    folds(db, id).iter().for_each(|fold| inside(&fold.bytes));
    let _ = (document_symbols(db, id), links(db, id), lenses(db, id), formatting(db, id, None));
    let _ = hints(db, id, 0..text.len());
    let _ = workspace_symbols(db, "a", 10);
    for finding in &session.check(id).diagnostics {
        for action in actions(db, finding) {
            assert!(!action.changes.is_empty(), "{} changes nothing", action.title);
        }
    }
}

#[test]
fn no_question_about_any_text_fails() {
    let mut asked = 0;
    let mut texts: Vec<String> = examples().into_iter().flatten().map(|(_, text)| text).collect();
    texts.extend(rbp_stdlib::MODULES.iter().map(|module| module.text.to_owned()));
    for (number, text) in texts.iter().enumerate() {
        // Whole, cut off in the middle of something, and with brackets lost.
        let cut = text.floor_char_boundary(text.len() * (1 + number % 5) / 6);
        let variants = [
            text.clone(),
            text[..cut].to_owned(),
            text.replace('}', ""),
            text.replace(' ', "\u{2003}"),
        ];
        for variant in variants {
            let (session, ids) = session(&[("main.rbp".to_owned(), variant)]);
            let id = ids[0];
            ask_all(&session, id);
            let length = session.text(id).len();
            for (turn, byte) in (0..=length).step_by(length / 40 + 1).enumerate() {
                asked += 1;
                ask(&session, id, session.text(id).floor_char_boundary(byte), turn % 10 == 0);
            }
        }
    }
    println!("{asked} places asked");
    assert!(asked > 3_000);
}
