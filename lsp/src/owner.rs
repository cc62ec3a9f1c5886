//! The thread that owns the compiler: the files as they are on disk and in the editor. It changes them
//! in the order in which it is told, and hands snapshots to those who answer.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rbp_compiler::db::{Day, Package};
use rbp_compiler::diagnostic::{FileId, Places};
use rbp_compiler::model::day_of;
use rbp_compiler::session::{EvidenceWanted, FileSpec, Session, Sources};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tower_lsp::ls_types::{self as lsp, Uri};

use crate::client::{Client, Settings};
use crate::colours::Colours;
use crate::failure::Failures;
use crate::positions::{Encoding, Text};
use crate::publisher::{Publisher, Round};
use crate::snapshot::{Shared, Snapshot};
use crate::work::{Pool, Task};
use crate::{Disk, Read};

/// What happened, in order.
pub enum Job {
    /// The client is ready; these are its folders. Told when the first findings are out.
    Start { folders: Vec<PathBuf>, client: Client, settings: Settings, done: oneshot::Sender<()> },
    /// Other folders are open.
    Folders { added: Vec<PathBuf>, removed: Vec<PathBuf> },
    /// The user chose other settings.
    Settings(Settings),
    /// A file is open in the editor.
    Open { path: PathBuf, text: String, version: i32 },
    /// It was changed there.
    Change { path: PathBuf, edits: Vec<lsp::TextDocumentContentChangeEvent>, version: i32 },
    /// It is closed; what is on disk counts again.
    Close { path: PathBuf },
    /// Something changed on disk.
    Reload,
    /// Something is asked of the state that all jobs before have made.
    Ask(Task),
}

/// What is sent to the client.
pub enum Message {
    /// The findings of a file.
    Publish { uri: Uri, diagnostics: Vec<lsp::Diagnostic>, version: Option<i32> },
    /// Of other files than the edited ones something else is found.
    OthersChanged,
    /// Something to show: what went wrong.
    Show(String),
    /// Something to show: what was asked for.
    Tell(String),
    /// Something for the log.
    Log(String),
}

struct Open {
    text: String,
    version: i32,
    /// The compiler has not seen the text yet.
    unseen: bool,
}

/// The owner's state.
pub struct Owner<D> {
    disk: D,
    out: UnboundedSender<Message>,
    failures: Failures,
    pool: Pool,
    rounds: Sender<Round>,
    session: Session,
    shared: Arc<Shared>,
    folders: Vec<PathBuf>,
    open: HashMap<PathBuf, Open>,
    /// The number of the first package that was read from disk, and how many there were; `None` where
    /// they were read one by one.
    packages: Option<(u32, usize)>,
    /// What the files asked for when test records were read last.
    wanted: Option<Vec<EvidenceWanted>>,
    /// What was said of the packages when they were read last.
    said: Vec<String>,
    /// The files that were edited since findings were last told.
    edited: Vec<FileId>,
    /// Findings must be told.
    due: bool,
    /// The files have new numbers.
    anew: bool,
    done: Option<oneshot::Sender<()>>,
    /// The files must be read again before anything else.
    stale: bool,
}

impl<D: Disk> Owner<D> {
    /// An owner without files.
    pub fn new(disk: D, out: UnboundedSender<Message>, failures: Failures) -> Owner<D> {
        let session = Session::new(disk.today());
        let (rounds, todo) = channel();
        let publisher = Publisher::new(out.clone(), failures.clone());
        std::thread::spawn(move || publisher.run(&todo));
        let client = Client::of(&lsp::InitializeParams::default());
        let shared = Shared {
            client,
            settings: Settings::default(),
            library: disk.library(),
            tokens: Colours::default(),
        };
        Owner {
            disk,
            out,
            failures,
            pool: Pool::new(),
            rounds,
            session,
            shared: Arc::new(shared),
            folders: Vec::new(),
            open: HashMap::new(),
            packages: None,
            wanted: None,
            said: Vec::new(),
            edited: Vec::new(),
            due: false,
            anew: true,
            done: None,
            stale: false,
        }
    }

