//! The formatter's changes, as few and small as lines allow.

use std::ops::Range;

use rbp_compiler::db::Db;
use rbp_compiler::diagnostic::FileId;
use rbp_grammar::format;
use similar::{DiffOp, TextDiff};

use crate::actions::Change;
use crate::source::{Place, Source};

/// The changes that bring a file, or the lines of it that touch `within`, into its form. None where it
/// has that form, or its text cannot be read in full.
pub fn formatting(db: &dyn Db, id: FileId, within: Option<Range<usize>>) -> Vec<Change> {
    let Some(source) = Source::of(db, id).filter(|source| !source.is_read_only()) else {
        return Vec::new();
    };
    let Ok(formed) = format(source.text) else { return Vec::new() };
    let diff = TextDiff::from_lines(source.text, formed.as_str());
    let (old, new) = (starts(source.text), starts(&formed));
    let mut changes = Vec::new();
    for op in diff.ops() {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (was, is) = (op.old_range(), op.new_range());
        let bytes = old[was.start]..old[was.end];
        let touched = within
            .as_ref()
            .is_none_or(|within| bytes.start <= within.end && within.start <= bytes.end);
        if touched {
            let text = formed.get(new[is.start]..new[is.end]).unwrap_or("").to_owned();
            changes.push(Change { at: Place { file: id, bytes }, text });
        }
    }
    changes
}

/// The bytes of the declaration around a byte.
pub fn declaration_around(db: &dyn Db, id: FileId, byte: usize) -> Option<Range<usize>> {
    let source = Source::of(db, id)?;
    let item = source.parsed.items.get(source.item_at(byte)? as usize)?;
    Some(item.start as usize..item.end as usize)
}

/// Where each line begins, and the end.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    for line in text.split_inclusive('\n') {
        starts.push(starts[starts.len() - 1] + line.len());
    }
    starts
}
