//! One compiler at work: files and packages go in, findings and verdicts come out.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use salsa::{Durability, Setter};

use crate::check::{Checked, checked};
use crate::connections::Connections;
use crate::db::{
    CLOSED, Day, EvidenceFile, OPEN, Package, RootDb, SourceFile, Words, Workspace, file, parsed,
};
use crate::diagnostic::{Anchor, FileId, Places};
use crate::evidence::evidence_items;
use crate::model::facts;
use crate::names::{Outline, made};

/// What a file is, apart from its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSpec {
    /// Its path as it is shown; no two files share one.
    pub path: String,
    /// Its module within the package, such as `wards.icu`.
    pub module: String,
    /// The package, by its number.
    pub package: u32,
}

/// A file of test records, apart from its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EvidenceSpec {
    /// Its path as it is shown; no two files share one.
    pub path: String,
    /// Its path below the root of its package, with `/`.
    pub name: String,
    /// The package, by its number.
    pub package: u32,
}

/// What an `evidence` item asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EvidenceWanted {
    /// The file that it stands in.
    pub file: FileId,
    /// The pattern.
    pub pattern: String,
}

/// Packages with their files, as they were read from somewhere.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The packages; their dependencies go by place in this list.
    pub packages: Vec<Package>,
    /// The files; their packages go by place in that list.
    pub files: Vec<(FileSpec, Arc<str>)>,
}

/// Files, packages and the as-of date, with everything computed from them so far.
pub struct Session {
    db: RootDb,
    connections: Connections,
    by_path: FxHashMap<String, FileId>,
    /// The files of the standard library, by path.
    library: FxHashMap<String, FileId>,
    /// The files of test records so far, by path; they stay when they are no longer asked for.
    evidence: FxHashMap<String, EvidenceFile>,
}

/// Numbers from here on are those of files of test records.
const FIRST_EVIDENCE: u32 = 1 << 31;

impl Session {
    /// A session with the standard library and nothing else, judged on that day.
    pub fn new(as_of: Day) -> Session {
        Session::on(RootDb::default(), as_of)
    }

    /// The same on a database of the caller's, which must be empty.
    pub fn on(db: RootDb, as_of: Day) -> Session {
        let std = Package { name: "std".into(), ..Package::default() };
        let workspace = Workspace::builder(Vec::new(), Vec::new(), vec![std], false, as_of)
            .durability(Durability::HIGH)
            .lost_durability(OPEN);
        let _: Workspace = workspace.new(&db);
        let mut session = Session {
            db,
            connections: Connections::default(),
            by_path: FxHashMap::default(),
            library: FxHashMap::default(),
            evidence: FxHashMap::default(),
        };
        let modules = rbp_stdlib::MODULES.iter().map(|module| {
            let path = format!("std/{}.rbp", module.name.replace('.', "/"));
            (FileSpec { path, module: module.name.into(), package: 0 }, Arc::from(module.text))
        });
        session.add(modules.collect(), Durability::NEVER_CHANGE);
        // A file of the workspace may be called like one of the library: it is another.
        session.library = std::mem::take(&mut session.by_path);
        session
    }

    /// Adds packages with their files, and returns the number of the first package.
    pub fn load(&mut self, sources: Sources) -> u32 {
        let first = Workspace::get(&self.db).packages(&self.db).len() as u32;
        for mut package in sources.packages {
            for (_, number) in &mut package.dependencies {
                *number += first;
            }
            self.add_package(package);
        }
        let files = sources.files.into_iter().map(|(mut spec, text)| {
            spec.package += first;
            (spec, text)
        });
        self.add_files(files.collect());
        first
    }

    /// Adds a package and returns its number. Dependencies go by the numbers of packages, added
    /// before or after.
    pub fn add_package(&mut self, package: Package) -> u32 {
        let workspace = Workspace::get(&self.db);
        let mut packages = workspace.packages(&self.db).clone();
        packages.push(package);
        let number = packages.len() as u32 - 1;
        workspace.set_packages(&mut self.db).with_durability(Durability::HIGH).to(packages);
        self.connections.renew(&mut self.db);
        number
    }

