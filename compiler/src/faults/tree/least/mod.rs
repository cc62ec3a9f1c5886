//! The least minimal cut sets of a tree whose sets are too many, and too entangled, for diagrams.
//!
//! Losses that several branches share are what makes a tree hard. They are decided one by one, lost or kept, the
//! most promising decisions first; once all that still matter are decided, what is left shares nothing and
//! its least sets are put together gate by gate. How promising a decision is says a bound: the price of a
//! shared loss is split among those that use it, so that nothing is paid twice; a gate costs as much as all
//! its inputs or as the cheapest. No set that goes with the decisions is cheaper, so the first sets that come
//! out are the least, and none is missing.

mod lists;
mod shape;

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::sync::atomic::Ordering as Memory;

use rustc_hash::FxHashMap;

use self::lists::{List, Lists, One, SetRef};
use self::shape::Shape;
use super::chain::Chain;
use super::order::Part;
use super::{Effort, FaultTree, Input, modules};

/// What a loss costs at most, so that one that hardly ever happens can still be told from one that cannot.
const DEAREST: f64 = 1e6;
/// Bounds are lowered by this share, since sums of fractions may come out a little too large.
const ROUNDING: f64 = 1e-9;

/// The least cut sets, as far as they were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Least {
    /// The sets, the cheapest first, each rising. Each is a minimal cut set.
    pub sets: Vec<Vec<u32>>,
    /// Where the search ended early: every set that costs less than this is among the sets.
    pub below: Option<f64>,
}

impl FaultTree {
    /// The `most` minimal cut sets that cost least, where event `e` costs `cost(e)`, which must not be
    /// negative: 1 for the smallest, the negative logarithm of the probability for the likeliest. `patience`
    /// is how many inputs of gates may be looked at; a billion take several seconds. Of the effort the memory
    /// counts, for what waits to be looked at, and the wish to stop.
    ///
    /// # Errors
    ///
    /// When gates form a loop: one of them.
    pub fn least(
        &self,
        most: usize,
        cost: &dyn Fn(u32) -> f64,
        patience: u64,
        effort: &Effort,
    ) -> Result<Least, u32> {
        let tree = modules::prepared(self)?;
        let modules = modules::modules(&tree);
        let order = tree.in_order()?;
        let mut search = Search {
            cost,
            most,
            lists: Lists::new(),
            solved: FxHashMap::default(),
            patience,
            effort,
        };
        let mut below = None;
        if let Some(top) = tree.top.gate() {
            for gate in order.into_iter().filter(|gate| *gate == top || modules[*gate as usize]) {
                let (list, bound) =
                    search.part(&Part { tree: &tree, top: gate, modules: &modules });
                search.solved.insert(gate, Rc::new(list));
                if bound.is_some() {
                    // What a part below the top has found says nothing of the top.
                    below = if gate == top { bound } else { Some(0.0) };
                    break;
                }
            }
        }
        let list = search.of_variable(tree.top);
        let sets = list.iter().map(|one| search.lists.items(one.set)).collect();
        Ok(Least { sets, below })
    }
}

struct Search<'a> {
    cost: &'a dyn Fn(u32) -> f64,
    most: usize,
    /// Sets of events.
    lists: Lists,
    /// The least sets of the parts so far.
    solved: FxHashMap<u32, Rc<List>>,
    patience: u64,
    effort: &'a Effort,
}

/// Something that has yet to be looked at: sets that cost as much as its bound, or more.
struct Open {
    bound: f64,
    number: u64,
    what: What,
}

enum What {
    /// Decisions, and what they cost.
    Decisions(f64, Decisions),
    /// The sets of variables that go with decisions, from that place in their list on.
    Rest(f64, Decisions, usize),
    /// A set of variables: perhaps not a minimal one.
    Variables(Vec<u32>),
    /// A minimal set of events.
    Events(SetRef),
}

/// Shared variables, and whether each is lost.
type Decisions = Chain<(u32, bool)>;

