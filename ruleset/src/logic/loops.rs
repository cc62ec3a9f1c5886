//! What rests on itself in a graph.

const NEW: u32 = u32::MAX;
const DONE: u32 = NEW - 1;

/// Finds the strongly connected components of parts of a graph, by Tarjan's algorithm with a stack of its own. Kept
/// from one search to the next, so that each costs only what it meets.
#[derive(Default)]
pub(crate) struct Loops {
    /// Per node its place among those whose component is still open.
    met: Vec<u32>,
    /// Per node the first of these that it leads back to.
    low: Vec<u32>,
}

impl Loops {
    /// For a graph of so many nodes.
    pub fn new(nodes: usize) -> Loops {
        Loops { met: vec![NEW; nodes], low: vec![NEW; nodes] }
    }

    /// The components of everything that these lead to, each after those that it leads to. Linear.
    pub fn of(
        &mut self,
        roots: impl IntoIterator<Item = usize>,
        below: impl Fn(usize) -> Vec<usize>,
    ) -> Vec<Vec<usize>> {
        let (mut found, mut stack) = (Vec::new(), Vec::new());
        let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
        for root in roots {
            self.enter(root, &mut stack, &mut open, &below);
            while let Some((node, members)) = open.last_mut() {
                let node = *node;
                if let Some(member) = members.pop() {
                    self.low[node] = self.low[node].min(self.met[member]);
                    self.enter(member, &mut stack, &mut open, &below);
                    continue;
                }
                open.pop();
                if self.low[node] == self.met[node] {
                    let component = stack.split_off(self.met[node] as usize);
                    component.iter().for_each(|at| (self.met[*at], self.low[*at]) = (DONE, DONE));
                    found.push(component);
                }
                if let Some((above, _)) = open.last() {
                    self.low[*above] = self.low[*above].min(self.low[node]);
                }
            }
        }
        found.iter().flatten().for_each(|at| self.met[*at] = NEW);
        found
    }

    fn enter(
        &mut self,
        node: usize,
        stack: &mut Vec<usize>,
        open: &mut Vec<(usize, Vec<usize>)>,
        below: impl Fn(usize) -> Vec<usize>,
    ) {
        if self.met[node] == NEW {
            (self.met[node], self.low[node]) = (stack.len() as u32, stack.len() as u32);
            stack.push(node);
            open.push((node, below(node)));
        }
    }
}
