//! The state of everything at one moment, for answering requests beside the owner.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use rbp_compiler::db::RootDb;
use rbp_compiler::diagnostic::{FileId, Places};
use rbp_ide::Place;
use rbp_ide::source::by_path;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    Location, Position, Range, TextDocumentIdentifier, TextDocumentPositionParams, Uri,
};

use crate::client::{Client, Settings};
use crate::colours::Colours;
use crate::positions::Text;

/// The state of everything at one moment. The owner changes nothing while one is left, so none may be
/// kept; what is asked of one while the owner waits ends at once.
pub struct Snapshot {
    /// The compiler.
    pub db: RootDb,
    /// What does not change with every edit.
    pub shared: Arc<Shared>,
}

/// What a snapshot knows besides.
#[derive(Debug, Clone)]
pub struct Shared {
    /// What the client can do.
    pub client: Client,
    /// What the user chose.
    pub settings: Settings,
    /// Where the standard library and the pages of the rules lie, to be read.
    pub library: Option<PathBuf>,
    /// The tokens that clients were given last.
    pub tokens: Colours,
}

impl Shared {
    /// The path under which the compiler knows a file.
    pub fn shown(&self, path: &Path) -> String {
        let below = self.library.as_ref().and_then(|library| path.strip_prefix(library).ok());
        match below {
            Some(below) => below.to_string_lossy().replace('\\', "/"),
            None => path.to_string_lossy().into_owned(),
        }
    }

    /// The address of the page of a rule.
    pub fn page(&self, slug: &str) -> Option<Uri> {
        let page = self.library.as_ref()?.join("rules").join(format!("{slug}.md"));
        Uri::from_file_path(page)
    }
}

impl Snapshot {
    /// The file of an address.
    ///
    /// # Errors
    ///
    /// When the server knows no such file.
    pub fn file(&self, document: &TextDocumentIdentifier) -> Result<FileId> {
        let path = document.uri.to_file_path();
        let id = path.and_then(|path| by_path(&self.db, &self.shared.shown(&path)));
        id.ok_or_else(|| {
            Error::invalid_params("this document is not open, and in no folder that is")
        })
    }

    /// The text of a file with its lines.
    pub fn text(&self, id: FileId) -> Text<'_> {
        Text::new(self.db.text(id), self.shared.client.encoding)
    }

    /// The file and byte of a place in a document.
    ///
    /// # Errors
    ///
    /// When the server knows no such file.
    pub fn place(&self, at: &TextDocumentPositionParams) -> Result<(FileId, usize)> {
        let id = self.file(&at.text_document)?;
        Ok((id, self.byte(id, at.position)))
    }

    /// The byte of a position.
    pub fn byte(&self, id: FileId, position: Position) -> usize {
        self.text(id).byte(position)
    }

    /// The address of a file; `None` where it is no more.
    pub fn uri(&self, id: FileId) -> Option<Uri> {
        let path = Some(self.db.path(id)).filter(|path| !path.is_empty())?;
        let standard =
            rbp_compiler::db::file(&self.db, id).is_some_and(|at| at.package(&self.db) == 0);
        match (&self.shared.library, standard) {
            (Some(library), true) => Uri::from_file_path(library.join(path)),
            (None, true) => Uri::from_str(&format!("rbp:/{path}")).ok(),
            _ => Uri::from_file_path(path),
        }
    }

    /// The lines and characters of a place.
    pub fn range(&self, place: &Place) -> Range {
        self.text(place.file).range(&place.bytes)
    }

    /// A place for the client.
    pub fn location(&self, place: &Place) -> Option<Location> {
        Some(Location { uri: self.uri(place.file)?, range: self.range(place) })
    }
}
