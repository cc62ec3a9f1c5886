//! `textDocument/documentHighlight`: the places of the file that name the same.

use rbp_ide::references::highlights;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams};

use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>> {
    let (id, byte) = snapshot.place(&params.text_document_position_params)?;
    let text = snapshot.text(id);
    let found = highlights(&snapshot.db, id, byte).into_iter().map(|found| DocumentHighlight {
        range: text.range(&found.place.bytes),
        kind: Some(match found.declares {
            true => DocumentHighlightKind::WRITE,
            false => DocumentHighlightKind::READ,
        }),
    });
    let found: Vec<DocumentHighlight> = found.collect();
    Ok((!found.is_empty()).then_some(found))
}
