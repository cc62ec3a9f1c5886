//! `wrong-kind`: A name means something that does not fit there.

use rbp_grammar::ast::Role;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Lineage, Parameter};
use crate::rules::rule;

rule!("wrong-kind", Error, Language, "A name means something that does not fit there.");

/// What a place wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Anything that can be lost, or a function.
    Element,
    /// A dependency or a backup.
    Primary,
    /// A backup.
    Backup,
    /// Something that holds state.
    Record,
    /// A critical function.
    Function,
    /// An observable.
    Signal,
    /// Somebody who can decide.
    Actor,
    /// Something that opens.
    Credential,
}

impl Wanted {
    /// Whether an element of that role and kind fits.
    pub fn accepts(self, role: Role, kind: Option<&Lineage>) -> bool {
        let thing = matches!(role, Role::Dependency | Role::Backup);
        match self {
            Wanted::Element => role != Role::Signal,
            Wanted::Primary => thing,
            Wanted::Backup => role == Role::Backup,
            Wanted::Record => thing && kind.is_some_and(|k| k.is("record")),
            Wanted::Function => role == Role::Function,
            Wanted::Signal => role == Role::Signal,
            Wanted::Actor => thing && kind.is_some_and(|k| k.is("actor")),
            Wanted::Credential => thing && kind.is_some_and(|k| k.is("credential")),
        }
    }

    /// It in words, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Wanted::Element => "something that can be lost",
            Wanted::Primary => "a dependency or a backup",
            Wanted::Backup => "a backup",
            Wanted::Record => {
                "what can be corrupted: an element of the kind `record` or a sort of it"
            }
            Wanted::Function => "a function",
            Wanted::Signal => "a signal",
            Wanted::Actor => "somebody who can act: an element of the kind `actor` or a sort of it",
            Wanted::Credential => "an element of the kind `credential` or a sort of it",
        }
    }
}

/// What the name means.
pub struct What<'a> {
    /// What it is declared as.
    pub role: Role,
    /// Its kind.
    pub kind: Option<&'a str>,
    /// Where it is declared.
    pub at: Anchor,
}

/// The name, what is wanted, and what it means.
pub fn found(at: Anchor, name: &str, wanted: Wanted, what: &What<'_>) -> Diagnostic {
    let is = match (what.kind, wanted) {
        (Some(kind), _) => format!("a {} of the kind `{kind}`", what.role.word()),
        (None, Wanted::Actor | Wanted::Credential | Wanted::Record) => {
            format!("a {} without a kind", what.role.word())
        }
        (None, _) => format!("a {}", what.role.word()),
    };
    let finding =
        Diagnostic::new(&RULE, at, format!("`{name}` is {is}; here {} is wanted", wanted.words()))
            .also(what.at, format!("`{name}` is declared here"));
    match (wanted, what.kind) {
        (Wanted::Actor, None) => {
            finding.help(format!("say what it is, for example `dependency {name} : person`"))
        }
        (Wanted::Credential, None) => {
            finding.help(format!("say what it is, for example `dependency {name} : credential`"))
        }
        (Wanted::Record, None) => {
            finding.help(format!("say what it is, for example `dependency {name} : record`"))
        }
        (Wanted::Function, _) if what.role == Role::Backup => finding
            .help(format!("a function continues or fails; of a backup say `{name} activates`")),
        (Wanted::Backup, _) if what.role == Role::Function => finding.help(format!(
            "a backup activates or stays idle; of a function say `{name} continues`"
        )),
        (Wanted::Element, _) => finding
            .help("what can be lost is the thing that observes: name what the signal comes `from`"),
        _ => finding,
    }
}

/// A parameter of a template where it cannot stand: it may be given what does not fit there.
pub fn parameter(at: Anchor, parameter: &Parameter, wanted: &str) -> Diagnostic {
    let (name, bound) = (&parameter.name, parameter.bound.words());
    Diagnostic::new(
        &RULE,
        at,
        format!("the parameter `{name}` takes {bound}; here {wanted} is wanted"),
    )
    .also(parameter.at, format!("`{name}` is declared here"))
    .help("let the parameter take what is wanted here, or use another")
}
