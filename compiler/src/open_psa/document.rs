//! An XML document as a list of elements with their places. Entities of a document's own are refused and
//! nothing is fetched; depth costs memory, not stack.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What is wrong with a document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The byte.
    pub at: usize,
    /// What is wrong, without a full stop.
    pub message: String,
}

impl Fault {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Fault {
        Fault { at, message: message.into() }
    }

    /// The line and the column of the fault in its text, counted from 1.
    #[must_use]
    pub fn line_column(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        (line, column)
    }
}

/// An element with its attributes and children.
#[derive(Debug)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<usize>,
    pub at: usize,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// An attribute that must be there.
    pub fn required(&self, name: &str) -> Result<&str, Fault> {
        let missing = || Fault::new(self.at, format!("`<{}>` lacks its `{name}`", self.name));
        self.attribute(name).ok_or_else(missing)
    }
}

/// The elements of a document; the first is its root.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub elements: Vec<Element>,
}

impl Document {
    pub fn read(text: &str) -> Result<Document, Fault> {
        let mut reader = Reader::from_str(text);
        let mut document = Document::default();
        let mut open: Vec<usize> = Vec::new();
        loop {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(0);
            let event = reader.read_event().map_err(|error| {
                let at = usize::try_from(reader.error_position()).unwrap_or(at);
                Fault::new(at, format!("this is no well-formed XML: {error}"))
            })?;
            match event {
                Event::Start(start) => {
                    let new = document.add(&start, at, open.last().copied())?;
                    open.push(new);
                }
                Event::Empty(start) => {
                    document.add(&start, at, open.last().copied())?;
                }
                Event::End(_) => {
                    open.pop();
                }
                Event::DocType(_) => {
                    return Err(Fault::new(
                        at,
                        "document types and entities are not read; remove `<!DOCTYPE …>`",
                    ));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if let Some(unclosed) = open.last() {
            let element = &document.elements[*unclosed];
            return Err(Fault::new(element.at, format!("`<{}>` is never closed", element.name)));
        }
        if document.elements.is_empty() {
            return Err(Fault::new(0, "there is no element in this file"));
        }
        Ok(document)
    }

    fn add(
        &mut self,
        start: &BytesStart<'_>,
        at: usize,
        parent: Option<usize>,
    ) -> Result<usize, Fault> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| {
                Fault::new(at, format!("an attribute has the wrong form: {error}"))
            })?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                .map_err(|error| Fault::new(at, format!("an attribute cannot be read: {error}")))?;
            attributes.push((text(attribute.key.as_ref()), value.into_owned()));
        }
        let new = self.elements.len();
        if parent.is_none() && new > 0 {
            return Err(Fault::new(at, "a document has one outermost element"));
        }
        self.elements.push(Element {
            name: text(start.name().as_ref()),
            attributes,
            children: Vec::new(),
            at,
        });
        if let Some(parent) = parent {
            self.elements[parent].children.push(new);
        }
        Ok(new)
    }

    /// The children that say something: labels and attributes are for people.
    pub fn children(&self, of: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let told = |at: &usize| !matches!(self.elements[*at].name.as_str(), "label" | "attributes");
        self.elements[of].children.iter().copied().filter(told)
    }
}
