//! Between bytes and the positions of the protocol.

use std::ops::Range;

use tower_lsp::ls_types::{Position, PositionEncodingKind, Range as Lines};

/// How the client counts characters of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// 16-bit units.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The best of those that a client offers: bytes cost nothing to count. A client that offers none
    /// counts 16-bit units.
    pub fn chosen(offered: &[PositionEncodingKind]) -> Encoding {
        let offers = |encoding: &Encoding| offered.contains(&encoding.kind());
        let known = [Encoding::Utf8, Encoding::Utf32, Encoding::Utf16];
        known.into_iter().find(offers).unwrap_or(Encoding::Utf16)
    }

    /// As the protocol calls it.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }

    /// How long a text is.
    pub fn length(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            _ => text.chars().map(|c| self.width(c)).sum(),
        }
    }
}

/// A text with the starts of its lines.
pub struct Text<'a> {
    text: &'a str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'a> Text<'a> {
    /// Linear in the text.
    pub fn new(text: &'a str, encoding: Encoding) -> Text<'a> {
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Text { text, starts, encoding }
    }

    /// What stands there.
    pub fn slice(&self, bytes: &Range<usize>) -> &'a str {
        self.text.get(bytes.clone()).unwrap_or("")
    }

    /// The position of a byte; past the end, the end. Cost: the logarithm of the lines, and the line.
    pub fn position(&self, at: usize) -> Position {
        let at = self.text.floor_char_boundary(at.min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let character = self.encoding.length(self.text.get(start..at).unwrap_or(""));
        Position { line: line as u32, character: character as u32 }
    }

    /// The lines and characters that a run of bytes covers.
    pub fn range(&self, bytes: &Range<usize>) -> Lines {
        Lines { start: self.position(bytes.start), end: self.position(bytes.end) }
    }

    /// The byte of a position; past the end of a line, its end; past the last line, the end.
    pub fn byte(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else { return self.text.len() };
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let line = self.text.get(start..end).unwrap_or("");
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut left = position.character as usize;
        for (at, c) in line.char_indices() {
            let width = self.encoding.width(c);
            if left < width {
                return start + at;
            }
            left -= width;
        }
        start + line.len()
    }

    /// The bytes of a range; one that ends before it begins is empty.
    pub fn bytes(&self, range: Lines) -> Range<usize> {
        let start = self.byte(range.start);
        start..self.byte(range.end).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_survive_the_way_there_and_back() {
        let text = "a\n// ä🏥 b\r\n\nend";
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let lines = Text::new(text, encoding);
            for (at, _) in text.char_indices().filter(|(_, c)| *c != '\n') {
                assert_eq!(lines.byte(lines.position(at)), at);
            }
        }
    }

    #[test]
    fn characters_are_counted_as_asked_for() {
        let text = "a\n// ä🏥 b\r\n\nend";
        let at = |encoding, byte| Text::new(text, encoding).position(byte);
        // The emoji is four bytes, two 16-bit units and one character; a byte inside it is where it begins.
        assert_eq!(at(Encoding::Utf16, 9), Position { line: 1, character: 4 });
        assert_eq!(at(Encoding::Utf16, 11), Position { line: 1, character: 6 });
        assert_eq!(at(Encoding::Utf32, 11), Position { line: 1, character: 5 });
        assert_eq!(at(Encoding::Utf8, 11), Position { line: 1, character: 9 });
    }

    #[test]
    fn what_lies_outside_of_the_text_is_its_edge() {
        let text = Text::new("ab\r\nc", Encoding::Utf16);
        let byte = |line, character| text.byte(Position { line, character });
        assert_eq!([byte(0, 9), byte(1, 9), byte(9, 0)], [2, 5, 5]);
        assert_eq!(text.position(99), Position { line: 1, character: 1 });
    }
}