    /// Changes what a package's `rbp.toml` says.
    pub fn set_package(&mut self, number: u32, package: Package) {
        let workspace = Workspace::get(&self.db);
        let mut packages = workspace.packages(&self.db).clone();
        match packages.get_mut(number as usize) {
            Some(old) if *old != package => *old = package,
            _ => return,
        }
        workspace.set_packages(&mut self.db).with_durability(Durability::HIGH).to(packages);
        self.connections.renew(&mut self.db);
    }

    /// Adds files; one whose path is known already gets the new text instead.
    pub fn add_files(&mut self, files: Vec<(FileSpec, Arc<str>)>) -> Vec<FileId> {
        self.add(files, CLOSED)
    }

    fn add(&mut self, files: Vec<(FileSpec, Arc<str>)>, durability: Durability) -> Vec<FileId> {
        let workspace = Workspace::get(&self.db);
        let mut all = workspace.files(&self.db).to_vec();
        let (known, mut new) = (all.len(), Vec::new());
        // Nobody edits the library.
        let library = durability == Durability::NEVER_CHANGE;
        let opens = if library { durability } else { CLOSED };
        let mut ids = Vec::with_capacity(files.len());
        for (spec, text) in files {
            if let Some(id) = self.by_path.get(&spec.path).copied() {
                ids.push(id);
                if all.get(id.0 as usize).copied().flatten().is_some() {
                    self.edit(id, text);
                    continue;
                }
            }
            let id = self.by_path.get(&spec.path).copied().unwrap_or(FileId(all.len() as u32));
            let source = SourceFile::builder(
                id,
                spec.path.clone(),
                spec.module,
                spec.package,
                text,
                Arc::default(),
                Arc::new([]),
                false,
                library,
                Arc::new([]),
            )
            .durability(Durability::NEVER_CHANGE)
            .text_durability(durability)
            .outline_durability(Durability::HIGH)
            .namers_durability(Durability::HIGH)
            .open_durability(opens)
            .steady_durability(opens)
            .words_durability(opens)
            .new(&self.db);
            new.push(source);
            match all.get_mut(id.0 as usize) {
                Some(gone) => *gone = Some(source),
                None => {
                    all.push(Some(source));
                    ids.push(id);
                }
            }
            self.by_path.insert(spec.path, id);
        }
        if all.len() != known || all.as_slice() != workspace.files(&self.db) {
            workspace.set_files(&mut self.db).with_durability(Durability::HIGH).to(all);
        }
        side_by_side(&self.db, &new, |db, at| _ = parsed(db, at));
        new.into_iter().for_each(|source| self.outline(source));
        self.connections.renew(&mut self.db);
        ids
    }

    /// Changes a file's text. Nothing happens where it is the same, nor to the standard library.
    pub fn edit(&mut self, id: FileId, text: Arc<str>) {
        let source = file(&self.db, id).filter(|source| source.package(&self.db) != 0);
        let Some(source) = source else { return };
        if **source.text(&self.db) != *text {
            // Its durability stays what it was.
            source.set_text(&mut self.db).to(text);
            self.outline(source);
            self.spell(source);
            self.connections.edited(&mut self.db, source);
        }
    }

    /// Brings a file's outline up to its text.
    fn outline(&mut self, source: SourceFile) {
        let outline = Outline::of(parsed(&self.db, source));
        if **source.outline(&self.db) != outline {
            let set = source.set_outline(&mut self.db).with_durability(Durability::HIGH);
            set.to(Arc::new(outline));
        }
    }

    /// Brings what is kept of each declaration of an open file up to its text.
    fn spell(&mut self, source: SourceFile) {
        if !source.open(&self.db) {
            return;
        }
        let items = &parsed(&self.db, source).clone().items;
        let mut words = source.words(&self.db).to_vec();
        let known = words.len();
        for at in 0..known.max(items.len()) {
            let now = items.get(at).map(|item| item.syntax.clone());
            match words.get(at) {
                None => words.push(Words::builder(now).durability(OPEN).new(&self.db)),
                Some(before) if *before.syntax(&self.db) == now => {}
                Some(before) => {
                    before.set_syntax(&mut self.db).with_durability(OPEN).to(now);
                }
            }
        }
        if words.len() > known {
            source.set_words(&mut self.db).with_durability(OPEN).to(words.into());
        }
    }

    /// Says that somebody begins to edit a file: from the next check on an edit in it repeats only what it
    /// concerns. The check itself takes longer once, and what is remembered of the file twice the room.
    pub fn open(&mut self, id: FileId) {
        self.set_open(id, true);
    }

