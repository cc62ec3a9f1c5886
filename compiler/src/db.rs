//! The inputs, and the database that remembers what was computed from them.
//!
//! Queries are per file: measured, finer ones cost more than they save. Between a file's text and
//! everybody else stand [`crate::names::exports`] and the facts of single declarations, which hold
//! no positions in the file, so an edit that changes no meaning re-runs nothing elsewhere.

use std::sync::{Arc, Mutex};

use rbp_grammar::{Parsed, Syntax, parse, reparse};
use rustc_hash::FxHashMap;
use salsa::Durability;

/// Ends what is asked of a database while its owner waits to change it.
pub use salsa::Cancelled;

use crate::analysis::Made;
use crate::diagnostic::{FileId, Level};

/// A calendar day, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

/// A package: what its `rbp.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Package {
    /// Its name; empty for files without a package.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The names under which it uses other packages, with their numbers.
    pub dependencies: Vec<(String, u32)>,
    /// Levels that differ from the rules' own; `None` switches a rule off.
    pub lints: Vec<(String, Option<Level>)>,
    /// The order of loss that every function survives unless it says otherwise.
    pub survives: Option<u32>,
    /// The modules that other packages may import, each with those below it; all where it is `None`.
    pub public: Option<Vec<String>>,
}

impl Package {
    /// Whether other packages may import that module.
    pub fn offers(&self, module: &str) -> bool {
        let below = |public: &String| {
            module.strip_prefix(public.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('.'))
        };
        self.public.as_ref().is_none_or(|public| public.iter().any(below))
    }
}

pub(crate) use inputs::Words;
pub use inputs::{Declaration, EvidenceFile, SourceFile, Workspace};

mod inputs {
    // salsa's accessors carry no documentation of their own.
    #![allow(missing_docs)]

    use std::sync::Arc;

    use rbp_grammar::Syntax;

    use super::{Day, Package};
    use crate::diagnostic::FileId;
    use crate::names::Outline;

    /// A file of a package.
    #[salsa::input(debug)]
    pub struct SourceFile {
        /// Its number; the same for as long as the database lives.
        #[returns(copy)]
        pub id: FileId,
        /// Its path as it is shown.
        #[returns(deref)]
        pub path: String,
        /// Its module within the package, such as `wards.icu`.
        #[returns(deref)]
        pub module: String,
        /// The package, by its number in [`Workspace::packages`].
        #[returns(copy)]
        pub package: u32,
        /// Its text.
        #[returns(ref)]
        pub text: Arc<str>,
        /// Its outline; the text decides it.
        #[returns(ref)]
        pub outline: Arc<Outline>,
        /// The files that can name what it declares; the texts of all files decide it.
        #[returns(deref)]
        pub namers: Arc<[SourceFile]>,
        /// Somebody is editing it: then each of its declarations is looked at by itself, and an edit
        /// repeats what concerns it alone. That takes room, and pays for nothing but edits.
        #[returns(copy)]
        pub open: bool,
        /// Neither it nor what it imports is open. What it states then changes seldom, and others rest on it as a whole
        /// rather than on each declaration that they name.
        #[returns(copy)]
        pub steady: bool,
        /// What its declarations say, while it is open.
        #[returns(deref)]
        pub words: Arc<[Words]>,
    }

    /// What one declaration of an open file says: an input, so that whoever rests on it is not asked whether it still
    /// stands when another changes.
    #[salsa::input(debug)]
    pub struct Words {
        /// Nothing where the file has fewer declarations by now.
        #[returns(ref)]
        pub syntax: Option<Arc<Syntax>>,
    }

    /// A declaration of a file, as queries are asked about it. Never forgotten: whoever asks then
    /// remembers the answer alone, and not the question as well.
    #[salsa::interned(revisions = usize::MAX)]
    pub struct Declaration<'db> {
        /// The file.
        #[returns(copy)]
        pub file: SourceFile,
        /// Its number in the file.
        #[returns(copy)]
        pub item: u32,
    }

    /// A file of test records.
    #[salsa::input(debug)]
    pub struct EvidenceFile {
        /// Its number; no source has the same.
        #[returns(copy)]
        pub id: FileId,
        /// Its path as it is shown.
        #[returns(deref)]
        pub path: String,
        /// Its path below the root of its package, with `/`.
        #[returns(deref)]
        pub name: String,
        /// The package, by its number in [`Workspace::packages`].
        #[returns(copy)]
        pub package: u32,
        /// Its text; what is not UTF-8 is replaced.
        #[returns(ref)]
        pub text: Arc<str>,
        /// The first byte that is not UTF-8.
        #[returns(copy)]
        pub invalid: Option<u32>,
    }

    /// Everything that is checked together.
    #[salsa::input(singleton)]
    pub struct Workspace {
        /// Every file, by number; the standard library's come first. Removed files stay, as `None`.
        #[returns(deref)]
        pub files: Vec<Option<SourceFile>>,
        /// Every file of test records, in the order of their paths.
        #[returns(deref)]
        pub evidence: Vec<EvidenceFile>,
        /// Every package; number 0 is the standard library.
        #[returns(ref)]
        pub packages: Vec<Package>,
        /// A file may import more than could be read; the texts of all files decide it.
        #[returns(copy)]
        pub lost: bool,
        /// The day on which everything is judged.
        #[returns(copy)]
        pub as_of: Day,
    }
}

