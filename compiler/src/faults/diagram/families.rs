//! Families of sets of which none contains another: minimal cut sets as diagrams.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::monotone::Algebra;
use super::table::{Full, NO, Ref, Rule, Table, YES};

const WITHOUT: u32 = 0;
const MINIMAL: u32 = 1;
const EITHER: u32 = 2;
const BOTH: u32 = 3;
const FREE: u32 = 4;

/// Families of sets of variables.
#[derive(Debug)]
pub(in crate::faults) struct Families {
    pub table: Table,
}

impl Families {
    pub fn new(limit: usize, stop: Arc<AtomicBool>) -> Families {
        Families { table: Table::new(Rule::ZeroHigh, limit, stop) }
    }

    /// The minimal solutions of a function in a table of functions.
    pub fn minimal(&mut self, functions: &Table, of: Ref) -> Result<Ref, Full> {
        if of <= YES {
            return Ok(of);
        }
        if let Some(known) = self.table.known(MINIMAL, of, 0) {
            return Ok(known);
        }
        let node = functions.node(of);
        let high = self.minimal(functions, node.high)?;
        let low = self.minimal(functions, node.low)?;
        let high = self.without(functions, high, node.low)?;
        let result = self.table.make(node.level, low, high)?;
        self.table.remember(MINIMAL, of, 0, result);
        Ok(result)
    }

    /// The sets that do not satisfy the function.
    fn without(&mut self, functions: &Table, sets: Ref, of: Ref) -> Result<Ref, Full> {
        if sets == NO || of == YES {
            return Ok(NO);
        }
        if of == NO {
            return Ok(sets);
        }
        if sets == YES {
            // The empty set satisfies no monotone function but the one that is always true.
            return Ok(YES);
        }
        if let Some(known) = self.table.known(WITHOUT, sets, of) {
            return Ok(known);
        }
        let (set, function) = (self.table.node(sets), functions.node(of));
        let result = if function.level < set.level {
            // No set has that variable.
            self.without(functions, sets, function.low)?
        } else {
            let same = function.level == set.level;
            let (f_low, f_high) = if same { (function.low, function.high) } else { (of, of) };
            let low = self.without(functions, set.low, f_low)?;
            let high = self.without(functions, set.high, f_high)?;
            self.table.make(set.level, low, high)?
        };
        self.table.remember(WITHOUT, sets, of, result);
        Ok(result)
    }
}

/// The same without functions: families are put together as the gates say. Cheaper where sets are few and
/// the function is wide.
impl Algebra for Families {
    fn variable(&mut self, level: u32) -> Result<Ref, Full> {
        self.table.make(level, NO, YES)
    }

    /// The minimal sets among both families: what makes one function or the other true.
    fn or(&mut self, left: Ref, right: Ref) -> Result<Ref, Full> {
        if left == right || right == NO || left == YES {
            return Ok(left);
        }
        if left == NO || right == YES {
            return Ok(right);
        }
        let (left, right) = (left.min(right), left.max(right));
        if let Some(known) = self.table.known(EITHER, left, right) {
            return Ok(known);
        }
        let (level, [a_low, a_high, b_low, b_high]) = self.split(left, right);
        let low = self.or(a_low, b_low)?;
        let high = self.or(a_high, b_high)?;
        let high = self.free_of(high, low)?;
        let result = self.table.make(level, low, high)?;
        self.table.remember(EITHER, left, right, result);
        Ok(result)
    }

    /// The minimal sets that hold one of each family: what makes both functions true.
    fn and(&mut self, left: Ref, right: Ref) -> Result<Ref, Full> {
        if left == right || right == YES || left == NO {
            return Ok(left);
        }
        if left == YES || right == NO {
            return Ok(right);
        }
        let (left, right) = (left.min(right), left.max(right));
        if let Some(known) = self.table.known(BOTH, left, right) {
            return Ok(known);
        }
        let (level, [a_low, a_high, b_low, b_high]) = self.split(left, right);
        let low = self.and(a_low, b_low)?;
        let (a, b) = (self.or(a_low, a_high)?, self.or(b_low, b_high)?);
        let high = self.and(a, b)?;
        let high = self.free_of(high, low)?;
        let result = self.table.make(level, low, high)?;
        self.table.remember(BOTH, left, right, result);
        Ok(result)
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

impl Families {
    /// The sets that contain none of the others.
    fn free_of(&mut self, sets: Ref, others: Ref) -> Result<Ref, Full> {
        if sets == NO || others == YES || sets == others {
            return Ok(NO);
        }
        if others == NO || sets == YES {
            return Ok(sets);
        }
        if let Some(known) = self.table.known(FREE, sets, others) {
            return Ok(known);
        }
        let (set, other) = (self.table.node(sets), self.table.node(others));
        let result = if other.level < set.level {
            self.free_of(sets, other.low)?
        } else {
            let same = other.level == set.level;
            let below = if same { other.low } else { others };
            let low = self.free_of(set.low, below)?;
            let mut high = self.free_of(set.high, below)?;
            if same {
                high = self.free_of(high, other.high)?;
            }
            self.table.make(set.level, low, high)?
        };
        self.table.remember(FREE, sets, others, result);
        Ok(result)
    }

    /// Both families by the first variable of either.
    fn split(&self, left: Ref, right: Ref) -> (u32, [Ref; 4]) {
        let (a, b) = (self.table.node(left), self.table.node(right));
        let level = a.level.min(b.level);
        let (a_low, a_high) = if a.level == level { (a.low, a.high) } else { (left, NO) };
        let (b_low, b_high) = if b.level == level { (b.low, b.high) } else { (right, NO) };
        (level, [a_low, a_high, b_low, b_high])
    }
}
