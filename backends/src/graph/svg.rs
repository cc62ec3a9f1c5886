//! The picture: layers from left to right, backups and what they share in red.

use std::fmt::Write;

use super::layout::{Layout, NODE, Spot, layout};
use super::{Edge, EdgeSort, Graph, Node, Sort};
use crate::escape::{html, line};

/// The width of a character of a label, about.
const CHARACTER: f64 = 7.0;
/// Names are cut at so many characters; the whole one, and the title, stand in the node's `title`.
const LONGEST: usize = 40;
/// Between two layers.
const GAP: f64 = 54.0;
/// Around everything.
const MARGIN: f64 = 10.0;
/// Space between two nodes, taken off their height.
const BETWEEN: f64 = 10.0;

/// What a picture that stands alone brings along. A page has the same classes and its own colours.
const STYLE: &str = "\
svg{--ink:#1b1f24;--soft:#57606a;--paper:#fff;--box:#f3f5f8;--edge:#8a94a0;--red:#b3261e;--redbox:#fbe4e2;\
background:var(--paper);font-family:system-ui,sans-serif}\
@media(prefers-color-scheme:dark){svg{--ink:#e6e9ed;--soft:#a6afb9;--paper:#14171b;--box:#22272e;--edge:#717b87;\
--red:#ff8a80;--redbox:#4a2320}}";

/// The classes of the picture.
pub(crate) const CLASSES: &str = "\
.g-box{fill:var(--box);stroke:var(--edge)}.g-function .g-box{stroke:var(--ink);stroke-width:2.5}\
.g-backup .g-box{stroke:var(--red);stroke-dasharray:5 3}\
.g-shared .g-box{fill:var(--redbox);stroke:var(--red)}\
.g-single .g-box{stroke:var(--red);stroke-width:3}\
.g-label{fill:var(--ink);font-size:12.5px}.g-kind{fill:var(--soft);font-size:10.5px}\
.g-single .g-kind,.g-shared .g-kind{fill:var(--red)}\
.g-line{fill:none;stroke:var(--edge);stroke-width:1.3}.g-activation{stroke-dasharray:2 3}\
.g-stands{stroke:var(--red);stroke-dasharray:6 3}.g-end{fill:var(--edge)}.g-end-red{fill:var(--red)}\
.g-note{fill:var(--soft);font-size:10.5px}";

/// A picture with its colours and a legend.
pub(super) fn alone(graph: &Graph) -> String {
    picture(graph, 0, true)
}

/// A picture for a page; `number` keeps what it names apart from other pictures'.
pub(super) fn drawing(graph: &Graph, number: usize) -> String {
    picture(graph, number, false)
}

const LEGEND: &str = "Arrows lead to what something rests on; dotted: what puts a backup to work. Red, dashed: \
    a backup. Red, filled: shared with what it stands in for. Red, thick: it alone ends the function.";

fn picture(graph: &Graph, number: usize, alone: bool) -> String {
    let layout = layout(graph);
    let columns = columns(graph, &layout);
    let mut width = columns.last().map_or(0.0, |(left, width)| left + width) + MARGIN;
    let mut height = layout.height + 2.0 * MARGIN;
    if alone {
        width = width.max(LEGEND.chars().count() as f64 * 5.6 + 2.0 * MARGIN);
        height += 24.0;
    }
    // On a page it fills the width, and on a small screen is scrolled rather than made too small to read.
    let size = match alone {
        true => format!("width=\"{width:.0}\" height=\"{height:.0}\""),
        false => {
            let least = width * 0.72;
            format!("style=\"width:100%;min-width:{least:.0}px;max-width:{width:.0}px\"")
        }
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" {size} \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"gt{number}\">\
         <title id=\"gt{number}\">{}</title>\n",
        html(&line(&graph.title))
    );
    if alone {
        let _ = writeln!(svg, "<style>{STYLE}{CLASSES}</style>");
    }
    for (id, class) in [("ge", "g-end"), ("gr", "g-end-red")] {
        let _ = writeln!(
            svg,
            "<marker id=\"{id}{number}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" \
             markerHeight=\"7\" orient=\"auto\"><path class=\"{class}\" d=\"M0 0L8 4L0 8z\"/></marker>"
        );
    }
    for (at, edge) in graph.edges.iter().enumerate() {
        svg += &link(edge, &layout, at, &columns, number);
    }
    for (node, spot) in graph.nodes.iter().zip(&layout.nodes) {
        svg += &drawn(node, *spot, &columns);
    }
    if alone {
        let y = height - MARGIN;
        let _ = writeln!(svg, "<text class=\"g-note\" x=\"{MARGIN}\" y=\"{y:.0}\">{LEGEND}</text>");
    }
    svg + "</svg>\n"
}

