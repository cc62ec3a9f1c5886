//! Mermaid flowcharts.

use std::fmt::Write;

use super::{Edge, EdgeSort, Graph, Node, Sort};
use crate::escape::mermaid;

pub(super) fn write(graph: &Graph) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (at, node) in graph.nodes.iter().enumerate() {
        let _ = writeln!(text, "  n{at}{}{}", shape(node), class(node));
    }
    for edge in &graph.edges {
        let _ = writeln!(text, "  n{} {} n{}", edge.from, arrow(edge), edge.to);
    }
    text + "  classDef single stroke:#b3261e,stroke-width:3px\n  \
         classDef shared fill:#fbe4e2,stroke:#b3261e,color:#1b1b1b\n  \
         classDef backup stroke:#b3261e,stroke-dasharray:5 3\n  \
         classDef function stroke-width:3px\n"
}

fn shape(node: &Node) -> String {
    // There is no room for a title but beside the name.
    let called = match &node.title {
        Some(title) => format!("{} – {title}", node.name),
        None => node.name.clone(),
    };
    let words = match (node.single, node.shared) {
        (true, _) => format!("{called} (ends it alone)"),
        (_, true) => format!("{called} (shared)"),
        _ => called,
    };
    let label = mermaid(&words);
    match node.sort {
        Sort::Function => format!("([{label}])"),
        Sort::Backup | Sort::Dependency => format!("[{label}]"),
    }
}

fn class(node: &Node) -> &'static str {
    match (node.sort, node.single, node.shared) {
        (Sort::Function, ..) => ":::function",
        (_, true, _) => ":::single",
        (_, _, true) => ":::shared",
        (Sort::Backup, ..) => ":::backup",
        _ => "",
    }
}

fn arrow(edge: &Edge) -> String {
    let line = match edge.sort {
        EdgeSort::Rests => "-->",
        EdgeSort::Activation => "-.->",
        EdgeSort::StandsIn => "==>",
    };
    match (&edge.label, edge.sort) {
        (Some(label), _) => format!("{line}|{}|", mermaid(label)),
        (None, EdgeSort::StandsIn) => format!("{line}|backup|"),
        (None, _) => line.to_owned(),
    }
}
