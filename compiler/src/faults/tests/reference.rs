//! The meaning, written down as directly as possible: sets, naive fixpoints, enumeration. Nothing here is
//! meant to be fast.

use super::super::{Combine, EventId, Met, Need, NodeId, NodeSpec, Structure, StructureBuilder};
use std::collections::{BTreeMap, HashSet};

#[derive(Clone, Debug)]
pub struct Node {
    pub events: Vec<u32>,
    pub needs: Vec<Need>,
    pub spec: NodeSpec,
}

#[derive(Clone, Debug)]
pub struct Model {
    pub events: u32,
    pub nodes: Vec<Node>,
}

type Set = HashSet<usize>;
type Times = BTreeMap<usize, u64>;

pub fn met(need: &Need, set: &Set) -> bool {
    need.members.iter().filter(|member| set.contains(&member.index())).count() >= need.k as usize
}

impl Model {
    pub fn build(&self) -> Structure {
        let mut builder = StructureBuilder::new();
        for _ in 0..self.events {
            builder.event();
        }
        for node in &self.nodes {
            builder.node(node.spec);
        }
        for (index, node) in self.nodes.iter().enumerate() {
            for &event in &node.events {
                builder.hit(EventId(event), NodeId(index as u32));
            }
            for need in &node.needs {
                builder.need(NodeId(index as u32), need.clone());
            }
        }
        builder.build().unwrap()
    }

    pub fn hit(&self, node: usize, losses: &[u32]) -> bool {
        self.nodes[node].events.iter().any(|event| losses.contains(event))
    }

    fn filter(&self, keep: impl Fn(usize) -> bool) -> Set {
        (0..self.nodes.len()).filter(|&node| keep(node)).collect()
    }

    pub fn running(&self, losses: &[u32]) -> Set {
        let mut set = self.filter(|_| true);
        loop {
            let next = self.filter(|node| {
                set.contains(&node)
                    && !self.nodes[node].spec.latent
                    && !self.hit(node, losses)
                    && self.nodes[node].needs.iter().all(|need| met(need, &set))
            });
            if next == set {
                return set;
            }
            set = next;
        }
    }

    pub fn up(&self, losses: &[u32]) -> Set {
        let running = self.running(losses);
        let mut z = Set::new();
        loop {
            let next = self.stage(losses, &running, &z);
            if next == z {
                return z;
            }
            z = next;
        }
    }

    /// What is up where before needs are met by what was up before.
    fn stage(&self, losses: &[u32], running: &Set, z: &Set) -> Set {
        let mut x = self.filter(|_| true);
        loop {
            let mut y = Set::new();
            loop {
                let next = self.filter(|node| {
                    running.contains(&node)
                        || !self.hit(node, losses)
                            && self.nodes[node].needs.iter().all(|need| match need.met {
                                Met::ToStart => met(need, &y),
                                Met::ToRun => met(need, &x),
                                Met::Before => met(need, z),
                            })
                });
                if next == y {
                    break;
                }
                y = next;
            }
            if y == x {
                return x;
            }
            x = y;
        }
    }

    pub fn subsets(&self, size: usize) -> Vec<Vec<u32>> {
        (0u32..1 << self.events)
            .filter(|bits| bits.count_ones() as usize == size)
            .map(|bits| (0..self.events).filter(|event| bits >> event & 1 == 1).collect())
            .collect()
    }

    /// For each node its minimal cut sets up to an order, by trying all sets of losses.
    pub fn minimal_cut_sets(&self, max_order: usize) -> Vec<Vec<Vec<u32>>> {
        let mut result: Vec<Vec<Vec<u32>>> = vec![Vec::new(); self.nodes.len()];
        for order in 0..=max_order {
            for losses in self.subsets(order) {
                let up = self.up(&losses);
                for (node, sets) in result.iter_mut().enumerate() {
                    let smaller = |set: &Vec<u32>| set.iter().all(|event| losses.contains(event));
                    if !up.contains(&node) && !sets.iter().any(smaller) {
                        sets.push(losses.clone());
                    }
                }
            }
        }
        for sets in &mut result {
            sets.sort_by_key(|set| (set.len(), set.clone()));
        }
        result
    }

