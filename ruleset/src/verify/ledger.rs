//! What is owed, worked out from the document alone, and how it ends.

use std::collections::BTreeMap;

use crate::Loss;

/// Why something that is owed does not hold.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    /// In words.
    pub why: String,
    /// The losses that show it, where losses do: an acceptance that names them covers it.
    pub losses: Vec<Loss>,
}

/// What one entry owes to some functions by one rule.
#[derive(Debug, Default)]
pub(crate) struct Owed {
    /// How many proofs the document must state.
    pub proved: usize,
    /// What does not hold.
    pub open: Vec<Open>,
    /// Why it cannot be worked out from the document.
    pub attested: Option<&'static str>,
}

/// A rule, who owes it, and to which functions.
pub(crate) type Key<'a> = (&'static str, &'a str, Vec<&'a str>);

/// Everything that is owed.
#[derive(Default)]
pub(crate) struct Ledger<'a> {
    pub owed: BTreeMap<Key<'a>, Owed>,
    subject: &'a str,
    functions: Vec<&'a str>,
}

impl<'a> Ledger<'a> {
    /// From here on this entry owes to these functions.
    pub fn of(&mut self, subject: &'a str, functions: impl IntoIterator<Item = &'a String>) {
        self.subject = subject;
        self.functions = functions.into_iter().map(String::as_str).collect();
    }

    fn entry(&mut self, rule: &'static str) -> &mut Owed {
        self.owed.entry((rule, self.subject, self.functions.clone())).or_default()
    }

    /// One more obligation, which holds or not.
    pub fn judge(&mut self, rule: &'static str, holds: bool, why: &str) {
        match holds {
            true => self.entry(rule).proved += 1,
            false => self.open(rule, why, Vec::new()),
        }
    }

    /// The same, where it is owed at all.
    pub fn judge_where(&mut self, rule: &'static str, holds: Option<bool>, why: &str) {
        holds.into_iter().for_each(|holds| self.judge(rule, holds, why));
    }

    /// Something that does not hold because of these losses.
    pub fn open(&mut self, rule: &'static str, why: impl Into<String>, losses: Vec<Loss>) {
        self.entry(rule).open.push(Open { why: why.into(), losses });
    }

    /// One obligation that holds unless something of it is open.
    pub fn unless_open(&mut self, rule: &'static str) {
        let owed = self.entry(rule);
        owed.proved = usize::from(owed.open.is_empty());
    }

    /// One more obligation that holds, or that the document does not suffice for.
    pub fn proved_or_attested(&mut self, rule: &'static str, holds: bool, why: &'static str) {
        let owed = self.entry(rule);
        owed.proved += 1;
        owed.attested = (!holds).then_some(why);
    }
}
