//! Plain data as the protocol has it.

use rbp_compiler::diagnostic::FileId;
use rbp_compiler::names::ItemId;
use rbp_ide::definition::Target;
use rbp_ide::symbols::{Declared, Sort};
use serde_json::json;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    DocumentSymbol, GotoDefinitionResponse, LSPAny, LocationLink, SymbolKind,
};

use crate::snapshot::Snapshot;

/// Where names lead.
pub fn links(snapshot: &Snapshot, targets: &[Target]) -> Option<GotoDefinitionResponse> {
    let link = |target: &Target| {
        Some(LocationLink {
            origin_selection_range: Some(snapshot.range(&target.from)),
            target_uri: snapshot.uri(target.name.file)?,
            target_range: snapshot.range(&target.whole),
            target_selection_range: snapshot.range(&target.name),
        })
    };
    let found: Vec<LocationLink> = targets.iter().filter_map(link).collect();
    if found.is_empty() {
        return None;
    }
    match snapshot.shared.client.links {
        true => Some(GotoDefinitionResponse::Link(found)),
        false => {
            let locations = targets.iter().filter_map(|target| snapshot.location(&target.name));
            Some(GotoDefinitionResponse::Array(locations.collect()))
        }
    }
}

/// A declaration, for a client to hand back.
pub fn item_id(id: ItemId) -> LSPAny {
    json!([id.file.0, id.item])
}

/// The declaration that a client hands back.
///
/// # Errors
///
/// When it is none of ours.
pub fn item_of(data: Option<&LSPAny>) -> Result<ItemId> {
    let pair = data.and_then(|data| serde_json::from_value::<(u32, u32)>(data.clone()).ok());
    let (file, item) =
        pair.ok_or_else(|| Error::invalid_params("this is no item of the server's"))?;
    Ok(ItemId { file: FileId(file), item })
}

/// The nearest that the protocol knows.
pub fn kind(sort: Sort) -> SymbolKind {
    match sort {
        Sort::Import | Sort::Apply => SymbolKind::MODULE,
        Sort::Unit => SymbolKind::CONSTANT,
        Sort::Kind => SymbolKind::CLASS,
        Sort::Field => SymbolKind::FIELD,
        Sort::Dependency => SymbolKind::OBJECT,
        Sort::Signal | Sort::Activation => SymbolKind::EVENT,
        Sort::Function => SymbolKind::FUNCTION,
        Sort::Backup => SymbolKind::STRUCT,
        Sort::Test => SymbolKind::METHOD,
        Sort::Template => SymbolKind::CONSTRUCTOR,
        Sort::Parameter => SymbolKind::TYPE_PARAMETER,
        Sort::Policy => SymbolKind::INTERFACE,
        Sort::Accept => SymbolKind::KEY,
        Sort::Scenario => SymbolKind::ENUM_MEMBER,
        Sort::Evidence => SymbolKind::FILE,
    }
}

/// A declaration with what is declared in it.
pub fn outline(snapshot: &Snapshot, declared: &Declared) -> DocumentSymbol {
    let inner: Vec<DocumentSymbol> =
        declared.inner.iter().map(|inner| outline(snapshot, inner)).collect();
    #[expect(deprecated, reason = "the protocol's type has the field still")]
    DocumentSymbol {
        name: declared.name.clone(),
        detail: declared.detail.clone(),
        kind: kind(declared.sort),
        tags: None,
        deprecated: None,
        range: snapshot.range(&declared.whole),
        selection_range: snapshot.range(&declared.at),
        children: (!inner.is_empty()).then_some(inner),
    }
}
