//! What a function rests on, as a graph: its dependencies, the backups that stand in for them, and
//! what the activation of those rests on.

mod dot;
mod layout;
mod mermaid;
mod svg;

use std::collections::{BTreeSet, HashMap, HashSet};

use rbp_ruleset::{Activation, Backup, LossSort, Need, NeedSort, RuleSet};

pub(crate) use self::svg::CLASSES;
use crate::view::{View, signals_of};

/// A form in which a graph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A picture that stands alone. Every node is a `g` with the element's id in `data-node`.
    Svg,
    /// Graphviz.
    Dot,
    /// Mermaid, as code hosts draw it.
    Mermaid,
}

/// The elements of one function or of all, and how they rest on one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    title: String,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    id: String,
    /// Its name, as playbooks and tables call it.
    name: String,
    /// The title that an author gave, where it says more.
    title: Option<String>,
    /// Its kind, or what it is.
    kind: String,
    sort: Sort,
    /// Its loss alone ends a function.
    single: bool,
    /// A backup and what that stands in for both rest on it.
    shared: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Function,
    Dependency,
    Backup,
}

/// From what rests to what it rests on; for a backup that stands in, from its primary to it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edge {
    from: usize,
    to: usize,
    sort: EdgeSort,
    /// "1 of 2", where not all are needed.
    label: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EdgeSort {
    /// It cannot do without it.
    Rests,
    /// What puts a backup to work.
    Activation,
    /// The backup at its end stands in for it.
    StandsIn,
}

impl Node {
    /// All that it is called: "Regional grid (power.region-grid)".
    fn in_full(&self) -> String {
        match &self.title {
            Some(title) => format!("{title} ({})", self.id),
            None => self.id.clone(),
        }
    }
}

impl Graph {
    /// The graph of a function, by its id; of every function where none is named. `None` where no
    /// function has that id.
    pub fn of(rules: &RuleSet, function: Option<&str>) -> Option<Graph> {
        Graph::in_view(&View::new(rules), function)
    }

    pub(crate) fn in_view(view: &View<'_>, function: Option<&str>) -> Option<Graph> {
        let roots: Vec<&str> = view.rules.functions.iter().map(|f| f.id.as_str()).collect();
        let roots = match function {
            None => roots,
            Some(id) => roots.into_iter().filter(|root| *root == id).take(1).collect(),
        };
        if function.is_some() && roots.is_empty() {
            return None;
        }
        let title = match function {
            Some(id) => format!("What {} rests on", view.called(id)),
            None => format!("What {} rest on", view.of_package("the functions")),
        };
        let graph = Graph { title, nodes: Vec::new(), edges: Vec::new() };
        Some(Gather::new(view, graph, &roots).run())
    }

    /// The graph as text that ends with a line break.
    pub fn write(&self, form: Form) -> String {
        match form {
            Form::Svg => svg::alone(self),
            Form::Dot => dot::write(self),
            Form::Mermaid => mermaid::write(self),
        }
    }

    /// The picture as part of a page, which has the colours.
    pub(crate) fn drawing(&self, number: usize) -> String {
        svg::drawing(self, number)
    }

    /// How many elements it has.
    pub(crate) fn size(&self) -> usize {
        self.nodes.len()
    }
}

/// Follows what elements rest on, from the functions on.
struct Gather<'a> {
    view: &'a View<'a>,
    graph: Graph,
    index: HashMap<&'a str, usize>,
    /// What is not followed yet.
    todo: Vec<&'a str>,
    /// The backups that count here, by what they stand in for.
    stand_ins: HashMap<&'a str, Vec<&'a Backup>>,
    edges: HashSet<(usize, usize, u8)>,
}

