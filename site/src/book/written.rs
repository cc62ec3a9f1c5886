//! What is written as an author wrote it.

use rbp_grammar::ast::Value;

/// A value, such as a parameter's default.
pub fn value(value: &Value) -> String {
    match value {
        Value::Name(name) => name.text.to_string(),
        Value::Text(text) => format!("\"{}\"", text.text),
        Value::Quantity(quantity) => quantity.to_string(),
        Value::Date(date) => date.text.to_string(),
    }
}

/// What a file says of itself: its lines that begin with `//!`.
pub fn about(text: &str) -> String {
    let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("//!"));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// A declaration without the lines that document it.
pub fn bare(source: &str) -> String {
    let lines = source.lines().skip_while(|line| line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}
