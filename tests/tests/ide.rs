//! What the editor is told, by annotated snippets in Markdown: `tests/ide/*.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rbp_compiler::db::{Day, Package};
use rbp_compiler::diagnostic::{FileId, Places};
use rbp_compiler::model::day_of;
use rbp_compiler::session::{FileSpec, Session};
use rbp_ide::completion::{completions, plain};
use rbp_ide::definition::{Target, declaration, definition, type_definition};
use rbp_ide::folding::{folds, selection};
use rbp_ide::formatting::{declaration_around, formatting};
use rbp_ide::hierarchy::{Node, above, below, element_at, kind_at, subtypes, supertypes};
use rbp_ide::hints::hints;
use rbp_ide::hover::hover;
use rbp_ide::lenses::lenses;
use rbp_ide::links::links;
use rbp_ide::references::{highlights, references};
use rbp_ide::rename::{prepare, rename};
use rbp_ide::signature::signature;
use rbp_ide::tokens::tokens;
use rbp_ide::{Place, symbols};
use rbp_tests::markdown::{Block, blocks};

/// A snippet: its files, the pointer, and what is drawn.
struct Snippet {
    session: Session,
    files: Vec<FileId>,
    pointer: Option<(FileId, usize)>,
    drawn: Vec<Place>,
}

/// The files of a snippet, each with its name.
fn split(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("// file: ") {
            Some(name) => files.push((name.to_owned(), String::new())),
            None => {
                if files.is_empty() {
                    files.push(("main.rbp".into(), String::new()));
                }
                let last = files.last_mut().unwrap();
                last.1 += line;
                last.1.push('\n');
            }
        }
    }
    files
}

/// What a file says without what is drawn in it: its text, the pointer, the runs of `^`.
fn undrawn(text: &str) -> (String, Option<usize>, Vec<std::ops::Range<usize>>) {
    let (mut plain, mut pointer, mut drawn) = (String::new(), None, Vec::new());
    // Where the line before begins, and the column of the pointer in it, which takes one up.
    let (mut before, mut column) = (0, None);
    for line in text.lines() {
        let caret = |c: char| c == '^' || c == ' ' || c == '|';
        if line.contains('^') && line.chars().all(caret) {
            let mut at = 0;
            for run in line.split(' ') {
                if run.starts_with('^') {
                    let start = before + at - usize::from(column.is_some_and(|c| c < at));
                    drawn.push(start..start + run.len());
                }
                at += run.len() + 1;
            }
            continue;
        }
        before = plain.len();
        column = line.find('|');
        let line = match column {
            Some(at) => {
                assert!(pointer.is_none(), "two pointers");
                pointer = Some(plain.len() + at);
                line.replacen('|', "", 1)
            }
            None => line.to_owned(),
        };
        plain += &line;
        plain.push('\n');
    }
    (plain, pointer, drawn)
}

impl Snippet {
    fn read(text: &str) -> Snippet {
        let mut session = Session::new(day_of("2026-11-23").unwrap_or(Day(0)));
        let package = session.add_package(Package { name: "made".into(), ..Package::default() });
        let (mut files, mut pointer, mut drawn) = (Vec::new(), None, Vec::new());
        for (path, text) in split(text) {
            let (plain, at, runs) = undrawn(&text);
            let module = path.trim_end_matches(".rbp").replace('/', ".");
            let spec = FileSpec { path, module, package };
            let id = session.add_files(vec![(spec, Arc::from(plain))])[0];
            files.push(id);
            pointer = pointer.or(at.map(|at| (id, at)));
            drawn.extend(runs.into_iter().map(|bytes| Place { file: id, bytes }));
        }
        drawn.sort();
        Snippet { session, files, pointer, drawn }
    }

    fn pointer(&self) -> (FileId, usize) {
        self.pointer.expect("a pointer: `|`")
    }

    /// All files, as a snippet writes them.
    fn written(&self, changes: &[(Place, String)]) -> String {
        let mut all = String::new();
        for id in &self.files {
            let mut text = self.session.text(*id).to_owned();
            let mut own: Vec<_> = changes.iter().filter(|(at, _)| at.file == *id).collect();
            own.sort_by_key(|(at, _)| std::cmp::Reverse(at.bytes.start));
            for (at, new) in own {
                text.replace_range(at.bytes.clone(), new);
            }
            if self.files.len() > 1 {
                all += &format!("// file: {}\n", self.session.path(*id));
            }
            all += &text;
        }
        all
    }
}

