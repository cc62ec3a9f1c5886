//! What a client can do, and what its user chose.

use serde::Deserialize;
use tower_lsp::ls_types::{InitializeParams, PositionEncodingKind};

use crate::positions::Encoding;

/// What matters of a client's capabilities.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    /// How it counts characters.
    pub encoding: Encoding,
    /// It asks for findings, and is told when to ask again: nothing is sent unasked.
    pub pulls: bool,
    /// It can be told to ask for hints again.
    pub refreshes_hints: bool,
    /// It can be told to ask for lenses again.
    pub refreshes_lenses: bool,
    /// It may be asked for the user's settings.
    pub configuration: bool,
    /// It tells of files on disk, when asked to.
    pub watches: bool,
    /// It shows progress.
    pub progress: bool,
    /// It fills in the gaps of a snippet.
    pub snippets: bool,
    /// It takes where a name leads with what was asked for.
    pub links: bool,
    /// It shows by itself what a command answers.
    pub shows_answers: bool,
}

impl Client {
    /// Reads what a client says of itself.
    pub fn of(params: &InitializeParams) -> Client {
        let capabilities = &params.capabilities;
        let general = capabilities.general.as_ref();
        let offered: &[PositionEncodingKind] =
            general.and_then(|g| g.position_encodings.as_deref()).unwrap_or(&[]);
        let workspace = capabilities.workspace.as_ref();
        let text = capabilities.text_document.as_ref();
        let window = capabilities.window.as_ref();
        let pulls = text.is_some_and(|text| text.diagnostic.is_some());
        let again = workspace.and_then(|w| w.diagnostics.as_ref());
        let again = again.and_then(|d| d.refresh_support).unwrap_or(false);
        let hints = workspace.and_then(|w| w.inlay_hint.as_ref());
        let lenses = workspace.and_then(|w| w.code_lens.as_ref());
        let watched = workspace.and_then(|w| w.did_change_watched_files.as_ref());
        let items = text.and_then(|t| t.completion.as_ref()?.completion_item.as_ref());
        let options = params.initialization_options.as_ref();
        let shows = options.and_then(|options| options.get("showsAnswers")?.as_bool());
        let definition = text.and_then(|t| t.definition.as_ref()?.link_support);
        Client {
            links: definition.unwrap_or(false),
            encoding: Encoding::chosen(offered),
            pulls: pulls && again,
            refreshes_hints: hints.and_then(|h| h.refresh_support).unwrap_or(false),
            refreshes_lenses: lenses.and_then(|l| l.refresh_support).unwrap_or(false),
            configuration: workspace.and_then(|w| w.configuration).unwrap_or(false),
            watches: watched.and_then(|w| w.dynamic_registration).unwrap_or(false),
            progress: window.and_then(|w| w.work_done_progress).unwrap_or(false),
            snippets: items.and_then(|i| i.snippet_support).unwrap_or(false),
            shows_answers: shows.unwrap_or(false),
        }
    }
}

/// What a user can choose, in the section `rbp` of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// Which hints are shown.
    pub hints: Hints,
    /// Lines above functions and scenarios.
    pub lenses: bool,
    /// The day on which everything is judged, such as `2026-11-23`; today where there is none.
    pub as_of: Option<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { hints: Hints::default(), lenses: true, as_of: None }
    }
}

/// Which hints are shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Hints {
    /// How long a backup takes from the loss until it serves.
    pub restoration: bool,
    /// What a backup carries of what a function demands.
    pub coverage: bool,
    /// When a test is due again.
    pub tests: bool,
    /// How many single losses end a function.
    pub single_points: bool,
}

impl Default for Hints {
    fn default() -> Hints {
        Hints { restoration: true, coverage: true, tests: true, single_points: true }
    }
}
