//! `unknown-module`: An import names a module that is not there, or that its package keeps to itself.

use rbp_grammar::{around, nearest};

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!(
    "unknown-module",
    Error,
    Language,
    "An import names a module that is not there, or that its package keeps to itself."
);

/// `paths` are the modules that could have been imported, in order.
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
    // What begins with the word is nearer than what resembles it: `nfpa` and `nfpa-110`.
    let begins = |other: &&String| {
        let more = other.strip_prefix(path).filter(|_| !path.is_empty());
        more.is_some_and(|more| !more.contains('.') && !path.ends_with('.'))
    };
    let longer = paths.iter().filter(begins).min_by_key(|other| other.len());
    let near = longer.map(String::as_str);
    match near.or_else(|| nearest(path, around(path, paths).iter().map(String::as_str))) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near),
        None => finding.help(
            "a module is a file's path below `rbp.toml`, with dots; the standard library's begin with `std.`, \
             a dependency's with its name in `rbp.toml`",
        ),
    }
}

/// A module that its package keeps to itself; `offered` are those that it does not.
pub fn not_public(at: Anchor, path: &str, package: &str, offered: &[String]) -> Diagnostic {
    let message = format!("the package `{package}` keeps the module `{path}` to itself");
    let finding = Diagnostic::new(&RULE, at, message);
    let some: Vec<String> = offered.iter().take(8).map(|path| format!("`{path}`")).collect();
    let more = if offered.len() > 8 { ", …" } else { "" };
    let finding = match some.is_empty() {
        true => finding.note("it offers nothing to other packages"),
        false => finding.note(format!("it offers {}{more}", some.join(", "))),
    };
    finding.help("import what it offers, or ask those who keep it to add the module to `public` in its `rbp.toml`")
}