    /// Works until nobody is left to send. Of a burst of jobs only the last state is checked.
    ///
    /// A panic is a defect of ours: it is said, and the next job starts from the files again.
    pub fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            self.guarded(|owner| owner.apply(job));
            while let Ok(job) = jobs.try_recv() {
                self.guarded(|owner| owner.apply(job));
            }
            self.guarded(Owner::check);
        }
    }

    fn guarded(&mut self, work: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| work(self))).is_err() {
            self.failures.tell();
            self.session = Session::new(self.session.as_of());
            self.packages = None;
            self.wanted = None;
            (self.stale, self.anew) = (true, true);
        }
    }

    fn apply(&mut self, job: Job) {
        if std::mem::take(&mut self.stale) {
            self.reload();
        }
        match job {
            Job::Start { folders, client, settings, done } => {
                self.folders = folders;
                self.share(|shared| (shared.client, shared.settings) = (client, settings));
                self.done = Some(done);
                self.reload();
            }
            Job::Folders { added, removed } => {
                self.folders.retain(|folder| !removed.contains(folder));
                self.folders.extend(added);
                self.reload();
            }
            Job::Settings(settings) => {
                self.share(|shared| shared.settings = settings);
                let day = self.today();
                self.session.set_as_of(day);
                self.due = true;
            }
            Job::Open { path, text, version } => {
                let shown = self.shared.shown(&path);
                let known = self.session.file(&shown).is_some();
                self.open.insert(path.clone(), Open { text, version, unseen: true });
                match known {
                    true => self.see(&path),
                    // Its package is read, so that its imports mean something.
                    false => self.reload(),
                }
            }
            Job::Change { path, edits, version } => {
                let encoding = self.shared.client.encoding;
                if let Some(open) = self.open.get_mut(&path) {
                    (open.version, open.unseen) = (version, true);
                    edits.into_iter().for_each(|edit| apply_edit(&mut open.text, edit, encoding));
                }
            }
            Job::Close { path } => {
                self.open.remove(&path);
                if let Some(id) = self.session.file(&self.shared.shown(&path)) {
                    self.session.close(id);
                }
                self.reload();
            }
            Job::Reload => self.reload(),
            Job::Ask(task) => {
                self.see_all();
                self.pool.run(task, self.snapshot());
            }
        }
    }

    fn share(&mut self, change: impl FnOnce(&mut Shared)) {
        change(Arc::make_mut(&mut self.shared));
    }

    fn today(&self) -> Day {
        let chosen = self.shared.settings.as_of.as_deref().and_then(day_of);
        chosen.unwrap_or_else(|| self.disk.today())
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { db: self.session.db().clone(), shared: self.shared.clone() }
    }

    /// Reads everything from disk again; open files keep the editor's text. What is the same stays as it
    /// is.
    fn reload(&mut self) {
        let mut paths = self.folders.clone();
        let library = self.shared.library.clone();
        let inside = |path: &PathBuf| {
            let all = self.folders.iter().chain(&library);
            all.into_iter().any(|folder| path.starts_with(folder))
        };
        let mut outside: Vec<PathBuf> =
            self.open.keys().filter(|path| !inside(path)).cloned().collect();
        outside.sort();
        paths.extend(outside);
        self.wanted = None;
        self.due = true;
        let mut said = Vec::new();
        match self.disk.load(&paths) {
            Ok(Read { sources, said: more }) => {
                self.take_in(sources);
                said.extend(more);
            }
            // What cannot be read does not silence the rest.
            Err(_) => {
                self.begin_anew();
                for path in &paths {
                    match self.disk.load(std::slice::from_ref(path)) {
                        Ok(Read { sources, said: more }) => {
                            self.session.load(sources);
                            said.extend(more);
                        }
                        Err(why) => _ = self.out.send(Message::Show(why)),
                    }
                }
            }
        }
        // Files are read again whenever one is saved; what is known need not be said each time.
        for new in said.iter().filter(|new| !self.said.contains(new)) {
            let _ = self.out.send(Message::Show(new.clone()));
        }
        self.said = said;
        self.open.values_mut().for_each(|open| open.unseen = true);
        self.see_all();
    }

    fn begin_anew(&mut self) {
        self.session = Session::new(self.today());
        (self.packages, self.anew) = (None, true);
    }

    /// Brings the session to what is on disk: by what changed where the packages are the same, else from
    /// nothing.
    fn take_in(&mut self, sources: Sources) {
        let Some((first, count)) = self.packages.filter(|_| self.fits(&sources)) else {
            self.begin_anew();
            let count = sources.packages.len();
            self.packages = Some((self.session.load(sources), count));
            return;
        };
        debug_assert_eq!(count, sources.packages.len());
        let day = self.today();
        self.session.set_as_of(day);
        for (number, mut package) in sources.packages.into_iter().enumerate() {
            package.dependencies.iter_mut().for_each(|(_, number)| *number += first);
            self.session.set_package(first + number as u32, package);
        }
        let there: std::collections::HashSet<&str> =
            sources.files.iter().map(|(spec, _)| spec.path.as_str()).collect();
        let gone = |id: &FileId| {
            let path = self.session.path(*id);
            !there.contains(path) && !self.open.contains_key(Path::new(path))
        };
        let gone: Vec<FileId> = self.session.files().into_iter().filter(gone).collect();
        gone.into_iter().for_each(|id| self.session.remove(id));
        // The editor's text counts.
        let open = |path: &str| self.open.contains_key(Path::new(path));
        let known = |path: &str| self.session.file(path).is_some();
        let files =
            sources.files.into_iter().filter(|(spec, _)| !(open(&spec.path) && known(&spec.path)));
        let files = files.map(|(mut spec, text)| {
            spec.package += first;
            (spec, text)
        });
        let files = files.collect();
        self.session.add_files(files);
    }

    /// Whether every file that is known belongs where it did.
    fn fits(&self, sources: &Sources) -> bool {
        let Some((first, count)) = self.packages else { return false };
        let same = |spec: &FileSpec| {
            self.session.file(&spec.path).is_none_or(|id| {
                self.session.package(id) == spec.package + first
                    && self.session.module(id) == spec.module
            })
        };
        count == sources.packages.len() && sources.files.iter().all(|(spec, _)| same(spec))
    }

    /// Gives the compiler the editor's texts that it has not seen.
    fn see_all(&mut self) {
        let unseen = self.open.iter().filter(|(_, open)| open.unseen);
        let mut unseen: Vec<PathBuf> = unseen.map(|(path, _)| path.clone()).collect();
        unseen.sort();
        unseen.iter().for_each(|path| self.see(path));
    }

    fn see(&mut self, path: &Path) {
        let Some(open) = self.open.get_mut(path) else { return };
        open.unseen = false;
        let text: Arc<str> = Arc::from(open.text.as_str());
        let shown = self.shared.shown(path);
        self.due = true;
        if let Some(id) = self.session.file(&shown) {
            // The standard library is what it is, whatever an editor makes of it.
            if self.session.package(id) != 0 {
                self.session.open(id);
                self.session.edit(id, text);
                self.note_edit(id);
            }
            return;
        }
        match self.home(path) {
            Some((package, module)) => {
                self.session
                    .add_files(vec![(FileSpec { path: shown.clone(), module, package }, text)]);
            }
            None => {
                let spec = FileSpec { path: shown.clone(), module: "main".into(), package: 0 };
                let packages = vec![Package::default()];
                self.session.load(Sources { packages, files: vec![(spec, text)] });
                // The packages are no longer those on disk alone.
                self.packages = None;
            }
        }
        if let Some(id) = self.session.file(&shown) {
            self.session.open(id);
            self.note_edit(id);
        }
    }

    fn note_edit(&mut self, id: FileId) {
        if !self.edited.contains(&id) {
            self.edited.push(id);
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
        let same = |wanted: &Vec<EvidenceWanted>| {
            self.edited.iter().all(|id| {
                let before = wanted.iter().filter(|wanted| wanted.file == *id);
                before.eq(self.session.evidence_wanted_by(*id).iter())
            })
        };
        if self.wanted.as_ref().is_some_and(same) {
            return;
        }
        let wanted = self.session.evidence_wanted();
        if self.wanted.as_ref() == Some(&wanted) {
            return;
        }
        if let Err(why) = self.disk.supply(&mut self.session) {
            let _ = self.out.send(Message::Show(why));
        }
        self.wanted = Some(wanted);
    }

    /// Has findings told, where something changed.
    fn check(&mut self) {
        self.see_all();
        if !self.due {
            return;
        }
        self.supply();
        self.due = false;
        let versions = self.open.iter().filter_map(|(path, open)| {
            Some((self.session.file(&self.shared.shown(path))?, open.version))
        });
        let round = Round {
            versions: versions.collect(),
            snapshot: self.snapshot(),
            first: std::mem::take(&mut self.edited),
            anew: std::mem::take(&mut self.anew),
            done: self.done.take(),
        };
        // Nobody to tell means that the server is ending.
        let _ = self.rounds.send(round);
    }
}

