//! The standard library as pages, and pages of what means harm.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use rbp_compiler::db::{Day, Package};
use rbp_compiler::names::{Space, declared};
use rbp_compiler::session::{FileSpec, Session, Sources};
use rbp_grammar::ast::ItemKind;
use rbp_site::book::{Book, Facts, Sort, book};
use rbp_site::render::{GENERATOR, Page, pages};

fn standard() -> Book {
    book(Session::new(Day(20_000)).db(), 0).unwrap()
}

fn of(files: &[(&str, &str)], public: Option<&[&str]>) -> Book {
    let mut session = Session::new(Day(20_000));
    let public = public.map(|all| all.iter().map(ToString::to_string).collect());
    let packages = vec![Package { name: "p".into(), public, ..Package::default() }];
    let files = files.iter().map(|(module, text)| {
        let path = format!("{module}.rbp");
        (FileSpec { path, module: (*module).into(), package: 0 }, (*text).into())
    });
    let package = session.load(Sources { packages, files: files.collect() });
    book(session.db(), package).unwrap()
}

/// The tags of a page with their attributes, as a browser reads them.
fn tags(page: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut tags = Vec::new();
    for part in page.split('<').skip(1) {
        let (tag, _) = part.split_once('>').expect("every tag ends");
        let mut words = tag.splitn(2, char::is_whitespace);
        let name = words.next().unwrap().trim_end_matches('/').to_owned();
        let mut rest = words.next().unwrap_or("").trim().trim_end_matches('/').trim();
        let mut attributes = BTreeMap::new();
        while !rest.is_empty() {
            let end = rest.find([' ', '=']).unwrap_or(rest.len());
            let (attribute, after) = rest.split_at(end);
            let (value, after) = match after.strip_prefix("=\"") {
                Some(after) => after.split_once('"').expect("every value ends"),
                None => ("", after),
            };
            attributes.insert(attribute.to_owned(), value.to_owned());
            rest = after.trim_start();
        }
        tags.push((name, attributes));
    }
    tags
}

/// Every link leads to a page and a place that are there, or out by a harmless way; nothing else of a page can act.
fn sound(pages: &[Page]) {
    let ids: BTreeMap<&str, BTreeSet<String>> = pages
        .iter()
        .filter(|page| page.name.ends_with(".html"))
        .map(|page| {
            let all = tags(&page.text).into_iter().filter_map(|(_, mut all)| all.remove("id"));
            (page.name.as_str(), all.collect())
        })
        .collect();
    for page in pages.iter().filter(|page| page.name.ends_with(".html")) {
        assert!(page.text.contains(GENERATOR) && page.text.contains("default-src 'none'"));
        for (tag, attributes) in tags(&page.text) {
            let shown = format!("{}: <{tag} {attributes:?}>", page.name);
            let harmless = "!DOCTYPE html head meta title link script body a header small div input ul ol li nav \
                details summary main h1 h2 h3 h4 h5 h6 p pre code strong em span section article table thead tbody tr \
                th td dl dt dd cite blockquote br hr del";
            let bare = tag.trim_start_matches('/');
            assert!(harmless.split_whitespace().any(|known| known == bare), "{shown}");
            for (attribute, value) in &attributes {
                assert!(!attribute.starts_with("on") && attribute != "style", "{shown}");
                match (tag.as_str(), attribute.as_str()) {
                    ("script", "src") => {
                        assert!(["names.js", "search.js"].contains(&value.as_str()))
                    }
                    ("link", "href") => assert_eq!(value, "style.css"),
                    (_, "src" | "action" | "formaction" | "data" | "srcdoc") => panic!("{shown}"),
                    ("a", "href") => {
                        if ["http://", "https://", "mailto:"].iter().any(|s| value.starts_with(s)) {
                            continue;
                        }
                        let (to, id) = value.split_once('#').unwrap_or((value, ""));
                        let to = if to.is_empty() { page.name.as_str() } else { to };
                        let known = ids.get(to).unwrap_or_else(|| panic!("no page: {shown}"));
                        assert!(id.is_empty() || known.contains(id), "no place: {shown}");
                    }
                    _ => assert!(attribute != "href", "{shown}"),
                }
            }
            assert!(tag != "script" || attributes.contains_key("src"), "{shown}");
        }
    }
}

#[test]
fn every_public_item_of_the_standard_library_is_told_and_documented() {
    let book = standard();
    let pages = pages(&book).unwrap();
    let mut count = 0;
    for module in rbp_stdlib::MODULES {
        let path = format!("std.{}", module.name);
        let told = book.modules.iter().find(|told| told.path == path).expect(&path);
        assert!(!told.about.trim().is_empty(), "{path} says nothing of itself");
        let page = pages.iter().find(|page| page.name == format!("m-{path}.html")).expect(&path);
        for item in rbp_grammar::parse(module.text).items {
            let item = &item.syntax.item;
            let Some((space, name)) = declared(item) else { continue };
            count += 1;
            let id = format!(" id=\"{}-{}\"", space.word(), name.text);
            assert_eq!(page.text.matches(&id).count(), 1, "{path}: {id}");
            // A unit says by its title what it is.
            let title = match &item.kind {
                ItemKind::Unit(unit) => unit.title.is_some(),
                _ => false,
            };
            assert!(title || item.docs.is_some(), "{path}.{} has no `///`", name.text);
        }
    }
    assert!(count > 200, "{count}");
    let scenarios = rbp_stdlib::MODULES.iter().filter(|module| module.text.contains("\nscenario "));
    assert_eq!(scenarios.count(), 0, "scenarios would need a place on the pages");
    sound(&pages);
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    assert_eq!(pages(&standard()).unwrap(), pages(&standard()).unwrap());
}

