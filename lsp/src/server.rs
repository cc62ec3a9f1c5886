//! The protocol: what the client says becomes a job for the owner, in order, before any await.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, InitializeParams, InitializeResult,
    InitializedParams, MessageType, PositionEncodingKind, Registration, ServerCapabilities,
    ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, Uri,
};
use tower_lsp::{Client, LanguageServer, LspService};

use crate::Disk;
use crate::owner::{Job, Message, Owner};
use crate::positions::Encoding;
use crate::transport;

struct Handler {
    client: Client,
    jobs: Mutex<Sender<Job>>,
    /// Whether the client lets the server ask to be told of changes on disk.
    watches: AtomicBool,
    /// Whether the client said `shutdown`.
    ended: Arc<AtomicBool>,
}

impl Handler {
    fn tell(&self, job: Job) {
        if let Ok(jobs) = self.jobs.lock() {
            // Nobody to tell means that the server is ending.
            let _ = jobs.send(job);
        }
    }
}

fn file_path(uri: &Uri) -> Option<PathBuf> {
    uri.to_file_path().map(|path| path.into_owned())
}

/// The folders that are open; older clients name only one.
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    #[expect(deprecated, reason = "clients without workspace folders still send it")]
    let root = params.root_uri.as_ref();
    let named = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
    let mut folders: Vec<PathBuf> = named.filter_map(file_path).collect();
    if folders.is_empty() {
        folders.extend(root.and_then(file_path));
    }
    folders
}

/// What the server wants to hear of a text.
fn sync() -> TextDocumentSyncOptions {
    TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::Supported(true)),
        ..TextDocumentSyncOptions::default()
    }
}

/// Asks to be told when a policy or a manifest changes on disk.
fn watching() -> Registration {
    let patterns = ["**/*.rbp", "**/rbp.{toml,lock}", "**/*.{csv,jsonl,ndjson}"];
    let watchers = patterns.map(|pattern| serde_json::json!({ "globPattern": pattern }));
    Registration {
        id: "rbp-files".into(),
        method: "workspace/didChangeWatchedFiles".into(),
        register_options: Some(serde_json::json!({ "watchers": watchers })),
    }
}

impl LanguageServer for Handler {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let general = params.capabilities.general.as_ref();
        let offered = general.and_then(|g| g.position_encodings.as_deref()).unwrap_or(&[]);
        let utf8 = offered.contains(&PositionEncodingKind::UTF8);
        let (encoding, kind) = match utf8 {
            true => (Encoding::Utf8, PositionEncodingKind::UTF8),
            false => (Encoding::Utf16, PositionEncodingKind::UTF16),
        };
        let workspace = params.capabilities.workspace.as_ref();
        let watched = workspace.and_then(|w| w.did_change_watched_files.as_ref());
        let watches = watched.and_then(|w| w.dynamic_registration).unwrap_or(false);
        self.watches.store(watches, Ordering::Relaxed);
        self.tell(Job::Start { folders: folders(&params), encoding });
        Ok(InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(kind),
                text_document_sync: Some(TextDocumentSyncCapability::Options(sync())),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "rbp".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        if self.watches.load(Ordering::Relaxed) {
            let client = self.client.clone();
            // The answer is not waited for: a client may answer late, and typing goes on.
            tokio::spawn(async move { client.register_capability(vec![watching()]).await });
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.ended.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        if let Some(path) = file_path(&document.uri) {
            self.tell(Job::Open { path, text: document.text, version: document.version });
        }
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        if let Some(path) = file_path(&document.uri) {
            self.tell(Job::Change {
                path,
                edits: params.content_changes,
                version: document.version,
            });
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        if let Some(path) = file_path(&params.text_document.uri) {
            self.tell(Job::Close { path });
        }
    }

    async fn did_save(&self, _: DidSaveTextDocumentParams) {
        // Whoever watches the files hears of it that way.
        if !self.watches.load(Ordering::Relaxed) {
            self.tell(Job::Reload);
        }
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.tell(Job::Reload);
    }
}

/// Serves until the client says `exit` or goes away; returns whether it said `shutdown` before.
pub async fn serve(disk: impl Disk) -> bool {
    let (jobs, todo) = channel();
    let (out, messages) = unbounded_channel();
    std::thread::spawn(move || Owner::new(disk, out).run(&todo));
    let ended = Arc::new(AtomicBool::new(false));
    let (service, socket) = LspService::new(|client| {
        tokio::spawn(forward(client.clone(), messages));
        let (jobs, watches) = (Mutex::new(jobs), AtomicBool::new(false));
        Handler { client, jobs, watches, ended: ended.clone() }
    });
    transport::serve(service, socket).await;
    ended.load(Ordering::Relaxed)
}

/// Sends what the owner says, in order.
async fn forward(client: Client, mut messages: UnboundedReceiver<Message>) {
    while let Some(message) = messages.recv().await {
        match message {
            Message::Publish { uri, diagnostics, version } => {
                client.publish_diagnostics(uri, diagnostics, version).await;
            }
            Message::Show(text) => client.show_message(MessageType::ERROR, text).await,
        }
    }
}
