//! `unknown-module`: An import names a module that is not there.

use rbp_grammar::nearest;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("unknown-module", Error, Language, "An import names a module that is not there.");

/// `paths` are the modules that could have been imported.
pub fn found(at: Anchor, path: &str, paths: &[String]) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, format!("there is no module `{path}`"));
    // `std.power.generator` names something in a module, not a module.
    let inside = path.rsplit_once('.').filter(|(module, _)| paths.iter().any(|p| p == module));
    if let Some((module, name)) = inside {
        let instead = format!("{module}.{{{name}}}");
        return finding
            .help(format!("to import a name from a module, write `import {instead}`"))
            .edit(at, instead);
    }
    match nearest(path, paths.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near),
        None => finding.help(
            "a module is a file's path below `rbp.toml`, with dots; the standard library's begin with `std.`, \
             a dependency's with its name in `rbp.toml`",
        ),
    }
}