    /// Says that nobody edits a file any more.
    pub fn close(&mut self, id: FileId) {
        self.set_open(id, false);
    }

    fn set_open(&mut self, id: FileId, open: bool) {
        let source = file(&self.db, id).filter(|source| source.package(&self.db) != 0);
        if let Some(source) = source.filter(|source| source.open(&self.db) != open) {
            source.set_open(&mut self.db).with_durability(CLOSED).to(open);
            // Now, and not at the first edit: what rests on the file is read again.
            let (text, durability) =
                (source.text(&self.db).clone(), if open { OPEN } else { CLOSED });
            source.set_text(&mut self.db).with_durability(durability).to(text);
            self.spell(source);
            match open {
                true => self.connections.opened(&mut self.db, source),
                false => self.connections.closed(&mut self.db, source),
            }
        }
    }

    /// Removes a file.
    pub fn remove(&mut self, id: FileId) {
        let workspace = Workspace::get(&self.db);
        let mut all = workspace.files(&self.db).to_vec();
        if let Some(file) = all.get_mut(id.0 as usize) {
            *file = None;
            workspace.set_files(&mut self.db).with_durability(Durability::HIGH).to(all);
            self.connections.renew(&mut self.db);
        }
    }

    /// How many words, signs and numbers the uses of templates make in all files: what is far above
    /// [`crate::names::MAX_TOKENS_IN_ALL`] takes more memory than there is.
    pub fn words_made(&self) -> usize {
        self.side_by_side(|db, at| made(db, at).tokens).into_iter().sum()
    }

    /// What `evidence` items ask for; whoever reads files reads those and sets them.
    pub fn evidence_wanted(&self) -> Vec<EvidenceWanted> {
        self.side_by_side(wanted).into_iter().flatten().collect()
    }

    /// What the `evidence` items of one file ask for.
    pub fn evidence_wanted_by(&self, id: FileId) -> Vec<EvidenceWanted> {
        file(&self.db, id).map(|at| wanted(&self.db, at)).unwrap_or_default()
    }

    /// Sets the files of test records with their bytes; files set before and not named now are gone.
    pub fn set_evidence(&mut self, mut files: Vec<(EvidenceSpec, Vec<u8>)>) {
        files.sort_by(|(a, _), (b, _)| a.cmp(b));
        files.dedup_by(|(a, _), (b, _)| a.path == b.path);
        let mut all = Vec::with_capacity(files.len());
        for (spec, bytes) in files {
            let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
            let invalid = std::str::from_utf8(&bytes).err().map(|error| error.valid_up_to());
            let invalid = invalid.map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            let known = self.evidence.get(&spec.path).copied();
            let db = &mut self.db;
            let same = |file: &EvidenceFile| {
                file.name(&*db) == spec.name && file.package(&*db) == spec.package
            };
            match known.filter(same) {
                Some(file) => {
                    if **file.text(db) != *text || file.invalid(db) != invalid {
                        file.set_text(db).with_durability(CLOSED).to(text);
                        file.set_invalid(db).with_durability(CLOSED).to(invalid);
                    }
                    all.push(file);
                }
                None => {
                    let id = known
                        .map_or(FileId(FIRST_EVIDENCE + self.evidence.len() as u32), |known| {
                            known.id(db)
                        });
                    let file = EvidenceFile::builder(
                        id,
                        spec.path.clone(),
                        spec.name,
                        spec.package,
                        text,
                        invalid,
                    );
                    let file = file.durability(CLOSED).new(db);
                    self.evidence.insert(spec.path, file);
                    all.push(file);
                }
            }
        }
        let workspace = Workspace::get(&self.db);
        if workspace.evidence(&self.db) != all {
            workspace.set_evidence(&mut self.db).with_durability(Durability::HIGH).to(all);
        }
    }

    /// Changes the day on which everything is judged.
    pub fn set_as_of(&mut self, as_of: Day) {
        let workspace = Workspace::get(&self.db);
        if workspace.as_of(&self.db) != as_of {
            workspace.set_as_of(&mut self.db).with_durability(Durability::HIGH).to(as_of);
        }
    }

    /// The day on which everything is judged.
    pub fn as_of(&self) -> Day {
        Workspace::get(&self.db).as_of(&self.db)
    }

