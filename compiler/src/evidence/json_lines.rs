//! JSON Lines: an object a line, with the place of every value.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A line: its bytes, and its members or where in it they stop being JSON and why.
pub struct Line {
    pub bytes: Range<usize>,
    pub members: Result<Vec<Member>, (usize, String)>,
}

/// A member of an object.
pub struct Member {
    pub name: String,
    /// Its text; `None` where it is something else than text.
    pub text: Option<String>,
    /// It is `null`, which says nothing.
    pub null: bool,
    /// The bytes of the value.
    pub bytes: Range<usize>,
}

/// The lines of a text that are not blank.
pub fn lines(text: &str) -> Vec<Line> {
    let mut at = 0;
    let mut lines = Vec::new();
    for whole in text.split_inclusive('\n') {
        let start = at;
        at += whole.len();
        let line = whole.trim_start_matches('\u{feff}');
        let start = start + (whole.len() - line.len());
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        lines.push(Line { bytes: start..start + line.len(), members: members(line, start) });
    }
    lines
}

fn members(line: &str, start: usize) -> Result<Vec<Member>, (usize, String)> {
    let object: Object<'_> = serde_json::from_str(line).map_err(|error| {
        let at = start + error.column().saturating_sub(1).min(line.len().saturating_sub(1));
        let why = error.to_string();
        let why = why.rsplit_once(" at line").map_or(why.as_str(), |(why, _)| why);
        (at, why.to_owned())
    })?;
    let members = object.0.into_iter().map(|(name, raw)| {
        let text = raw.get();
        let at = start + (text.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
        let bytes = at..at + text.len();
        Member { name, text: serde_json::from_str(text).ok(), null: text == "null", bytes }
    });
    Ok(members.collect())
}

/// The members of an object in their order, those of one name too.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Object<'de>, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object such as {\"element\": …}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((name, value));
                }
                Ok(Object(members))
            }
        }
        from.deserialize_map(Members)
    }
}
