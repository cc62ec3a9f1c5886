//! `workspace/executeCommand`: what the lenses offer. Answers in Markdown, and shows it unless the client
//! says that it does so itself.

use rbp_compiler::names::Space;
use rbp_ide::graph::picture;
use rbp_ide::reports::{cut_sets, named, scenario};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, TextDocumentIdentifier, Uri};

use crate::snapshot::Snapshot;

/// Shows the sets of losses that end a function.
pub const CUT_SETS: &str = "rbp.showCutSets";
/// Shows what a function rests on, as a graph.
pub const GRAPH: &str = "rbp.showGraph";
/// Plays a scenario.
pub const SCENARIO: &str = "rbp.runScenario";

/// Every command.
pub const ALL: [&str; 3] = [CUT_SETS, GRAPH, SCENARIO];

/// What a command is about.
#[derive(Debug, Deserialize)]
pub struct About {
    /// The file that declares it.
    pub uri: Uri,
    /// Its name.
    pub name: String,
}

pub fn answer(snapshot: &Snapshot, params: &ExecuteCommandParams) -> Result<Value> {
    let first = params.arguments.first().cloned().unwrap_or_default();
    let about: About = serde_json::from_value(first).map_err(|_| {
        Error::invalid_params("the command takes one argument: { \"uri\": …, \"name\": … }")
    })?;
    let id = snapshot.file(&TextDocumentIdentifier { uri: about.uri })?;
    let of = |space| named(&snapshot.db, id, space, &about.name);
    let text = match params.command.as_str() {
        CUT_SETS => of(Space::Element).and_then(|id| cut_sets(&snapshot.db, id)),
        GRAPH => {
            let picture = picture(&snapshot.db, id, Some(&about.name));
            return match picture {
                Some(picture) => Ok(json!({ "svg": picture.svg })),
                None => Err(missing(&about.name)),
            };
        }
        SCENARIO => of(Space::Scenario).and_then(|id| scenario(&snapshot.db, id)),
        other => return Err(Error::invalid_params(format!("no command is called `{other}`"))),
    };
    Ok(json!({ "markdown": text.ok_or_else(|| missing(&about.name))? }))
}

fn missing(name: &str) -> Error {
    Error::invalid_params(format!("the document declares no `{name}` that this could be about"))
}
