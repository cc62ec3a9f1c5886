//! Changes of texts as the protocol has them.

use std::collections::HashMap;

use rbp_ide::Place;
pub use rbp_ide::actions::Change;
use tower_lsp::ls_types::{TextEdit, Uri, WorkspaceEdit};

use crate::snapshot::Snapshot;

/// The changes, by file.
pub fn workspace_edit(
    snapshot: &Snapshot,
    changes: impl IntoIterator<Item = Change>,
) -> WorkspaceEdit {
    let mut by_file: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for change in changes {
        if let Some(uri) = snapshot.uri(change.at.file) {
            by_file.entry(uri).or_default().push(text_edit(snapshot, &change.at, change.text));
        }
    }
    WorkspaceEdit { changes: Some(by_file), ..WorkspaceEdit::default() }
}

/// One change.
pub fn text_edit(snapshot: &Snapshot, at: &Place, new_text: String) -> TextEdit {
    TextEdit { range: snapshot.range(at), new_text }
}
