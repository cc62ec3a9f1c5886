//! Common cause failure groups, as a document states them.

use super::document::{Document, Fault};
use super::expression::Values;

/// A group by the beta-factor model.
pub(super) struct Group {
    pub name: String,
    /// The members with their places.
    pub members: Vec<(String, usize)>,
    pub probability: f64,
    pub beta: f64,
    pub at: usize,
}

/// Reads a group. Only the beta-factor model is read; others are refused by name.
pub(super) fn group(document: &Document, at: usize, values: &Values<'_>) -> Result<Group, Fault> {
    let element = &document.elements[at];
    let (name, model) = (element.required("name")?, element.required("model")?);
    if model != "beta-factor" {
        let message = format!("common causes by `{model}` are not read, only by `beta-factor`");
        return Err(Fault::new(element.at, message));
    }
    let (mut members, mut probability, mut beta) = (Vec::new(), None, None);
    let mut open: Vec<usize> = document.children(at).collect();
    open.reverse();
    while let Some(at) = open.pop() {
        let part = &document.elements[at];
        let value = || match document.children(at).next() {
            Some(expression) => values.value(expression),
            None => Err(Fault::new(part.at, format!("`<{}>` states no value", part.name))),
        };
        match part.name.as_str() {
            "members" | "factors" => open.extend(document.children(at).rev()),
            "basic-event" => members.push((part.required("name")?.to_owned(), part.at)),
            "distribution" => probability = Some((value()?, part.at)),
            "factor" => beta = Some((value()?, part.at)),
            other => return Err(Fault::new(part.at, format!("`<{other}>` is not read here"))),
        }
    }
    if members.len() < 2 {
        return Err(Fault::new(element.at, format!("`{name}` has fewer than two members")));
    }
    let share = |found: Option<(f64, usize)>, what: &str| match found {
        Some((value, _)) if (0.0..=1.0).contains(&value) => Ok(value),
        Some((value, at)) => {
            Err(Fault::new(at, format!("the {what} of `{name}` is {value}; it goes from 0 to 1")))
        }
        None => Err(Fault::new(element.at, format!("`{name}` states no {what}"))),
    };
    Ok(Group {
        name: name.to_owned(),
        members,
        probability: share(probability, "distribution")?,
        beta: share(beta, "factor")?,
        at: element.at,
    })
}
