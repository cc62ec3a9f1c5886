//! What the compiler says: one shape for every finding, free of positions in files, so that an
//! edit elsewhere leaves it as it is.

use std::ops::Range;

use rbp_grammar::ast::Span;
use smol_str::SmolStr;

use crate::names::Space;
use crate::rules::Rule;

/// A file, by its number in the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A place in a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Anchor {
    /// The file.
    pub file: FileId,
    /// The declaration's number in its file.
    pub item: u32,
    /// Its significant tokens.
    pub span: Span,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The policy does not hold, or cannot be read.
    Error,
    /// Probably a mistake.
    Warning,
    /// A suggestion.
    Hint,
}

impl Level {
    /// The level's word.
    pub fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Hint => "hint",
        }
    }
}

/// A place with what is to be said of it; the text may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// Where.
    pub at: Anchor,
    /// What.
    pub text: String,
}

/// Replaces the bytes of a place by a text, as part of a cure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// What is replaced; an empty span inserts after the token before it.
    pub at: Anchor,
    /// The new text.
    pub text: String,
}

/// One finding.
///
/// Texts are plain: no colours, no control characters of ours. Names and titles in them come from
/// the author and must be escaped for wherever they go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// How grave it is here.
    pub level: Level,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// The place to look at first.
    pub primary: Label,
    /// Other places, in this file or in others.
    pub related: Vec<Label>,
    /// The chains of names along which a loss travels: `city-grid → fuel-pump → diesel-a`.
    pub paths: Vec<Vec<String>>,
    /// Why it matters, and what was assumed.
    pub notes: Vec<String>,
    /// The cheapest cure.
    pub help: Option<String>,
    /// The cure as edits, where it is mechanical.
    pub edits: Vec<Edit>,
    /// A name that means nothing, until it has been asked which modules have it: that rests on all of
    /// them, so it is asked last.
    pub stranger: Option<(Space, SmolStr)>,
}

impl Diagnostic {
    /// A finding at its rule's own level.
    pub fn new(rule: &'static Rule, at: Anchor, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            rule,
            level: rule.level,
            message: message.into(),
            primary: Label { at, text: String::new() },
            related: Vec::new(),
            paths: Vec::new(),
            notes: Vec::new(),
            help: None,
            edits: Vec::new(),
            stranger: None,
        }
    }

    /// Says what the primary place shows.
    pub fn here(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    /// Adds another place.
    pub fn also(mut self, at: Anchor, text: impl Into<String>) -> Diagnostic {
        self.related.push(Label { at, text: text.into() });
        self
    }

    /// Adds a chain of names.
    pub fn path(mut self, names: Vec<String>) -> Diagnostic {
        self.paths.push(names);
        self
    }

    /// Adds a note.
    pub fn note(mut self, text: impl Into<String>) -> Diagnostic {
        self.notes.push(text.into());
        self
    }

    /// Says how to cure it.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// Adds an edit to the cure.
    pub fn edit(mut self, at: Anchor, text: impl Into<String>) -> Diagnostic {
        self.edits.push(Edit { at, text: text.into() });
        self
    }
}

/// Where anchors stand: what a renderer needs to know of the files.
pub trait Places {
    /// The file's path as it is shown.
    fn path(&self, file: FileId) -> &str;
    /// The file's text.
    fn text(&self, file: FileId) -> &str;
    /// The bytes of the file that the anchor covers; within the text and on character boundaries.
    fn bytes(&self, at: Anchor) -> Range<usize>;
}
