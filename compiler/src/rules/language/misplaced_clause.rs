//! `misplaced-clause`: A clause stands where it has no meaning.

use rbp_grammar::head::{Head, Place};

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("misplaced-clause", Error, Language, "A clause stands where it has no meaning.");

/// The clause and the place where it stands.
pub fn found(at: Anchor, head: Head, place: Place) -> Diagnostic {
    let words = head.words();
    let homes: Vec<&str> = head.info().places.iter().map(|p| p.words()).collect();
    let finding =
        Diagnostic::new(&RULE, at, format!("`{words}` has no meaning in {}", place.words()))
            .note(format!("`{words}` belongs in {}", homes.join(" or ")));
    match (head, place) {
        (Head::Needs, Place::Function) => finding.help("a function `depends on` what it needs"),
        (Head::DependsOn, _) => {
            finding.help("everything but a function `needs` what it depends on")
        }
        _ => finding.help("move it, or remove it"),
    }
}
