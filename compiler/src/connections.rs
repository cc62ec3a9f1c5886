//! Keeps what stands beside each file about who can name what it declares up to the imports of all files.
//!
//! It is set as inputs because nearly everything rests on it: were it worked out by queries, one import that
//! changes would have salsa look at all that is remembered of the workspace.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use salsa::{Durability, Setter};

use crate::db::{CLOSED, OPEN, RootDb, SourceFile, Workspace, parsed};
use crate::names::{Reach, Reaches, all_namers, any_lost, named_by};

/// What every file imports.
#[derive(Default)]
pub struct Connections {
    reaches: Reaches,
    /// The files whose namers may change with every edit: those that an open file imports, or has.
    loose: FxHashSet<SourceFile>,
}

impl Connections {
    /// Files or packages came, went or changed: every path may name another module.
    pub fn renew(&mut self, db: &mut RootDb) {
        let files = Workspace::get(db).files(db).iter().flatten().copied();
        self.reaches = files.map(|file| (file, Reach::of(db, file, parsed(db, file)))).collect();
        self.tell(db, false);
    }

    /// The text of a file changed.
    pub fn edited(&mut self, db: &mut RootDb, file: SourceFile) {
        let reach = Reach::of(db, file, parsed(db, file));
        if self.reaches.get(&file) == Some(&reach) {
            return;
        }
        let templates = reach.templates();
        let before = named_by(file, &self.reaches);
        let old = self.reaches.insert(file, reach);
        if templates || old.is_some_and(|old| old.templates()) {
            return self.tell(db, file.open(db));
        }
        // Then it is the only one that names anything else than before.
        let after = named_by(file, &self.reaches);
        for named in before.iter().filter(|named| !after.contains(named)) {
            let namers = named.namers(db).iter().copied().filter(|namer| *namer != file);
            self.set(db, *named, namers.collect(), file.open(db));
        }
        for named in after.iter().filter(|named| !before.contains(named)) {
            let mut namers = named.namers(db).to_vec();
            let place = namers.partition_point(|namer| namer.id(db) < file.id(db));
            namers.insert(place, file);
            self.set(db, *named, namers.into(), file.open(db));
        }
        self.tell_lost(db);
        self.tell_steady(db, file);
    }

    /// Somebody begins to edit a file: its imports may change from now on.
    pub fn opened(&mut self, db: &mut RootDb, file: SourceFile) {
        for named in named_by(file, &self.reaches) {
            if self.loose.insert(named) {
                let namers = named.namers(db).into();
                set(db, named, namers, OPEN);
            }
        }
        file.namers(db).to_vec().into_iter().for_each(|namer| self.tell_steady(db, namer));
    }

    /// Nobody edits a file any more.
    pub fn closed(&mut self, db: &mut RootDb, file: SourceFile) {
        for named in named_by(file, &self.reaches) {
            let imported = named.namers(db).iter().any(|namer| *namer != file && namer.open(db));
            if !imported && self.loose.remove(&named) {
                let namers = named.namers(db).into();
                set(db, named, namers, Durability::HIGH);
            }
        }
        file.namers(db).to_vec().into_iter().for_each(|namer| self.tell_steady(db, namer));
    }

    /// Sets what differs from what is known; `again` where it may soon differ again.
    fn tell(&mut self, db: &mut RootDb, again: bool) {
        for (file, namers) in all_namers(db, &self.reaches) {
            if file.namers(db) != &*namers {
                self.set(db, file, namers, again);
            }
        }
        self.tell_lost(db);
        let files: Vec<SourceFile> = self.reaches.keys().copied().collect();
        files.into_iter().for_each(|file| self.tell_steady(db, file));
    }

    fn tell_steady(&self, db: &mut RootDb, file: SourceFile) {
        let moved = file.open(db) || named_by(file, &self.reaches).iter().any(|at| at.open(db));
        if file.steady(db) == moved {
            file.set_steady(db).with_durability(CLOSED).to(!moved);
        }
    }

    fn tell_lost(&self, db: &mut RootDb) {
        let (workspace, lost) = (Workspace::get(db), any_lost(&self.reaches));
        if workspace.lost(db) != lost {
            workspace.set_lost(db).with_durability(OPEN).to(lost);
        }
    }

    fn set(&mut self, db: &mut RootDb, file: SourceFile, namers: Arc<[SourceFile]>, again: bool) {
        let loose = self.loose.contains(&file) || (again && self.loose.insert(file));
        set(db, file, namers, if loose { OPEN } else { Durability::HIGH });
    }
}

fn set(db: &mut RootDb, file: SourceFile, namers: Arc<[SourceFile]>, durability: Durability) {
    file.set_namers(db).with_durability(durability).to(namers);
}
