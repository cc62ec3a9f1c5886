//! Graphviz.

use std::fmt::Write;

use super::{Edge, EdgeSort, Graph, Node, Sort};
use crate::escape::dot;

pub(super) fn write(graph: &Graph) -> String {
    let mut text = format!(
        "digraph rests {{\n  label={};\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  \
         edge [fontname=\"sans-serif\", fontsize=10];\n",
        dot(&graph.title)
    );
    for (at, node) in graph.nodes.iter().enumerate() {
        let _ = writeln!(text, "  n{at} [{}];", drawn(node));
    }
    for edge in &graph.edges {
        let _ = writeln!(text, "  n{} -> n{} [{}];", edge.from, edge.to, line(edge));
    }
    text + "}\n"
}

fn drawn(node: &Node) -> String {
    let mut words = format!("{} ({})", node.name, node.kind);
    if node.single {
        words += " - ends it alone";
    }
    if node.shared {
        words += " - shared";
    }
    let style = match (node.sort, node.single, node.shared) {
        (Sort::Function, ..) => "style=\"bold,filled\", fillcolor=\"#e8eef5\"",
        (_, true, _) => "style=\"bold\", color=\"#b3261e\", fontcolor=\"#b3261e\"",
        (_, _, true) => "style=\"filled\", fillcolor=\"#fbe4e2\", color=\"#b3261e\"",
        (Sort::Backup, ..) => "style=\"dashed\", color=\"#b3261e\"",
        _ => "style=\"solid\"",
    };
    format!("label={}, tooltip={}, {style}", dot(&words), dot(&node.in_full()))
}

fn line(edge: &Edge) -> String {
    let style = match edge.sort {
        EdgeSort::Rests => "style=\"solid\"",
        EdgeSort::Activation => "style=\"dotted\"",
        EdgeSort::StandsIn => "style=\"dashed\", color=\"#b3261e\"",
    };
    let label = match (&edge.label, edge.sort) {
        (Some(label), _) => label.as_str(),
        (None, EdgeSort::StandsIn) => "backup",
        (None, _) => return style.to_owned(),
    };
    format!("{style}, label={}", dot(label))
}
