//! Hands what the client says to the owner of the compiler, in order, and the owner's words to the
//! client.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoTypeDefinitionParams,
    GotoTypeDefinitionResponse,
};
use tower_lsp::ls_types::*;
use tower_lsp::{Client as Connection, LanguageServer, LspService};

use crate::Disk;
use crate::capabilities::capabilities;
use crate::client::{Client, Settings};
use crate::failure::Failures;
use crate::methods;
use crate::owner::{Job, Message, Owner};
use crate::snapshot::Snapshot;
use crate::transport;
use crate::work::{answer, changed};

/// What the server asks to be told of on disk.
const WATCHED: [&str; 3] = ["**/*.rbp", "**/rbp.{toml,lock}", "**/*.{csv,jsonl,ndjson}"];

struct Handler {
    connection: Connection,
    jobs: Mutex<Sender<Job>>,
    out: UnboundedSender<Message>,
    failures: Failures,
    client: Arc<OnceLock<Client>>,
    /// Told when the first findings are out.
    ready: Mutex<Option<oneshot::Receiver<()>>>,
    /// The client said `shutdown`.
    ended: Arc<AtomicBool>,
}

impl Handler {
    /// Tells the owner; to be done before anything is awaited, so that the order is the client's.
    fn tell(&self, job: Job) {
        if let Ok(jobs) = self.jobs.lock() {
            // Nobody to tell means that the server is ending.
            let _ = jobs.send(job);
        }
    }

    /// Asks the state that all that was told before has made.
    async fn ask<P: Send + 'static, T: Send + 'static>(
        &self,
        params: P,
        work: fn(&Snapshot, &P) -> Result<T>,
    ) -> Result<T> {
        let (send, answered) = oneshot::channel();
        let failures = self.failures.clone();
        self.tell(Job::Ask(Box::new(move |snapshot| {
            // A client that cancelled waits no more.
            if !send.is_closed() {
                let _ = send.send(answer(&failures, snapshot, |snapshot| work(snapshot, &params)));
            }
        })));
        answered.await.unwrap_or_else(|_| Err(changed()))
    }

    /// `rbp/graph`, which the protocol does not have.
    async fn graph(&self, params: methods::graph::Params) -> Result<methods::graph::Answer> {
        self.ask(params, methods::graph::answer).await
    }

