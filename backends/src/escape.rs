//! Text of authors, made safe for where it goes: one function for each language that is written.
//!
//! All of them first make visible what would steer a terminal or reorder a line ([`visible`]), because
//! whatever is written is some day shown.

/// A character that shows itself: control characters, and those that reorder or break lines, become
/// `U+FFFD`.
pub fn visible(c: char) -> char {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
            '\u{fffd}'
        }
        '\u{2028}' | '\u{2029}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// One line of text: line breaks and tabs become spaces, the rest is made visible.
pub fn line(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { visible(c) }).collect()
}

/// A cell of a CSV table (RFC 4180), always in quotes. A text that a spreadsheet would take for a
/// formula gets an apostrophe in front, which spreadsheets hide.
pub fn csv(text: &str) -> String {
    let text = line(text);
    let formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

/// Text within HTML, SVG or another XML, also within an attribute in double quotes.
pub fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' => safe.push('\n'),
            // XML has no place for these.
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(visible(c)),
        }
    }
    safe
}

/// A Graphviz string, in its quotes.
pub fn dot(text: &str) -> String {
    format!("\"{}\"", line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// A Mermaid label, in its quotes: everything that could mean something is written as a code.
pub fn mermaid(text: &str) -> String {
    let mut safe = String::from("\"");
    for c in line(text).chars() {
        match c {
            ' ' | '-' | '.' | ',' | '(' | ')' => safe.push(c),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => {
                safe += &format!("#{};", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe + "\""
}
