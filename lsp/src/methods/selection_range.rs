//! `textDocument/selectionRange`: word, clause, block, declaration, file.

use rbp_ide::folding::selection;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{SelectionRange, SelectionRangeParams};

use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &SelectionRangeParams,
) -> Result<Option<Vec<SelectionRange>>> {
    let id = snapshot.file(&params.text_document)?;
    let text = snapshot.text(id);
    let grown = params.positions.iter().map(|position| {
        let ranges = selection(&snapshot.db, id, text.byte(*position));
        let outermost = ranges.iter().rev().fold(None, |parent, bytes| {
            Some(Box::new(SelectionRange { range: text.range(bytes), parent }))
        });
        let whole = SelectionRange { range: text.range(&(0..0)), parent: None };
        outermost.map_or(whole, |selection| *selection)
    });
    Ok(Some(grown.collect()))
}
