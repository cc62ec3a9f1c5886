//! `duplicate-name`: Two declarations have the same name.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::names::Space;
use crate::rules::rule;

rule!("duplicate-name", Error, Language, "Two declarations have the same name.");

/// Two declarations of one file.
pub fn declared(at: Anchor, space: Space, name: &str, first: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("the {} `{name}` is declared twice", space.word()))
        .here("again here")
        .also(first, "first declared here")
        .help("rename one of them, or remove one")
}

/// Two fields of one kind.
pub fn field(at: Anchor, name: &str, first: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("the field `{name}` is declared twice"))
        .here("again here")
        .also(first, "first declared here; this one counts")
        .help("rename one of them, or remove one")
}

/// Two parameters of one template.
pub fn parameter(at: Anchor, name: &str, first: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("the parameter `{name}` is declared twice"))
        .here("again here")
        .also(first, "first declared here; this one counts")
        .help("rename one of them, or remove one")
}

/// An element of a template that is called as a parameter, another element or the template itself.
pub fn inner(at: Anchor, name: &str, first: Anchor) -> Diagnostic {
    let message = format!("`{name}` has another meaning in this template already");
    Diagnostic::new(&RULE, at, message)
        .here("again here")
        .also(first, "it means this")
        .help("rename one of them")
}

/// A declaration of a name that is imported as well.
pub fn imported_too(at: Anchor, space: Space, name: &str, import: Anchor) -> Diagnostic {
    let message = format!("the {} `{name}` is declared here and imported as well", space.word());
    Diagnostic::new(&RULE, at, message)
        .here("this one counts")
        .also(import, "imported here")
        .help(format!("rename it, or give the imported one another name with `{name} as …`"))
}

/// An element that the use of a template makes, under the name of an imported module that has it too.
pub fn made_too(at: Anchor, name: &str, module: &str, import: Anchor) -> Diagnostic {
    let message =
        format!("the element `{name}` is made here, and the module `{module}` has one too");
    Diagnostic::new(&RULE, at, message)
        .here("this one counts")
        .also(import, "imported here")
        .help("rename it, or give the module another name: `import … as …`")
}

/// An element that the use of a template makes, and one of a module that has in rule sets the same name.
pub fn called_alike(at: Anchor, name: &str, module: &str, other: Anchor) -> Diagnostic {
    let message = format!(
        "the element `{name}` that is made here and one of the module `{module}` have one name in rule sets"
    );
    Diagnostic::new(&RULE, at, message)
        .also(other, "the other one")
        .help("rename one of them, or the module")
}

/// Two imports of one name.
pub fn imported(at: Anchor, name: &str, first: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{name}` is imported twice"))
        .here("again here")
        .also(first, "first imported here")
        .help(format!("remove one, or give one another name with `{name} as …`"))
}
