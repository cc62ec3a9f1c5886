//! `textDocument/references`: every place that names something, in all files.

use rbp_ide::references::references;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Location, ReferenceParams};

use crate::snapshot::Snapshot;

pub fn answer(snapshot: &Snapshot, params: &ReferenceParams) -> Result<Option<Vec<Location>>> {
    let (id, byte) = snapshot.place(&params.text_document_position)?;
    let all = references(&snapshot.db, id, byte);
    let wanted = all.iter().filter(|found| params.context.include_declaration || !found.declares);
    let found: Vec<Location> = wanted.filter_map(|found| snapshot.location(&found.place)).collect();
    Ok((!all.is_empty()).then_some(found))
}
