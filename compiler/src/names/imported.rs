//! What a file's imports bring in.

use std::sync::Arc;

use rbp_grammar::Syntax;
use rbp_grammar::ast::{Import, ItemKind, Name, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::db::{Db, SourceFile, Workspace, declarations};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::names::{Space, exports, sorted_names};
use crate::rules::language;

/// One name brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The file it comes from.
    pub from: SourceFile,
    /// Its name there; `None` where the whole module was imported under this name.
    pub name: Option<SmolStr>,
    /// The import's number in the file.
    pub item: u32,
    /// Where the name stands in it.
    pub span: Span,
    /// Its number among the names that the file imports.
    pub number: u32,
}

/// A file's imports, by the name they have in it.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Imports {
    /// The names.
    pub names: FxHashMap<SmolStr, Imported>,
    /// The names that would have come from what is not there; that is said once, at the import.
    pub failed: FxHashSet<SmolStr>,
    /// The module whose names need no import.
    pub prelude: Option<SourceFile>,
    /// What is wrong with them.
    pub findings: Vec<Diagnostic>,
}

/// The files by package and module.
#[salsa::tracked(returns(ref))]
pub fn modules(db: &dyn Db) -> FxHashMap<(u32, String), SourceFile> {
    let workspace = Workspace::get(db);
    let files = workspace.files(db).iter().flatten();
    files.map(|file| ((file.package(db), file.module(db).to_owned()), *file)).collect()
}

/// The imports of a file, with their numbers: they stand when other declarations change.
#[salsa::tracked(returns(deref))]
fn stated(db: &dyn Db, file: SourceFile) -> Box<[(u32, Arc<Syntax>)]> {
    let all = declarations(db, file).iter().enumerate();
    let imports = all.filter(|(_, syntax)| matches!(syntax.item.kind, ItemKind::Import(_)));
    imports.map(|(number, syntax)| (number as u32, syntax.clone())).collect()
}

/// What the imports of a file bring in.
#[salsa::tracked(returns(ref))]
pub fn imports(db: &dyn Db, file: SourceFile) -> Arc<Imports> {
    let prelude = modules(db).get(&(0, "prelude".to_owned())).copied();
    let mut imports = Imports { prelude, ..Imports::default() };
    for (item, syntax) in stated(db, file) {
        if let ItemKind::Import(import) = &syntax.item.kind {
            Reader { db, file, item: *item, imports: &mut imports }.read(import);
        }
    }
    Arc::new(imports)
}

/// The file that a module path names, seen from `file`: `std.…`, a dependency's name, the own
/// package's name, or a module of the own package.
pub fn module(db: &dyn Db, file: SourceFile, path: &str) -> Option<SourceFile> {
    let workspace = Workspace::get(db);
    let packages = workspace.packages(db);
    let own = file.package(db);
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let package = packages.get(own as usize);
    let of = |number: u32, module: &str| modules(db).get(&(number, module.to_owned())).copied();
    if first == "std" {
        return of(0, rest);
    }
    let dependency = package.and_then(|p| p.dependencies.iter().find(|(name, _)| name == first));
    if let Some((_, number)) = dependency {
        return packages.get(*number as usize)?.offers(rest).then(|| of(*number, rest))?;
    }
    of(own, path).or_else(|| if package?.name == first { of(own, rest) } else { None })
}

/// The package whose module the path names, where it does not offer that module to others, with the
/// paths of those that it does, as `file` would write them.
pub fn withheld(db: &dyn Db, file: SourceFile, path: &str) -> Option<(String, Vec<String>)> {
    let packages = Workspace::get(db).packages(db);
    let (first, module) = path.split_once('.')?;
    let own = packages.get(file.package(db) as usize)?;
    let (name, number) = own.dependencies.iter().find(|(name, _)| name == first)?;
    let package = packages.get(*number as usize)?;
    if package.offers(module) || !modules(db).contains_key(&(*number, module.to_owned())) {
        return None;
    }
    let all = modules(db).keys().filter(|(of, module)| of == number && package.offers(module));
    let mut offered: Vec<String> = all.map(|(_, module)| format!("{name}.{module}")).collect();
    offered.sort();
    Some((package.name.clone(), offered))
}

