//! `textDocument/codeAction`: what can be done about findings.

use rbp_compiler::diagnostic::Diagnostic;
use rbp_compiler::session::check_all;
use rbp_ide::actions::{actions, fix_all, touches};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse,
};

use crate::edits::workspace_edit;
use crate::findings::diagnostic;
use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &CodeActionParams,
) -> Result<Option<CodeActionResponse>> {
    let id = snapshot.file(&params.text_document)?;
    let bytes = snapshot.text(id).bytes(params.range);
    let wanted = |kind: &CodeActionKind| {
        let only = params.context.only.as_ref();
        // `source` asks for `source.fixAll` too.
        let asks = |asked: &CodeActionKind| {
            kind == asked || kind.as_str().starts_with(&format!("{}.", asked.as_str()))
        };
        only.is_none_or(|only| only.iter().any(asks))
    };
    let all = check_all(&snapshot.db);
    let findings = all.iter().flat_map(|(_, checked)| checked.findings());
    let findings: Vec<&Diagnostic> = findings.filter(|f| f.primary.at.file == id).collect();
    let mut offered: Vec<CodeActionOrCommand> = Vec::new();
    if wanted(&CodeActionKind::QUICKFIX) {
        for finding in findings.iter().filter(|f| touches(&snapshot.db, f, id, &bytes)) {
            let found = actions(&snapshot.db, finding);
            offered.extend(found.into_iter().map(|action| {
                CodeActionOrCommand::CodeAction(CodeAction {
                    title: action.title,
                    kind: Some(CodeActionKind::QUICKFIX),
                    diagnostics: Some(vec![diagnostic(snapshot, finding)]),
                    is_preferred: action.safe.then_some(true),
                    edit: Some(workspace_edit(snapshot, action.changes)),
                    ..CodeAction::default()
                })
            }));
        }
    }
    if wanted(&CodeActionKind::SOURCE_FIX_ALL) {
        let changes = fix_all(&snapshot.db, id, &findings);
        if !changes.is_empty() {
            offered.push(CodeActionOrCommand::CodeAction(CodeAction {
                title: "Mend everything here that only concerns the text".into(),
                kind: Some(CodeActionKind::SOURCE_FIX_ALL),
                edit: Some(workspace_edit(snapshot, changes)),
                ..CodeAction::default()
            }));
        }
    }
    Ok(Some(offered))
}
