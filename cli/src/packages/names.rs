//! That no two things of a package have one name: files as modules, and modules beside used packages.

use std::collections::HashMap;
use std::path::Path;

use super::graph::{Graph, Package, Policy};
use crate::Failure;

/// Refuses two files that are one module, such as `a/m.rbp` and `a.m.rbp`: an import could mean either.
///
/// # Errors
///
/// For the first two such files.
pub fn one_file_each<'a>(files: impl Iterator<Item = (&'a str, &'a Path)>) -> Result<(), Failure> {
    let mut by_module: HashMap<&str, &Path> = HashMap::new();
    for (module, path) in files {
        let Some(first) = by_module.insert(module, path) else { continue };
        let (first, second) = (first.display(), path.display());
        return Err(Failure::new(format!(
            "{first} and {second} are both the module `{module}`"
        ))
        .help("rename one of the two files: folders and dots in a file's name both become the dots of its module"));
    }
    Ok(())
}

/// Refuses modules that begin with the name of a package that is used: an import, or a name in a rule set, would mean
/// either. Packages are called by the names in `rbp.toml` where they are imported from, and by their own in rule sets.
///
/// # Errors
///
/// For the first such module of the package at `from`, or of one that it uses.
pub fn apart(graph: &Graph, from: usize) -> Result<(), Failure> {
    let reached = graph.reached(from);
    let of = |at: &usize| graph.packages.get(*at);
    for package in reached.iter().filter_map(of) {
        for used in &package.uses {
            let Some(policy) = begins(package, &used.name) else { continue };
            let clash = clash(package, policy, &used.name);
            let own = of(&used.to).is_some_and(|other| other.name() == used.name);
            return Err(Failure::new(format!("{}: {clash}", used.at)).help(match own {
                true => OTHER_FILE,
                false => "call the package otherwise here (with `rbp add`: --name NAME), or move the file",
            }));
        }
    }
    let Some(first) = of(&from) else { return Ok(()) };
    for other in reached.iter().skip(1).filter_map(of) {
        let Some(policy) = begins(first, other.name()) else { continue };
        let (clash, shown) = (clash(first, policy, other.name()), other.root.display());
        return Err(Failure::new(format!("{clash} (in {shown})")).help(OTHER_FILE));
    }
    Ok(())
}

const OTHER_FILE: &str = "move the file or rename its folder, or give the package another name in its own `rbp.toml`; another name for it here \
    does not help, since rule sets call it by its own";

fn begins<'p>(package: &'p Package, name: &str) -> Option<&'p Policy> {
    package.files.iter().find(|file| file.module.split('.').next() == Some(name))
}

fn clash(package: &Package, policy: &Policy, name: &str) -> String {
    format!(
        "{} is the module `{}` of `{}`, which uses a package called `{name}` as well",
        policy.path.display(),
        policy.module,
        package.name()
    )
}
