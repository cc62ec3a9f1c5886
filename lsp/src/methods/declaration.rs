//! `textDocument/declaration`: the import that brings a name in, else where it is declared.

use rbp_ide::definition::declaration;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse};

use crate::convert::links;
use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &GotoDefinitionParams,
) -> Result<Option<GotoDefinitionResponse>> {
    let (id, byte) = snapshot.place(&params.text_document_position_params)?;
    Ok(links(snapshot, &declaration(&snapshot.db, id, byte)))
}
