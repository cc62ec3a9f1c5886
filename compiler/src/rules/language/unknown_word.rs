//! `unknown-word`: A word is none of those that may stand there.

use rbp_grammar::{around, nearest};
use smol_str::SmolStr;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{BOUNDS, Blueprint};
use crate::rules::{all, rule};

rule!("unknown-word", Error, Language, "A word is none of those that may stand there.");

/// A word out of a short list.
pub fn found(at: Anchor, word: &str, what: &str, words: &[&str]) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, format!("`{word}` is no {what}"));
    let list: Vec<String> = words.iter().map(|w| format!("`{w}`")).collect();
    let list = format!("it may be {}", list.join(", "));
    match nearest(word, words.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near).note(list),
        None => finding.help(list),
    }
}

/// A rule's name that is none.
pub fn rule(at: Anchor, slug: &str) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, format!("no rule is called `{slug}`"));
    match nearest(slug, all().map(|rule| rule.slug)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near),
        None => finding.help("`rbp explain` lists every rule"),
    }
}

/// A field's type that is none.
pub fn field_type(at: Anchor, word: &str, units: &[SmolStr]) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, format!("`{word}` is no type of a field"))
        .note("it may be `text`, `name`, `date`, or a unit such as `s`, `kW` or `EUR`");
    let words =
        ["text", "name", "date"].into_iter().chain(around(word, units).iter().map(SmolStr::as_str));
    match nearest(word, words) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near),
        None => finding,
    }
}

/// A required clause that is none.
pub fn required(at: Anchor, word: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{word}` is no clause and no field of this kind"))
        .help("name the first word of a clause, such as `owner` or `capacity`, or a field")
}

/// What a parameter of a template takes, where that is none of the known. `homes` are the modules that
/// have a kind of that name.
pub fn bound(at: Anchor, word: &str, homes: &[String], known: &[SmolStr]) -> Diagnostic {
    let finding =
        Diagnostic::new(&RULE, at, format!("`{word}` is nothing that a parameter can take"));
    let list: Vec<String> = BOUNDS.iter().map(|w| format!("`{w}`")).collect();
    let finding = finding.note(format!("it may be a kind, a unit, or one of {}", list.join(", ")));
    if let Some(home) = homes.first() {
        return finding.help(format!("add `import {home}.{{{word}}}`"));
    }
    let names = around(word, known).iter().map(SmolStr::as_str).chain(BOUNDS);
    match nearest(word, names) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near),
        None => finding.help("name a kind, such as `database`, or import it"),
    }
}

/// An argument for which the template has no parameter.
pub fn parameter(at: Anchor, word: &str, template: &Blueprint) -> Diagnostic {
    let message = format!("`{word}` is no parameter of `{}`", template.name);
    let finding =
        Diagnostic::new(&RULE, at, message).also(template.at, "the template is declared here");
    let names = template.parameters.iter().map(|parameter| parameter.name.as_str());
    let list: Vec<String> = names.clone().map(|name| format!("`{name}`")).collect();
    let finding = match list.is_empty() {
        true => finding.note("it has no parameters"),
        false => finding.note(format!("it has {}", list.join(", "))),
    };
    match nearest(word, names) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near),
        None => finding.help("remove it, or say it as a clause between `{` and `}`"),
    }
}
