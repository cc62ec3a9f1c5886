//! `textDocument/documentLink`: modules to their files, rules to their pages.

use rbp_ide::links::{To, links};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{DocumentLink, DocumentLinkParams};

use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &DocumentLinkParams,
) -> Result<Option<Vec<DocumentLink>>> {
    let id = snapshot.file(&params.text_document)?;
    let found = links(&snapshot.db, id).into_iter().filter_map(|(at, to)| {
        let target = match to {
            To::File(file) => snapshot.uri(file)?,
            To::Rule(slug) => snapshot.shared.page(slug)?,
        };
        let range = snapshot.range(&at);
        Some(DocumentLink { range, target: Some(target), tooltip: None, data: None })
    });
    Ok(Some(found.collect()))
}