#[test]
fn kinds_and_templates_lead_to_one_another() {
    let book = standard();
    let module = |path: &str| book.modules.iter().find(|module| module.path == path).unwrap();
    let kinds = module("std.records");
    let database = kinds.of(Sort::Kind).find(|entry| entry.name == "database").unwrap();
    let Facts::Kind { parent, children, .. } = &database.facts else { panic!() };
    assert_eq!(parent.as_ref().unwrap().module, "std.prelude");
    assert!(children.iter().any(|child| child.name == "replica" && child.told));
    let standby = kinds.of(Sort::Template).find(|entry| entry.name == "hot-standby").unwrap();
    let Facts::Template { parameters, kind, primary, .. } = &standby.facts else { panic!() };
    assert_eq!(
        (kind.as_ref().unwrap().name.as_str(), primary.as_deref()),
        ("replica", Some("primary"))
    );
    let lag = parameters.iter().find(|parameter| parameter.name == "lag").unwrap();
    assert_eq!((lag.bound.name.as_str(), lag.default.as_deref()), ("duration", Some("10 s")));
    assert!(!lag.bound.told && lag.bound.module.is_empty());
    let first = parameters.first().unwrap();
    assert_eq!((first.bound.name.as_str(), first.bound.space), ("database", Space::Kind));
    let rota = module("std.people").of(Sort::Kind).find(|entry| entry.name == "rota").unwrap();
    let Facts::Kind { requires, .. } = &rota.facts else { panic!() };
    assert!(requires.iter().any(|one| one.word == "needs" && one.from.is_none()));
}

#[test]
fn what_is_not_public_is_not_told() {
    let files = [
        ("kit", "import inner.{secret}\n/// Ours.\nkind pump : secret\n"),
        ("inner", "/// Hidden.\nkind secret : machine { field code : text  requires owner }\n"),
    ];
    let book = of(&files, Some(&["kit"]));
    assert_eq!(
        book.modules.iter().map(|module| module.path.as_str()).collect::<Vec<_>>(),
        ["p.kit"]
    );
    let made = pages(&book).unwrap();
    sound(&made);
    let page = &made.iter().find(|page| page.name == "m-p.kit.html").unwrap().text;
    // What is inherited is told all the same, without a way to a page that is not there.
    assert!(page.contains("<code>code</code>") && page.contains("in p.inner"), "{page}");
    assert_eq!(pages(&of(&files, Some(&[]))).unwrap().len(), 4);
}

const HARM: &str = r#"//! </script><script>alert(1)</script> [x](javascript:alert(1))
//!
//! <iframe src="//evil"></iframe><img src=x onerror=alert(1)>

/// <b onmouseover="alert(1)">bold</b> [out](data:text/html,x) ![p](http://evil/p.png)
///
/// <script>
/// alert(1)
/// </script>
///
/// [q]: javascript:alert(2)
/// [a][q] <javascript:alert(3)> <https://a.example/?a="b>
kind k : machine "</code><script>alert(4)</script>" { field f : text }

/// "><svg onload=alert(5)>
template t(a: place, b: text = "\"><script>alert(6)</script>") : k "'\"><i>" {
  in a
  dependency inner : k { f b }
}

/// `</code><script>`
policy p "<img src=x>" {
  cite "<script>alert(7)</script>"
  for each backup g { require stated(g.owner) else "{g} <script>alert(8)</script>" }
}

signal s "<x>" { query "<script>alert(9)</script> & \" '" }
/// <u>
unit u "</td></table><script>" 
dependency d : k "<a href=javascript:x>" { f "<" }
"#;

#[test]
fn nothing_that_an_author_writes_can_act() {
    let book = of(&[("wa<rd>s&\"'/../x y", HARM), ("index", HARM)], None);
    assert_eq!(book.modules.iter().map(|module| module.entries.len()).sum::<usize>(), 12);
    let pages = pages(&book).unwrap();
    sound(&pages);
    let names: BTreeSet<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names.len(), pages.len());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    assert!(names.iter().all(|name| name.chars().all(plain)), "{names:?}");
    // What was written is there to be read.
    let page =
        pages.iter().find(|page| page.name.contains("index.html") && page.name.starts_with("m-"));
    let page = &page.unwrap().text;
    for number in [4, 6, 7, 8, 9] {
        assert!(page.contains(&format!("alert({number})&lt;/script&gt;")), "{number}");
    }
}

#[test]
fn what_cannot_be_read_makes_no_book() {
    let mut session = Session::new(Day(20_000));
    let spec = FileSpec { path: "a.rbp".into(), module: "a".into(), package: 0 };
    let text = "kind a : machine\n\nkind b : : machine\n".into();
    let package =
        session.load(Sources { packages: vec![Package::default()], files: vec![(spec, text)] });
    let unread = book(session.db(), package).unwrap_err();
    assert_eq!((unread[0].file.as_str(), unread[0].line, unread.len()), ("a.rbp", 3, 1));
}
