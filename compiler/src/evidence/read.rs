//! One file of test records: its rows, and what is wrong with them.

use std::ops::Range;
use std::sync::Arc;

use rbp_grammar::ast::Span;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::csv::{Trouble, Value, rows};
use super::json_lines::lines;
use super::measured::quantity;
use super::{Exercise, Figure, Measured, Record};
use crate::db::{Db, EvidenceFile};
use crate::diagnostic::{Anchor, Diagnostic, FileId};
use crate::model::day_of;
use crate::rules::records::{bad_record, unreadable_evidence};

/// The columns that a record may have; the first four it must have.
pub const COLUMNS: [&str; 10] = [
    "element", "test", "date", "outcome", "level", "evidence", "load", "lasted", "restored",
    "changes",
];
const REQUIRED: usize = 4;

/// What a file says.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Read {
    /// Its records.
    pub rows: Vec<Row>,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
    /// The elements of records that could not be read.
    pub unread: FxHashSet<SmolStr>,
    /// Of some record not even the element could be read.
    pub lost: bool,
}

/// A record with the names in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The name of the element whose test it is.
    pub element: SmolStr,
    /// Where that stands.
    pub element_at: Anchor,
    /// Where the name of the test stands.
    pub test_at: Anchor,
    /// Where the date stands.
    pub date_at: Anchor,
    /// Where the level of exercise stands.
    pub level_at: Anchor,
    /// What it records.
    pub record: Record,
}

/// Reads a file. Linear in it.
#[salsa::tracked(returns(ref))]
pub fn read(db: &dyn Db, file: EvidenceFile) -> Arc<Read> {
    let mut reader = Reader { file: file.id(db), read: Read::default() };
    let text: &str = file.text(db);
    if let Some(at) = file.invalid(db) {
        let at = reader.at(at as usize..at as usize + 1);
        reader.read.lost = true;
        // What a byte order mark of UTF-16 becomes in text, before letters of two bytes.
        let utf16 = text.starts_with("\u{fffd}\u{fffd}") && text.contains('\0');
        reader.read.findings.push(match utf16 {
            true => unreadable_evidence::utf16(at),
            false => unreadable_evidence::not_utf8(at),
        });
    } else if file.name(db).ends_with(".csv") {
        reader.csv(text);
    } else {
        reader.json_lines(text);
    }
    Arc::new(reader.read)
}

struct Reader {
    file: FileId,
    read: Read,
}

impl Reader {
    fn at(&self, bytes: Range<usize>) -> Anchor {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Anchor {
            file: self.file,
            item: 0,
            span: Span { start: place(bytes.start), end: place(bytes.end) },
        }
    }

    fn csv(&mut self, text: &str) {
        let (rows, trouble) = rows(text);
        if let Some(Trouble { at, why }) = trouble {
            self.read.lost = true;
            let at = self.at(at..at + 1);
            self.read.findings.push(unreadable_evidence::broken(at, why));
        }
        let mut rows = rows.into_iter();
        let Some(head) = rows.next() else {
            if self.read.findings.is_empty() {
                self.read.findings.push(unreadable_evidence::empty(self.at(0..0)));
                self.read.lost = true;
            }
            return;
        };
        let Some(columns) = self.columns(&head) else { return self.read.lost = true };
        for row in rows {
            let whole = whole(&row);
            let mut cells: [Option<Value>; COLUMNS.len()] = Default::default();
            let count = row.len();
            for (value, column) in row.into_iter().zip(&columns) {
                if let Some(cell) = cells.get_mut(*column) {
                    *cell = Some(value);
                }
            }
            let wrong = (count != columns.len())
                .then(|| bad_record::wrong_count(self.at(whole.clone()), count, columns.len()));
            self.row(cells, whole, wrong);
        }
    }

    /// The column of each place of a row; `None` where the head does not say.
    fn columns(&mut self, head: &[Value]) -> Option<Vec<usize>> {
        let mut columns = Vec::new();
        let before = self.read.findings.len();
        for value in head {
            let name = value.text.trim();
            let at = self.at(value.bytes.clone());
            match COLUMNS.iter().position(|column| *column == name) {
                Some(column) if columns.contains(&column) => {
                    self.read.findings.push(bad_record::column_twice(at, name));
                }
                Some(column) => columns.push(column),
                None => self.read.findings.push(bad_record::unknown_column(at, name)),
            }
        }
        let missing = (0..REQUIRED).filter(|column| !columns.contains(column));
        let missing: Vec<&str> = missing.filter_map(|c| COLUMNS.get(c).copied()).collect();
        if self.read.findings.len() == before && !missing.is_empty() {
            let at = self.at(whole(head));
            self.read.findings.push(bad_record::missing_columns(at, &missing));
        }
        (self.read.findings.len() == before).then_some(columns)
    }

