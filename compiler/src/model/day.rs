//! Calendar days.

use jiff::civil::Date;
use rbp_grammar::ast;

use crate::db::Day;

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// The day that a date names; `None` where the calendar has no such day.
pub fn day(date: &ast::Date) -> Option<Day> {
    day_of(&date.text)
}

/// The day that a text such as `2026-10-01` names.
pub fn day_of(text: &str) -> Option<Day> {
    let ten = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let date: Date = if ten { text.parse().ok()? } else { return None };
    let span = date.since((jiff::Unit::Day, EPOCH)).ok()?;
    Some(Day(span.get_days()))
}

/// The day as `2026-10-01`.
pub fn words(day: Day) -> String {
    let span = jiff::Span::new().try_days(i64::from(day.0));
    match span.and_then(|span| EPOCH.checked_add(span)) {
        Ok(date) => date.to_string(),
        Err(_) => format!("day {}", day.0),
    }
}
