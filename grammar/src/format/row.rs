//! Declarations on neighbouring lines are rows of a table: what stands at the same place of each
//! begins in the same column.

use crate::token::T;

use super::WIDTH;

/// The most characters by which rows of one table may differ before a column; where they differ
/// more, that column is not aligned.
const MOST_PADDING: usize = 24;

/// The places of a row that can be aligned.
pub(super) const STOPS: usize = 2;

/// A declaration or field that takes one line.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its first word: only rows of one sort make a table.
    pub word: T,
    /// The start of its line, in bytes of the result.
    pub line: usize,
    /// The end of what it says.
    pub end: usize,
    /// Where a cell begins: directly after the space before it.
    pub stops: [Option<usize>; STOPS],
}

impl Row {
    pub fn moved(mut self, by: usize) -> Row {
        self.line += by;
        self.end += by;
        self.stops = self.stops.map(|stop| stop.map(|at| at + by));
        self
    }
}

/// `text` with its rows aligned. Linear.
pub(super) fn aligned(text: &str, rows: &[Row]) -> String {
    let mut paddings: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    while from < rows.len() {
        let mut to = from + 1;
        while to < rows.len() && neighbours(text, &rows[to - 1], &rows[to]) {
            to += 1;
        }
        table(text, &rows[from..to], &mut paddings);
        from = to;
    }
    paddings.sort_unstable();
    let mut out = String::with_capacity(text.len() + paddings.iter().map(|p| p.1).sum::<usize>());
    let mut done = 0;
    for (at, padding) in paddings {
        out.push_str(text.get(done..at).unwrap_or(""));
        out.extend(std::iter::repeat_n(' ', padding));
        done = at;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}

fn neighbours(text: &str, row: &Row, next: &Row) -> bool {
    let between = text.get(row.end..next.line).unwrap_or("");
    let lines = between.matches('\n').count();
    let indent = |r: &Row| text[r.line..].bytes().take_while(|b| *b == b' ').count();
    row.word == next.word && lines == 1 && indent(row) == indent(next)
}

fn table(text: &str, rows: &[Row], paddings: &mut Vec<(usize, usize)>) {
    let characters = |from: usize, to: usize| text.get(from..to).unwrap_or("").chars().count();
    let mut added = vec![0; rows.len()];
    for stop in 0..STOPS {
        let before: Vec<Option<usize>> = rows
            .iter()
            .zip(&added)
            .map(|(row, added)| row.stops[stop].map(|at| characters(row.line, at) + added))
            .collect();
        let (Some(&most), Some(&least)) =
            (before.iter().flatten().max(), before.iter().flatten().min())
        else {
            continue;
        };
        let fits = rows.iter().zip(&before).zip(&added).all(|((row, before), added)| {
            let width = characters(row.line, row.end) + added;
            before.is_none_or(|before| width + most - before <= WIDTH)
        });
        if most - least > MOST_PADDING || !fits {
            // What follows a ragged column is no column either.
            return;
        }
        for ((row, before), added) in rows.iter().zip(&before).zip(&mut added) {
            if let (Some(at), Some(before)) = (row.stops[stop], before)
                && most > *before
            {
                paddings.push((at, most - before));
                *added += most - before;
            }
        }
    }
}