impl Search<'_> {
    /// The least sets of a variable.
    fn of_variable(&mut self, variable: Input) -> Rc<List> {
        match variable {
            Input::Gate(gate) => self.solved.get(&gate).cloned().unwrap_or_default(),
            Input::Event(event) => {
                let cost = (self.cost)(event).clamp(0.0, DEAREST);
                Rc::new(self.lists.single(event, cost))
            }
            Input::Constant(lost) => Rc::new(Lists::constant(lost)),
        }
    }

    /// The least sets of a part; and where patience has ended, what every other set costs at least.
    fn part(&mut self, part: &Part<'_>) -> (List, Option<f64>) {
        let mut shape = Shape::of(part);
        let of: Vec<Rc<List>> = shape.variables.iter().map(|v| self.of_variable(*v)).collect();
        shape.least =
            of.iter().map(|list| list.first().map_or(f64::INFINITY, |o| o.cost)).collect();
        let mut queue = Queue::default();
        queue.add(0.0, What::Decisions(0.0, Chain::empty()));
        let mut sets = Lists::new();
        let mut found = List::new();
        while let Some(open) = queue.next() {
            if !matches!(open.what, What::Events(_)) {
                let full = queue.bytes + sets.bytes() + self.lists.bytes() > self.effort.memory;
                let impatient = self.patience < shape.work();
                if full || impatient || self.effort.stop.load(Memory::Relaxed) {
                    return (found, Some(open.bound));
                }
                self.patience -= shape.work();
            }
            match open.what {
                What::Decisions(paid, last) => decide(&mut shape, paid, last, &mut queue),
                What::Rest(paid, last, from) => {
                    shape.set(&last);
                    let most = (2 * from).max(self.most);
                    let rest = shape.rest(&mut sets, most);
                    if rest.len() == most {
                        let bound = paid + rest[most - 1].cost;
                        queue.add(bound, What::Rest(paid, last.clone(), most));
                    }
                    for one in rest.iter().skip(from) {
                        let mut lost = sets.items(one.set);
                        lost.extend(last.iter().filter(|d| d.1).map(|d| d.0));
                        lost.sort_unstable();
                        queue.add(paid + one.cost, What::Variables(lost));
                    }
                }
                What::Variables(lost) => {
                    if shape.needs_each(&lost) {
                        let all = lost.iter().fold(Lists::constant(true), |all, v| {
                            self.lists.both(&all, &of[*v as usize], self.most)
                        });
                        all.iter().for_each(|one| queue.add(one.cost, What::Events(one.set)));
                    }
                }
                What::Events(set) => {
                    found.push(One { cost: open.bound, set });
                    if found.len() == self.most {
                        break;
                    }
                }
            }
        }
        (found, None)
    }
}

/// Decides one more shared variable, or finds that nothing is left to decide.
fn decide(shape: &mut Shape, paid: f64, last: Decisions, queue: &mut Queue) {
    shape.set(&last);
    let bound = shape.bound();
    let Some(variable) = shape.next() else {
        queue.add((paid + bound) * (1.0 - ROUNDING), What::Rest(paid, last, 0));
        return;
    };
    for lost in [true, false] {
        let paid = paid + if lost { shape.least[variable as usize] } else { 0.0 };
        let new = last.with((variable, lost));
        shape.set(&new);
        let bound = (paid + shape.bound()) * (1.0 - ROUNDING);
        if bound.is_finite() {
            queue.add(bound, What::Decisions(paid, new));
        }
    }
}

#[derive(Default)]
struct Queue {
    open: BinaryHeap<Open>,
    number: u64,
    /// How many bytes it takes, about.
    bytes: usize,
}

impl Queue {
    fn add(&mut self, bound: f64, what: What) {
        self.number += 1;
        self.bytes += what.bytes();
        self.open.push(Open { bound, number: self.number, what });
    }

    fn next(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        self.bytes -= open.what.bytes();
        Some(open)
    }
}

impl What {
    /// A list of open things may be twice as long as it is full; decisions are a link more than those before.
    fn bytes(&self) -> usize {
        let more = match self {
            What::Decisions(..) => 5 * size_of::<usize>(),
            What::Variables(lost) => size_of_val(lost.as_slice()),
            What::Rest(..) | What::Events(_) => 0,
        };
        2 * size_of::<Open>() + more
    }
}

impl Ord for Open {
    /// The cheapest is the greatest; of equal ones the newest, so that sets are finished first.
    fn cmp(&self, other: &Open) -> Ordering {
        other.bound.total_cmp(&self.bound).then(self.number.cmp(&other.number))
    }
}
impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Open) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Open {
    fn eq(&self, other: &Open) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Open {}
