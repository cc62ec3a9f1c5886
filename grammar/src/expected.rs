//! The parser's list of what could stand at a place, as a person would say it.

use crate::next::Next;
use crate::problem::listed;
use crate::token::{WORDS, WordSort};

/// What could have stood where the parser stopped.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// Any name.
    pub name: bool,
    /// A name that is no word of the language.
    ident: bool,
    unit: bool,
    number: bool,
    date: bool,
    text: bool,
    /// The end of the block: the clause before is complete.
    pub ends_block: bool,
    signs: Vec<&'static str>,
    /// Words of the language; where names are expected, only those that are none.
    pub keywords: Vec<&'static str>,
}

impl Expected {
    /// `terminals` as LALRPOP lists them.
    pub fn of(terminals: &[String]) -> Expected {
        let has = |terminal: &str| terminals.iter().any(|t| t == terminal);
        // Every word that may be a name is allowed exactly where a name is.
        let name = has("\"import\"") && has("\"recall\"");
        let mut expected = Expected {
            name,
            ident: has("Ident") && !name && !has("UnitRate"),
            unit: has("UnitRate"),
            number: has("Number"),
            date: has("Date"),
            text: has("Text"),
            ends_block: has("\"}\""),
            ..Expected::default()
        };
        for terminal in terminals.iter().filter(|t| t.starts_with('"')) {
            let bare = terminal.trim_matches('"');
            match WORDS.iter().find(|w| w.0 == bare) {
                Some(w) if !name || w.2 == WordSort::Reserved => expected.keywords.push(w.0),
                Some(_) => {}
                None => expected.signs.extend(sign(bare)),
            }
        }
        expected
    }

    /// The same for whoever offers it.
    pub fn next(self) -> Next {
        Next {
            words: self.keywords,
            name: self.name || self.ident,
            unit: self.unit,
            number: self.number,
            date: self.date,
            text: self.text,
            signs: self.signs,
        }
    }

    /// Nothing could have stood there.
    pub fn is_nothing(&self) -> bool {
        self.keywords.is_empty() && self.only_keywords()
    }

    /// Nothing but words of the language could have.
    pub fn only_keywords(&self) -> bool {
        let other = self.name || self.ident || self.unit || self.number || self.date || self.text;
        !other && self.signs.is_empty()
    }

    /// Only a date could have.
    pub fn is_date(&self) -> bool {
        self.date && !self.text && !self.name
    }

    /// Only a text could have.
    pub fn is_text(&self) -> bool {
        self.text && !self.name && !self.ident && !self.date && self.signs.is_empty()
    }

    /// The value of a field could have.
    pub fn value(&self) -> bool {
        self.ident && self.number && self.date && self.text
    }

    /// The arguments of a template could have.
    pub fn call(&self) -> bool {
        self.signs.contains(&"(")
    }

    /// Only the colon after the name of a parameter could have.
    pub fn is_colon(&self) -> bool {
        !self.name && self.keywords.is_empty() && self.signs == [":"]
    }

    /// What could have, in words; `counts` where a number is one of things without a unit.
    pub fn words(&self, counts: bool) -> String {
        if self.keywords.contains(&"else") && !self.name {
            return "`else` and the text of the finding".into();
        }
        if self.value() {
            return "a value: a name, a number with its unit, a text in quotes or a date".into();
        }
        let mut parts: Vec<String> = Vec::new();
        let mut say = |wanted: bool, words: &str| {
            if wanted {
                parts.push(words.to_owned());
            }
        };
        say(self.name || self.ident, "a name");
        say(self.unit, "a unit such as `min`, `kW` or `%`");
        // After a name, a number begins a choice such as `1 of [a, b]`: the example shows it.
        let number = if counts { "a whole number" } else { "a number with its unit" };
        say(self.number && !self.name, number);
        say(self.date, "a date such as 2026-10-01");
        say(self.text, "a text in quotes");
        // Signs that only continue what could also end here help nobody.
        for sign in self.signs.iter().filter(|s| !self.name || **s == "[") {
            say(true, &format!("`{sign}`"));
        }
        let keywords: Vec<_> = self.keywords.iter().filter(|_| !self.name).collect();
        match keywords.len() {
            0..=6 => keywords.iter().for_each(|word| say(true, &format!("`{word}`"))),
            _ => say(true, "a clause"),
        }
        if parts.is_empty() {
            return "nothing more".into();
        }
        listed(parts, "or")
    }
}

fn sign(bare: &str) -> Option<&'static str> {
    let signs = ["{", "}", "[", "]", "(", ")", ",", ":", "="];
    signs.into_iter().find(|s| *s == bare)
}