/// What queries need of the database.
#[salsa::db]
pub trait Db: salsa::Database {
    /// The last text of a file and what was read from it, to be reused where the text still stands.
    fn last_parse(&self, file: FileId) -> Option<(Arc<str>, Arc<Parsed>)>;
    /// Keeps a file's text and what was read from it.
    fn keep_parse(&self, file: FileId, text: Arc<str>, parsed: Arc<Parsed>);
    /// The last analyses of a file's functions, to be reused where what they were made from still stands.
    fn last_analyses(&self, file: FileId) -> Option<Arc<Made>>;
    /// Keeps the analyses of a file's functions.
    fn keep_analyses(&self, file: FileId, made: Arc<Made>);
}

type Kept<T> = Arc<Mutex<FxHashMap<FileId, T>>>;

/// The database.
#[salsa::db]
#[derive(Clone, Default)]
pub struct RootDb {
    storage: salsa::Storage<Self>,
    parses: Kept<(Arc<str>, Arc<Parsed>)>,
    analyses: Kept<Arc<Made>>,
}

impl RootDb {
    /// A database that tells of every query that it runs, such as `parsed(Id(3))`. What is taken
    /// from memory is not told.
    pub fn watched(told: impl Fn(String) + Send + Sync + 'static) -> RootDb {
        let told = move |event: salsa::Event| {
            if let salsa::EventKind::WillExecute { database_key } = event.kind {
                told(format!("{database_key:?}"));
            }
        };
        let storage = salsa::Storage::new(Some(Box::new(told)));
        RootDb { storage, parses: Kept::default(), analyses: Kept::default() }
    }
}

#[salsa::db]
impl salsa::Database for RootDb {}

#[salsa::db]
impl Db for RootDb {
    fn last_parse(&self, file: FileId) -> Option<(Arc<str>, Arc<Parsed>)> {
        self.parses.lock().ok()?.get(&file).cloned()
    }

    fn keep_parse(&self, file: FileId, text: Arc<str>, parsed: Arc<Parsed>) {
        if let Ok(mut parses) = self.parses.lock() {
            parses.insert(file, (text, parsed));
        }
    }

    fn last_analyses(&self, file: FileId) -> Option<Arc<Made>> {
        self.analyses.lock().ok()?.get(&file).cloned()
    }

    fn keep_analyses(&self, file: FileId, made: Arc<Made>) {
        if let Ok(mut analyses) = self.analyses.lock() {
            analyses.insert(file, made);
        }
    }
}

/// How often the text of a file of the workspace changes, for salsa, while nobody edits it. What rests on
/// such files alone is not looked at after an edit of another.
pub const CLOSED: Durability = Durability::MEDIUM;
/// The same of a file that somebody is editing.
pub const OPEN: Durability = Durability::LOW;

/// The file's declarations. After an edit only the declarations around it are read again: that
/// never shows in the result, only in the time.
#[salsa::tracked(returns(ref))]
pub fn parsed(db: &dyn Db, file: SourceFile) -> Arc<Parsed> {
    let text = file.text(db);
    let parsed = Arc::new(match db.last_parse(file.id(db)) {
        Some((old_text, old)) => reparse(text, &old_text, &old),
        None => parse(text),
    });
    db.keep_parse(file.id(db), text.clone(), parsed.clone());
    parsed
}

/// What the declarations of a file say, one after the other; the same for as long as their words are. Where they
/// stand only whoever shows them asks, of [`parsed`].
#[salsa::tracked(returns(deref))]
pub fn declarations(db: &dyn Db, file: SourceFile) -> Box<[Arc<Syntax>]> {
    parsed(db, file).items.iter().map(|item| item.syntax.clone()).collect()
}

/// What a declaration of an open file says; the same for as long as its own words are.
pub fn syntax<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<&'db Arc<Syntax>> {
    of.file(db).words(db).get(of.item(db) as usize)?.syntax(db).as_ref()
}

/// The file with that number, where there is one.
pub fn file(db: &dyn Db, id: FileId) -> Option<SourceFile> {
    Workspace::get(db).files(db).get(id.0 as usize).copied().flatten()
}
