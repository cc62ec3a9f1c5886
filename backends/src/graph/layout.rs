//! Where the nodes of a graph stand: in layers from left to right, each as near as can be to what it
//! is linked with.
//!
//! Layers by the longest way from the functions; links over several layers are bent at a point in each;
//! the order within a layer by the mean place of what is linked (barycentres), the best of several
//! sweeps; heights by least squares under the order (pooling adjacent violators). After K. Sugiyama, S.
//! Tagawa and M. Toda, "Methods for visual understanding of hierarchical system structures", 1981.

use super::Graph;

/// How often the order is improved, there and back.
const SWEEPS: usize = 12;
/// Links beyond which crossings are not counted: the last order is taken.
const COUNTED: usize = 4_000;

/// A node's place, or a point at which a link is bent.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    pub layer: usize,
    pub y: f64,
}

/// Where everything stands.
pub struct Layout {
    pub layers: usize,
    pub height: f64,
    /// Per node.
    pub nodes: Vec<Spot>,
    /// Per edge the points at which it is bent, from its `from` to its `to`.
    pub bends: Vec<Vec<Spot>>,
}

/// The height that a node takes, and that a bend takes.
pub const NODE: f64 = 46.0;
const BEND: f64 = 16.0;

struct Points {
    /// The layer of each point: nodes first, bends after them.
    layer: Vec<usize>,
    nodes: usize,
    /// What each point is linked with in the layer before, and in the one after.
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    /// The points of each layer, from top to bottom.
    order: Vec<Vec<usize>>,
}

/// Places the nodes. About linear in nodes and links, times the number of layers that links span.
pub fn layout(graph: &Graph) -> Layout {
    let layer = layers(graph);
    let count = layer.iter().max().map_or(0, |last| last + 1);
    let mut points = Points {
        nodes: layer.len(),
        before: vec![Vec::new(); layer.len()],
        after: vec![Vec::new(); layer.len()],
        order: vec![Vec::new(); count],
        layer,
    };
    for at in 0..points.nodes {
        points.order[points.layer[at]].push(at);
    }
    let bends: Vec<Vec<usize>> =
        graph.edges.iter().map(|edge| points.link(edge.from, edge.to)).collect();
    points.sort();
    let y = points.heights();
    let spot = |at: usize| Spot { layer: points.layer[at], y: y[at] };
    let bottom = y.iter().enumerate().map(|(at, y)| y + points.size(at) / 2.0);
    Layout {
        layers: count,
        height: bottom.fold(0.0, f64::max),
        nodes: (0..points.nodes).map(spot).collect(),
        bends: bends.iter().map(|all| all.iter().map(|at| spot(*at)).collect()).collect(),
    }
}

/// The layer of each node: the longest way to it, links that close a circle left aside. A backup
/// stands in the layer after what it stands in for.
fn layers(graph: &Graph) -> Vec<usize> {
    let count = graph.nodes.len();
    let mut out = vec![Vec::new(); count];
    for edge in &graph.edges {
        out[edge.from].push(edge.to);
    }
    // Depth first, with a stack of its own: (node, the next of its links).
    let mut state = vec![0_u8; count];
    let mut finished = Vec::with_capacity(count);
    let mut forward = vec![Vec::new(); count];
    for start in 0..count {
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        let mut stack = vec![(start, 0)];
        while let Some((at, next)) = stack.pop() {
            let Some(to) = out[at].get(next).copied() else {
                state[at] = 2;
                finished.push(at);
                continue;
            };
            stack.push((at, next + 1));
            if state[to] != 1 {
                forward[at].push(to);
            }
            if state[to] == 0 {
                state[to] = 1;
                stack.push((to, 0));
            }
        }
    }
    let mut layer = vec![0; count];
    for at in finished.into_iter().rev() {
        for to in &forward[at] {
            layer[*to] = layer[*to].max(layer[at] + 1);
        }
    }
    layer
}

impl Points {
    /// Links two nodes through a bend in each layer between them.
    fn link(&mut self, from: usize, to: usize) -> Vec<usize> {
        let back = self.layer[from] > self.layer[to];
        let (first, last) = if back { (to, from) } else { (from, to) };
        let mut bends = Vec::new();
        let mut at = first;
        for layer in self.layer[first] + 1..self.layer[last] {
            let bend = self.layer.len();
            self.layer.push(layer);
            self.before.push(Vec::new());
            self.after.push(Vec::new());
            self.order[layer].push(bend);
            self.join(at, bend);
            bends.push(bend);
            at = bend;
        }
        if self.layer[at] < self.layer[last] {
            self.join(at, last);
        }
        if back {
            bends.reverse();
        }
        bends
    }

