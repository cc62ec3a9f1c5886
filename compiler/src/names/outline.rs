//! What the whole workspace asks of every file: little, and it changes seldom.

use rbp_grammar::Parsed;
use rbp_grammar::ast::{ItemKind, Text};

/// The outline of a file. It is an input, set by whoever sets the text where it changes: what is gathered
/// from all files then rests on no text, and an edit leaves it as it is without a look at it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// It accepts something.
    pub accepts: bool,
    /// It applies policies.
    pub applies: bool,
    /// Its `evidence` items, by number of their declaration.
    pub evidence: Vec<(u32, Text)>,
}

impl Outline {
    /// The outline of what was read. Linear in its declarations.
    pub fn of(parsed: &Parsed) -> Outline {
        let mut outline = Outline::default();
        for (number, item) in parsed.items.iter().enumerate() {
            match &item.syntax.item.kind {
                ItemKind::Accept(_) => outline.accepts = true,
                ItemKind::Apply(_) => outline.applies = true,
                ItemKind::Evidence(text) => outline.evidence.push((number as u32, text.clone())),
                _ => {}
            }
        }
        outline
    }
}
