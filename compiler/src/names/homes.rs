//! Which modules have a name: what to import where a name means nothing.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::db::{Db, SourceFile, Workspace};
use crate::names::imported::path_from;
use crate::names::{Space, exports};

/// So many files share a shelf. A new name rebuilds one shelf, and every shelf is looked at for a name
/// that is unknown somewhere.
const SHELF: usize = 32;

/// The files that export each name.
type Shelf = FxHashMap<(Space, SmolStr), Vec<SourceFile>>;

/// The names of the files from `number * SHELF` on. Those that are being edited are asked one by one: their names
/// change often.
#[salsa::tracked(returns(ref))]
fn shelf(db: &dyn Db, workspace: Workspace, number: usize) -> Shelf {
    let mut shelf = Shelf::default();
    let files = workspace.files(db).iter().skip(number * SHELF).take(SHELF);
    for file in files.flatten().filter(|file| !file.open(db)) {
        let exports = exports(db, *file);
        for space in Space::ALL {
            for name in exports.names(space) {
                shelf.entry((space, name.clone())).or_default().push(*file);
            }
        }
    }
    shelf
}

#[salsa::tracked(returns(ref))]
fn open_files(db: &dyn Db) -> Vec<SourceFile> {
    let files = Workspace::get(db).files(db).iter().flatten();
    files.copied().filter(|file| file.open(db)).collect()
}

/// A name that means nothing somewhere. Never forgotten, like [`crate::db::Declaration`].
#[salsa::interned(revisions = usize::MAX)]
struct Stranger<'db> {
    #[returns(copy)]
    space: Space,
    #[returns(ref)]
    name: SmolStr,
}

/// The files that export a name, in no order. A query of its own, so that whoever lacks the name is read again only
/// when somebody else gets it.
#[salsa::tracked(returns(ref))]
fn exporters<'db>(db: &'db dyn Db, sought: Stranger<'db>) -> Vec<SourceFile> {
    let (space, name) = (sought.space(db), sought.name(db));
    let open = open_files(db).iter().copied();
    let open = open.filter(|at| exports(db, *at).get(space, name).is_some());
    on_shelves(db, sought).iter().copied().chain(open).collect()
}

#[salsa::tracked(returns(ref))]
fn on_shelves<'db>(db: &'db dyn Db, sought: Stranger<'db>) -> Vec<SourceFile> {
    let workspace = Workspace::get(db);
    let shelves = 0..workspace.files(db).len().div_ceil(SHELF);
    let key = (sought.space(db), sought.name(db).clone());
    shelves
        .flat_map(|at| shelf(db, workspace, at).get(&key).into_iter().flatten().copied())
        .collect()
}

/// The module paths, as `file` would write them, of the other modules that export `name`.
pub fn homes(db: &dyn Db, file: SourceFile, space: Space, name: &str) -> Vec<String> {
    let workspace = Workspace::get(db);
    let package = workspace.packages(db).get(file.package(db) as usize);
    let dependencies = package.map_or(&[][..], |p| &p.dependencies);
    let others =
        exporters(db, Stranger::new(db, space, SmolStr::new(name))).iter().filter(|f| **f != file);
    let mut paths: Vec<String> =
        others.filter_map(|f| path_from(db, file, *f, dependencies)).collect();
    paths.sort();
    paths
}
