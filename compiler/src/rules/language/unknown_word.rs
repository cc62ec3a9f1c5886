//! `unknown-word`: A word is none of those that may stand there.

use rbp_grammar::nearest;
use smol_str::SmolStr;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::{all, rule};

rule!("unknown-word", Error, Language, "A word is none of those that may stand there.");

/// A word out of a short list.
pub fn found(at: Anchor, word: &str, what: &str, words: &[&str]) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, format!("`{word}` is no {what}"));
    let finding = match nearest(word, words.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near),
        None => finding,
    };
    let list: Vec<String> = words.iter().map(|w| format!("`{w}`")).collect();
    finding.note(format!("it may be {}", list.join(", ")))
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
    let words = ["text", "name", "date"].into_iter().chain(units.iter().map(SmolStr::as_str));
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
