//! `textDocument/rename`: a new name, everywhere.

use rbp_ide::rename::rename;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{RenameParams, WorkspaceEdit};

use crate::edits::{Change, workspace_edit};
use crate::snapshot::Snapshot;

pub fn answer(snapshot: &Snapshot, params: &RenameParams) -> Result<Option<WorkspaceEdit>> {
    let (id, byte) = snapshot.place(&params.text_document_position)?;
    let places = rename(&snapshot.db, id, byte, &params.new_name).map_err(Error::invalid_params)?;
    let change = |at| Change { at, text: params.new_name.clone() };
    Ok(Some(workspace_edit(snapshot, places.into_iter().map(change))))
}
