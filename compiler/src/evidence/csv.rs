//! Comma-separated values after RFC 4180, with the place of every value.

use std::ops::Range;

/// A value and the bytes where it stands, quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub text: String,
    pub bytes: Range<usize>,
}

/// Why the rest of a file cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub at: usize,
    pub why: &'static str,
}

/// The rows of a text that are not blank, as far as it can be read.
pub fn rows(text: &str) -> (Vec<Vec<Value>>, Option<Trouble>) {
    let mut rows = Vec::new();
    let mut row: Vec<Value> = Vec::new();
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while at < text.len() {
        let value = match value(text, at) {
            Ok(value) => value,
            Err(trouble) => return (rows, Some(trouble)),
        };
        at = value.bytes.end;
        row.push(value);
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with(',') {
            at += 1;
            if at < text.len() {
                continue;
            }
            row.push(Value { text: String::new(), bytes: at..at });
        }
        at += if rest.starts_with("\r\n") { 2 } else { 1 };
        let row = std::mem::take(&mut row);
        let blank = row.len() == 1 && row.iter().all(|value| value.text.trim().is_empty());
        if !blank {
            rows.push(row);
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    (rows, None)
}

/// The value that begins at `start`; behind it is a comma, the end of the line or of the text.
fn value(text: &str, start: usize) -> Result<Value, Trouble> {
    let rest = text.get(start..).unwrap_or_default();
    let (value, length) = match rest.strip_prefix('"') {
        Some(inner) => quoted(inner).ok_or(Trouble {
            at: start,
            why: "the quotation mark here has no partner, so where the value ends cannot be told",
        })?,
        None => {
            let end = rest.find([',', '\n', '\r', '"']).unwrap_or(rest.len());
            (rest.get(..end).unwrap_or_default().to_owned(), end)
        }
    };
    let end = start + length;
    let behind = text.get(end..).unwrap_or_default();
    let whole = behind.is_empty() || behind.starts_with([',', '\n']) || behind.starts_with("\r\n");
    match whole {
        true => Ok(Value { text: value, bytes: start..end }),
        false if behind.starts_with('\r') => {
            Err(Trouble { at: end, why: "here is a carriage return without a line feed" })
        }
        false if behind.starts_with('"') => Err(Trouble {
            at: end,
            why: "a quotation mark stands within a value that does not begin with one",
        }),
        false => Err(Trouble { at: end, why: "text follows the quotation mark that ends a value" }),
    }
}

/// What stands before the closing mark, and how long it is with both marks; two marks are one.
fn quoted(inner: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut at = 0;
    loop {
        let end = at + inner.get(at..)?.find('"')?;
        value.push_str(inner.get(at..end)?);
        if !inner.get(end + 1..)?.starts_with('"') {
            return Some((value, end + 2));
        }
        value.push('"');
        at = end + 2;
    }
}
