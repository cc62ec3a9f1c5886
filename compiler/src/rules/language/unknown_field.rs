//! `unknown-field`: A clause is none of the language and no field of the kind.

use rbp_grammar::head::{Head, Place};
use rbp_grammar::nearest;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Field, FieldType, Lineage};
use crate::rules::rule;

rule!(
    "unknown-field",
    Error,
    Language,
    "A clause is none of the language and no field of the kind."
);

/// A word that is neither a clause nor a field.
pub fn found(at: Anchor, name: &str, place: Place, kind: Option<&Lineage>) -> Diagnostic {
    let message = match kind {
        Some(kind) => {
            format!("`{name}` is no clause, and the kind `{}` has no such field", kind.name())
        }
        None => format!("`{name}` is no clause"),
    };
    let finding = Diagnostic::new(&RULE, at, message);
    let fields = kind.map_or(&[][..], |kind| &kind.fields);
    let here = Head::ALL.iter().filter(|head| head.info().places.contains(&place));
    // `dependson` is nearest to `depends on`, and `depend` to its first word.
    let clauses =
        here.flat_map(|head| [head.words(), head.words().split(' ').next().unwrap_or("")]);
    let words = clauses.filter(|w| !w.is_empty()).chain(fields.iter().map(|f| f.name.as_str()));
    match nearest(name, words) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near),
        None if kind.is_none() => {
            finding.help("only an element with a kind has fields; give it one with `: KIND`")
        }
        None => {
            finding.help(format!("declare it in the kind with `field {name} : text`, or remove it"))
        }
    }
}

/// A field with a value of another type.
pub fn wrong_type(at: Anchor, field: &Field) -> Diagnostic {
    let wanted = match &field.ty {
        FieldType::Text => "a text in quotes".to_owned(),
        FieldType::Name => "a word without quotes".to_owned(),
        FieldType::Date => "a date such as 2026-10-01".to_owned(),
        FieldType::Quantity(dimension) => super::dimension_mismatch::field_takes(dimension),
        FieldType::Unknown => "a value".to_owned(),
    };
    Diagnostic::new(&RULE, at, format!("the field `{}` takes {wanted}", field.name))
        .also(field.at, "the field is declared here")
}

/// A field that a policy asks for, of what (in words), and the fields that there are.
pub fn asked(at: Anchor, name: &str, of: &str, known: &[String]) -> Diagnostic {
    let finding = Diagnostic::new(&RULE, at, format!("{of} has no field `{name}`"));
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(at, near),
        None if known.is_empty() => finding,
        None => {
            let fields: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
            let finding = finding.help(format!("it has {}", fields.join(", ")));
            if of != "an element" {
                return finding;
            }
            finding.note("of a set with all sorts of elements only this is known; to ask for more, go through those of one sort: `for each dependency d where d in … { … }`")
        }
    }
}
