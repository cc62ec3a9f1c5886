//! `textDocument/formatting`: a whole file, some lines, or the declaration that was just closed.

use rbp_ide::actions::Change;
use rbp_ide::formatting::{declaration_around, formatting};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentFormattingParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams,
    TextEdit,
};

use crate::edits::text_edit;
use crate::snapshot::Snapshot;

pub fn whole(
    snapshot: &Snapshot,
    params: &DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let id = snapshot.file(&params.text_document)?;
    Ok(Some(edits(snapshot, formatting(&snapshot.db, id, None))))
}

pub fn range(
    snapshot: &Snapshot,
    params: &DocumentRangeFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let id = snapshot.file(&params.text_document)?;
    let within = snapshot.text(id).bytes(params.range);
    Ok(Some(edits(snapshot, formatting(&snapshot.db, id, Some(within)))))
}

pub fn on_type(
    snapshot: &Snapshot,
    params: &DocumentOnTypeFormattingParams,
) -> Result<Option<Vec<TextEdit>>> {
    let (id, byte) = snapshot.place(&params.text_document_position)?;
    let Some(within) = declaration_around(&snapshot.db, id, byte) else { return Ok(None) };
    Ok(Some(edits(snapshot, formatting(&snapshot.db, id, Some(within)))))
}

fn edits(snapshot: &Snapshot, changes: Vec<Change>) -> Vec<TextEdit> {
    changes.into_iter().map(|change| text_edit(snapshot, &change.at, change.text)).collect()
}
