//! `textDocument/foldingRange`.

use rbp_ide::folding::{Sort, folds};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &FoldingRangeParams,
) -> Result<Option<Vec<FoldingRange>>> {
    let id = snapshot.file(&params.text_document)?;
    let text = snapshot.text(id);
    let found = folds(&snapshot.db, id).into_iter().map(|fold| {
        let range = text.range(&fold.bytes);
        FoldingRange {
            start_line: range.start.line,
            start_character: Some(range.start.character),
            end_line: range.end.line,
            end_character: Some(range.end.character),
            kind: match fold.sort {
                Sort::Block => None,
                Sort::Comments => Some(FoldingRangeKind::Comment),
                Sort::Imports => Some(FoldingRangeKind::Imports),
            },
            collapsed_text: None,
        }
    });
    Ok(Some(found.collect()))
}
