//! How a file writes the name of a declaration that may be elsewhere.

use smol_str::SmolStr;

use crate::db::{Db, SourceFile, Workspace, file};
use crate::names::{ItemId, Lookup, Scope, Space, imports, path_from};

/// A name as a file writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The name, which may begin with that of a module.
    pub name: String,
    /// What must be imported before it means anything, such as `sites.west`; `None` where nothing must.
    pub import: Option<String>,
}

/// How `here` writes the name of an element that is called `name` where it is declared: by itself where that means it,
/// else as an import brings it in, else by its module, which is then to be imported. Linear in the imports of `here`.
pub fn written_in(db: &dyn Db, here: SourceFile, id: ItemId, name: &str) -> Written {
    let scope = Scope::of(db, here);
    let means = |name: &str| matches!(scope.find(Space::Element, name), Lookup::Found(found, _) if found == id);
    let known = |name: String| Written { name, import: None };
    if means(name) {
        return known(name.to_owned());
    }
    let imported = imports(db, here).names.iter().filter(|(_, from)| from.from.id(db) == id.file);
    let mut local: Vec<String> =
        imported.map(|(local, of)| local_name(local, of.name.as_ref(), name)).collect();
    // Short names first, whatever the order of the table.
    local.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    if let Some(local) = local.into_iter().find(|name| means(name)) {
        return known(local);
    }
    let path = file(db, id.file).and_then(|home| {
        let package = Workspace::get(db).packages(db).get(here.package(db) as usize);
        path_from(db, here, home, package.map_or(&[], |package| &package.dependencies))
    });
    match path {
        Some(path) => {
            let module = path.rsplit('.').next().unwrap_or(&path);
            Written { name: format!("{module}.{name}"), import: Some(path) }
        }
        None => known(name.to_owned()),
    }
}

/// An element as an import brings it in: by its module, by a name of its own, or as what the use of a template makes
/// that has one.
fn local_name(local: &SmolStr, imported: Option<&SmolStr>, name: &str) -> String {
    match imported {
        None => format!("{local}.{name}"),
        Some(of) => match name.strip_prefix(of.as_str()) {
            Some(inner) => format!("{local}{inner}"),
            None => local.to_string(),
        },
    }
}
