//! `unknown-name`: A name means nothing here.

use rbp_grammar::ast::{Name, Role};
use rbp_grammar::{around, nearest};
use smol_str::SmolStr;

use crate::db::{Db, SourceFile};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::names::{Lookup, Scope, Space, sorted_names};
use crate::rules::language::wrong_kind::Wanted;
use crate::rules::rule;

rule!("unknown-name", Error, Language, "A name means nothing here.");

/// What is looked for: among which names, and of elements also which.
#[derive(Debug, Clone, Copy)]
pub struct Sought {
    /// Among which names.
    pub space: Space,
    /// What the place wants.
    pub wanted: Wanted,
}

impl Sought {
    fn word(self) -> &'static str {
        match (self.space, self.wanted) {
            (Space::Element, Wanted::Signal) => "signal",
            (Space::Element, Wanted::Function) => "function",
            (Space::Element, Wanted::Backup) => "backup",
            (space, _) => space.word(),
        }
    }

    /// How to declare it.
    fn declaration(self, name: &str) -> String {
        match (self.space, self.wanted) {
            (Space::Element, Wanted::Signal) => {
                format!("signal {name} {{ from …  query \"…\"  within … }}")
            }
            (Space::Element, Wanted::Function) => format!("function {name} {{ … }}"),
            (Space::Element, Wanted::Actor) => format!("dependency {name} : actor"),
            (Space::Element, Wanted::Credential) => format!("dependency {name} : credential"),
            (Space::Element, Wanted::Record) => format!("dependency {name} : record"),
            (Space::Element, Wanted::Backup) => format!("backup {name} for … {{ … }}"),
            (Space::Element, _) => format!("{} {name}", Role::Dependency.word()),
            (space, _) => format!("{} {name}", space.word()),
        }
    }
}

/// `near` is the name in scope that was probably meant. Where another module has the name, [`at_home`] says so.
pub fn found(
    db: &dyn Db,
    at: Anchor,
    sought: Sought,
    name: &Name,
    near: Option<&str>,
    file: SourceFile,
) -> Diagnostic {
    let (text, space) = (&name.text, sought.space);
    let finding = Diagnostic::new(&RULE, at, format!("no {} is called `{text}`", sought.word()));
    let finding = Diagnostic { stranger: Some((space, text.clone())), ..finding };
    if space == Space::Element && text == "automatic" {
        return finding.help("name what acts by itself: `by automatic on …`");
    }
    if let Some(unit) = everyday(text).filter(|_| space == Space::Unit) {
        return finding.help(format!("write `{unit}`"));
    }
    if let Some(near) = near {
        let finding = finding.help(format!("did you mean `{near}`?"));
        return if space == Space::Unit { finding } else { finding.edit(at, near) };
    }
    if let Some((module, _)) = text.split_once('.') {
        return finding
            .help(format!("`{module}` is no module imported here; add `import … as {module}`"));
    }
    let scope = Scope::of(db, file);
    let means = |s: &Space| matches!(scope.find(*s, text), Lookup::Found(..));
    let other = Space::ALL.into_iter().find(|s| *s != space && means(s));
    finding.help(match (other, space) {
        (Some(other), _) => format!(
            "`{text}` is {} {}; here {} {} is wanted",
            article(other),
            other.word(),
            article(space),
            sought.word()
        ),
        (None, Space::Element) => {
            format!("declare it, for example with `{}`", sought.declaration(text))
        }
        (None, _) => format!("declare it with `{}`, or import it", sought.declaration(text)),
    })
}

/// The same once it is known which modules have the name.
pub fn at_home(finding: &mut Diagnostic, name: &str, homes: &[String]) {
    if let Some(home) = homes.first() {
        finding.help = Some(format!("add `import {home}.{{{name}}}`"));
        finding.edits.clear();
    }
}

/// The unit that an everyday word for it means.
fn everyday(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "sec" | "secs" | "second" | "seconds" => "s",
        "mins" | "minute" | "minutes" => "min",
        "hr" | "hrs" | "hours" => "h",
        "days" => "d",
        "weeks" => "w",
        "months" => "mo",
        "yr" | "yrs" | "years" => "y",
        "l" | "litre" | "litres" | "liter" | "liters" => "L",
        "kilowatt" | "kilowatts" => "kW",
        "megawatt" | "megawatts" => "MW",
        "watt" | "watts" => "W",
        "euro" | "euros" => "EUR",
        "dollar" | "dollars" => "USD",
        "pound" | "pounds" => "GBP",
        "percent" => "%",
        "tons" | "tonnes" => "t",
        _ => return None,
    })
}

/// A dotted name whose module lacks it.
pub fn in_module(
    db: &dyn Db,
    at: Anchor,
    space: Space,
    name: &Name,
    module: SourceFile,
) -> Diagnostic {
    let (path, inner) = name.text.split_once('.').unwrap_or(("", &name.text));
    not_exported(at, inner, path, sorted_names(db, module, Some(space)))
}

/// A name that a module does not have; `known` are those that it has, in order.
pub fn not_exported(at: Anchor, name: &str, module: &str, known: &[SmolStr]) -> Diagnostic {
    let finding =
        Diagnostic::new(&RULE, at, format!("the module `{module}` has nothing called `{name}`"));
    match nearest(name, around(name, known).iter().map(SmolStr::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => finding.note("the module declares nothing"),
        None => {
            let some: Vec<String> = known.iter().take(8).map(|n| format!("`{n}`")).collect();
            let more = if known.len() > 8 { ", …" } else { "" };
            finding.note(format!("it has {}{more}", some.join(", ")))
        }
    }
}

fn article(space: Space) -> &'static str {
    if space == Space::Element { "an" } else { "a" }
}

/// A name in a policy that is bound to nothing.
pub fn unbound(at: Anchor, name: &str, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, format!("nothing is called `{name}` in this rule"));
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(
            "a rule knows the names after `for each`, `some`, `every`, `count` and `sum`; a word stands in quotes",
        ),
    }
}

/// A function that the language of policies does not have.
pub fn no_function(at: Anchor, name: &str, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, format!("no function is called `{name}`"));
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("the reference lists the functions that a policy may ask"),
    }
}
