//! `textDocument/hover`: what is known of the thing under the pointer.

use rbp_ide::hover::hover;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};

use crate::snapshot::Snapshot;

pub fn answer(snapshot: &Snapshot, params: &HoverParams) -> Result<Option<Hover>> {
    let (id, byte) = snapshot.place(&params.text_document_position_params)?;
    Ok(hover(&snapshot.db, id, byte).map(|found| Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value: found.text,
        }),
        range: Some(snapshot.range(&found.at)),
    }))
}
