//! A difference for people, for programs, and as a comment on a change.

use serde_json::{Value, json};

use super::{Changed, Diff, Sort};
use crate::escape::{line, markdown};

/// How many lines of a function a comment has at most; code hosts refuse long ones.
const MOST: usize = 40;
/// How many functions a comment has at most.
const MOST_FUNCTIONS: usize = 60;

impl Diff {
    fn verified_words(&self) -> Option<&'static str> {
        match self.verified {
            (true, true) => None,
            (true, false) => Some("It was verified and no longer is."),
            (false, true) => Some("It is verified now, and was not before."),
            (false, false) => Some("It is not verified, and was not before."),
        }
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for f in &self.functions {
            text += &format!("{}{}\n", line(&f.name), whole(f));
            for l in &f.lines {
                text += &format!("  {:<8} {}\n", l.sort.word(), line(&l.words));
            }
        }
        for (_, words) in &self.acceptances {
            text += &format!("{}\n", line(words));
        }
        if text.is_empty() {
            text += "nothing changed that is owed, that ends a function or that takes time\n";
        }
        if let Some(words) = self.verified_words() {
            text += &format!("{words}\n");
        }
        text
    }

    /// A comment on a change. Names in it are words, never markup or mentions.
    pub fn markdown(&self) -> String {
        let lines = || self.functions.iter().flat_map(|f| &f.lines);
        let count = |sort| lines().filter(|l| l.sort == sort).count();
        let mut text = format!(
            "### What this change does to continuity\n\n**{} worse**, {} better, {} otherwise changed. {}\n\n",
            count(Sort::Worse),
            count(Sort::Better),
            count(Sort::Other) + self.acceptances.len(),
            self.verified_words().unwrap_or("It is verified, as before.")
        );
        for f in self.functions.iter().take(MOST_FUNCTIONS) {
            text += &format!("#### {}{}\n\n", markdown(&f.name), whole(f));
            for l in f.lines.iter().take(MOST) {
                let sign = match l.sort {
                    Sort::Worse => "❌",
                    Sort::Better => "✅",
                    Sort::Other => "➖",
                };
                text += &format!("- {sign} {} {}\n", l.sort.word(), markdown(&l.words));
            }
            if f.lines.len() > MOST {
                text += &format!("- and {} more\n", f.lines.len() - MOST);
            }
            text += "\n";
        }
        if self.functions.len() > MOST_FUNCTIONS {
            text +=
                &format!("{} more functions changed.\n\n", self.functions.len() - MOST_FUNCTIONS);
        }
        if !self.acceptances.is_empty() {
            text += "#### Accepted risks\n\n";
            for (_, words) in &self.acceptances {
                text += &format!("- {}\n", markdown(words));
            }
            text += "\n";
        }
        if self.functions.is_empty() && self.acceptances.is_empty() {
            text += "Nothing changed that is owed, that ends a function or that takes time.\n";
        }
        text
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let function = |f: &Changed| {
            let lines = f.lines.iter().map(
                |l| json!({ "change": l.sort.word(), "about": l.about.word(), "words": l.words }),
            );
            json!({
                "function": f.id,
                "state": match f.whole {
                    None => "changed",
                    Some(Sort::Worse) => "removed",
                    Some(_) => "added",
                },
                "changes": lines.collect::<Vec<_>>(),
            })
        };
        json!({
            "worse": self.is_worse(),
            "verified": { "before": self.verified.0, "after": self.verified.1 },
            "functions": self.functions.iter().map(function).collect::<Vec<_>>(),
            "acceptances": self.acceptances.iter().map(|(_, words)| words).collect::<Vec<_>>(),
        })
    }
}

fn whole(f: &Changed) -> &'static str {
    match f.whole {
        None => "",
        Some(Sort::Worse) => " (removed)",
        Some(_) => " (new)",
    }
}
