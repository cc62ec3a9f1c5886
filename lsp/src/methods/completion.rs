//! `textDocument/completion`: what may be written at a place.

use rbp_ide::completion::{Item, Sort, completions, plain};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionParams, CompletionResponse,
    CompletionTextEdit, Documentation, InsertTextFormat, MarkupContent, MarkupKind, TextEdit,
};

use crate::edits::text_edit;
use crate::snapshot::Snapshot;

pub fn answer(
    snapshot: &Snapshot,
    params: &CompletionParams,
) -> Result<Option<CompletionResponse>> {
    let (id, byte) = snapshot.place(&params.text_document_position)?;
    let Some(found) = completions(&snapshot.db, id, byte) else { return Ok(None) };
    let range = snapshot.range(&found.at);
    let items = found.items.into_iter().map(|item| offered(snapshot, item, range));
    let (is_incomplete, items) = (found.more, items.collect());
    Ok(Some(CompletionResponse::List(CompletionList { is_incomplete, items })))
}

fn offered(snapshot: &Snapshot, item: Item, range: tower_lsp::ls_types::Range) -> CompletionItem {
    let snippet = snapshot.shared.client.snippets && item.insert.contains('$');
    let new_text = if snippet { item.insert.clone() } else { plain(&item.insert) };
    let also = item.also.into_iter().map(|change| text_edit(snapshot, &change.at, change.text));
    let also: Vec<TextEdit> = also.collect();
    CompletionItem {
        kind: Some(kind(item.sort)),
        detail: item.detail,
        documentation: item.docs.map(|value| {
            Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
        }),
        sort_text: Some(format!("{}{}", item.rank, item.label)),
        insert_text_format: snippet.then_some(InsertTextFormat::SNIPPET),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text })),
        additional_text_edits: (!also.is_empty()).then_some(also),
        label: item.label,
        ..CompletionItem::default()
    }
}

fn kind(sort: Sort) -> CompletionItemKind {
    match sort {
        Sort::Clause => CompletionItemKind::PROPERTY,
        Sort::Keyword => CompletionItemKind::KEYWORD,
        Sort::Element => CompletionItemKind::VARIABLE,
        Sort::Signal => CompletionItemKind::EVENT,
        Sort::Function => CompletionItemKind::FUNCTION,
        Sort::Backup => CompletionItemKind::STRUCT,
        Sort::Kind => CompletionItemKind::CLASS,
        Sort::Unit => CompletionItemKind::UNIT,
        Sort::Template => CompletionItemKind::CONSTRUCTOR,
        Sort::Policy => CompletionItemKind::INTERFACE,
        Sort::Module => CompletionItemKind::MODULE,
        Sort::Parameter => CompletionItemKind::TYPE_PARAMETER,
        Sort::Field => CompletionItemKind::FIELD,
        Sort::Word => CompletionItemKind::ENUM_MEMBER,
        Sort::Value => CompletionItemKind::VALUE,
    }
}
