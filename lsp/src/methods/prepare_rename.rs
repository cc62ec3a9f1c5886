//! `textDocument/prepareRename`: whether something can be renamed, and what it is called.

use rbp_ide::rename::prepare;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{PrepareRenameResponse, TextDocumentPositionParams};

use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let (id, byte) = snapshot.place(params)?;
    let (place, name) = prepare(&snapshot.db, id, byte).map_err(Error::invalid_params)?;
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder {
        range: snapshot.range(&place),
        placeholder: name.to_string(),
    }))
}
