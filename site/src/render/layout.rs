//! What all pages share: head, search, the list of modules.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{GENERATOR, address};
use crate::book::{Book, Link};
use crate::markdown;

/// Nothing is loaded but what lies beside the page, and nothing is sent anywhere.
const POLICY: &str = "default-src 'none'; style-src 'self' file:; script-src 'self' file:; base-uri 'none'; form-action 'none'";

/// A whole page; `here` is the path of the module that it is about.
pub fn page(book: &Book, here: Option<&str>, title: &str, main: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                (PreEscaped(GENERATOR))
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href="style.css";
                script src="names.js" defer {}
                script src="search.js" defer {}
            }
            body {
                a.skip href="#main" { "To the text" }
                header {
                    a.home href=(address::INDEX) {
                        (name(book))
                        @if !book.version.is_empty() { " " small { (book.version) } }
                    }
                    div.search {
                        input #search type="search" placeholder="Search  /" aria-label="Search names and texts"
                            autocomplete="off" spellcheck="false" aria-controls="found";
                        ul #found hidden {}
                    }
                }
                nav aria-label="Modules" {
                    details {
                        summary { "Modules" }
                        (modules(book, here))
                    }
                }
                main #main { (main) }
            }
        }
    };
    page.into_string()
}

/// What the book is called.
pub fn name(book: &Book) -> &str {
    match book.name.as_str() {
        "" => "Policies",
        "std" => "Standard library",
        name => name,
    }
}

fn modules(book: &Book, here: Option<&str>) -> Markup {
    html! {
        ul {
            @for module in &book.modules {
                @let current = (here == Some(module.path.as_str())).then_some("page");
                li { a href=(address::of_module(&module.path)) aria-current=[current] { (module.path) } }
            }
        }
    }
}

/// Documentation, or a word that there is none.
pub fn docs(docs: Option<&str>) -> Markup {
    html! {
        @match docs.map(str::trim).filter(|docs| !docs.is_empty()) {
            Some(docs) => div.docs { (PreEscaped(markdown::html(docs))) },
            None => p.none { "Nothing is written about it." },
        }
    }
}

/// A name, with the way to what tells of it, or the module that it is from.
pub fn link(link: &Link) -> Markup {
    html! {
        @match address::of_link(link) {
            Some(address) => a href=(address) { code { (link.name) } },
            None => {
                code { (link.name) }
                @if !link.module.is_empty() { " " span.from { "in " (link.module) } }
            }
        }
    }
}

/// Names, with commas between them.
pub fn list(links: &[Link]) -> Markup {
    html! {
        @for (at, one) in links.iter().enumerate() {
            @if at > 0 { ", " }
            (link(one))
        }
    }
}
