//! `workspace/symbol`: declarations of all files, by name.

use rbp_ide::symbols::workspace_symbols;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{OneOf, WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse};

use crate::convert::kind;
use crate::snapshot::Snapshot;

/// The most that are shown.
const LIMIT: usize = 256;

pub fn answer(
    snapshot: &Snapshot,
    params: &WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>> {
    let hits = workspace_symbols(&snapshot.db, &params.query, LIMIT);
    let symbols = hits.into_iter().filter_map(|hit| {
        Some(WorkspaceSymbol {
            name: hit.declared.name,
            kind: kind(hit.declared.sort),
            tags: None,
            container_name: Some(hit.module),
            location: OneOf::Left(snapshot.location(&hit.declared.at)?),
            data: None,
        })
    });
    Ok(Some(WorkspaceSymbolResponse::Nested(symbols.collect())))
}
