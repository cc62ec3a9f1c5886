//! `textDocument/codeLens`: how a function fares, above it; scenarios to be played.

use rbp_ide::lenses::{Does, Lens, lenses};
use serde_json::json;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{CodeLens, CodeLensParams, Command};

use crate::methods::execute_command::{CUT_SETS, GRAPH, SCENARIO};
use crate::snapshot::Snapshot;

pub fn answer(snapshot: &Snapshot, params: &CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
    if !snapshot.shared.settings.lenses {
        return Ok(None);
    }
    let id = snapshot.file(&params.text_document)?;
    let text = snapshot.text(id);
    let found = lenses(&snapshot.db, id).into_iter().map(|lens| CodeLens {
        range: text.range(&lens.at.bytes),
        command: Some(command(lens, params)),
        data: None,
    });
    Ok(Some(found.collect()))
}

fn command(lens: Lens, params: &CodeLensParams) -> Command {
    let command = match lens.does {
        Does::CutSets => CUT_SETS,
        Does::Graph => GRAPH,
        Does::Scenario => SCENARIO,
    };
    let about = json!({ "uri": params.text_document.uri, "name": lens.name });
    Command { title: lens.text, command: command.into(), arguments: Some(vec![about]) }
}