fn apply_edit(text: &mut String, edit: lsp::TextDocumentContentChangeEvent, encoding: Encoding) {
    match edit.range {
        None => *text = edit.text,
        Some(range) => {
            let bytes = Text::new(text, encoding).bytes(range);
            text.replace_range(bytes, &edit.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    /// Fails in a way that no disk should, the first two times.
    struct Defect(AtomicU32);

    impl Disk for Defect {
        #[allow(clippy::panic)]
        fn load(&self, _: &[PathBuf]) -> Result<Read, String> {
            match self.0.fetch_add(1, Ordering::Relaxed) {
                0 | 1 => panic!("a defect"),
                _ => Ok(Read::default()),
            }
        }

        fn supply(&self, _: &mut Session) -> Result<(), String> {
            Ok(())
        }

        fn today(&self) -> Day {
            Day(20_780)
        }

        fn library(&self) -> Option<PathBuf> {
            None
        }
    }

    #[test]
    fn a_defect_is_said_once_and_work_goes_on() {
        crate::failure::watch();
        let (out, mut messages) = unbounded_channel();
        let failures = Failures::new(out.clone());
        let (jobs, todo) = channel();
        let _ = jobs.send(Job::Reload);
        let _ = jobs.send(Job::Reload);
        let path = PathBuf::from("/nowhere/pay.rbp");
        let text = "function pay {}".to_owned();
        let _ = jobs.send(Job::Open { path, text, version: 1 });
        drop(jobs);
        Owner::new(Defect(AtomicU32::new(0)), out, failures).run(&todo);
        let (mut shown, mut logged, mut published) = (Vec::new(), Vec::new(), 0);
        while let Some(message) = messages.blocking_recv() {
            match message {
                Message::Show(text) => shown.push(text),
                Message::Log(text) => logged.push(text),
                Message::Publish { .. } => published += 1,
                Message::Tell(_) | Message::OthersChanged => {}
            }
        }
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert!(shown.iter().all(|text| text.contains("Please report it")));
        assert!(logged.iter().all(|text| text.contains("owner.rs") && text.contains("a defect")));
        assert_eq!(published, 1);
    }
}
