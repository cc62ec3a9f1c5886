//! `textDocument/inlayHint`: figures beside the text that they follow from, as far as the user wants them.

use rbp_ide::hints::{Sort, hints};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{InlayHint, InlayHintLabel, InlayHintParams};

use crate::snapshot::Snapshot;

pub fn answer(snapshot: &Snapshot, params: &InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
    let id = snapshot.file(&params.text_document)?;
    let text = snapshot.text(id);
    let wanted = &snapshot.shared.settings.hints;
    let shown = |sort: Sort| match sort {
        Sort::Restoration => wanted.restoration,
        Sort::Coverage => wanted.coverage,
        Sort::Test => wanted.tests,
        Sort::SinglePoints => wanted.single_points,
    };
    let found = hints(&snapshot.db, id, text.bytes(params.range)).into_iter();
    let found = found.filter(|hint| shown(hint.sort)).map(|hint| InlayHint {
        position: text.position(hint.after.bytes.end),
        label: InlayHintLabel::String(hint.text),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: Some(true),
        data: None,
    });
    Ok(Some(found.collect()))
}