    fn join(&mut self, left: usize, right: usize) {
        self.after[left].push(right);
        self.before[right].push(left);
    }

    fn size(&self, at: usize) -> f64 {
        if at < self.nodes { NODE } else { BEND }
    }

    /// Orders each layer so that few links cross.
    fn sort(&mut self) {
        let counted = self.layer.len() < COUNTED;
        let mut best = (usize::MAX, self.order.clone());
        for sweep in 0..SWEEPS {
            let mut place = vec![0.0; self.layer.len()];
            for layer in &self.order {
                for (at, point) in layer.iter().enumerate() {
                    place[*point] = at as f64;
                }
            }
            let down = sweep % 2 == 0;
            let count = self.order.len();
            for step in 1..count {
                let layer = if down { step } else { count - 1 - step };
                let links = if down { &self.before } else { &self.after };
                let mean = |point: &usize| match links[*point].len() {
                    0 => place[*point],
                    n => links[*point].iter().map(|to| place[*to]).sum::<f64>() / n as f64,
                };
                let mut keyed: Vec<(f64, usize)> =
                    self.order[layer].iter().map(|point| (mean(point), *point)).collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                self.order[layer] = keyed.into_iter().map(|(_, point)| point).collect();
                for (at, point) in self.order[layer].iter().enumerate() {
                    place[*point] = at as f64;
                }
            }
            let crossings = if counted { self.crossings() } else { SWEEPS - sweep };
            if crossings < best.0 {
                best = (crossings, self.order.clone());
            }
        }
        self.order = best.1;
    }

    /// How many pairs of links cross: the inversions between neighbouring layers.
    fn crossings(&self) -> usize {
        let mut place = vec![0; self.layer.len()];
        for layer in &self.order {
            layer.iter().enumerate().for_each(|(at, point)| place[*point] = at);
        }
        let mut count = 0;
        for layer in &self.order {
            let mut ends: Vec<usize> = Vec::new();
            for point in layer {
                let mut mine: Vec<usize> = self.after[*point].iter().map(|to| place[*to]).collect();
                mine.sort_unstable();
                for end in &mine {
                    count += ends.len() - ends.partition_point(|other| other <= end);
                }
                ends.extend(mine);
                ends.sort_unstable();
            }
        }
        count
    }

    /// The height of each point: as near as can be to the mean of what it is linked with.
    fn heights(&self) -> Vec<f64> {
        let mut y = vec![0.0; self.layer.len()];
        for layer in &self.order {
            let mut top = 0.0;
            for point in layer {
                y[*point] = top + self.size(*point) / 2.0;
                top += self.size(*point);
            }
        }
        let count = self.order.len();
        for sweep in 0..SWEEPS {
            for step in 0..count {
                let layer = if sweep % 2 == 0 { count - 1 - step } else { step };
                self.settle(&self.order[layer], &mut y);
            }
        }
        let top = y.iter().enumerate().map(|(at, y)| y - self.size(at) / 2.0);
        let top = top.fold(f64::INFINITY, f64::min);
        y.into_iter().map(|y| y - top).collect()
    }

    /// Moves the points of a layer to where they want to be, without changing their order.
    fn settle(&self, layer: &[usize], y: &mut [f64]) {
        // Blocks of points that touch: (sum of wishes, how many). A wish is a height less the
        // heights of the points above it.
        let mut blocks: Vec<(f64, usize)> = Vec::new();
        let mut offsets = Vec::with_capacity(layer.len());
        let mut offset = 0.0;
        for point in layer {
            let linked = self.before[*point].iter().chain(&self.after[*point]);
            let (sum, number) = linked.fold((0.0, 0), |(sum, n), to| (sum + y[*to], n + 1));
            let wish = if number == 0 { y[*point] } else { sum / f64::from(number) };
            offset += self.size(*point) / 2.0;
            offsets.push(offset);
            blocks.push((wish - offset, 1));
            offset += self.size(*point) / 2.0;
            while let [.., (above, n), (below, m)] = blocks.as_mut_slice() {
                if *above / *n as f64 <= *below / *m as f64 {
                    break;
                }
                (*above, *n) = (*above + *below, *n + *m);
                blocks.pop();
            }
        }
        let mut at = 0;
        for (sum, number) in blocks {
            for _ in 0..number {
                y[layer[at]] = sum / number as f64 + offsets[at];
                at += 1;
            }
        }
    }
}
