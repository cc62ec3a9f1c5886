//! Tells the client what is found, each file when that changes: first the files that were edited, then
//! all others.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use rbp_compiler::check::{Checked, checked};
use rbp_compiler::db::file;
use rbp_compiler::diagnostic::{FileId, Places};
use rbp_compiler::session::check_all;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tower_lsp::ls_types::{self as lsp, Uri};

use crate::failure::Failures;
use crate::findings::{diagnostic, mentioned};
use crate::owner::Message;
use crate::snapshot::Snapshot;
use crate::work::asked;

/// What is to be told of.
pub struct Round {
    /// The state that it is about.
    pub snapshot: Snapshot,
    /// The files that were edited, to be told of first.
    pub first: Vec<FileId>,
    /// The versions of the files that are open.
    pub versions: HashMap<FileId, i32>,
    /// The files have new numbers: nothing that is remembered counts any more.
    pub anew: bool,
    /// Told when all is told.
    pub done: Option<oneshot::Sender<()>>,
}

/// What was said while one file was checked, by the files that it is about.
struct Said {
    checked: Arc<Checked>,
    /// The texts that its places stand in.
    texts: Vec<(FileId, Arc<str>)>,
    about: BTreeMap<FileId, Vec<lsp::Diagnostic>>,
}

/// Remembers what the client was told.
pub struct Publisher {
    out: UnboundedSender<Message>,
    failures: Failures,
    said: HashMap<FileId, Said>,
    /// Which files' checks say something of a file.
    sayers: HashMap<FileId, HashSet<FileId>>,
    told: HashMap<Uri, Vec<lsp::Diagnostic>>,
    /// The addresses of the files that something is told of.
    addresses: HashMap<FileId, Uri>,
    /// Files that are no more may have been told of.
    anew: bool,
    /// Who waits until all is told.
    done: Vec<oneshot::Sender<()>>,
}

impl Publisher {
    /// A publisher that has told nothing yet.
    pub fn new(out: UnboundedSender<Message>, failures: Failures) -> Publisher {
        Publisher {
            out,
            failures,
            said: HashMap::new(),
            sayers: HashMap::new(),
            told: HashMap::new(),
            addresses: HashMap::new(),
            anew: false,
            done: Vec::new(),
        }
    }

    /// Works until nobody is left to send. A round that the text overtakes is given up: another is on its
    /// way.
    pub fn run(mut self, rounds: &Receiver<Round>) {
        while let Ok(round) = rounds.recv() {
            if round.anew {
                self.said.clear();
                self.sayers.clear();
                self.addresses.clear();
            }
            self.anew |= round.anew;
            self.done.extend(round.done);
            let (first, versions) = (round.first, round.versions);
            let failures = self.failures.clone();
            let told = asked(&failures, round.snapshot, |snapshot| {
                self.tell(snapshot, &first, &versions);
            });
            if told.is_ok() {
                self.anew = false;
                self.done.drain(..).for_each(|done| _ = done.send(()));
            }
        }
    }

    fn tell(&mut self, snapshot: &Snapshot, first: &[FileId], versions: &HashMap<FileId, i32>) {
        for id in first {
            let Some(at) = file(&snapshot.db, *id) else { continue };
            let checked = checked(&snapshot.db, at).clone();
            let about = self.hear(snapshot, *id, checked);
            if about.contains(id) {
                self.publish(snapshot, *id, versions);
            }
        }
        let all = check_all(&snapshot.db);
        let mut about: HashSet<FileId> = HashSet::new();
        let known: HashSet<FileId> = all.iter().map(|(id, _)| *id).collect();
        let gone: Vec<FileId> =
            self.said.keys().filter(|id| !known.contains(id)).copied().collect();
        for id in gone {
            about.extend(self.forget(id));
        }
        for (id, checked) in all {
            about.extend(self.hear(snapshot, id, checked));
        }
        // A file that was opened or edited is told of even where nothing is said of it.
        about.extend(first);
        let mut about: Vec<FileId> = about.into_iter().collect();
        about.sort_unstable();
        let mut others = false;
        for id in about {
            others |= self.publish(snapshot, id, versions) && !first.contains(&id);
        }
        if self.anew {
            self.silence(snapshot);
        }
        if others {
            let _ = self.out.send(Message::OthersChanged);
        }
    }

