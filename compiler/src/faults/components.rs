//! Strongly connected components, members before those that need them.

/// The strongly connected components of a graph in an order where every edge leads to the same or an
/// earlier component.
#[derive(Clone, Debug, Default)]
pub(super) struct Components {
    nodes: Vec<u32>,
    starts: Vec<u32>,
}

impl Components {
    /// Number of components.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The nodes of one component.
    pub(super) fn nodes(&self, component: usize) -> &[u32] {
        &self.nodes[self.starts[component] as usize..self.starts[component + 1] as usize]
    }

    /// All components in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|component| self.nodes(component))
    }

    /// For each node the component that holds it.
    pub(super) fn of_nodes(&self) -> Vec<u32> {
        let mut of = vec![0; self.nodes.len()];
        for (component, nodes) in self.iter().enumerate() {
            for &node in nodes {
                of[node as usize] = component as u32;
            }
        }
        of
    }
}

/// Tarjan's algorithm over a graph in compressed rows: the successors of `v` are
/// `targets[starts[v]..starts[v + 1]]`. Its own stack instead of recursion, since a chain of needs may be
/// as long as the model. Linear.
pub(super) fn strong_components(starts: &[u32], targets: &[u32]) -> Components {
    const UNSEEN: u32 = u32::MAX;
    let count = starts.len() - 1;
    let mut index = vec![UNSEEN; count];
    let mut low = vec![0u32; count];
    let mut open = vec![false; count];
    let mut pending = Vec::new();
    let mut calls: Vec<(u32, u32)> = Vec::new();
    let mut next = 0;
    let mut result = Components { nodes: Vec::with_capacity(count), starts: vec![0] };
    for root in 0..count as u32 {
        if index[root as usize] != UNSEEN {
            continue;
        }
        calls.push((root, starts[root as usize]));
        while let Some((node, edge)) = calls.pop() {
            let v = node as usize;
            if index[v] == UNSEEN {
                index[v] = next;
                low[v] = next;
                next += 1;
                open[v] = true;
                pending.push(node);
            }
            let mut edge = edge;
            let mut descend = None;
            while edge < starts[v + 1] {
                let target = targets[edge as usize] as usize;
                if index[target] == UNSEEN {
                    // The edge is looked at again on return, when the target's low point is known.
                    descend = Some(target as u32);
                    break;
                }
                if open[target] {
                    low[v] = low[v].min(low[target]);
                }
                edge += 1;
            }
            if let Some(target) = descend {
                calls.push((node, edge));
                calls.push((target, starts[target as usize]));
            } else if low[v] == index[v] {
                while let Some(member) = pending.pop() {
                    open[member as usize] = false;
                    result.nodes.push(member);
                    if member == node {
                        break;
                    }
                }
                result.starts.push(result.nodes.len() as u32);
            }
        }
    }
    result
}