fn names(targets: Vec<Target>) -> Vec<Place> {
    let mut places: Vec<Place> = targets.into_iter().map(|target| target.name).collect();
    places.sort();
    places.dedup();
    places
}

fn draw(snippet: &Snippet, places: &[Place]) -> String {
    let shown = |place: &Place| {
        let text = snippet.session.text(place.file);
        let line = text[..place.bytes.start].matches('\n').count() + 1;
        let path = snippet.session.path(place.file);
        format!("{path}:{line} {:?} `{}`", place.bytes, &text[place.bytes.clone()])
    };
    places.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// What comes after a question: the block below it.
fn ask(block: &Block, next: Option<&Block>) -> Result<bool, String> {
    let question = block.words[1].as_str();
    let snippet = Snippet::read(&block.text);
    let db = snippet.session.db();
    let drawn = |places: Vec<Place>| match places == snippet.drawn {
        true => Ok(false),
        false => Err(format!(
            "found\n{}\ndrawn\n{}",
            draw(&snippet, &places),
            draw(&snippet, &snippet.drawn)
        )),
    };
    let said = |text: &str| match next.map(|block| block.text.trim_end()) {
        Some(wanted) if wanted == text.trim_end() => Ok(true),
        Some(wanted) => Err(format!("said\n{text}\nwanted\n{wanted}")),
        None => Err(format!("nothing says what is wanted; it is\n{text}")),
    };
    match question {
        "definition" => {
            let (id, byte) = snippet.pointer();
            drawn(names(definition(db, id, byte)))
        }
        "declaration" => {
            let (id, byte) = snippet.pointer();
            drawn(names(declaration(db, id, byte)))
        }
        "type-definition" => {
            let (id, byte) = snippet.pointer();
            drawn(names(type_definition(db, id, byte)))
        }
        "references" | "highlight" => {
            let (id, byte) = snippet.pointer();
            let found = match question {
                "references" => references(db, id, byte),
                _ => highlights(db, id, byte),
            };
            drawn(found.into_iter().map(|found| found.place).collect())
        }
        "rename" => {
            let (id, byte) = snippet.pointer();
            let new = block.words[2..].join(" ");
            let done = prepare(db, id, byte).and_then(|_| rename(db, id, byte, &new));
            match done {
                Ok(places) => {
                    let changes: Vec<_> = places.into_iter().map(|at| (at, new.clone())).collect();
                    said(&snippet.written(&changes))
                }
                Err(why) => {
                    let refused = next.is_some_and(|block| block.words == ["refused"]);
                    if refused { said(&why) } else { Err(format!("refused: {why}")) }
                }
            }
        }
        "hover" => {
            let (id, byte) = snippet.pointer();
            said(&hover(db, id, byte).map_or("nothing".to_owned(), |hover| hover.text))
        }
        "completion" => {
            let (id, byte) = snippet.pointer();
            let found = completions(db, id, byte);
            let labels: Vec<String> =
                found.into_iter().flat_map(|c| c.items).map(|item| item.label).collect();
            said(&labels.join("\n"))
        }
        // The one of that name is taken, and what it changes is written.
        "complete" => {
            let (id, byte) = snippet.pointer();
            let label = block.words[2..].join(" ");
            let found = completions(db, id, byte).ok_or("nothing is offered")?;
            let item = found.items.iter().find(|item| item.label == label);
            let item = item.ok_or(format!("`{label}` is not offered"))?;
            let mut changes = vec![(found.at, plain(&item.insert))];
            changes.extend(item.also.iter().map(|also| (also.at.clone(), also.text.clone())));
            said(&snippet.written(&changes))
        }
        "tokens" => {
            let id = snippet.files[0];
            let text = snippet.session.text(id);
            let shown = tokens(db, id).into_iter().map(|token| {
                let mut line = format!("{:?} {}", token.sort, &text[token.bytes.clone()]);
                line += if token.declares { " declared" } else { "" };
                line + if token.standard { " standard" } else { "" }
            });
            said(&shown.collect::<Vec<_>>().join("\n"))
        }
        "folds" => {
            let id = snippet.files[0];
            let text = snippet.session.text(id);
            let line = |byte: usize| text[..byte].matches('\n').count() + 1;
            let shown = folds(db, id).into_iter().map(|fold| {
                format!("{:?} {}-{}", fold.sort, line(fold.bytes.start), line(fold.bytes.end))
            });
            said(&shown.collect::<Vec<_>>().join("\n"))
        }
        "selection" => {
            let (id, byte) = snippet.pointer();
            let text = snippet.session.text(id);
            let shown = selection(db, id, byte).into_iter().map(|bytes| text[bytes].trim_end());
            said(&shown.collect::<Vec<_>>().join("\n-\n"))
        }
        "needed-by" | "needs" => {
            let (id, byte) = snippet.pointer();
            let node = element_at(db, id, byte).ok_or("no element is there")?;
            let steps = if question == "needs" { below(db, node.id) } else { above(db, node.id) };
            let shown =
                steps.into_iter().map(|step| format!("{} ({})", step.node.name, step.node.detail));
            said(&shown.collect::<Vec<_>>().join("\n"))
        }
        "kinds" => {
            let (id, byte) = snippet.pointer();
            let node = kind_at(db, id, byte).ok_or("no kind is there")?;
            let names = |nodes: Vec<Node>| {
                nodes.into_iter().map(|node| node.name).collect::<Vec<_>>().join(", ")
            };
            let (up, down) = (names(supertypes(db, node.id)), names(subtypes(db, node.id)));
            said(&format!("{up} > {} > {down}", node.name))
        }
        "links" => drawn(
            links(db, snippet.files[snippet.files.len() - 1])
                .into_iter()
                .map(|(at, _)| at)
                .collect(),
        ),
        "signature" => {
            let (id, byte) = snippet.pointer();
            said(&signature(db, id, byte).map_or("nothing".to_owned(), |found| {
                let active = found.active.and_then(|at| found.parameters.get(at));
                let active = active.map_or("none", |(label, _)| label.as_str());
                format!("{}\n{active}", found.label)
            }))
        }
        "hints" => {
            let id = snippet.files[snippet.files.len() - 1];
            let text = snippet.session.text(id);
            let shown = hints(db, id, 0..text.len()).into_iter().map(|hint| {
                format!("{} ← {}", &text[hint.after.bytes.clone()].replace('\n', " "), hint.text)
            });
            said(&shown.collect::<Vec<_>>().join("\n"))
        }
        "lenses" => {
            let id = snippet.files[snippet.files.len() - 1];
            let shown =
                lenses(db, id).into_iter().map(|lens| format!("{}: {}", lens.name, lens.text));
            said(&shown.collect::<Vec<_>>().join("\n"))
        }
        "format" => {
            let (id, byte) = snippet.pointer();
            let within = declaration_around(db, id, byte);
            let changes = formatting(db, id, within).into_iter().map(|c| (c.at, c.text));
            said(&snippet.written(&changes.collect::<Vec<_>>()))
        }
        "symbols" => {
            let mut text = String::new();
            for symbol in symbols::document_symbols(db, snippet.files[0]) {
                outline(&symbol, 0, &mut text);
            }
            said(&text)
        }
        other => panic!("no question is called {other}"),
    }
}

fn outline(symbol: &symbols::Declared, depth: usize, text: &mut String) {
    let detail = symbol.detail.as_ref().map_or(String::new(), |detail| format!(" ({detail})"));
    let (indent, word) = ("  ".repeat(depth), symbol.sort.word());
    *text += &format!("{indent}{word} {}{detail}\n", symbol.name);
    symbol.inner.iter().for_each(|inner| outline(inner, depth + 1, text));
}

#[test]
fn what_the_editor_is_told_is_as_drawn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ide");
    let mut pages: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    pages.sort();
    let (mut asked, mut wrong) = (0, String::new());
    for page in pages {
        let name = page.file_name().unwrap().to_string_lossy().into_owned();
        let all = blocks(&fs::read_to_string(&page).unwrap());
        let mut at = 0;
        while let Some(block) = all.get(at) {
            assert!(block.words.len() > 1, "{name}:{}: no question", block.line);
            asked += 1;
            let answer = ask(block, all.get(at + 1));
            // An answer that stands in a block of its own is passed over.
            at += 1;
            match answer {
                Ok(own) => at += usize::from(own),
                Err(why) => {
                    wrong += &format!("\n{name}:{} {}\n{why}\n", block.line, block.words.join(" "));
                    at += usize::from(all.get(at).is_some_and(|next| next.words.len() < 2));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(asked > 20, "only {asked} questions");
}