    /// Takes in what is said while a file is checked, and returns the files of which something else is
    /// said than before.
    fn hear(&mut self, snapshot: &Snapshot, id: FileId, checked: Arc<Checked>) -> Vec<FileId> {
        let text = |id: FileId| file(&snapshot.db, id).map(|at| at.text(&snapshot.db).clone());
        if let Some(said) = self.said.get(&id) {
            let same = |(id, old): &(FileId, Arc<str>)| {
                text(*id).is_some_and(|new| Arc::ptr_eq(&new, old))
            };
            if Arc::ptr_eq(&said.checked, &checked) && said.texts.iter().all(same) {
                return Vec::new();
            }
        }
        let mut about: BTreeMap<FileId, Vec<lsp::Diagnostic>> = BTreeMap::new();
        let mut texts: Vec<(FileId, Arc<str>)> = Vec::new();
        for finding in &checked.diagnostics {
            let of = about.entry(finding.primary.at.file).or_default();
            of.push(diagnostic(snapshot, finding));
            for id in mentioned(&snapshot.db, finding) {
                if !texts.iter().any(|(known, _)| *known == id) {
                    texts.extend(text(id).map(|text| (id, text)));
                }
            }
        }
        let mut changed = self.forget(id);
        for of in about.keys() {
            self.sayers.entry(*of).or_default().insert(id);
            if !changed.contains(of) {
                changed.push(*of);
            }
        }
        self.said.insert(id, Said { checked, texts, about });
        changed
    }

    fn forget(&mut self, id: FileId) -> Vec<FileId> {
        let Some(old) = self.said.remove(&id) else { return Vec::new() };
        for of in old.about.keys() {
            if let Some(sayers) = self.sayers.get_mut(of) {
                sayers.remove(&id);
            }
        }
        old.about.into_keys().collect()
    }

    /// Tells what is said of a file, where that is not told already; returns whether it was not.
    fn publish(
        &mut self,
        snapshot: &Snapshot,
        id: FileId,
        versions: &HashMap<FileId, i32>,
    ) -> bool {
        // A file that is no more has no address either: it keeps the one under which it was told of.
        let Some(uri) = snapshot.uri(id).or_else(|| self.addresses.remove(&id)) else {
            return false;
        };
        let mut sayers: Vec<FileId> = self.sayers.get(&id).into_iter().flatten().copied().collect();
        sayers.sort_unstable();
        let said = sayers.iter().filter_map(|sayer| self.said.get(sayer)?.about.get(&id));
        let diagnostics: Vec<lsp::Diagnostic> = said.flatten().cloned().collect();
        let version = versions.get(&id).copied();
        // Of an open file a client is told once even that nothing is said of it: it was looked at.
        let silent = diagnostics.is_empty() && version.is_none();
        if self.told.get(&uri).map_or(silent, |before| *before == diagnostics) {
            return false;
        }
        match silent {
            true => {
                self.told.remove(&uri);
                self.addresses.remove(&id);
            }
            false => {
                self.told.insert(uri.clone(), diagnostics.clone());
                self.addresses.insert(id, uri.clone());
            }
        }
        if !snapshot.shared.client.pulls {
            let _ = self.out.send(Message::Publish { uri, diagnostics, version });
        }
        true
    }

    /// Takes back what was told of files that are no more.
    fn silence(&mut self, snapshot: &Snapshot) {
        let mut known: HashSet<Uri> = HashSet::new();
        for (id, sayers) in &self.sayers {
            if !sayers.is_empty() && !snapshot.db.path(*id).is_empty() {
                known.extend(snapshot.uri(*id));
            }
        }
        let gone: Vec<Uri> =
            self.told.keys().filter(|uri| !known.contains(*uri)).cloned().collect();
        for uri in gone {
            let said = self.told.remove(&uri).is_some_and(|said| !said.is_empty());
            if said && !snapshot.shared.client.pulls {
                let diagnostics = Vec::new();
                let _ = self.out.send(Message::Publish { uri, diagnostics, version: None });
            }
        }
    }
}
