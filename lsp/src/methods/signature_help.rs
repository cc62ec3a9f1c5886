//! `textDocument/signatureHelp`: what a template takes, while a use of it is written.

use rbp_ide::signature::signature;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    Documentation, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel, SignatureHelp,
    SignatureHelpParams, SignatureInformation,
};

use crate::snapshot::Snapshot;

pub fn answer(snapshot: &Snapshot, params: &SignatureHelpParams) -> Result<Option<SignatureHelp>> {
    let (id, byte) = snapshot.place(&params.text_document_position_params)?;
    let Some(found) = signature(&snapshot.db, id, byte) else { return Ok(None) };
    let active_parameter = found.active.map(|active| active as u32);
    let parameters = found.parameters.into_iter().map(|(label, takes)| ParameterInformation {
        label: ParameterLabel::Simple(label),
        documentation: Some(Documentation::String(takes)),
    });
    let docs = found.docs.map(|value| {
        Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
    });
    let signature = SignatureInformation {
        label: found.label,
        documentation: docs,
        parameters: Some(parameters.collect()),
        active_parameter,
    };
    Ok(Some(SignatureHelp {
        signatures: vec![signature],
        active_signature: Some(0),
        active_parameter,
    }))
}