    /// The nodes that each node rests on within `inside`, by one step or more.
    fn rests_on(&self, inside: &Set) -> BTreeMap<usize, Set> {
        let mut reach: BTreeMap<usize, Set> = BTreeMap::new();
        for &node in inside {
            let members = self.nodes[node].needs.iter().flat_map(|need| &need.members);
            reach.insert(
                node,
                members
                    .map(|member| member.index())
                    .filter(|member| inside.contains(member))
                    .collect(),
            );
        }
        loop {
            let next: BTreeMap<usize, Set> = reach
                .iter()
                .map(|(&node, set)| {
                    let mut wider = set.clone();
                    for member in set {
                        wider.extend(&reach[member]);
                    }
                    (node, wider)
                })
                .collect();
            if next == reach {
                return reach;
            }
            reach = next;
        }
    }

    /// Whether any node that is up without having run rests on itself.
    pub fn has_groups(&self, losses: &[u32]) -> bool {
        let inside: Set = self.up(losses).difference(&self.running(losses)).copied().collect();
        self.rests_on(&inside).iter().any(|(node, set)| set.contains(node))
    }

    /// The times of all nodes that are up, by the definition in `time.rs`: groups in turn, and in each the
    /// least `t` by trying one `t` after the other.
    pub fn times(&self, losses: &[u32]) -> Times {
        let running = self.running(losses);
        let up = self.up(losses);
        let mut times: Times = running.iter().map(|&node| (node, 0)).collect();
        let inside: Set = up.difference(&running).copied().collect();
        let rests_on = self.rests_on(&inside);
        // Who is up without each node: of an order of succession these act.
        let without: Vec<Set> = (0..self.nodes.len())
            .map(|node| {
                let mut barred = self.clone();
                barred.nodes[node].needs =
                    vec![Need { k: 1, members: Vec::new(), ..Need::default() }];
                barred.up(losses)
            })
            .collect();
        while times.len() < up.len() {
            for &node in &inside {
                let mut group: Set = inside
                    .iter()
                    .copied()
                    .filter(|o| rests_on[&node].contains(o) && rests_on[o].contains(&node))
                    .collect();
                group.insert(node);
                let known = rests_on[&node]
                    .iter()
                    .all(|other| group.contains(other) || times.contains_key(other));
                if times.contains_key(&node) || !known {
                    continue;
                }
                let found = self.group_times(&group, &up, &times, &without);
                assert_eq!(found.len(), group.len(), "no end of {self:?} under {losses:?}");
                times.extend(found);
            }
        }
        times
    }

    /// The times of a group. What is held out for in it, and is met without the node in time, is not waited for.
    fn group_times(&self, group: &Set, up: &Set, times: &Times, without: &[Set]) -> Times {
        let mut plain = self.clone();
        for &node in group {
            for need in &mut plain.nodes[node].needs {
                let inside = need.members.iter().any(|m| group.contains(&m.index()));
                if let (Some(until), true) = (need.held_out, inside) {
                    let back: Set = group.intersection(&without[node]).copied().collect();
                    let found = self.set_times(&back, group, up, times, without);
                    let time = |member: &NodeId| match group.contains(&member.index()) {
                        true => found.get(&member.index()).copied(),
                        false => times.get(&member.index()).copied(),
                    };
                    let in_time =
                        need.members.iter().filter_map(time).filter(|time| *time <= until);
                    if in_time.count() >= need.k as usize {
                        need.k = 0;
                    }
                }
            }
        }
        plain.set_times(group, group, up, times, without)
    }

    /// The times of some nodes of a group with the help of these only.
    fn set_times(
        &self,
        nodes: &Set,
        group: &Set,
        up: &Set,
        times: &Times,
        without: &[Set],
    ) -> Times {
        let inside = |met: Met| {
            nodes.iter().flat_map(|node| &self.nodes[*node].needs).any(|need| {
                need.met == met && need.members.iter().any(|m| group.contains(&m.index()))
            })
        };
        let staged = inside(Met::ToRun) && inside(Met::Before);
        // Who waits for a node in turn does not act.
        let mut without = without.to_vec();
        loop {
            let mut found = BTreeMap::new();
            let mut t = 0;
            while found.len() < nodes.len() && t < 1_000 {
                let before = found.len();
                let known = staged.then(|| found.clone());
                for member in self.back_by(t, nodes, (group, up), times, known.as_ref(), &without) {
                    found.entry(member).or_insert(t);
                }
                t += u64::from(found.len() == before);
            }
            let acts = |node: &&usize| !found.contains_key(node) && !without[**node].is_empty();
            let waiting: Vec<usize> = nodes.iter().filter(acts).copied().collect();
            if waiting.is_empty() {
                return found;
            }
            waiting.into_iter().for_each(|node| without[node].clear());
        }
    }

