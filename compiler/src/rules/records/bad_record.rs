//! `bad-record`: A test record does not say what a record must.

use rbp_grammar::ast::Quantity;
use rbp_grammar::nearest;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::evidence::Exercise;
use crate::rules::{Check, rule};

rule!(
    "bad-record",
    Error,
    Maintenance,
    "A test record does not say what a record must.",
    Check::Text
);

const COLUMNS: &str = "a record has `element`, `test`, `date` and `outcome`, and may have `level`, `evidence`, `load`, `lasted`, `restored` and `changes`";

/// A row has more or fewer values than the head has columns.
pub fn wrong_count(at: Anchor, count: usize, columns: usize) -> Diagnostic {
    let message = format!("this row has {count} values, and the first row names {columns} columns");
    Diagnostic::new(&RULE, at, message).help(
        "give each column a value, which may be empty; a value with a comma in it stands in quotation marks",
    )
}

/// A column that no record has.
pub fn unknown_column(at: Anchor, name: &str) -> Diagnostic {
    let finding =
        Diagnostic::new(&RULE, at, format!("a test record has no `{name}`")).note(COLUMNS);
    if let Some(mark) = [';', '\t'].into_iter().find(|mark| name.contains(*mark)) {
        let mark = if mark == ';' { "semicolons" } else { "tabs" };
        return finding.help(format!("separate the columns with commas, not with {mark}"));
    }
    match nearest(name, crate::evidence::COLUMNS) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("leave it out: what no test can be held against is not read"),
    }
}

/// A column that is there already.
pub fn column_twice(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{name}` stands here a second time"))
        .help("keep one of them")
}

/// Columns that every record needs.
pub fn missing_columns(at: Anchor, missing: &[&str]) -> Diagnostic {
    let missing: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::new(&RULE, at, format!("the first row does not name {}", missing.join(" and ")))
        .note(COLUMNS)
        .help("name the columns in the first row: `element,test,date,outcome,evidence`")
}

/// A value that every record needs.
pub fn missing_value(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("this record has no `{name}`")).note(COLUMNS).help("add it")
}

/// A value that is no text.
pub fn no_text(at: Anchor, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{name}` is no text")).help("put it in quotation marks")
}

/// A date that is none.
pub fn no_date(at: Anchor, date: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{date}` is no date"))
        .help("a date is year, month and day: 2026-10-01")
}

/// An outcome that is none.
pub fn unknown_outcome(at: Anchor, outcome: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{outcome}` is no outcome of a test"))
        .help("a test `passed` or `failed`")
}

/// A level of exercise that is none.
pub fn unknown_level(at: Anchor, level: &str) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, format!("`{level}` is no level of exercise"));
    match nearest(level, Exercise::WORDS) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("it may be {}", Exercise::WORDS.join(", "))),
    }
}

/// A figure that is no quantity.
pub fn no_quantity(at: Anchor, text: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{text}` is no quantity"))
        .help("write a number and its unit, such as 80 kW or 30min")
}

/// A quantity of which nobody knows what it amounts to.
pub fn unmeasured(at: Anchor, written: &Quantity) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("nobody can say what `{written}` amounts to here"))
        .note("`lasted` and `restored` are durations; `load` has a unit that the file with the backup knows")
        .help("write it in a unit of that sort, such as 80 kW or 30min")
}