    fn can(&self, what: fn(&Client) -> bool) -> bool {
        self.client.get().is_some_and(what)
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

/// The settings in a value, with or without their section around them. What does not fit counts as not
/// set.
fn settings(value: &Value) -> Settings {
    let section = value.get("rbp").unwrap_or(value);
    serde_json::from_value(section.clone()).unwrap_or_default()
}

/// Asks to be told when a policy, a manifest or test records change on disk.
fn watching() -> Registration {
    let watchers = WATCHED.map(|pattern| serde_json::json!({ "globPattern": pattern }));
    Registration {
        id: "rbp-files".into(),
        method: "workspace/didChangeWatchedFiles".into(),
        register_options: Some(serde_json::json!({ "watchers": watchers })),
    }
}

/// Asks the client for the user's settings.
async fn configure(connection: Connection, jobs: Sender<Job>) {
    let item = ConfigurationItem { scope_uri: None, section: Some("rbp".into()) };
    if let Ok(answer) = connection.configuration(vec![item]).await
        && let Some(value) = answer.into_iter().next().filter(|value| !value.is_null())
    {
        let _ = jobs.send(Job::Settings(settings(&value)));
    }
}

/// Shows that the policies are read, until they are.
async fn show_progress(connection: Connection, ready: oneshot::Receiver<()>) {
    let token = ProgressToken::String("rbp-reading".into());
    if connection.create_work_done_progress(token.clone()).await.is_ok() {
        let progress = connection.progress(token, "Checking policies").begin().await;
        let _ = ready.await;
        progress.finish().await;
    }
}

impl LanguageServer for Handler {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let client = *self.client.get_or_init(|| Client::of(&params));
        let (done, ready) = oneshot::channel();
        let settings = params.initialization_options.as_ref().map(settings).unwrap_or_default();
        self.tell(Job::Start { folders: folders(&params), client, settings, done });
        if let Ok(mut waiting) = self.ready.lock() {
            *waiting = Some(ready);
        }
        Ok(InitializeResult {
            capabilities: capabilities(&client),
            server_info: Some(ServerInfo {
                name: "rbp".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        // No answer is waited for: a client may answer late, and typing goes on.
        if self.can(|client| client.watches) {
            let connection = self.connection.clone();
            tokio::spawn(async move { connection.register_capability(vec![watching()]).await });
        }
        if self.can(|client| client.configuration)
            && let Ok(jobs) = self.jobs.lock()
        {
            tokio::spawn(configure(self.connection.clone(), jobs.clone()));
        }
        let ready = self.ready.lock().ok().and_then(|mut ready| ready.take());
        if let Some(ready) = ready.filter(|_| self.can(|client| client.progress)) {
            tokio::spawn(show_progress(self.connection.clone(), ready));
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
        let (document, edits) = (params.text_document, params.content_changes);
        if let Some(path) = file_path(&document.uri) {
            self.tell(Job::Change { path, edits, version: document.version });
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        if let Some(path) = file_path(&params.text_document.uri) {
            self.tell(Job::Close { path });
        }
    }

    async fn did_save(&self, _: DidSaveTextDocumentParams) {
        // Whoever watches the files hears of it that way.
        if !self.can(|client| client.watches) {
            self.tell(Job::Reload);
        }
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.tell(Job::Reload);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths = |folders: Vec<WorkspaceFolder>| {
            folders.iter().filter_map(|folder| file_path(&folder.uri)).collect()
        };
        let (added, removed) = (paths(params.event.added), paths(params.event.removed));
        self.tell(Job::Folders { added, removed });
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        if self.can(|client| client.configuration) {
            if let Ok(jobs) = self.jobs.lock() {
                tokio::spawn(configure(self.connection.clone(), jobs.clone()));
            }
        } else if params.settings.is_object() {
            self.tell(Job::Settings(settings(&params.settings)));
        }
    }

    async fn diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        self.ask(params, methods::diagnostic::answer).await
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        self.ask(params, methods::workspace_diagnostic::answer).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.ask(params, methods::hover::answer).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.ask(params, methods::completion::answer).await
    }

    async fn goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        self.ask(params, methods::definition::answer).await
    }

    async fn goto_declaration(
        &self,
        params: GotoDeclarationParams,
    ) -> Result<Option<GotoDeclarationResponse>> {
        self.ask(params, methods::declaration::answer).await
    }

    async fn goto_type_definition(
        &self,
        params: GotoTypeDefinitionParams,
    ) -> Result<Option<GotoTypeDefinitionResponse>> {
        self.ask(params, methods::type_definition::answer).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.ask(params, methods::references::answer).await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        self.ask(params, methods::document_highlight::answer).await
    }

    async fn document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        self.ask(params, methods::document_symbol::answer).await
    }

    async fn symbol(
        &self,
        params: WorkspaceSymbolParams,
    ) -> Result<Option<WorkspaceSymbolResponse>> {
        self.ask(params, methods::workspace_symbol::answer).await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.ask(params, methods::prepare_rename::answer).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(params, methods::rename::answer).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask(params, methods::code_lens::answer).await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        self.ask(params, methods::semantic_tokens::full).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        self.ask(params, methods::semantic_tokens::delta).await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.ask(params, methods::semantic_tokens::range).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask(params, methods::folding_range::answer).await
    }

    async fn selection_range(
        &self,
        params: SelectionRangeParams,
    ) -> Result<Option<Vec<SelectionRange>>> {
        self.ask(params, methods::selection_range::answer).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.ask(params, methods::call_hierarchy::prepare).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.ask(params, methods::call_hierarchy::incoming).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.ask(params, methods::call_hierarchy::outgoing).await
    }

    async fn prepare_type_hierarchy(
        &self,
        params: TypeHierarchyPrepareParams,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.ask(params, methods::type_hierarchy::prepare).await
    }

    async fn supertypes(
        &self,
        params: TypeHierarchySupertypesParams,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.ask(params, methods::type_hierarchy::above).await
    }

    async fn subtypes(
        &self,
        params: TypeHierarchySubtypesParams,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.ask(params, methods::type_hierarchy::below).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask(params, methods::document_link::answer).await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(params, methods::formatting::whole).await
    }

    async fn range_formatting(
        &self,
        params: DocumentRangeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        self.ask(params, methods::formatting::range).await
    }

    async fn on_type_formatting(
        &self,
        params: DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        self.ask(params, methods::formatting::on_type).await
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.ask(params, methods::signature_help::answer).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask(params, methods::inlay_hint::answer).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask(params, methods::code_action::answer).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        let answer = self.ask(params, methods::execute_command::answer).await?;
        if !self.can(|client| client.shows_answers)
            && let Some(text) = answer.get("markdown").and_then(Value::as_str)
        {
            let _ = self.out.send(Message::Tell(text.to_owned()));
        }
        Ok(Some(answer))
    }
}

/// Serves until the client says `exit` or goes away; returns whether it said `shutdown` before.
pub async fn serve(disk: impl Disk) -> bool {
    let (jobs, todo) = channel();
    let (out, messages) = unbounded_channel();
    let failures = Failures::new(out.clone());
    let (owner_out, owner_failures) = (out.clone(), failures.clone());
    std::thread::spawn(move || Owner::new(disk, owner_out, owner_failures).run(&todo));
    let ended = Arc::new(AtomicBool::new(false));
    let client = Arc::new(OnceLock::new());
    let (service, socket) = LspService::build(|connection| {
        tokio::spawn(forward(connection.clone(), messages, client.clone()));
        Handler {
            connection,
            jobs: Mutex::new(jobs),
            out,
            failures,
            client: client.clone(),
            ready: Mutex::new(None),
            ended: ended.clone(),
        }
    })
    .custom_method("rbp/graph", Handler::graph)
    .finish();
    transport::serve(service, socket).await;
    ended.load(Ordering::Relaxed)
}

/// Sends what is to be said, in order.
async fn forward(
    connection: Connection,
    mut messages: UnboundedReceiver<Message>,
    client: Arc<OnceLock<Client>>,
) {
    while let Some(message) = messages.recv().await {
        match message {
            Message::Publish { uri, diagnostics, version } => {
                connection.publish_diagnostics(uri, diagnostics, version).await;
            }
            Message::OthersChanged => {
                if let Some(client) = client.get() {
                    refresh(&connection, *client);
                }
            }
            Message::Show(text) => connection.show_message(MessageType::ERROR, text).await,
            Message::Tell(text) => connection.show_message(MessageType::INFO, text).await,
            Message::Log(text) => connection.log_message(MessageType::ERROR, text).await,
        }
    }
}

/// Has the client ask again for what it shows of files that were not edited. No answer is waited for.
fn refresh(connection: &Connection, client: Client) {
    let connection = connection.clone();
    tokio::spawn(async move {
        if client.pulls {
            let _ = connection.workspace_diagnostic_refresh().await;
        }
        if client.refreshes_lenses {
            let _ = connection.code_lens_refresh().await;
        }
        if client.refreshes_hints {
            let _ = connection.inlay_hint_refresh().await;
        }
    });
}
