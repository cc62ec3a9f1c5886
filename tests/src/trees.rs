//! Fault trees of any size from a seed: random ones, and those of data centre networks; and layered service
//! graphs as circuits.

use rbp_compiler::faults::tree::{FaultTree, Gate, Input};
use rbp_compiler::faults::{BuildError, Need, NodeId, NodeSpec, Structure, StructureBuilder};

use crate::random::Random;

/// What a random tree looks like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// About so many basic events.
    pub events: usize,
    /// Inputs of each gate.
    pub inputs: usize,
    /// So many inputs in a hundred are a gate, or an event, that is used elsewhere already.
    pub shared: usize,
    /// So many gates in a hundred ask for some but not all, nor for just one, of their inputs.
    pub some: usize,
}

impl Shape {
    /// Three inputs a gate, as many `and` as `or`, 10 % of gates and events shared.
    pub fn large(events: usize) -> Shape {
        Shape { events, inputs: 3, shared: 10, some: 0 }
    }
}

/// A random tree, built breadth first, with a probability for each event.
pub fn random_tree(random: &mut Random, shape: Shape) -> (FaultTree, Vec<f64>) {
    // Every gate but the top uses up a place and makes `inputs` new ones.
    let wanted = (shape.events / (shape.inputs - 1)).max(1);
    let (mut made, mut events) = (1u32, 0u32);
    let mut gates: Vec<Gate> = Vec::new();
    while gates.len() < made as usize {
        let mut inputs = Vec::with_capacity(shape.inputs);
        while inputs.len() < shape.inputs {
            let behind = made as usize - gates.len() - 1;
            let old = random.percent(shape.shared);
            let gate = (made as usize) < wanted && (random.percent(50) || behind == 0);
            let input = match (gate, old) {
                (true, true) if behind > 0 => {
                    Input::Gate((gates.len() + 1 + random.below(behind)) as u32)
                }
                (true, _) => {
                    made += 1;
                    Input::Gate(made - 1)
                }
                (false, true) if events > 0 => Input::Event(random.below(events as usize) as u32),
                (false, _) => {
                    events += 1;
                    Input::Event(events - 1)
                }
            };
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
        let many = inputs.len();
        let k = match random.percent(shape.some) {
            true if many > 2 => random.between(2, many - 1),
            _ => [1, many][random.below(2)],
        };
        gates.push(Gate { k: k as u32, inputs });
    }
    let probabilities = (0..events).map(|_| random.between(1, 50) as f64 / 1000.0).collect();
    (FaultTree { gates, events, top: Input::Gate(0) }, probabilities)
}

/// Which servers of a fat tree run the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replicas {
    /// The first server of each of the first so many pods.
    InPods(usize),
    /// Every server.
    Everywhere,
}

/// A `k`-ary fat tree of switches: `k` pods of `k/2` edge and `k/2` aggregation switches, `k/2` servers an edge switch,
/// and `(k/2)²` core switches, where aggregation switch `i` of every pod reaches the `k/2` cores of group `i`
/// (Al-Fares, Loukissas and Vahdat, "A scalable, commodity data center network architecture", 2008). The top
/// is that no replica is reached from the cores. Servers fail with probability 0.02, switches with 0.01.
pub fn fat_tree(k: usize, replicas: Replicas) -> (FaultTree, Vec<f64>) {
    let half = k / 2;
    let (cores, others) = (half * half, k * half);
    let event = |number: usize| Input::Event(number as u32);
    let aggregation = |pod: usize, at: usize| event(cores + pod * half + at);
    let edge = |number: usize| event(cores + others + number);
    let server = |number: usize| event(cores + 2 * others + number);
    let mut gates: Vec<Gate> = Vec::new();
    let mut gate = |k: usize, inputs: Vec<Input>| {
        gates.push(Gate { k: k as u32, inputs });
        Input::Gate(gates.len() as u32 - 1)
    };
    let groups: Vec<Input> = (0..half)
        .map(|group| gate(half, (0..half).map(|core| event(group * half + core)).collect()))
        .collect();
    let in_pod = half * half;
    let servers: Vec<usize> = match replicas {
        Replicas::InPods(many) => (0..many).map(|pod| pod * in_pod).collect(),
        Replicas::Everywhere => (0..k * in_pod).collect(),
    };
    let mut cut_off: Vec<Option<Input>> = vec![None; k];
    let mut lost = Vec::new();
    for number in servers {
        let pod = number / in_pod;
        let network = match cut_off[pod] {
            Some(known) => known,
            None => {
                let ways = (0..half).map(|at| gate(1, vec![aggregation(pod, at), groups[at]]));
                let ways: Vec<Input> = ways.collect();
                *cut_off[pod].insert(gate(half, ways))
            }
        };
        lost.push(gate(1, vec![server(number), edge(number / half), network]));
    }
    let top = gate(lost.len(), lost);
    let events = cores + 2 * others + k * in_pod;
    let probability = |number| if number < cores + 2 * others { 0.01 } else { 0.02 };
    (FaultTree { gates, events: events as u32, top }, (0..events).map(probability).collect())
}

/// Services on hosts in racks on power feeds, with shared credentials and the teams that run them: about so many
/// elements, each with an event of its own, and the functions that rest on them.
///
/// # Errors
///
/// When there are more than a circuit can hold.
pub fn layered(
    random: &mut Random,
    elements: usize,
    functions: usize,
) -> Result<(Structure, Vec<NodeId>), BuildError> {
    let mut builder = StructureBuilder::new();
    let layer = |many: usize, builder: &mut StructureBuilder| -> Vec<NodeId> {
        (0..many.max(2))
            .map(|_| {
                let (event, node) = (builder.event(), builder.node(NodeSpec::default()));
                builder.hit(event, node);
                node
            })
            .collect()
    };
    let feeds = layer(elements / 5_000, &mut builder);
    let racks = layer(elements / 200, &mut builder);
    let teams = layer(elements / 1_000, &mut builder);
    let credentials = layer(elements / 100, &mut builder);
    let hosts = layer(elements / 8, &mut builder);
    let services = layer(elements - elements / 7, &mut builder);
    let one_of = |members: Vec<NodeId>| Need { k: 1, members, ..Need::default() };
    for rack in &racks {
        builder.need(*rack, one_of(random.some_of(2, &feeds)));
    }
    for host in &hosts {
        builder.need(*host, one_of(random.some_of(1, &racks)));
    }
    for (at, service) in services.iter().enumerate() {
        builder.need(*service, one_of(random.some_of(1 + at % 3, &hosts)));
        builder.need(*service, one_of(random.some_of(1, &credentials)));
        if at % 4 == 0 {
            builder.need(*service, one_of(random.some_of(2, &teams)));
        }
        // Services call those below them, most of them few.
        for _ in 0..random.below(4).min(at) {
            builder.need(*service, one_of(vec![services[random.below(at)]]));
        }
    }
    let tops = (0..functions)
        .map(|_| {
            let function = builder.node(NodeSpec::default());
            for service in random.some_of(3, &services) {
                builder.need(function, one_of(vec![service]));
            }
            function
        })
        .collect();
    Ok((builder.build()?, tops))
}