impl<'a> Gather<'a> {
    fn new(view: &'a View<'a>, graph: Graph, roots: &[&'a str]) -> Gather<'a> {
        let mut stand_ins: HashMap<&str, Vec<&Backup>> = HashMap::new();
        let protectors: BTreeSet<&str> = roots
            .iter()
            .flat_map(|root| view.protectors(root).iter().map(|b| b.id.as_str()))
            .collect();
        for backup in protectors.into_iter().filter_map(|id| view.backup(id)) {
            if let Some(primary) = &backup.primary {
                stand_ins.entry(primary).or_default().push(backup);
            }
        }
        let mut gather = Gather {
            view,
            graph,
            index: HashMap::new(),
            todo: Vec::new(),
            stand_ins,
            edges: HashSet::new(),
        };
        for root in roots {
            gather.node(root);
        }
        gather
    }

    fn run(mut self) -> Graph {
        while let Some(id) = self.todo.pop() {
            let from = self.node(id);
            if let Some(function) = self.view.function(id) {
                self.needs(from, &function.depends_on, EdgeSort::Rests);
            }
            if let Some(element) = self.view.element(id) {
                let uses = |need: &&Need| need.sort == NeedSort::Uses;
                let (uses, rests): (Vec<_>, Vec<_>) = element.needs.iter().partition(uses);
                rests.into_iter().for_each(|need| self.need(from, need, EdgeSort::Rests));
                uses.into_iter().for_each(|need| self.need(from, need, EdgeSort::Activation));
            }
            if let Some(activation) = self.view.backup(id).and_then(|b| b.activation.as_ref()) {
                self.activation(from, activation);
            }
            for backup in self.stand_ins.get(id).cloned().unwrap_or_default() {
                let to = self.node(&backup.id);
                self.edge(from, to, EdgeSort::StandsIn, None);
            }
        }
        self.marks();
        self.graph
    }

    fn node(&mut self, id: &'a str) -> usize {
        if let Some(at) = self.index.get(id) {
            return *at;
        }
        let at = self.graph.nodes.len();
        let (sort, kind) = match (self.view.function(id), self.view.backup(id)) {
            (Some(_), _) => (Sort::Function, "function"),
            (None, Some(_)) => (Sort::Backup, "backup"),
            (None, None) => (Sort::Dependency, "dependency"),
        };
        let of_kind = self.view.element(id).and_then(|e| e.kinds.first());
        self.graph.nodes.push(Node {
            id: id.to_owned(),
            name: self.view.name(id).to_owned(),
            title: self.view.title(id).map(str::to_owned),
            kind: of_kind.map_or(kind.to_owned(), Clone::clone),
            sort,
            single: false,
            shared: false,
        });
        self.index.insert(id, at);
        self.todo.push(id);
        at
    }

    fn edge(&mut self, from: usize, to: usize, sort: EdgeSort, label: Option<String>) {
        // One line between two elements is enough; that it rests on it says more than that it is used.
        let rests = self.edges.contains(&(from, to, EdgeSort::Rests as u8));
        if from != to && !rests && self.edges.insert((from, to, sort as u8)) {
            self.graph.edges.push(Edge { from, to, sort, label });
        }
    }

    fn needs(&mut self, from: usize, needs: &'a [Need], sort: EdgeSort) {
        needs.iter().for_each(|need| self.need(from, need, sort));
    }

    fn need(&mut self, from: usize, need: &'a Need, sort: EdgeSort) {
        let all = need.of.len();
        let label = (need.count as usize != all).then(|| format!("{} of {all}", need.count));
        for id in &need.of {
            let to = self.node(id);
            self.edge(from, to, sort, label.clone());
        }
    }

    fn activation(&mut self, from: usize, activation: &'a Activation) {
        let sort = EdgeSort::Activation;
        let mut signals = Vec::new();
        activation.when.iter().for_each(|when| signals_of(when, &mut signals));
        for signal in signals {
            if let Some(signal) = self.view.signal(signal) {
                self.needs(from, &signal.from, sort);
            }
        }
        activation.by.iter().for_each(|authority| self.need(from, &authority.who, sort));
        self.needs(from, &activation.with, sort);
        self.needs(from, &activation.funded_by, sort);
        let fences = activation.fences.iter().flat_map(|fence| &fence.via);
        for id in fences.chain(activation.reach.iter().flat_map(|reach| &reach.via)) {
            let to = self.node(id);
            self.edge(from, to, sort, None);
        }
    }

    /// Marks what ends a function alone, and what backups share with what they stand in for.
    fn marks(&mut self) {
        let roots = self.graph.nodes.iter().filter(|node| node.sort == Sort::Function);
        let functions = roots.filter_map(|node| self.view.function(&node.id));
        let sets = functions.flat_map(|f| &f.cut_sets);
        let single: Vec<usize> = sets
            .filter_map(|set| match set.as_slice() {
                [loss] if loss.sort == LossSort::Lost => self.index.get(loss.element.as_str()),
                _ => None,
            })
            .copied()
            .collect();
        single.into_iter().for_each(|at| self.graph.nodes[at].single = true);
        let ways = self.ways();
        let pairs: Vec<(usize, usize)> = self
            .graph
            .edges
            .iter()
            .filter(|edge| edge.sort == EdgeSort::StandsIn)
            .map(|edge| (edge.from, edge.to))
            .collect();
        for (primary, backup) in pairs {
            let first = reached(&ways, primary);
            for at in reached(&ways, backup) {
                if first.contains(&at) {
                    self.graph.nodes[at].shared = true;
                }
            }
        }
    }

    fn ways(&self) -> Vec<Vec<usize>> {
        let mut ways = vec![Vec::new(); self.graph.nodes.len()];
        for edge in self.graph.edges.iter().filter(|edge| edge.sort != EdgeSort::StandsIn) {
            ways[edge.from].push(edge.to);
        }
        ways
    }
}

/// Everything that can be reached, the start included.
fn reached(ways: &[Vec<usize>], start: usize) -> HashSet<usize> {
    let mut found = HashSet::from([start]);
    let mut todo = vec![start];
    while let Some(at) = todo.pop() {
        for next in &ways[at] {
            if found.insert(*next) {
                todo.push(*next);
            }
        }
    }
    found
}
