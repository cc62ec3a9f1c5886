//! `missing-argument`: A use does not say what the template must know.

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Blueprint, Parameter};
use crate::rules::rule;

rule!("missing-argument", Error, Language, "A use does not say what the template must know.");

/// The parameter that has no default.
pub fn found(at: Anchor, parameter: &Parameter, template: &Blueprint) -> Diagnostic {
    let (name, bound) = (&parameter.name, parameter.bound.words());
    Diagnostic::new(&RULE, at, format!("`{}` must be told `{name}`: {bound}", template.name))
        .also(parameter.at, "it has no default")
        .help(format!("add `{name}: …` between the round brackets"))
}
