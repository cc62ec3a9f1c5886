//! The protocol: what the client says becomes a job for the owner, in order, before any await.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, InitializeParams, InitializeResult, InitializedParams, MessageType,
    PositionEncodingKind, ServerCapabilities, ServerInfo, TextDocumentSyncCapability,
    TextDocumentSyncKind, Uri,
};
use tower_lsp::{Client, LanguageServer, LspService, Server};

use crate::Disk;
use crate::owner::{Job, Message, Owner};
use crate::positions::Encoding;

struct Handler {
    jobs: Mutex<Sender<Job>>,
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

impl LanguageServer for Handler {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let general = params.capabilities.general.as_ref();
        let offered = general.and_then(|g| g.position_encodings.as_deref()).unwrap_or(&[]);
        let utf8 = offered.contains(&PositionEncodingKind::UTF8);
        let (encoding, kind) = match utf8 {
            true => (Encoding::Utf8, PositionEncodingKind::UTF8),
            false => (Encoding::Utf16, PositionEncodingKind::UTF16),
        };
        let folders = params.workspace_folders.unwrap_or_default();
        let folders = folders.iter().filter_map(|folder| file_path(&folder.uri)).collect();
        self.tell(Job::Start { folders, encoding });
        Ok(InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(kind),
                text_document_sync: Some(TextDocumentSyncCapability::Kind(
                    TextDocumentSyncKind::INCREMENTAL,
                )),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "rbp".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {}

    async fn shutdown(&self) -> Result<()> {
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

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.tell(Job::Reload);
    }
}

/// Serves until the client says `exit` or goes away.
pub async fn serve(disk: impl Disk) {
    let (jobs, todo) = channel();
    let (out, messages) = unbounded_channel();
    std::thread::spawn(move || Owner::new(disk, out).run(&todo));
    let (service, socket) = LspService::new(|client| {
        tokio::spawn(forward(client, messages));
        Handler { jobs: Mutex::new(jobs) }
    });
    Server::new(tokio::io::stdin(), tokio::io::stdout(), socket).serve(service).await;
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
