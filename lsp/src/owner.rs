//! The thread that owns the compiler: files as they are on disk and in the editor, and what was
//! published of them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use rbp_compiler::db::Package;
use rbp_compiler::diagnostic::{Diagnostic, FileId, Label, Level, Places};
use rbp_compiler::session::{FileSpec, Session, Sources};
use tokio::sync::mpsc::UnboundedSender;
use tower_lsp::ls_types::{
    self as lsp, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Uri,
};

use crate::Disk;
use crate::positions::{Encoding, byte, lines};

/// What happened, in order.
pub enum Job {
    /// The client is ready; these are its folders.
    Start { folders: Vec<PathBuf>, encoding: Encoding },
    /// A file is open in the editor.
    Open { path: PathBuf, text: String, version: i32 },
    /// It was changed there.
    Change { path: PathBuf, edits: Vec<lsp::TextDocumentContentChangeEvent>, version: i32 },
    /// It is closed; what is on disk counts again.
    Close { path: PathBuf },
    /// Something changed on disk.
    Reload,
}

/// What is sent to the client.
pub enum Message {
    /// The findings of a file.
    Publish { uri: Uri, diagnostics: Vec<lsp::Diagnostic>, version: Option<i32> },
    /// Something to show.
    Show(String),
}

struct Open {
    text: String,
    version: i32,
}

/// The owner's state.
pub struct Owner<D> {
    disk: D,
    out: UnboundedSender<Message>,
    session: Session,
    encoding: Encoding,
    folders: Vec<PathBuf>,
    open: HashMap<PathBuf, Open>,
    published: HashMap<PathBuf, Vec<lsp::Diagnostic>>,
}

impl<D: Disk> Owner<D> {
    /// An owner without files.
    pub fn new(disk: D, out: UnboundedSender<Message>) -> Owner<D> {
        let session = Session::new(disk.today());
        let (open, published) = (HashMap::new(), HashMap::new());
        Owner {
            disk,
            out,
            session,
            encoding: Encoding::Utf16,
            folders: Vec::new(),
            open,
            published,
        }
    }

    /// Works until nobody is left to send. Of a burst of jobs only the last state is published.
    pub fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            self.apply(job);
            while let Ok(job) = jobs.try_recv() {
                self.apply(job);
            }
            self.publish();
        }
    }

    fn apply(&mut self, job: Job) {
        match job {
            Job::Start { folders, encoding } => {
                self.encoding = encoding;
                self.folders = folders;
                self.reload();
            }
            Job::Open { path, text, version } => {
                self.open.insert(path.clone(), Open { text, version });
                self.show_text(&path);
            }
            Job::Change { path, edits, version } => {
                if let Some(open) = self.open.get_mut(&path) {
                    open.version = version;
                    edits
                        .into_iter()
                        .for_each(|edit| apply_edit(&mut open.text, edit, self.encoding));
                }
                self.show_text(&path);
            }
            Job::Close { path } => {
                self.open.remove(&path);
                self.reload();
            }
            Job::Reload => self.reload(),
        }
    }

    /// Reads everything from disk again; open files keep the editor's text.
    fn reload(&mut self) {
        let mut session = Session::new(self.disk.today());
        for folder in &self.folders {
            match self.disk.load(folder) {
                Ok(sources) => {
                    session.load(sources);
                }
                Err(why) => {
                    let _ = self.out.send(Message::Show(why));
                }
            }
        }
        self.session = session;
        for path in self.open.keys().cloned().collect::<Vec<_>>() {
            self.show_text(&path);
        }
    }

    /// Gives the compiler the editor's text of a file; one that belongs to no folder is a package
    /// of its own.
    fn show_text(&mut self, path: &PathBuf) {
        let Some(open) = self.open.get(path) else { return };
        let text: Arc<str> = Arc::from(open.text.as_str());
        let shown = path.to_string_lossy().into_owned();
        match self.session.file(&shown) {
            Some(id) => self.session.edit(id, text),
            None => {
                let module =
                    path.file_stem().map_or("main".into(), |s| s.to_string_lossy().into_owned());
                let spec = FileSpec { path: shown, module, package: 0 };
                let package = Package::default();
                self.session.load(Sources { packages: vec![package], files: vec![(spec, text)] });
            }
        }
    }

    fn publish(&mut self) {
        let mut current = HashMap::new();
        for (id, checked) in self.session.check_all() {
            let path = PathBuf::from(self.session.path(id));
            let found: Vec<lsp::Diagnostic> =
                checked.diagnostics.iter().map(|d| self.diagnostic(d)).collect();
            current.insert(path, found);
        }
        for path in self.published.keys() {
            current.entry(path.clone()).or_default();
        }
        for (path, found) in &current {
            let known = self.published.get(path).map_or(&[][..], Vec::as_slice);
            if known == found {
                continue;
            }
            if let Some(uri) = Uri::from_file_path(path) {
                let version = self.open.get(path).map(|open| open.version);
                let _ =
                    self.out.send(Message::Publish { uri, diagnostics: found.clone(), version });
            }
        }
        current.retain(|_, found| !found.is_empty());
        self.published = current;
    }

    fn diagnostic(&self, d: &Diagnostic) -> lsp::Diagnostic {
        let mut message = d.message.clone();
        for path in &d.paths {
            message += &format!("\n{}", path.join(" → "));
        }
        d.notes.iter().for_each(|note| message += &format!("\nnote: {note}"));
        d.help.iter().for_each(|help| message += &format!("\nhelp: {help}"));
        let related = d.related.iter().filter_map(|label| self.related(label));
        lsp::Diagnostic {
            range: self.range(&d.primary),
            severity: Some(match d.level {
                Level::Error => DiagnosticSeverity::ERROR,
                Level::Warning => DiagnosticSeverity::WARNING,
                Level::Hint => DiagnosticSeverity::HINT,
            }),
            code: Some(NumberOrString::String(d.rule.slug.to_owned())),
            source: Some("rbp".into()),
            message,
            related_information: Some(related.collect()),
            ..lsp::Diagnostic::default()
        }
    }

    fn related(&self, label: &Label) -> Option<DiagnosticRelatedInformation> {
        let uri = self.uri(label.at.file)?;
        let location = Location { uri, range: self.range(label) };
        Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
    }

    fn uri(&self, file: FileId) -> Option<Uri> {
        Uri::from_file_path(self.session.path(file))
            .or_else(|| Uri::from_str(&format!("rbp:/{}", self.session.path(file))).ok())
    }

    fn range(&self, label: &Label) -> lsp::Range {
        lines(self.session.text(label.at.file), self.session.bytes(label.at), self.encoding)
    }
}

fn apply_edit(text: &mut String, edit: lsp::TextDocumentContentChangeEvent, encoding: Encoding) {
    match edit.range {
        None => *text = edit.text,
        Some(range) => {
            let start = byte(text, range.start, encoding);
            let end = byte(text, range.end, encoding).max(start);
            text.replace_range(start..end, &edit.text);
        }
    }
}
