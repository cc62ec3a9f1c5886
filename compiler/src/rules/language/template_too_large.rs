//! `template-too-large`: A template makes more than can be reckoned with.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::names::{MAX_DEPTH, MAX_MADE, MAX_TOKENS, Trouble};
use crate::rules::language::circular_definition;
use crate::rules::rule;

rule!("template-too-large", Error, Language, "A template makes more than can be reckoned with.");

/// A template that makes nothing, since it makes too much or would never end.
pub fn or_circular(at: Anchor, name: &str, trouble: &Trouble) -> Diagnostic {
    let message = match trouble {
        Trouble::Circular(circle) => return circular_definition::template(at, circle),
        Trouble::Deep => {
            format!(
                "the template `{name}` uses templates that use templates, more than {MAX_DEPTH} deep"
            )
        }
        Trouble::Many => format!(
            "one use of the template `{name}` would make more than {MAX_MADE} elements, or more than {MAX_TOKENS} words"
        ),
    };
    Diagnostic::new(&RULE, at, message).help("split it into templates that are used side by side")
}

/// A use that makes, with those before it, more than a file may hold.
pub fn in_file(at: Anchor) -> Diagnostic {
    let message =
        format!("with this use, the templates used in this file make more than {MAX_TOKENS} words");
    Diagnostic::new(&RULE, at, message).help("move some of the uses to another file")
}
