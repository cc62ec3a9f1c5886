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
const WITHOUT: u32 = 2;
const MINIMAL: u32 = 3;

/// Functions of variables that are told apart by their levels; level 0 is decided first.
#[derive(Debug)]
pub(in crate::faults) struct Functions {
    pub table: Table,
}

impl Functions {
    pub fn new(limit: usize, stop: Arc<AtomicBool>) -> Functions {
        Functions { table: Table::new(Rule::Same, limit, stop) }
    }

    pub fn variable(&mut self, level: u32) -> Result<Ref, Full> {
        self.table.make(level, NO, YES)
    }

    pub fn and(&mut self, left: Ref, right: Ref) -> Result<Ref, Full> {
        if left == right || right == YES || left == NO {
            return Ok(left);
        }
        if left == YES || right == NO {
            return Ok(right);
        }
        self.apply(AND, left, right)
    }

    pub fn or(&mut self, left: Ref, right: Ref) -> Result<Ref, Full> {
        if left == right || right == NO || left == YES {
            return Ok(left);
        }
        if left == NO || right == YES {
            return Ok(right);
        }
        self.apply(OR, left, right)
    }

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

    /// At least `k` of the functions.
    pub fn at_least(&mut self, k: usize, of: &[Ref]) -> Result<Ref, Full> {
        if k == 0 {
            return Ok(YES);
        }
        // reached[j]: at least j of the functions seen so far.
        let mut reached = vec![NO; k + 1];
        reached[0] = YES;
        for function in of {
            for j in (1..=k).rev() {
                let one_more = self.and(*function, reached[j - 1])?;
                reached[j] = self.or(reached[j], one_more)?;
            }
        }
        Ok(reached[k])
    }
}

/// Families of sets of variables.
#[derive(Debug)]
pub(in crate::faults) struct Families {
    pub table: Table,
}

impl Families {
    pub fn new(limit: usize, stop: Arc<AtomicBool>) -> Families {
        Families { table: Table::new(Rule::ZeroHigh, limit, stop) }
    }

    /// The minimal solutions of a function.
    pub fn minimal(&mut self, functions: &Functions, of: Ref) -> Result<Ref, Full> {
        if of <= YES {
            return Ok(of);
        }
        if let Some(known) = self.table.known(MINIMAL, of, 0) {
            return Ok(known);
        }
        let node = functions.table.node(of);
        let high = self.minimal(functions, node.high)?;
        let low = self.minimal(functions, node.low)?;
        let high = self.without(functions, high, node.low)?;
        let result = self.table.make(node.level, low, high)?;
        self.table.remember(MINIMAL, of, 0, result);
        Ok(result)
    }

    /// The sets that do not satisfy the function.
    fn without(&mut self, functions: &Functions, sets: Ref, of: Ref) -> Result<Ref, Full> {
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
        let (set, function) = (self.table.node(sets), functions.table.node(of));
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
