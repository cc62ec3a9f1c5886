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
        // Neither XML nor YAML has a place for these.
        '\u{feff}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// One line of text: line breaks and tabs become spaces, the rest is made visible.
pub fn line(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { visible(c) }).collect()
}

/// A written JSON document, its line breaks kept: what would steer or turn is written as `\uXXXX`, which means the
/// same to whoever reads the document.
pub fn json(document: &str) -> String {
    let mut text = String::with_capacity(document.len());
    for c in document.chars() {
        match c == '\n' || visible(c) == c {
            true => text.push(c),
            false => text.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    text
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
            c => safe.push(visible(c)),
        }
    }
    safe
}

/// The most characters of a label in a graph. Graphviz reads no string of more than 16384 bytes.
const LONGEST_LABEL: usize = 300;

/// A line that is not too long for a label.
fn short(text: &str) -> String {
    let text = line(text);
    match text.char_indices().nth(LONGEST_LABEL) {
        None => text,
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
    }
}

/// A Graphviz string, in its quotes; a very long one is cut.
pub fn dot(text: &str) -> String {
    format!("\"{}\"", short(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// A Mermaid label, in its quotes; a very long one is cut. Everything that could mean something is written as a code.
pub fn mermaid(text: &str) -> String {
    let mut safe = String::from("\"");
    for c in short(text).chars() {
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

/// A YAML string, in double quotes.
pub fn yaml(text: &str) -> String {
    let mut safe = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => safe.push_str("\\\""),
            '\\' => safe.push_str("\\\\"),
            '\n' => safe.push_str("\\n"),
            c => safe.push(visible(c)),
        }
    }
    safe + "\""
}

/// The value of a label of Prometheus, which takes `U+FFFD` for broken text.
pub fn label(text: &str) -> String {
    line(text).replace('\u{fffd}', "?")
}

/// A PromQL string, in its quotes; Alertmanager's matchers have the same.
pub fn promql(text: &str) -> String {
    format!("\"{}\"", label(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Text within a Go template, as Prometheus expands it in labels and annotations.
pub fn go_template(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

/// A file's name made of an identifier; different ones stay different. Letters, digits, `-`, `_` and inner
/// dots stay, other bytes become `~` and two digits.
pub fn file_name(id: &str) -> String {
    let mut name = String::new();
    for (at, byte) in id.bytes().enumerate() {
        match byte {
            b'-' | b'_' => name.push(char::from(byte)),
            b'.' if at > 0 => name.push('.'),
            b if b.is_ascii_alphanumeric() => name.push(char::from(b)),
            b => name += &format!("~{b:02x}"),
        }
    }
    if name.len() <= LONGEST_NAME {
        return name;
    }
    // File systems take 255 bytes. FNV-1a, 64 bits: short, and the same on every machine.
    let hash = |hash: u64, b: u8| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325, hash);
    name.truncate(LONGEST_NAME - 17);
    format!("{name}~{hash:016x}")
}

/// The longest name of a file, its ending left aside.
const LONGEST_NAME: usize = 200;

/// A value of an iCalendar property (RFC 5545, 3.3.11).
pub fn ics(text: &str) -> String {
    let mut safe = String::new();
    for c in line(text).chars() {
        if matches!(c, '\\' | ';' | ',') {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

/// Text within a line of Markdown, in a table too. Nothing in it is markup, HTML, a link or a mention.
pub fn markdown(text: &str) -> String {
    let mut safe = String::new();
    for c in line(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // Code hosts look for mentions and addresses in what is shown: a comment parts them.
            '@' => safe.push_str("@<!-- -->"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '+' | '!' | '|' | '~' | '$'
            | '=' | '"' | '^' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe.replace("www.", "www<!-- -->.").replace("//", "/<!-- -->/")
}
