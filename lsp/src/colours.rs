//! The tokens that clients were given last, to tell them only what changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rbp_compiler::diagnostic::FileId;
use tower_lsp::ls_types::SemanticToken;

/// Per file the last tokens, with their number.
#[derive(Debug, Clone, Default)]
pub struct Colours(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    number: u64,
    files: HashMap<FileId, (String, Vec<SemanticToken>)>,
}

impl Colours {
    /// Keeps a file's tokens, and returns the name under which they are known.
    pub fn keep(&self, id: FileId, data: &[SemanticToken]) -> String {
        let Ok(mut kept) = self.0.lock() else { return String::new() };
        kept.number += 1;
        let name = kept.number.to_string();
        kept.files.insert(id, (name.clone(), data.to_vec()));
        name
    }

    /// The tokens of that name.
    pub fn known(&self, id: FileId, name: &str) -> Option<Vec<SemanticToken>> {
        let kept = self.0.lock().ok()?;
        kept.files.get(&id).filter(|(known, _)| known == name).map(|(_, data)| data.clone())
    }
}