    fn json_lines(&mut self, text: &str) {
        let lines = lines(text);
        if lines.is_empty() {
            self.read.lost = true;
            self.read.findings.push(unreadable_evidence::empty(self.at(0..0)));
        }
        for line in lines {
            let members = match line.members {
                Ok(members) => members,
                Err((at, why)) => {
                    self.read.lost = true;
                    let at = self.at(at..at + 1);
                    self.read.findings.push(unreadable_evidence::no_json(at, &why));
                    continue;
                }
            };
            let mut cells: [Option<Value>; COLUMNS.len()] = Default::default();
            let mut wrong = None;
            for member in members {
                let at = self.at(member.bytes.clone());
                let column = COLUMNS.iter().position(|column| *column == member.name);
                let cell = column.and_then(|column| cells.get_mut(column));
                match (cell, member.text) {
                    (None, _) => wrong = Some(bad_record::unknown_column(at, &member.name)),
                    (Some(Some(_)), _) => {
                        wrong = Some(bad_record::column_twice(at, &member.name));
                    }
                    (Some(cell), Some(text)) => *cell = Some(Value { text, bytes: member.bytes }),
                    (Some(_), None) if member.null => {}
                    (Some(_), None) => wrong = Some(bad_record::no_text(at, &member.name)),
                }
            }
            self.row(cells, line.bytes, wrong);
        }
    }

    /// Keeps a record, or says what is wrong with it.
    fn row(
        &mut self,
        cells: [Option<Value>; COLUMNS.len()],
        whole: Range<usize>,
        wrong: Option<Diagnostic>,
    ) {
        let cells = cells.map(|cell| cell.filter(|value| !value.text.trim().is_empty()));
        let [element, ..] = &cells;
        let element: Option<SmolStr> = element.as_ref().map(|value| value.text.trim().into());
        let row = match wrong {
            Some(wrong) => Err(Box::new(wrong)),
            None => self.record(cells, whole),
        };
        match row {
            Ok(row) => self.read.rows.push(row),
            Err(finding) => {
                self.read.findings.push(*finding);
                match element {
                    Some(element) => _ = self.read.unread.insert(element),
                    None => self.read.lost = true,
                }
            }
        }
    }

    fn record(
        &self,
        cells: [Option<Value>; COLUMNS.len()],
        whole: Range<usize>,
    ) -> Result<Row, Box<Diagnostic>> {
        let [element, test, date, outcome, level, evidence, load, lasted, restored, changes] =
            cells;
        let at = self.at(whole);
        let needed = |cell: Option<Value>, column: usize| {
            let name = COLUMNS.get(column).copied().unwrap_or_default();
            let value = cell.ok_or_else(|| Box::new(bad_record::missing_value(at, name)))?;
            Ok::<_, Box<Diagnostic>>((SmolStr::from(value.text.trim()), self.at(value.bytes)))
        };
        let (element, element_at) = needed(element, 0)?;
        let (test, test_at) = needed(test, 1)?;
        let (date, date_at) = needed(date, 2)?;
        let (outcome, outcome_at) = needed(outcome, 3)?;
        let day = day_of(&date).ok_or_else(|| Box::new(bad_record::no_date(date_at, &date)))?;
        let passed = match outcome.as_str() {
            "passed" => true,
            "failed" => false,
            other => return Err(Box::new(bad_record::unknown_outcome(outcome_at, other))),
        };
        let level_at = level.as_ref().map_or(at, |value| self.at(value.bytes.clone()));
        let level = match &level {
            Some(value) => {
                let word = value.text.trim();
                let level = Exercise::of(word);
                Some(level.ok_or_else(|| Box::new(bad_record::unknown_level(level_at, word)))?)
            }
            None => None,
        };
        let evidence = evidence.map(|value| value.text.trim().into());
        let measured = Measured {
            load: self.figure(load)?,
            lasted: self.figure(lasted)?,
            restored: self.figure(restored)?,
        };
        let measured = measured.figures().next().is_some().then(|| Box::new(measured.clone()));
        let changes = changes.is_some();
        let record = Record { test, day, passed, level, evidence, measured, changes, at };
        Ok(Row { element, element_at, test_at, date_at, level_at, record })
    }

    fn figure(&self, cell: Option<Value>) -> Result<Option<Figure>, Box<Diagnostic>> {
        let Some(value) = cell else { return Ok(None) };
        let at = self.at(value.bytes);
        let text = value.text.trim();
        match quantity(text) {
            Some(written) => Ok(Some(Figure { written, amount: None, at })),
            None => Err(Box::new(bad_record::no_quantity(at, text))),
        }
    }
}

fn whole(row: &[Value]) -> Range<usize> {
    let start = row.first().map_or(0, |value| value.bytes.start);
    start..row.last().map_or(start, |value| value.bytes.end)
}
