//! `typeHierarchy`: which kind is a sort of which.

use rbp_ide::hierarchy::{Node, kind_at, subtypes, supertypes};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    TypeHierarchyItem, TypeHierarchyPrepareParams, TypeHierarchySubtypesParams,
    TypeHierarchySupertypesParams,
};

use crate::convert::{item_id, item_of, kind};
use crate::snapshot::Snapshot;

pub fn prepare(
    snapshot: &Snapshot,
    params: &TypeHierarchyPrepareParams,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    let (id, byte) = snapshot.place(&params.text_document_position_params)?;
    let node = kind_at(&snapshot.db, id, byte);
    Ok(node.and_then(|node| Some(vec![shown(snapshot, node)?])))
}

pub fn above(
    snapshot: &Snapshot,
    params: &TypeHierarchySupertypesParams,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    let id = item_of(params.item.data.as_ref())?;
    let nodes = supertypes(&snapshot.db, id).into_iter();
    Ok(Some(nodes.filter_map(|node| shown(snapshot, node)).collect()))
}

pub fn below(
    snapshot: &Snapshot,
    params: &TypeHierarchySubtypesParams,
) -> Result<Option<Vec<TypeHierarchyItem>>> {
    let id = item_of(params.item.data.as_ref())?;
    let nodes = subtypes(&snapshot.db, id).into_iter();
    Ok(Some(nodes.filter_map(|node| shown(snapshot, node)).collect()))
}

fn shown(snapshot: &Snapshot, node: Node) -> Option<TypeHierarchyItem> {
    Some(TypeHierarchyItem {
        name: node.name,
        kind: kind(node.sort),
        tags: None,
        detail: Some(node.detail),
        uri: snapshot.uri(node.at.file)?,
        range: snapshot.range(&node.whole),
        selection_range: snapshot.range(&node.at),
        data: Some(item_id(node.id)),
    })
}
