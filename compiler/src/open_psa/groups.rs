//! Common cause failure groups, as a document states them.

use super::document::{Document, Fault};
use super::expression::Values;
use crate::faults::tree::{CommonCause, Model};

/// A group that a document defines.
pub(super) struct Group {
    pub name: String,
    /// The members with their places.
    pub members: Vec<(String, usize)>,
    pub model: Model,
    pub probability: f64,
    /// The factors as the model takes them, from its lowest level on.
    pub factors: Vec<f64>,
    pub at: usize,
}

impl Group {
    /// The group over these events.
    pub fn cause(&self, members: Vec<u32>) -> Result<CommonCause, Fault> {
        let cause = CommonCause::by(self.model, members, self.probability, &self.factors);
        cause.ok_or_else(|| {
            let message = format!("`{}` has too many members to write out every cause", self.name);
            Fault::new(self.at, message)
        })
    }
}

/// Reads a group.
pub(super) fn group(document: &Document, at: usize, values: &Values<'_>) -> Result<Group, Fault> {
    let element = &document.elements[at];
    let name = element.required("name")?;
    let model = model(element.required("model")?, element.at)?;
    let (mut members, mut probability, mut factors) = (Vec::new(), None, Vec::new());
    let mut open: Vec<usize> = document.children(at).collect();
    open.reverse();
    while let Some(at) = open.pop() {
        let part = &document.elements[at];
        let share = |what: &str| {
            let expression = document.children(at).next();
            let expression = expression
                .ok_or_else(|| Fault::new(part.at, format!("`<{}>` states no value", part.name)))?;
            let value = values.value(expression)?;
            match (0.0..=1.0).contains(&value) {
                true => Ok(value),
                false => {
                    let message = format!("the {what} of `{name}` is {value}; it goes from 0 to 1");
                    Err(Fault::new(part.at, message))
                }
            }
        };
        match part.name.as_str() {
            "members" | "factors" => open.extend(document.children(at).rev()),
            "basic-event" => members.push((part.required("name")?.to_owned(), part.at)),
            "distribution" => probability = Some(share("distribution")?),
            "factor" => factors.push((level(part)?, share("factor")?, part.at)),
            other => return Err(Fault::new(part.at, format!("`<{other}>` is not read here"))),
        }
    }
    if members.len() < 2 {
        return Err(Fault::new(element.at, format!("`{name}` has fewer than two members")));
    }
    let missing = |what: &str| Fault::new(element.at, format!("`{name}` states no {what}"));
    let group = Group {
        name: name.to_owned(),
        model,
        probability: probability.ok_or_else(|| missing("distribution"))?,
        factors: by_level(model, members.len(), factors)?,
        members,
        at: element.at,
    };
    if group.factors.is_empty() {
        return Err(missing("factor"));
    }
    let sum: f64 = group.factors.iter().sum();
    if model == Model::Phi && (sum - 1.0).abs() > 1e-6 {
        let message = format!("the factors of `{name}` add up to {sum}; by `phi-factor` it is 1");
        return Err(Fault::new(element.at, message));
    }
    if model == Model::Alpha && sum == 0.0 {
        return Err(Fault::new(element.at, format!("the factors of `{name}` are all 0")));
    }
    Ok(group)
}

fn model(word: &str, at: usize) -> Result<Model, Fault> {
    match word {
        "beta-factor" => Ok(Model::Beta),
        "MGL" => Ok(Model::Mgl),
        "alpha-factor" => Ok(Model::Alpha),
        "phi-factor" => Ok(Model::Phi),
        other => {
            let message = format!(
                "`{other}` is no model of common causes; \
                 they are `beta-factor`, `MGL`, `alpha-factor` and `phi-factor`"
            );
            Err(Fault::new(at, message))
        }
    }
}

/// How many members a factor says that it is about.
fn level(factor: &super::document::Element) -> Result<Option<usize>, Fault> {
    let wrong = |text: &str| Fault::new(factor.at, format!("`{text}` is no level"));
    factor.attribute("level").map(|text| text.parse().map_err(|_| wrong(text))).transpose()
}

/// The factors in the order in which the model takes them. One without a level is about one member more than that
/// before it.
fn by_level(
    model: Model,
    members: usize,
    factors: Vec<(Option<usize>, f64, usize)>,
) -> Result<Vec<f64>, Fault> {
    let lowest = match model {
        Model::Beta => members,
        Model::Mgl => 2,
        Model::Alpha | Model::Phi => 1,
    };
    let mut values = Vec::new();
    for (next, (level, value, at)) in (lowest..).zip(factors) {
        let level = level.unwrap_or(next);
        if level != next || level > members {
            let message = match next > members {
                true => format!("this factor is one too many for {members} members"),
                false => format!("this factor is of level {level}; the next here is {next}"),
            };
            return Err(Fault::new(at, message));
        }
        values.push(value);
    }
    Ok(values)
}
