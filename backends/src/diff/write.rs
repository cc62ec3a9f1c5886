//! A difference for people, for programs, and as a comment on a change.

use serde_json::{Value, json};

use super::{Diff, Line, Of, Part, Sort, Whole};
use crate::escape::{line, markdown};

/// How many lines of a part a comment has at most; code hosts refuse long ones.
const MOST: usize = 40;
/// How many parts a comment has at most.
const MOST_PARTS: usize = 60;

/// What is said where nothing changed.
const NOTHING: &str =
    "nothing changed that is owed or stated, that ends a function or that takes time";

impl Diff {
    fn verified_words(&self) -> Option<&'static str> {
        match self.verified {
            (true, true) => None,
            (true, false) => Some("It was verified and no longer is."),
            (false, true) => Some("It is verified now, and was not before."),
            (false, false) => Some("It is not verified, and was not before."),
        }
    }

    /// What is said where the two were judged on different days.
    fn days(&self) -> Option<String> {
        let (before, after) = &self.as_of;
        (before != after).then(|| {
            format!(
                "Judged as of {before} before and {after} after: what has run out in between is told below too."
            )
        })
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let mut text = self.days().map_or(String::new(), |days| line(&days) + "\n");
        for part in &self.parts {
            text += &format!("{}{}\n", line(&part.name), part.brackets());
            for l in &part.lines {
                text += &format!("  {:<8} {}\n", l.sort.word(), line(&l.words));
            }
        }
        for words in &self.acceptances {
            text += &format!("{}\n", line(words));
        }
        if self.is_empty() {
            text += &format!("{NOTHING}\n");
        }
        if let Some(words) = self.verified_words() {
            text += &format!("{words}\n");
        }
        text
    }

    fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.acceptances.is_empty()
    }

    /// A comment on a change. Names in it are words, never markup or mentions.
    pub fn markdown(&self) -> String {
        let lines = || self.parts.iter().flat_map(|part| &part.lines);
        let count = |sort| lines().filter(|l| l.sort == sort).count();
        let silent = self.parts.iter().filter(|part| part.lines.is_empty()).count();
        let mut text = format!(
            "### What this change does to continuity\n\n**{} worse**, {} better, {} otherwise changed. {}\n\n",
            count(Sort::Worse),
            count(Sort::Better),
            count(Sort::Other) + silent + self.acceptances.len(),
            self.verified_words().unwrap_or("It is verified, as before.")
        );
        if let Some(days) = self.days() {
            text += &format!("{}\n\n", markdown(&days));
        }
        for part in self.parts.iter().take(MOST_PARTS) {
            text += &format!("#### {}{}\n\n", markdown(&part.name), part.brackets());
            for l in part.lines.iter().take(MOST) {
                let sign = match l.sort {
                    Sort::Worse => "❌",
                    Sort::Better => "✅",
                    Sort::Other => "➖",
                };
                text += &format!("- {sign} {} {}\n", l.sort.word(), markdown(&l.words));
            }
            if part.lines.len() > MOST {
                text += &format!("- and {} more\n", part.lines.len() - MOST);
            }
            text += "\n";
        }
        if self.parts.len() > MOST_PARTS {
            text += &format!("{} more have changes.\n\n", self.parts.len() - MOST_PARTS);
        }
        if !self.acceptances.is_empty() {
            text += "#### Accepted risks\n\n";
            for words in &self.acceptances {
                text += &format!("- {}\n", markdown(words));
            }
            text += "\n";
        }
        if self.is_empty() {
            text += &format!("N{}.\n", &NOTHING[1..]);
        }
        text
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let of = |sort: Of, named: &str| -> Vec<Value> {
            let parts = self.parts.iter().filter(|part| part.of == sort);
            parts.map(|part| part.json(named)).collect()
        };
        let package = self.parts.iter().filter(|part| part.of == Of::Package);
        json!({
            "worse": self.is_worse(),
            "verified": { "before": self.verified.0, "after": self.verified.1 },
            "as_of": { "before": self.as_of.0, "after": self.as_of.1 },
            "package": package.flat_map(|part| changes(&part.lines)).collect::<Vec<_>>(),
            "functions": of(Of::Function, "function"),
            "backups": of(Of::Backup, "backup"),
            "dependencies": of(Of::Dependency, "dependency"),
            "signals": of(Of::Signal, "signal"),
            "acceptances": self.acceptances,
        })
    }
}

impl Part {
    /// What it is, unless that is a function, and whether it came or went.
    fn brackets(&self) -> String {
        let what = match self.of {
            Of::Package | Of::Function => None,
            Of::Backup => Some("backup"),
            Of::Dependency => Some("dependency"),
            Of::Signal => Some("signal"),
        };
        let state = self.whole.map(|whole| match whole {
            Whole::New => "new",
            Whole::Gone => "removed",
        });
        match state.into_iter().chain(what).collect::<Vec<_>>().as_slice() {
            [] => String::new(),
            words => format!(" ({})", words.join(" ")),
        }
    }

    fn json(&self, named: &str) -> Value {
        let state = match self.whole {
            None => "changed",
            Some(Whole::Gone) => "removed",
            Some(Whole::New) => "added",
        };
        json!({ named: self.id, "state": state, "changes": changes(&self.lines) })
    }
}

fn changes(lines: &[Line]) -> Vec<Value> {
    let change =
        |l: &Line| json!({ "change": l.sort.word(), "about": l.about.word(), "words": l.words });
    lines.iter().map(change).collect()
}
