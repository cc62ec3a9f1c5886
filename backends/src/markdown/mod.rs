//! Switchover playbooks: a page for each function, for somebody who was woken at three.
//!
//! What is lost comes first, then what to do, in order; one thing a line. Nothing there needs another page.

mod backup;
mod page;

use rbp_ruleset::RuleSet;

use self::page::page;
use crate::File;
use crate::escape::{file_name, markdown};
use crate::view::View;
use crate::words;

/// The files of the target.
pub(crate) fn files(rules: &RuleSet) -> Vec<File> {
    let view = View::new(rules);
    let pages = rules.functions.iter();
    let mut files: Vec<File> =
        pages.map(|f| File::new(format!("{}.md", file_name(&f.id)), page(&view, f))).collect();
    files.push(File::new("README.md", contents(&view)));
    files
}

/// The list of all pages.
fn contents(view: &View<'_>) -> String {
    let mut text = format!("# {}\n\n{}", markdown(&view.of_package("Playbooks")), state(view));
    text += "| Function | Back within | Owner | Page |\n|---|---|---|---|\n";
    for f in &view.rules.functions {
        text += &format!(
            "| {} | {} | {} | [open]({}.md) |\n",
            markdown(&view.called(&f.id)),
            markdown(&words::objectives(&f.rto)),
            markdown(f.owner.as_deref().unwrap_or("nobody is named")),
            file_name(&f.id)
        );
    }
    text
}

/// Of what day it is, and a warning where not everything is proved.
fn state(view: &View<'_>) -> String {
    let as_of = markdown(&view.rules.as_of);
    match view.rules.verified {
        true => format!("As of {as_of}.\n\n"),
        false => format!(
            "> **NOT VERIFIED.** As of {as_of} something in the rule set is refuted or unknown. What \
             stands here may not work.\n\n"
        ),
    }
}
