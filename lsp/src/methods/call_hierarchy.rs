//! `callHierarchy`: what needs an element, and what it needs.

use rbp_ide::hierarchy::{Node, Step, above, below, element_at};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, Range,
};

use crate::convert::{item_id, item_of, kind};
use crate::snapshot::Snapshot;

pub fn prepare(
    snapshot: &Snapshot,
    params: &CallHierarchyPrepareParams,
) -> Result<Option<Vec<CallHierarchyItem>>> {
    let (id, byte) = snapshot.place(&params.text_document_position_params)?;
    let node = element_at(&snapshot.db, id, byte);
    Ok(node.and_then(|node| Some(vec![shown(snapshot, node)?])))
}

/// What needs it.
pub fn incoming(
    snapshot: &Snapshot,
    params: &CallHierarchyIncomingCallsParams,
) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
    let id = item_of(params.item.data.as_ref())?;
    let calls = above(&snapshot.db, id).into_iter().filter_map(|step| {
        let from_ranges = ranges(snapshot, &step);
        Some(CallHierarchyIncomingCall { from: shown(snapshot, step.node)?, from_ranges })
    });
    Ok(Some(calls.collect()))
}

/// What it needs.
pub fn outgoing(
    snapshot: &Snapshot,
    params: &CallHierarchyOutgoingCallsParams,
) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
    let id = item_of(params.item.data.as_ref())?;
    let calls = below(&snapshot.db, id).into_iter().filter_map(|step| {
        let from_ranges = ranges(snapshot, &step);
        Some(CallHierarchyOutgoingCall { to: shown(snapshot, step.node)?, from_ranges })
    });
    Ok(Some(calls.collect()))
}

fn ranges(snapshot: &Snapshot, step: &Step) -> Vec<Range> {
    step.places.iter().map(|place| snapshot.range(place)).collect()
}

fn shown(snapshot: &Snapshot, node: Node) -> Option<CallHierarchyItem> {
    Some(CallHierarchyItem {
        kind: kind(node.sort),
        tags: None,
        uri: snapshot.uri(node.at.file)?,
        range: snapshot.range(&node.whole),
        selection_range: snapshot.range(&node.at),
        data: Some(item_id(node.id)),
        detail: (!node.detail.is_empty()).then_some(node.detail),
        name: node.name,
    })
}
