//! `textDocument/typeDefinition`: the kind of an element..

use rbp_ide::definition::type_definition;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse};

use crate::convert::links;
use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &GotoDefinitionParams,
) -> Result<Option<GotoDefinitionResponse>> {
    let (id, byte) = snapshot.place(&params.text_document_position_params)?;
    Ok(links(snapshot, &type_definition(&snapshot.db, id, byte)))
}
