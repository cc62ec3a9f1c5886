//! `wrong-argument`: A use gives a template what it does not take.

use rbp_grammar::ast::{Role, Value};

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Blueprint, Parameter};
use crate::quantity::Amount;
use crate::rules::language::wrong_kind::What;
use crate::rules::rule;

rule!("wrong-argument", Error, Language, "A use gives a template what it does not take.");

/// A value of another sort than the parameter takes.
pub fn value(
    at: Anchor,
    value: &Value,
    amount: Option<&Amount>,
    parameter: &Parameter,
) -> Diagnostic {
    let is = match (value, amount) {
        (Value::Quantity(written), Some(amount)) => {
            format!("`{written}` is {}", amount.dimension.words())
        }
        (Value::Quantity(written), None) => format!("`{written}` is a quantity"),
        (Value::Text(text), _) => format!("\"{}\" is a text in quotes", text.text),
        (Value::Date(date), _) => format!("{} is a date", date.text),
        (Value::Name(name), _) => format!("`{}` is a name", name.text),
    };
    taken(at, parameter, &is)
}

/// A name of something else than the parameter takes; `what` it means, where that is known.
pub fn name(at: Anchor, name: &str, parameter: &Parameter, what: Option<&What<'_>>) -> Diagnostic {
    let Some(what) = what else {
        return taken(at, parameter, &format!("`{name}` is a name"));
    };
    let is = match what.kind {
        Some(kind) => format!("`{name}` is a {} of the kind `{kind}`", what.role.word()),
        None if what.role == Role::Dependency || what.role == Role::Backup => {
            format!("`{name}` is a {} without a kind", what.role.word())
        }
        None => format!("`{name}` is a {}", what.role.word()),
    };
    taken(at, parameter, &is).also(what.at, format!("`{name}` is declared here"))
}

/// A parameter of the template that uses the other, where it may be given what that does not take.
pub fn parameter(at: Anchor, given: &Parameter, parameter: &Parameter) -> Diagnostic {
    taken(at, parameter, &format!("the parameter `{}` takes {}", given.name, given.bound.words()))
        .also(given.at, format!("`{}` is declared here", given.name))
}

fn taken(at: Anchor, parameter: &Parameter, is: &str) -> Diagnostic {
    let (name, bound) = (&parameter.name, parameter.bound.words());
    Diagnostic::new(&RULE, at, format!("`{name}` takes {bound}; {is}"))
        .also(parameter.at, "the template says so here")
        .help(format!("give `{name}` something that it takes"))
}

/// A declaration of another sort than the template makes.
pub fn role(at: Anchor, role: Role, template: &Blueprint) -> Diagnostic {
    let roles: Vec<String> = template.roles.iter().map(|r| format!("a {}", r.word())).collect();
    let first = template.roles.first().map_or("backup", |r| r.word());
    let message = format!(
        "`{}` makes {}; this declares a {}",
        template.name,
        roles.join(" or "),
        role.word()
    );
    Diagnostic::new(&RULE, at, message)
        .also(template.at, "the template is declared here")
        .help(format!("begin the declaration with `{first}`"))
}

/// A use that states a kind which is no sort of the template's.
pub fn kind(at: Anchor, stated: &str, made: &str) -> Diagnostic {
    let message = format!(
        "the template makes an element of the kind `{made}`, and `{stated}` is no sort of it"
    );
    Diagnostic::new(&RULE, at, message).help("leave the kind out, or name a sort of the template's")
}
