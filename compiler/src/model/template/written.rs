//! Where the words of an element stand that a template makes.

use std::sync::Arc;

use rbp_grammar::ast::Span;

use crate::diagnostic::{Anchor, Diagnostic, Label};
use crate::names::ItemId;

/// Where the words of a made element stand. Its tokens are those of the use, from 0 on, and behind them
/// those of the template and of the templates that it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The place of the name that the use declares.
    pub used: Anchor,
    /// How many tokens the use has.
    pub own: u32,
    pub(super) pieces: Arc<[(u32, ItemId)]>,
}

/// Where words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the use itself.
    Use(Anchor),
    /// In a template.
    Template(Anchor),
}

impl Written {
    /// Where tokens of the made element stand. Logarithmic in the templates that are used.
    pub fn place(&self, span: Span) -> Place {
        let Some(start) = span.start.checked_sub(self.own) else {
            return Place::Use(Anchor { span, ..self.used });
        };
        let after = self.pieces.partition_point(|(first, _)| *first <= start);
        let piece = after.checked_sub(1).and_then(|at| self.pieces.get(at));
        let Some((first, id)) = piece else { return Place::Use(self.used) };
        let length = span.end.saturating_sub(span.start);
        let start = start - first;
        let span = Span { start, end: start + length };
        Place::Template(Anchor { file: id.file, item: id.item, span })
    }
}

/// A finding with its places where the author wrote them: what a template says is shown at the use, and
/// the template's line beside it. `written` says of an anchor whose element a template makes.
pub fn shown<'w>(
    mut finding: Diagnostic,
    written: impl Fn(Anchor) -> Option<&'w Written>,
) -> Diagnostic {
    let mut beside: Vec<Label> = Vec::new();
    if let Some(made) = written(finding.primary.at) {
        match made.place(finding.primary.at.span) {
            Place::Use(at) => finding.primary.at = at,
            Place::Template(at) => {
                finding.primary.at = made.used;
                beside.push(Label { at, text: "written in the template here".into() });
            }
        }
    }
    for label in &mut finding.related {
        let Some(made) = written(label.at) else { continue };
        match made.place(label.at.span) {
            Place::Use(at) => label.at = at,
            Place::Template(at) => {
                label.at = at;
                let (here, used) = (finding.primary.at, made.used);
                if (here.file, here.item) != (used.file, used.item) {
                    let text = "made from the template here".into();
                    beside.push(Label { at: made.used, text });
                }
            }
        }
    }
    for label in beside {
        let known = |l: &Label| l.at == label.at;
        if finding.primary.at != label.at && !finding.related.iter().any(known) {
            finding.related.push(label);
        }
    }
    // A cure in the template would change every use, and one behind the use has no place there.
    let cures = finding.edits.iter_mut().all(|edit| match written(edit.at) {
        None => true,
        Some(made) => match made.place(edit.at.span) {
            Place::Use(at) => {
                edit.at = at;
                at.span.start < at.span.end
            }
            Place::Template(_) => false,
        },
    });
    if !cures {
        finding.edits.clear();
    }
    finding
}