/// The left side and the width of each layer.
fn columns(graph: &Graph, layout: &Layout) -> Vec<(f64, f64)> {
    let mut widths = vec![60.0_f64; layout.layers];
    for (node, spot) in graph.nodes.iter().zip(&layout.nodes) {
        let longest = short(&node.name).chars().map(wide).sum::<f64>();
        let kind = words(node).chars().map(wide).sum::<f64>() * 0.86;
        widths[spot.layer] = widths[spot.layer].max(longest.max(kind) * CHARACTER + 18.0);
    }
    let mut left = MARGIN;
    let place = |width: f64| {
        let place = (left, width);
        left += width + GAP;
        place
    };
    widths.into_iter().map(place).collect()
}

/// How wide a character is, in those of Latin text.
fn wide(c: char) -> f64 {
    if c >= '\u{1100}' { 1.8 } else { 1.0 }
}

fn short(label: &str) -> String {
    let label = line(label);
    match label.chars().count() > LONGEST {
        true => label.chars().take(LONGEST - 1).chain(['…']).collect(),
        false => label,
    }
}

fn words(node: &Node) -> String {
    let kind = short(&node.kind);
    match (node.single, node.shared) {
        (true, _) => format!("{kind} · ends it alone"),
        (_, true) => format!("{kind} · shared"),
        _ => kind,
    }
}

fn drawn(node: &Node, spot: Spot, columns: &[(f64, f64)]) -> String {
    let (left, width) = columns.get(spot.layer).copied().unwrap_or_default();
    let tall = NODE - BETWEEN;
    let top = spot.y + MARGIN - tall / 2.0;
    let class = match (node.sort, node.single, node.shared) {
        (Sort::Function, ..) => "g-function",
        (_, true, _) => "g-single",
        (_, _, true) => "g-shared",
        (Sort::Backup, ..) => "g-backup",
        _ => "g-dependency",
    };
    format!(
        "<g class=\"{class}\" data-node=\"{id}\"><title>{full}</title>\
         <rect class=\"g-box\" x=\"{left:.0}\" y=\"{top:.0}\" width=\"{width:.0}\" height=\"{tall:.0}\" rx=\"5\"/>\
         <text class=\"g-label\" x=\"{text:.0}\" y=\"{first:.0}\">{label}</text>\
         <text class=\"g-kind\" x=\"{text:.0}\" y=\"{second:.0}\">{kind}</text></g>\n",
        id = html(&line(&node.id)),
        full = html(&line(&node.in_full())),
        text = left + 8.0,
        first = top + 15.0,
        second = top + 29.0,
        label = html(&short(&node.name)),
        kind = html(&words(node)),
    )
}

fn link(edge: &Edge, layout: &Layout, at: usize, columns: &[(f64, f64)], number: usize) -> String {
    let (from, to) = (layout.nodes[edge.from], layout.nodes[edge.to]);
    let right = from.layer < to.layer;
    let side = |spot: Spot, start: bool| {
        let (left, width) = columns.get(spot.layer).copied().unwrap_or_default();
        let x = if start == right { left + width } else { left };
        (x, spot.y + MARGIN)
    };
    let mut points = vec![side(from, true)];
    for bend in &layout.bends[at] {
        // Straight through the layer.
        points.extend([side(*bend, false), side(*bend, true)]);
    }
    points.push(side(to, false));
    let (x, y) = points[0];
    let mut path = format!("M{x:.0} {y:.0}");
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let middle = (x0 + x1) / 2.0;
        match (y0 - y1).abs() < 0.5 {
            true => _ = write!(path, "H{x1:.0}"),
            false => _ = write!(path, "C{middle:.0} {y0:.0} {middle:.0} {y1:.0} {x1:.0} {y1:.0}"),
        }
    }
    let (class, end) = match edge.sort {
        EdgeSort::Rests => ("g-line", "ge"),
        EdgeSort::Activation => ("g-line g-activation", "ge"),
        EdgeSort::StandsIn => ("g-line g-stands", "gr"),
    };
    let mut svg =
        format!("<path class=\"{class}\" d=\"{path}\" marker-end=\"url(#{end}{number})\"/>\n");
    if let (Some(label), [.., (_, before), (x, y)]) = (&edge.label, points.as_slice()) {
        let above = if before > y { 12.0 } else { -5.0 };
        let anchor = if right { "end" } else { "start" };
        let _ = writeln!(
            svg,
            "<text class=\"g-note\" x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{}</text>",
            if right { x - 9.0 } else { x + 9.0 },
            y + above,
            html(label)
        );
    }
    svg
}
