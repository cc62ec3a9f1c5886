//! Short lists of the cheapest sets, and how gates put them together where nothing is shared.

/// A set in the store.
pub(super) type SetRef = u32;

/// The set of nothing.
pub(super) const EMPTY: SetRef = 0;

/// A set with its cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct One {
    pub cost: f64,
    pub set: SetRef,
}

/// Sets, the cheapest first.
pub(super) type List = Vec<One>;

/// A store of sets. A set is one item or two sets put together, so that lists share what they have in common.
#[derive(Debug)]
pub(super) struct Lists {
    cells: Vec<Cell>,
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Empty,
    Item(u32),
    Both(SetRef, SetRef),
}

impl Lists {
    pub fn new() -> Lists {
        Lists { cells: vec![Cell::Empty] }
    }

    /// How many bytes it takes, about.
    pub fn bytes(&self) -> usize {
        2 * size_of_val(self.cells.as_slice())
    }

    fn add(&mut self, cell: Cell) -> SetRef {
        self.cells.push(cell);
        self.cells.len() as SetRef - 1
    }

    /// The list of one item.
    pub fn single(&mut self, item: u32, cost: f64) -> List {
        vec![One { cost, set: self.add(Cell::Item(item)) }]
    }

    /// The list of what has failed already (by nothing more) or never can.
    pub fn constant(failed: bool) -> List {
        failed.then_some(One { cost: 0.0, set: EMPTY }).into_iter().collect()
    }

    /// The `most` cheapest of two that must both fail.
    pub fn both(&mut self, left: &[One], right: &[One], most: usize) -> List {
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (i, a) in left.iter().enumerate().take(most) {
            // A pair with as many cheaper ones before it as are wanted is not wanted.
            for (j, b) in right.iter().enumerate().take(most / (i + 1)) {
                pairs.push((a.cost + b.cost, i, j));
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        pairs.truncate(most);
        let put = |(cost, i, j): (f64, usize, usize)| {
            let set = match (left[i].set, right[j].set) {
                (EMPTY, other) | (other, EMPTY) => other,
                (left, right) => self.add(Cell::Both(left, right)),
            };
            One { cost, set }
        };
        pairs.into_iter().map(put).collect()
    }

    /// The `most` cheapest of several of which at least `k` must fail.
    pub fn at_least(&mut self, k: usize, of: &[&[One]], most: usize) -> List {
        // What has failed already is never chosen otherwise.
        let failed = |list: &&&[One]| list.first().is_some_and(|one| one.set == EMPTY);
        let k = k.saturating_sub(of.iter().filter(failed).count());
        let open: Vec<&[One]> = of.iter().filter(|list| !failed(list)).copied().collect();
        if k == 0 {
            return Lists::constant(true);
        }
        if k == 1 {
            return cheapest(open.into_iter().flatten().copied().collect(), most);
        }
        // chosen[j]: the cheapest ways to choose j of those seen so far.
        let mut chosen: Vec<List> = vec![Vec::new(); k + 1];
        chosen[0] = Lists::constant(true);
        for (seen, list) in open.iter().enumerate() {
            let needed = k.saturating_sub(open.len() - seen - 1).max(1);
            for j in (needed..=k.min(seen + 1)).rev() {
                let mut with = self.both(&chosen[j - 1], list, most);
                with.append(&mut chosen[j]);
                chosen[j] = cheapest(with, most);
            }
        }
        chosen.pop().unwrap_or_default()
    }

    /// The items of a set, rising.
    pub fn items(&self, set: SetRef) -> Vec<u32> {
        let mut items = Vec::new();
        let mut open = vec![set];
        while let Some(set) = open.pop() {
            match self.cells[set as usize] {
                Cell::Empty => {}
                Cell::Item(item) => items.push(item),
                Cell::Both(left, right) => open.extend([left, right]),
            }
        }
        items.sort_unstable();
        items
    }
}

fn cheapest(mut list: List, most: usize) -> List {
    list.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    list.truncate(most);
    list
}