    /// The file of that path; one of the workspace where the standard library has one too.
    pub fn file(&self, path: &str) -> Option<FileId> {
        let there = |id: &&FileId| file(&self.db, **id).is_some();
        self.by_path.get(path).filter(there).or_else(|| self.library.get(path)).copied()
    }

    /// Every file but the standard library's, in the order in which they were added.
    pub fn files(&self) -> Vec<FileId> {
        self.sources().into_iter().map(|f| f.id(&self.db)).collect()
    }

    /// The sources of those files, for asking more.
    pub fn sources(&self) -> Vec<SourceFile> {
        sources(&self.db)
    }

    /// The package of a file.
    pub fn package(&self, id: FileId) -> u32 {
        file(&self.db, id).map_or(0, |at| at.package(&self.db))
    }

    /// The module of a file within its package.
    pub fn module(&self, id: FileId) -> &str {
        file(&self.db, id).map_or("", |at| at.module(&self.db))
    }

    /// What is said of one file.
    pub fn check(&self, id: FileId) -> Arc<Checked> {
        file(&self.db, id).map(|at| checked(&self.db, at).clone()).unwrap_or_default()
    }

    /// What is said of every file but the standard library's; files are checked side by side.
    pub fn check_all(&self) -> Vec<(FileId, Arc<Checked>)> {
        check_all(&self.db)
    }

    fn side_by_side<T: Send>(&self, work: impl Fn(&RootDb, SourceFile) -> T + Sync) -> Vec<T> {
        side_by_side(&self.db, &self.sources(), work)
    }

    /// The database, for asking more.
    pub fn db(&self) -> &RootDb {
        &self.db
    }
}

/// Every file but the standard library's, in the order in which they were added.
pub fn sources(db: &RootDb) -> Vec<SourceFile> {
    let files = Workspace::get(db).files(db).iter().flatten();
    files.filter(|f| f.package(db) != 0).copied().collect()
}

/// What is said of every file but the standard library's; files are checked side by side.
pub fn check_all(db: &RootDb) -> Vec<(FileId, Arc<Checked>)> {
    // Stage by stage: what asks for all files at once would else read them one after the other.
    let all = sources(db);
    side_by_side(db, &all, |db, at| _ = parsed(db, at));
    side_by_side(db, &all, |db, at| _ = facts(db, at));
    side_by_side(db, &all, |db, at| (at.id(db), checked(db, at).clone()))
}

fn side_by_side<T: Send>(
    db: &RootDb,
    sources: &[SourceFile],
    work: impl Fn(&RootDb, SourceFile) -> T + Sync,
) -> Vec<T> {
    let sources = sources.par_iter().with_min_len(8);
    sources.map_with(db.clone(), |db, at| work(db, *at)).collect()
}

fn wanted(db: &RootDb, at: SourceFile) -> Vec<EvidenceWanted> {
    let items = evidence_items(db, at).iter();
    let wanted = items
        .map(|(_, pattern)| EvidenceWanted { file: at.id(db), pattern: pattern.text.to_string() });
    wanted.collect()
}

fn evidence_file(db: &RootDb, id: FileId) -> Option<EvidenceFile> {
    let mut files = Workspace::get(db).evidence(db).iter();
    files.find(|file| file.id(db) == id).copied()
}

impl Places for RootDb {
    fn path(&self, id: FileId) -> &str {
        match file(self, id) {
            Some(at) => at.path(self),
            None => evidence_file(self, id).map_or("", |at| at.path(self)),
        }
    }

    fn text(&self, id: FileId) -> &str {
        match file(self, id) {
            Some(at) => at.text(self),
            None => evidence_file(self, id).map_or("", |at| at.text(self)),
        }
    }

    fn bytes(&self, at: Anchor) -> Range<usize> {
        let Some(source) = file(self, at.file) else {
            // In test records a place is its bytes.
            let text = self.text(at.file);
            let end = text.ceil_char_boundary(at.span.end as usize);
            return text.floor_char_boundary(at.span.start as usize).min(end)..end;
        };
        parsed(self, source).bytes(source.text(self), at.item as usize, at.span)
    }
}

impl Places for Session {
    fn path(&self, id: FileId) -> &str {
        self.db.path(id)
    }

    fn text(&self, id: FileId) -> &str {
        self.db.text(id)
    }

    fn bytes(&self, at: Anchor) -> Range<usize> {
        self.db.bytes(at)
    }
}
