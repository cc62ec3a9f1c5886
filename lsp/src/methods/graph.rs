//! `rbp/graph`: what functions rest on, as SVG, with where each node is written.

use rbp_ide::graph::picture;
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{Range, TextDocumentIdentifier, Uri};

use crate::snapshot::Snapshot;

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// A file of the package.
    pub text_document: TextDocumentIdentifier,
    /// A function that the file declares; without one, every function of the package is shown.
    #[serde(default)]
    pub function: Option<String>,
}

/// What is answered.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The picture; nodes that can be clicked carry `data-node`.
    pub svg: String,
    /// Where each of them is written.
    pub nodes: Vec<Node>,
}

/// A node of the picture.
#[derive(Debug, Serialize)]
pub struct Node {
    /// Its `data-node`.
    pub id: String,
    /// The file that declares it.
    pub uri: Uri,
    /// Its name there.
    pub range: Range,
}

pub fn answer(snapshot: &Snapshot, params: &Params) -> Result<Answer> {
    let id = snapshot.file(&params.text_document)?;
    let Some(picture) = picture(&snapshot.db, id, params.function.as_deref()) else {
        let name = params.function.as_deref().unwrap_or("");
        return Err(Error::invalid_params(format!("the document declares no function `{name}`")));
    };
    let nodes = picture.nodes.into_iter().filter_map(|(id, at)| {
        Some(Node { id, uri: snapshot.uri(at.file)?, range: snapshot.range(&at) })
    });
    Ok(Answer { svg: picture.svg, nodes: nodes.collect() })
}
