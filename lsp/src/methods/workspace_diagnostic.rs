//! `workspace/diagnostic`: the findings of every file, for a client that asks.

use std::collections::HashMap;

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    FullDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, WorkspaceDiagnosticParams,
    WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::findings::all;
use crate::methods::diagnostic::result_id;
use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReportResult> {
    let before: HashMap<_, _> =
        params.previous_result_ids.iter().map(|before| (&before.uri, &before.value)).collect();
    let report = all(snapshot).into_iter().filter_map(|(id, items)| {
        let uri = snapshot.uri(id)?;
        let result_id = result_id(&items);
        Some(match before.get(&uri) == Some(&&result_id) {
            true => WorkspaceDocumentDiagnosticReport::Unchanged(
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version: None,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                        result_id,
                    },
                },
            ),
            false => {
                WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version: None,
                    full_document_diagnostic_report: FullDocumentDiagnosticReport {
                        result_id: Some(result_id),
                        items,
                    },
                })
            }
        })
    });
    Ok(WorkspaceDiagnosticReport { items: report.collect() }.into())
}
