//! `textDocument/documentSymbol`: what a file declares.

use rbp_ide::symbols::document_symbols;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{DocumentSymbolParams, DocumentSymbolResponse};

use crate::convert::outline;
use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>> {
    let id = snapshot.file(&params.text_document)?;
    let declared = document_symbols(&snapshot.db, id);
    let symbols = declared.iter().map(|declared| outline(snapshot, declared)).collect();
    Ok(Some(DocumentSymbolResponse::Nested(symbols)))
}
