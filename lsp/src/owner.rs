//! The thread that owns the compiler: files as they are on disk and in the editor, and what was
//! published of them.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use rbp_compiler::db::Package;
use rbp_compiler::diagnostic::{Diagnostic, FileId, Label, Level, Places};
use rbp_compiler::session::{EvidenceWanted, FileSpec, Session, Sources};
use tokio::sync::mpsc::UnboundedSender;
use tower_lsp::ls_types::{
    self as lsp, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Uri,
};

use crate::positions::{Encoding, byte, lines};
use crate::{Disk, Read};

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
    /// What the files asked for when test records were read last.
    wanted: Option<Vec<EvidenceWanted>>,
    /// What was said of the packages when they were read last.
    said: Vec<String>,
    /// The files must be read again before anything else.
    stale: bool,
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
            wanted: None,
            said: Vec::new(),
            stale: false,
        }
    }

    /// Works until nobody is left to send. Of a burst of jobs only the last state is published.
    ///
    /// A panic is a defect of ours: it is said, and the next job starts from the files again.
    pub fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            if catch_unwind(AssertUnwindSafe(|| self.work(job, jobs))).is_err() {
                self.session = Session::new(self.session.as_of());
                self.stale = true;
                let why = "rbp itself failed on these files; please report it with the policy";
                let _ = self.out.send(Message::Show(why.into()));
            }
        }
    }

    fn work(&mut self, job: Job, jobs: &Receiver<Job>) {
        if std::mem::take(&mut self.stale) {
            self.reload();
        }
        self.apply(job);
        while let Ok(job) = jobs.try_recv() {
            self.apply(job);
        }
        self.publish();
    }

    fn apply(&mut self, job: Job) {
        match job {
            Job::Start { folders, encoding } => {
                self.encoding = encoding;
                self.folders = folders;
                self.reload();
            }
            Job::Open { path, text, version } => {
                let known = self.session.file(&path.to_string_lossy()).is_some();
                self.open.insert(path.clone(), Open { text, version });
                match known {
                    true => self.show_text(&path),
                    // Its package is read, so that its imports mean something.
                    false => self.reload(),
                }
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
        let mut paths = self.folders.clone();
        let inside = |path: &PathBuf| self.folders.iter().any(|folder| path.starts_with(folder));
        let mut outside: Vec<PathBuf> =
            self.open.keys().filter(|path| !inside(path)).cloned().collect();
        outside.sort();
        paths.extend(outside);
        self.session = Session::new(self.disk.today());
        self.wanted = None;
        let mut said = Vec::new();
        match self.disk.load(&paths) {
            Ok(read) => said.extend(self.take(read)),
            // What cannot be read does not silence the rest.
            Err(_) => {
                for path in &paths {
                    match self.disk.load(std::slice::from_ref(path)) {
                        Ok(read) => said.extend(self.take(read)),
                        Err(why) => {
                            let _ = self.out.send(Message::Show(why));
                        }
                    }
                }
            }
        }
        // Files are read again whenever one is saved; what is known need not be said each time.
        for new in said.iter().filter(|new| !self.said.contains(new)) {
            let _ = self.out.send(Message::Show(new.clone()));
        }
        self.said = said;
        let mut open: Vec<PathBuf> = self.open.keys().cloned().collect();
        open.sort();
        open.iter().for_each(|path| self.show_text(path));
    }

    /// Takes packages into the session, and returns what is to be said of them.
    fn take(&mut self, read: Read) -> Vec<String> {
        self.session.load(read.sources);
        read.said
    }

    /// Gives the compiler the editor's text of a file.
    fn show_text(&mut self, path: &Path) {
        let Some(open) = self.open.get(path) else { return };
        let text: Arc<str> = Arc::from(open.text.as_str());
        let shown = path.to_string_lossy().into_owned();
        if let Some(id) = self.session.file(&shown) {
            return self.session.edit(id, text);
        }
        match self.home(path) {
            Some((package, module)) => {
                self.session.add_files(vec![(FileSpec { path: shown, module, package }, text)]);
            }
            None => {
                let spec = FileSpec { path: shown, module: "main".into(), package: 0 };
                let packages = vec![Package::default()];
                self.session.load(Sources { packages, files: vec![(spec, text)] });
            }
        }
    }

    /// The package and module of a file that is not on disk yet, from the files around it.
    fn home(&self, path: &Path) -> Option<(u32, String)> {
        let of = |id: FileId| {
            let known = PathBuf::from(self.session.path(id));
            let root = known.ancestors().nth(self.session.module(id).split('.').count())?;
            let below = path.strip_prefix(root).ok()?.with_extension("");
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            let depth = root.components().count();
            Some((depth, self.session.package(id), parts.join(".")))
        };
        let homes = self.session.files().into_iter().filter_map(of);
        homes.max_by_key(|(depth, ..)| *depth).map(|(_, package, module)| (package, module))
    }

    /// Reads test records where other ones are asked for than before.
    fn supply(&mut self) {
        let wanted = self.session.evidence_wanted();
        if self.wanted.as_ref() == Some(&wanted) {
            return;
        }
        if let Err(why) = self.disk.supply(&mut self.session) {
            let _ = self.out.send(Message::Show(why));
        }
        self.wanted = Some(wanted);
    }

    fn publish(&mut self) {
        self.supply();
        let mut current: HashMap<PathBuf, Vec<lsp::Diagnostic>> = HashMap::new();
        for (_, checked) in self.session.check_all() {
            for found in &checked.diagnostics {
                // What is said of a function of one file may be at fault in another.
                let path = PathBuf::from(self.session.path(found.primary.at.file));
                current.entry(path).or_default().push(self.diagnostic(found));
            }
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