    /// The greatest set of nodes of the group that have begun by `t` with the help of the set only, and of those
    /// found to be back for before needs.
    fn back_by(
        &self,
        t: u64,
        nodes: &Set,
        (group, up): (&Set, &Set),
        times: &Times,
        found: Option<&Times>,
        without: &[Set],
    ) -> Set {
        let mut set = nodes.clone();
        loop {
            let begun = self.begun(&set, group, up, times, found, without);
            let next: Set = set
                .iter()
                .copied()
                .filter(|node| begun.get(node).is_some_and(|&time| time <= t))
                .collect();
            if next == set {
                return set;
            }
            set = next;
        }
    }

    fn begun(
        &self,
        set: &Set,
        group: &Set,
        up: &Set,
        times: &Times,
        found: Option<&Times>,
        without: &[Set],
    ) -> Times {
        let mut begun = BTreeMap::new();
        loop {
            let mut next = BTreeMap::new();
            for &node in set {
                let needs: Option<Vec<u64>> = self.nodes[node]
                    .needs
                    .iter()
                    .map(|need| {
                        need_time(need, (set, group, up, &without[node]), times, &begun, found)
                    })
                    .collect();
                if let Some(times) = needs {
                    let mut later = 0;
                    let mut needs = Vec::new();
                    for (need, time) in self.nodes[node].needs.iter().zip(times) {
                        let inside = need.members.iter().any(|m| group.contains(&m.index()));
                        match need.held_out {
                            None => needs.push(time),
                            Some(until) if inside || time > until => later = time.max(later),
                            Some(_) => {}
                        }
                    }
                    let wait: u64 = match self.nodes[node].spec.combine {
                        Combine::Max => needs.iter().copied().max().unwrap_or(0),
                        Combine::Sum => needs.iter().sum(),
                    };
                    next.insert(node, (self.nodes[node].spec.delay + wait).max(later));
                }
            }
            if next == begun {
                return begun;
            }
            begun = next;
        }
    }

    /// Loops over start needs, from who can reach whom.
    pub fn start_loops(&self, latent: bool) -> Vec<Vec<usize>> {
        let mut only_start = self.clone();
        for node in &mut only_start.nodes {
            node.needs.retain(|need| need.met != Met::ToRun);
        }
        let inside = self.filter(|node| latent || !self.nodes[node].spec.latent);
        let reach = only_start.rests_on(&inside);
        let mut loops: Vec<Vec<usize>> = reach
            .iter()
            .filter(|(node, set)| set.contains(node))
            .map(|(node, set)| {
                let mut all: Vec<usize> =
                    set.iter().copied().filter(|other| reach[other].contains(node)).collect();
                all.sort_unstable();
                all
            })
            .collect();
        loops.sort();
        loops.dedup();
        loops
    }
}

fn need_time(
    need: &Need,
    (set, group, up, without): (&Set, &Set, &Set, &Set),
    times: &Times,
    begun: &Times,
    found: Option<&Times>,
) -> Option<u64> {
    let k = need.k as usize;
    let members: Vec<usize> = need.members.iter().map(|member| member.index()).collect();
    let inside = members.iter().any(|member| group.contains(member));
    let acts =
        |member: &&usize| if inside { without.contains(member) } else { up.contains(member) };
    let in_line: Vec<usize> = members.iter().filter(acts).copied().take(k).collect();
    let members = if need.ordered && in_line.len() == k { in_line } else { members };
    let mut all: Vec<u64> = members
        .iter()
        .filter_map(|member| {
            if !group.contains(member) {
                up.contains(member).then(|| times[member])
            } else if let (Met::Before, Some(found)) = (need.met, found) {
                found.get(member).copied()
            } else if !set.contains(member) {
                None
            } else if need.met == Met::ToRun {
                Some(0)
            } else {
                begun.get(member).copied()
            }
        })
        .collect();
    all.sort_unstable();
    if k == 0 { Some(0) } else { all.get(k - 1).copied() }
}
