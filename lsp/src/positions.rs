//! Between bytes and the positions of the protocol.

use std::ops::Range;

use tower_lsp::ls_types::{Position, Range as Lines};

/// How the client counts characters of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// 16-bit units.
    Utf16,
}

/// The position of a byte; past the end, the end.
pub fn position(text: &str, at: usize, encoding: Encoding) -> Position {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |line| line + 1);
    let line = before.bytes().filter(|b| *b == b'\n').count();
    let character = match encoding {
        Encoding::Utf8 => at - start,
        Encoding::Utf16 => text[start..at].encode_utf16().count(),
    };
    Position { line: line as u32, character: character as u32 }
}

/// The lines and characters that a run of bytes covers.
pub fn lines(text: &str, bytes: Range<usize>, encoding: Encoding) -> Lines {
    Lines { start: position(text, bytes.start, encoding), end: position(text, bytes.end, encoding) }
}

/// The byte of a position; past the end of a line, its end.
pub fn byte(text: &str, position: Position, encoding: Encoding) -> usize {
    let mut start = 0;
    for _ in 0..position.line {
        match text[start..].find('\n') {
            Some(line) => start += line + 1,
            None => return text.len(),
        }
    }
    let line = text[start..].split('\n').next().unwrap_or("");
    let end = start + line.strip_suffix('\r').unwrap_or(line).len();
    let mut left = position.character as usize;
    for (at, c) in text[start..end].char_indices() {
        let width = match encoding {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        };
        if left < width {
            return start + at;
        }
        left -= width;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_survive_the_way_there_and_back() {
        let text = "a\n// ä🏥 b\r\n\nend";
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (at, _) in text.char_indices().filter(|(_, c)| *c != '\n') {
                assert_eq!(byte(text, position(text, at, encoding), encoding), at);
            }
        }
        // The emoji is four bytes and two 16-bit units; a byte inside it is where it begins.
        assert_eq!(position(text, 9, Encoding::Utf16), Position { line: 1, character: 4 });
        assert_eq!(position(text, 11, Encoding::Utf16), Position { line: 1, character: 6 });
        assert_eq!(position(text, 11, Encoding::Utf8), Position { line: 1, character: 9 });
    }

    #[test]
    fn what_lies_past_a_line_is_its_end_and_past_the_text_is_the_texts() {
        let text = "ab\r\ncd";
        let at = |line, character| byte(text, Position { line, character }, Encoding::Utf16);
        assert_eq!(at(0, 99), 2);
        assert_eq!(at(1, 99), 6);
        assert_eq!(at(7, 0), 6);
    }
}