/// The module paths that `file` may import, for suggestions.
pub fn module_paths(db: &dyn Db, file: SourceFile) -> Vec<String> {
    let workspace = Workspace::get(db);
    let package = workspace.packages(db).get(file.package(db) as usize);
    let mut paths = Vec::new();
    for other in workspace.files(db).iter().flatten().filter(|f| **f != file) {
        paths.extend(path_from(db, file, *other, package.map_or(&[][..], |p| &p.dependencies)));
    }
    paths.sort();
    paths
}

/// The path by which `file` names the module of `other`.
pub fn path_from(
    db: &dyn Db,
    file: SourceFile,
    other: SourceFile,
    dependencies: &[(String, u32)],
) -> Option<String> {
    let (package, module) = (other.package(db), other.module(db));
    if package == file.package(db) {
        return Some(module.to_owned());
    }
    let name = match package {
        0 => "std",
        _ => dependencies.iter().find(|(_, number)| *number == package).map(|(name, _)| name)?,
    };
    if !Workspace::get(db).packages(db).get(package as usize)?.offers(module) {
        return None;
    }
    Some(format!("{name}.{module}"))
}

struct Reader<'a> {
    db: &'a dyn Db,
    file: SourceFile,
    item: u32,
    imports: &'a mut Imports,
}

impl Reader<'_> {
    fn read(&mut self, import: &Import) {
        let Some(from) = module(self.db, self.file, &import.path.text) else {
            let (path, at) = (&import.path.text, self.anchor(import.path.span));
            self.imports.findings.push(match withheld(self.db, self.file, path) {
                Some((package, offered)) => {
                    language::unknown_module::not_public(at, path, &package, &offered)
                }
                None => {
                    let paths = module_paths(self.db, self.file);
                    language::unknown_module::found(at, path, &paths)
                }
            });
            return self.fail(import);
        };
        let Some(names) = &import.names else {
            let last = import.path.text.rsplit('.').next().unwrap_or(&import.path.text);
            let local =
                import.alias.as_ref().map_or_else(|| SmolStr::new(last), |a| a.text.clone());
            let span = import.alias.as_ref().map_or(import.path.span, |a| a.span);
            return self.add(local, from, None, span);
        };
        for imported in names {
            let found = Space::ALL
                .iter()
                .any(|s| exports(self.db, from).get(*s, &imported.name.text).is_some());
            if found {
                let local: &Name = imported.alias.as_ref().unwrap_or(&imported.name);
                self.add(local.text.clone(), from, Some(imported.name.text.clone()), local.span);
                continue;
            }
            let finding = language::unknown_name::not_exported(
                self.anchor(imported.name.span),
                &imported.name.text,
                &import.path.text,
                sorted_names(self.db, from, None),
            );
            self.imports.findings.push(finding);
            let local = imported.alias.as_ref().unwrap_or(&imported.name);
            self.imports.failed.insert(local.text.clone());
        }
    }

    /// Remembers everything that an import would have brought in.
    fn fail(&mut self, import: &Import) {
        let names = import.names.iter().flatten();
        let names = names.map(|n| n.alias.as_ref().unwrap_or(&n.name).text.clone());
        self.imports.failed.extend(names);
        if import.names.is_none() {
            let last = import.path.text.rsplit('.').next().unwrap_or(&import.path.text);
            let alias = import.alias.as_ref().map(|a| a.text.clone());
            self.imports.failed.insert(alias.unwrap_or_else(|| last.into()));
        }
    }

    fn add(&mut self, local: SmolStr, from: SourceFile, name: Option<SmolStr>, span: Span) {
        let at = self.anchor(span);
        let number = self.imports.names.len() as u32;
        let imported = Imported { from, name, item: self.item, span, number };
        if let Some(first) = self.imports.names.get(&local) {
            let first = Anchor { file: at.file, item: first.item, span: first.span };
            self.imports.findings.push(language::duplicate_name::imported(at, &local, first));
            return;
        }
        self.imports.names.insert(local, imported);
    }

    fn anchor(&self, span: Span) -> Anchor {
        Anchor { file: self.file.id(self.db), item: self.item, span }
    }
}
