//! Monotone functions as diagrams, and their minimal solutions.
//!
//! A function of losses that more losses never make false is made of `and` and `or` alone, so the high
//! branch of every node is implied by the low one. That is what makes the minimal solutions simple to
//! take out (Rauzy, "New algorithms for fault trees analysis", 1993): those of the low branch, and
//! those of the high branch that do not satisfy the low one already.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::table::{Full, NO, Ref, Rule, Table, YES};

const AND: u32 = 0;
const OR: u32 = 1;

/// What gates are put together from.
pub(in crate::faults) trait Algebra {
    /// The diagram of one variable.
    fn variable(&mut self, level: u32) -> Result<Ref, Full>;
    fn and(&mut self, left: Ref, right: Ref) -> Result<Ref, Full>;
    fn or(&mut self, left: Ref, right: Ref) -> Result<Ref, Full>;
    fn table(&self) -> &Table;

    /// At least `k` of them.
    fn at_least(&mut self, k: usize, of: &[Ref]) -> Result<Ref, Full> {
        if k == 0 {
            return Ok(YES);
        }
        // reached[j]: at least j of those seen so far.
        let mut reached = vec![NO; k + 1];
        reached[0] = YES;
        for one in of {
            for j in (1..=k).rev() {
                let one_more = self.and(*one, reached[j - 1])?;
                reached[j] = self.or(reached[j], one_more)?;
            }
        }
        Ok(reached[k])
    }
}

/// Functions of variables that are told apart by their levels; level 0 is decided first.
#[derive(Debug)]
pub(in crate::faults) struct Functions {
    pub table: Table,
}

impl Functions {
    pub fn new(limit: usize, stop: Arc<AtomicBool>) -> Functions {
        Functions { table: Table::new(Rule::Same, limit, stop) }
    }
}

impl Algebra for Functions {
    fn variable(&mut self, level: u32) -> Result<Ref, Full> {
        self.table.make(level, NO, YES)
    }

    fn and(&mut self, left: Ref, right: Ref) -> Result<Ref, Full> {
        if left == right || right == YES || left == NO {
            return Ok(left);
        }
        if left == YES || right == NO {
            return Ok(right);
        }
        self.apply(AND, left, right)
    }

    fn or(&mut self, left: Ref, right: Ref) -> Result<Ref, Full> {
        if left == right || right == NO || left == YES {
            return Ok(left);
        }
        if left == NO || right == YES {
            return Ok(right);
        }
        self.apply(OR, left, right)
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

impl Functions {
    fn apply(&mut self, op: u32, left: Ref, right: Ref) -> Result<Ref, Full> {
        let (left, right) = (left.min(right), left.max(right));
        if let Some(known) = self.table.known(op, left, right) {
            return Ok(known);
        }
        let (a, b) = (self.table.node(left), self.table.node(right));
        let level = a.level.min(b.level);
        let (a_low, a_high) = if a.level == level { (a.low, a.high) } else { (left, left) };
        let (b_low, b_high) = if b.level == level { (b.low, b.high) } else { (right, right) };
        let mut step = |a, b| if op == AND { self.and(a, b) } else { self.or(a, b) };
        let low = step(a_low, b_low)?;
        let high = step(a_high, b_high)?;
        let result = self.table.make(level, low, high)?;
        self.table.remember(op, left, right, result);
        Ok(result)
    }
}
